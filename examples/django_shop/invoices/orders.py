"""
The order core, within Django.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.db import connection, transaction

import sourcehere
from sourcehere_sql import SqlStorage


@cache
def core() -> sourcehere.SourceHere:
    """
    Open the order core, once in each process.
    """
    return sourcehere.open(settings.DATABASE_URL)


@contextmanager
def together() -> Iterator[sourcehere.SourceHere]:
    """
    Begin a transaction in which Django's rows and ours are kept, or neither.

    Nobody outside is asked within: no carrier, and no shop.
    """
    with transaction.atomic():
        joined = SqlStorage.joined(connection, **settings.SOURCEHERE_PLACE)
        yield core().over(joined)
