"""
That the HTTP client's own loggers say nothing of our calls: they write down whole URLs,
with whatever keys and names are asked with, and the headers of answers.

What other parts of a host's program ask by the same client is logged as before.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# A filter holds for the very logger that it is put on, and for none below it.
_LOGGERS = (
    "httpx2",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpcore2.proxy",
    "httpcore2.socks",
)
_is_ours: ContextVar[bool] = ContextVar("sourcehere_http_is_ours", default=False)


@contextmanager
def unlogged() -> Iterator[None]:
    """
    Let the client log nothing of what is asked within.
    """
    before = _is_ours.set(True)
    try:
        yield
    finally:
        _is_ours.reset(before)


def _is_somebody_elses(_: logging.LogRecord) -> bool:
    return not _is_ours.get()


for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_is_somebody_elses)
