"""
What a host and an author of plugins get for their tests: a shop to begin with, fakes,
contracts to subclass, a database to test on.
"""

from .fake_carrier import FakeCarriers, TrackingCarrier, carrier_fact
from .fake_gateway import FakeGateway
from .fake_gateways import FakeGateways
from .fake_labels import FindingLabelCarrier, LabelCarrier
from .fake_shop import Fault
from .shops import SampleShop, sample_shop

__all__ = [
    "FakeCarriers",
    "FakeGateway",
    "FakeGateways",
    "Fault",
    "FindingLabelCarrier",
    "LabelCarrier",
    "SampleShop",
    "TrackingCarrier",
    "carrier_fact",
    "sample_shop",
]
