"""
SourceHere: the order core of a dropshipping and sourcing platform.

Start with `sourcehere.open`; everything else is reached from what it gives.
"""

from .app import SourceHere
from .app import open as open
from .domain.catalog.model import NewVariant
from .domain.disputes.policy import DisputeReason
from .domain.kernel.actor import SYSTEM, Actor, Role
from .domain.kernel.address import Address
from .domain.kernel.clock import ManualClock, SystemClock
from .domain.kernel.errors import (
    Blocker,
    CallerError,
    CommandRefusedError,
    ConflictError,
    CounterpartyError,
    NotFoundError,
    SourceHereError,
    StateError,
)
from .domain.kernel.money import Money
from .domain.orders.holds import HoldReason
from .domain.orders.order import Order
from .domain.orders.tabs import Tab
from .domain.pairing.dictionary import OptionWords
from .domain.pairing.rules import MappingRule, QuantityRange, RuleItem
from .domain.pairing.suggestion import StoreVariant
from .domain.shipments.model import TrackingStatus
from .services.base.bulk import BulkReport
from .services.base.settings import Settings
from .services.ordering.drafts import Wanted
from .services.pairing.connections import NewConnection
from .services.platform.catalog import NewProduct
from .services.refunds.dispute_refunds import NewDispute
from .services.sending.cloud import Count
from .services.sending.shipping import NewParcel
from .services.sending.tracking import TrackingFact

__version__ = "0.1.0"

__all__ = [
    "SYSTEM",
    "Actor",
    "Address",
    "Blocker",
    "BulkReport",
    "CallerError",
    "CommandRefusedError",
    "ConflictError",
    "Count",
    "CounterpartyError",
    "DisputeReason",
    "HoldReason",
    "ManualClock",
    "MappingRule",
    "Money",
    "NewConnection",
    "NewDispute",
    "NewParcel",
    "NewProduct",
    "NewVariant",
    "NotFoundError",
    "OptionWords",
    "Order",
    "QuantityRange",
    "Role",
    "RuleItem",
    "Settings",
    "SourceHere",
    "SourceHereError",
    "StateError",
    "StoreVariant",
    "SystemClock",
    "Tab",
    "TrackingFact",
    "TrackingStatus",
    "Wanted",
    "__version__",
]
