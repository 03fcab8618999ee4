"""
EasyPost from behind: nothing here goes through the adapter.
"""

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import attrs
import httpx2
from easypost_server import KEY, SERVED, TARIFF, EasyPostServer, cents

from sourcehere import Address, Money, SystemClock, TrackingStatus
from sourcehere.ports.freight import FreightRequest
from sourcehere.ports.labels import LabelRequest
from sourcehere.ports.providers import Context
from sourcehere.ports.tracking import TrackedNumber
from sourcehere.testing.kit import BookedLabel, FaultLine, Scan
from sourcehere_http.testing import BreakingTransport
from sourcehere_karrio import KarrioCarrier, KarrioConfig
from sourcehere_karrio.config import Origin, Service

SHIPPED_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
SERVICES = {"prio": "Priority", "fast": "Express"}
WORDS = {
    TrackingStatus.PENDING: "pre_transit",
    TrackingStatus.IN_TRANSIT: "in_transit",
    TrackingStatus.OUT_FOR_DELIVERY: "out_for_delivery",
    TrackingStatus.DELIVERY_FAILED: "failure",
    TrackingStatus.READY_FOR_PICKUP: "available_for_pickup",
    TrackingStatus.DELIVERED: "delivered",
    TrackingStatus.RETURN_TO_SENDER: "return_to_sender",
    TrackingStatus.CANCELLED: "cancelled",
}


def service(code: str, **changes) -> Service:
    """
    Return a service of USPS.
    """
    fields = {
        "code": code,
        "service": f"easypost_usps_{SERVICES[code].lower()}",
        "name": SERVICES[code],
        "carrier": "USPS",
        "days_min": 1,
        "days_max": 4,
        **changes,
    }
    return Service(**fields)


def config(**changes) -> KarrioConfig:
    """
    Return how an account is connected.
    """
    fields = {
        "carrier": "easypost",
        "secrets": {"api_key": KEY},
        "currency": "USD",
        "origin": Origin(
            country="US",
            name="Sam Sender",
            street="1 Dock Rd",
            city="Austin",
            region="TX",
            postal_code="78701",
            phone="5125550100",
        ),
        "services": (service("prio"), service("fast")),
        "labels_folder": "labels",
        "carriers": {"USPS": "USPS"},
        **changes,
    }
    return KarrioConfig(**fields)


class KarrioLab:
    """
    A server in memory, behind a line that breaks when a test says so.
    """

    def __init__(self, **changes) -> None:
        self.server = EasyPostServer()
        self.line = FaultLine()
        self.clock = SystemClock()
        self._folder = tempfile.TemporaryDirectory()
        self.folder = Path(self._folder.name)
        self._config = config(**changes)
        self._transport = BreakingTransport(
            self.line, httpx2.MockTransport(self.server.handle)
        )

    def connect(self, **changes) -> KarrioCarrier:
        """
        Make a new adapter.
        """
        context = Context(clock=self.clock, connection="post", folder=str(self.folder))
        return KarrioCarrier(
            attrs.evolve(self._config, **changes), context, self._transport
        )

    def close(self) -> None:
        """
        Remove the host's folder.
        """
        self._folder.cleanup()

    # Freight.

    def served(self, *, grams: int) -> FreightRequest:
        """
        Return a consignment to Boston.
        """
        return FreightRequest(
            country="US",
            origin="US",
            city="Boston",
            region="MA",
            postal_code="02110",
            weight_grams=grams,
            currency="USD",
        )

    def unserved(self) -> FreightRequest:
        """
        Return one to where nobody goes.
        """
        return attrs.evolve(self.served(grams=500), country="AQ")

    def prices(self, request: FreightRequest, /) -> dict[str, Money]:
        """
        Return what the counter charges, in dollars only.
        """
        if request.country not in SERVED or request.currency != "USD":
            return {}
        return {
            code: Money(cents(name, request.weight_grams), "USD")
            for code, name in SERVICES.items()
        }

    # Labels.

    def sellable(self, *, grams: int) -> LabelRequest:
        """
        Return a parcel to Boston.
        """
        return LabelRequest(
            method="prio",
            number="#1001",
            to=Address(
                "US",
                name="Ann Ames",
                street="1 High St\nFlat 2",
                city="Boston",
                region="MA",
                postal_code="02110",
                phone="6175550199",
                email="ann@example.org",
            ),
            consignment=self.served(grams=grams),
        )

    def unsellable(self) -> LabelRequest:
        """
        Return one that is too heavy.
        """
        return self.sellable(grams=20_001)

    def books(self) -> Sequence[BookedLabel]:
        """
        List what was bought.
        """
        return [
            BookedLabel(
                reference=one.name,
                tracking_number=one.number,
                price=Money(cents(one.bought["service"], one.grams), "USD"),
                is_void=one.refund is not None,
            )
            for one in self.server.shipments.values()
            if one.bought is not None
        ]

    def use(self, reference: str, /) -> None:
        """
        Hand a parcel in.
        """
        self.server.shipments[reference].is_used = True

    # Tracking.

    def announced(self) -> TrackedNumber:
        """
        Announce another parcel.
        """
        number = f"9400{len(self.server.trackers):06}"
        self.server.trackers[number] = []
        return _number(number)

    def unknown(self) -> TrackedNumber:
        """
        Return a number that was never announced.
        """
        return _number("9400999999")

    def happens(self, number: TrackedNumber, scan: Scan, /) -> None:
        """
        Keep a scan.
        """
        at = scan.happened_at.astimezone(UTC)
        self.server.trackers[number.tracking_number].append(
            {
                "object": "TrackingDetail",
                "message": "told",
                "status": WORDS[scan.status],
                "datetime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "tracking_location": {"city": scan.place or None, "country": None},
            }
        )


def buy(lab, carrier=None, key="k1", **changes):
    """
    Buy a label of 300 g.
    """
    request = attrs.evolve(lab.sellable(grams=300), **changes)
    return (carrier or lab.connect()).buy_label(request, idempotency_key=key)


def _number(text: str) -> TrackedNumber:
    return TrackedNumber(carrier="USPS", tracking_number=text, shipped_at=SHIPPED_AT)


assert set(TARIFF) == set(SERVICES.values())
