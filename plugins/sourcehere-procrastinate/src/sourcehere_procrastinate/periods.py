"""
A period as procrastinate is told it: a line of cron.
"""

from datetime import timedelta

from sourcehere import InvalidInputError

_IN_A_MINUTE = _IN_AN_HOUR = 60


def cron_of(every: timedelta) -> str:
    """
    Return the line of cron that fires every so often, with seconds as its last field.

    Raises:
        InvalidInputError: If a minute is no multiple of *every*, nor an hour one of its
            minutes.
    """
    seconds = int(every.total_seconds())
    is_whole = every == timedelta(seconds=seconds) and seconds > 0
    if is_whole and _IN_A_MINUTE % seconds == 0:
        return f"* * * * * */{seconds}"
    minutes, rest = divmod(seconds, _IN_A_MINUTE)
    if is_whole and rest == 0 and _IN_AN_HOUR % minutes == 0:
        return f"*/{minutes} * * * *"
    raise InvalidInputError(
        field="every", value=str(every), expected="a whole part of a minute or an hour"
    )
