"""
Exceptions that come from outside, at any line of some files: what a handler of a signal
raises, or memory that is not there.
"""

import sys
from contextlib import contextmanager
from types import ModuleType


class InterruptedWorkError(Exception):
    """
    Raised in the middle of something, as a task queue's time limit is.
    """


@contextmanager
def interrupted_at(number, *modules: ModuleType, but=()):
    """
    Raise at the line of *modules* that is run as the one with this *number*; not within
    functions that are called as one of *but*.

    Yields:
        A list, which has that line's file and number once it was come to.
    """
    files = {module.__file__ for module in modules}
    left, where = number, []

    def on_line(frame, event, _):
        nonlocal left
        if event == "line" and not where:
            left -= 1
            if left <= 0:
                where.append((frame.f_code.co_filename, frame.f_lineno))
                raise InterruptedWorkError
        return on_line

    def on_call(frame, _event, _given):
        code = frame.f_code
        is_meant = code.co_filename in files and code.co_name not in but
        return on_line if is_meant else None

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        yield where
    finally:
        sys.settrace(before)
