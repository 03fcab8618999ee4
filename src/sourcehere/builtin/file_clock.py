"""
When something happened, as a shop's file writes it.
"""

from datetime import UTC, datetime

from .file_cells import digits_of, foreign_digit, instant
from .file_config import DATE_FORMATS, FileStoreConfig
from .file_layout import Layout


def _formats(config: FileStoreConfig, layout: Layout) -> tuple[str, ...]:
    """
    Return the formats to be tried: also those of cells of dates, which show another one
    to people, unless a configured one begins with the year as they do.
    """
    if any(form.startswith("%Y") for form in config.date_formats):
        return config.date_formats
    return (*(config.date_formats or layout.profile.dates), *DATE_FORMATS)


class Clock:
    """
    Reads the times of a file, in the formats that are configured, else in those of its
    profile, by the shop's own clock.

    Of a profile whose shops write either the day or the month first, a time that may
    be both is none.
    """

    def __init__(self, config: FileStoreConfig, layout: Layout) -> None:
        self._zone = config.zone()
        self._formats = _formats(config, layout)
        self._of_profile = () if config.date_formats else layout.profile.dates
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
        written = digits_of(text)
        found = (instant(written, (one,)) for one in self._of_profile)
        return len({time for time in found if time is not None}) > 1

    def _read(self, text: str) -> datetime | None:
        if len(self._of_profile) > 1 and self._may_be_two(text):
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
