"""
The contract of labels, on adapters that keep it.
"""

from datetime import timedelta

import attrs

from sourcehere.domain.freight.model import FreightRequest
from sourcehere.domain.kernel.address import Address
from sourcehere.ports.labels import LabelRequest
from sourcehere.testing.fake_labels import FindingLabelCarrier, LabelCarrier
from sourcehere.testing.fake_shop import Fault
from sourcehere.testing.kit import (
    BookedLabel,
    FaultLine,
    LabelsContract,
    LabelsServer,
    ServerLabels,
    WireFault,
)
from sourcehere.testing.kit.faults import SHAPES

REQUEST = LabelRequest(
    method="std",
    number="#1",
    to=Address("US"),
    consignment=FreightRequest(country="US", weight_grams=1, currency="USD"),
)
FAULTS = {
    WireFault.BEFORE: Fault.LOST_BEFORE,
    WireFault.AFTER: Fault.LOST_AFTER,
    WireFault.DOWN: Fault.LOST_BEFORE,
    WireFault.THROTTLED: Fault.THROTTLED,
    WireFault.UNAUTHORIZED: Fault.UNAUTHORIZED,
    WireFault.GARBAGE: Fault.NONSENSE,
    WireFault.TRUNCATED: Fault.NONSENSE,
    **dict.fromkeys(SHAPES, Fault.NONSENSE),
}


class TestServerLabels(LabelsContract):
    """
    The adapter of the server in memory.
    """

    def make_lab(self):
        """
        Make a server.
        """
        return LabelsServer(ServerLabels)


class Searched(ServerLabels):
    """
    The same, for a server that honours no key for long.
    """

    def label_key_ttl(self):
        """
        Honour none.
        """
        return timedelta(0)


class TestSearched(LabelsContract):
    """
    An adapter that can be searched only.
    """

    def make_lab(self):
        """
        Make a server.
        """
        return LabelsServer(Searched)


class FakeLab:
    """
    The fake, from behind.
    """

    def __init__(self, carrier):
        self._carrier = carrier
        self.line = FaultLine()
        self._used = set()
        carrier.next_fault = self._fault
        carrier.used = self._used

    def connect(self):
        """
        Return it: it keeps its books.
        """
        return self._carrier

    def sellable(self, *, grams):
        """
        It sells everything.
        """
        consignment = attrs.evolve(REQUEST.consignment, weight_grams=grams)
        return attrs.evolve(REQUEST, consignment=consignment)

    def unsellable(self):
        """
        Return what it is told to decline.
        """
        self._carrier.faults = [Fault.DECLINED]
        return REQUEST

    def books(self):
        """
        Read its books.
        """
        return [
            BookedLabel(
                reference=sold.reference,
                tracking_number=sold.tracking_number,
                price=sold.price,
                is_void=sold.reference in self._carrier.void,
            )
            for sold in self._carrier.sold.values()
        ]

    def use(self, reference, /):
        """
        Hand a parcel in.
        """
        self._used.add(reference)

    def _fault(self):
        return FAULTS.get(self.line.meet())


class TestFakeLabels(LabelsContract):
    """
    The carrier in memory that tests of the core use.
    """

    def make_lab(self):
        """
        Make a carrier.
        """
        return FakeLab(LabelCarrier())


class TestFindingFakeLabels(LabelsContract):
    """
    The same, which can be searched.
    """

    def make_lab(self):
        """
        Make a carrier.
        """
        return FakeLab(FindingLabelCarrier())
