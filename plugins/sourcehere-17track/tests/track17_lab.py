"""
17TRACK from behind: nothing here goes through the adapter.
"""

import hashlib
import logging
from datetime import UTC, datetime

import httpx2
from track17_server import KEY, Track17Server

from sourcehere import ManualClock
from sourcehere.ports.context import Context
from sourcehere.ports.tracking import TrackedNumber
from sourcehere.testing.kit import FaultLine, Posted
from sourcehere_17track import Track17, Track17Config
from sourcehere_http.testing import BreakingTransport

SHIPPED = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Track17Lab:
    """
    A server in memory, behind a line that breaks when it is told to.
    """

    def __init__(self, **config):
        self.server, self.line = Track17Server(), FaultLine()
        inner = httpx2.MockTransport(self.server.handle)
        self._transport = BreakingTransport(self.line, inner)
        self._config = Track17Config(**{"key": KEY, **config})

    def connect(self):
        """
        Make a new adapter.
        """
        return self.connect_by(self._transport)

    def connect_by(self, transport):
        """
        Make one that asks by another way.
        """
        context = Context(ManualClock(SHIPPED), logger=logging.getLogger("track17"))
        return Track17(self._config, context, transport)

    def announced(self, *, registered=True):
        """
        Let a carrier know of a number.
        """
        number = f"RR{len(self.server.events):09}CN"
        self.server.events[number] = []
        if registered:
            self.server.registered[number] = 3011
        return tracked(number)

    @staticmethod
    def unknown():
        """
        Return a number that is no carrier's.
        """
        return tracked("NOBODYS")

    def happens(self, number, scan, /):
        """
        Let something happen to a parcel.
        """
        self.server.happens(number.tracking_number, scan)

    def webhook(self, number, /):
        """
        Return what is posted of a number.
        """
        return self.server.webhook(number.tracking_number)

    def told(self, number, /):
        """
        Return the same of any number.
        """
        headers, body = self.server.webhook(number)
        return Posted(body, {name.lower(): value for name, value in headers.items()})

    def signed(self, body, /, *, secret=""):
        """
        Sign a body, with the account's key if not with another.
        """
        made = hashlib.sha256(body + f"/{secret or KEY}".encode()).hexdigest()
        return Posted(body, {"content-type": "application/json", "sign": made})


def tracked(number, carrier="China Post"):
    """
    Return a number as the core asks for it.
    """
    return TrackedNumber(carrier=carrier, tracking_number=number, shipped_at=SHIPPED)
