"""
Where an error was raised, for a log that holds nothing of what anybody wrote.
"""

from traceback import walk_tb

_MOST = 4


def place_of(error: BaseException) -> str:
    """
    Return the modules and lines of the innermost calls that led to *error*, the last
    one first. A traceback would show its message, too, and lines of a program.
    """
    calls = [
        f"{frame.f_globals.get('__name__', '?')}:{line}"
        for frame, line in walk_tb(error.__traceback__)
    ]
    return " < ".join(reversed(calls[-_MOST:]))
