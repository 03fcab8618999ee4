"""
How the library is imported without looking for garbage meanwhile.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """
    Keep the cyclic collector from running within the block.

    What is made while importing stays until the end; to go through it again and again
    takes a tenth of the time to start.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
