"""
When something happened, as a shop's file writes it.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from .file_cells import digits_of, foreign_digit, instant
from .file_config import DATE_FORMATS, FileStoreConfig
from .file_layout import Layout

_SEVERAL = 2  # formats, which may differ


def _formats(config: FileStoreConfig, layout: Layout) -> tuple[str, ...]:
    """
    Return the formats to be tried: also those of cells of dates, which show another one
    to people, unless a configured one begins with the year as they do.
    """
    if any(form.startswith("%Y") for form in config.date_formats):
        return config.date_formats
    return (*(config.date_formats or layout.profile.dates), *DATE_FORMATS)


def _first(form: str) -> str:
    """
    Return what a format has first, where that is a day or a month in numbers.
    """
    return form[:2] if form[:2] in {"%d", "%m"} else ""


class Clock:
    """
    Reads the times of a file, in the formats that are configured, else in those of its
    profile, by the shop's own clock.

    Where shops of a platform write either the day or the month first, the file's other
    times tell which; if they do not, a time that may be both is none.
    """

    def __init__(
        self,
        config: FileStoreConfig,
        layout: Layout,
        times: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """
        Read times of one file.

        Args:
            times: Lists all times of the file, where they are needed.
        """
        self._zone = config.zone()
        self._formats = _formats(config, layout)
        self._times = times
        self._of_profile = () if config.date_formats else layout.profile.dates
        self._is_settled = len(self._of_profile) < _SEVERAL
        # The rows of an order mostly share their time, and reading one is slow.
        self._known: dict[str, datetime | None] = {}

    def read(self, text: str) -> datetime | None:
        """
        Return the instant that *text* means; None if no format fits.
        """
        if text not in self._known:
            self._known[text] = self._read(text)
        return self._known[text]

    def problem(self, text: str) -> str:
        """
        Say why a time cannot be read.
        """
        if digit := foreign_digit(digits_of(text)):
            return f"placed_at has the digit {digit!r}; only 0 to 9 are read"
        if self._may_be_two(text):
            return (
                "placed_at may have its day first, or its month; configure which, as"
                ' `date_formats` of ["%d/%m/%Y"] or ["%m/%d/%Y"]'
            )
        return "placed_at is in none of the formats; configure `date_formats`"

    def _may_be_two(self, text: str) -> bool:
        if len(self._of_profile) < _SEVERAL:
            return False
        return len(set(self._ways(text).values())) > 1

    def _ways(self, text: str) -> dict[str, datetime]:
        """
        Return what a time is by each format of the profile that fits.
        """
        written = digits_of(text)
        found = {one: instant(written, (one,)) for one in self._of_profile}
        return {one: time for one, time in found.items() if time is not None}

    def _settle(self) -> None:
        """
        Leave out the formats that have the day first, or those that have the month,
        where the file has times that only the others fit.
        """
        self._is_settled = True
        told: set[str] = set()
        for text in set(self._times()):
            firsts = {_first(one) for one in self._ways(text)}
            if len(firsts) == 1:
                told |= firsts - {""}
        if len(told) == 1:
            right = told | {""}
            self._formats = tuple(f for f in self._formats if _first(f) in right)
            self._of_profile = tuple(f for f in self._of_profile if _first(f) in right)

    def _read(self, text: str) -> datetime | None:
        if not self._is_settled and self._may_be_two(text):
            self._settle()
        if self._may_be_two(text):
            return None
        written = digits_of(text)
        if any(c.isdigit() and not c.isascii() for c in written):
            return None  # which Python would read, in some places of a time
        local = instant(written, self._formats)
        if local is None:
            return None
        if local.tzinfo is None:
            local = local.replace(tzinfo=self._zone)
        try:
            return local.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
