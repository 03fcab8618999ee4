"""
The pages of one sync: when a shop has more to tell and is not asked on all the same.
"""

import enum
from collections.abc import Callable

from ...doors.stores import version_of
from ...ports.platforms import OrderPage
from ..base.settings import Settings


class SyncStop(enum.StrEnum):
    """
    Why a sync ended though the shop had more; the next one goes on from there.
    """

    NOTHING_NEW = "nothing_new"  # page after page told what this sync had heard
    PAGES_MAX = "pages_max"  # as many pages as one sync reads
    TOLD_TO_STOP = "told_to_stop"  # by whoever asked for it


class Pages:
    """
    Counts the pages of a sync, and what they told that it had not heard before.
    """

    def __init__(self, settings: Settings, stop: Callable[[], bool] | None) -> None:
        self._settings = settings
        self._stop = stop
        self._count = self._idle = 0
        self._heard: dict[int, None] = {}  # smaller than a set

    def stop_after(self, page: OrderPage) -> SyncStop | None:
        """
        Count *page*, and return why no further one is asked for; None to go on.
        """
        before = len(self._heard)
        told = [(o.external_id, version_of(o)) for o in page.orders]
        for one in (*told, *page.rejects, *page.charges):
            self._heard[hash(one)] = None
        self._idle = 0 if len(self._heard) > before else self._idle + 1
        if not page.has_more:
            return None
        why = self.stop_asking()
        if why is SyncStop.TOLD_TO_STOP:
            return why
        is_idle = self._idle >= self._settings.idle_pages_max
        return SyncStop.NOTHING_NEW if is_idle else why

    def stop_asking(self) -> SyncStop | None:
        """
        Count a page that was asked for, be it old by now; and return why no other is.
        """
        self._count += 1
        if self._stop is not None and self._stop():
            return SyncStop.TOLD_TO_STOP
        if self._count >= self._settings.pages_max:
            return SyncStop.PAGES_MAX
        return None
