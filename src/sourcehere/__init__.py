"""
SourceHere: the order core of a dropshipping and sourcing platform.

Start with `sourcehere.open`; everything else is reached from what it gives.
"""

from .kernel.starting import no_collection

with no_collection():
    from .app import SourceHere
    from .app import open as open
    from .catalog.model import NewVariant
    from .disputes.policy import DisputeReason
    from .kernel.actor import SYSTEM, Actor, Role
    from .kernel.address import Address
    from .kernel.clock import ManualClock, SystemClock
    from .kernel.errors import (
        Blocker,
        CallerError,
        CommandRefusedError,
        ConflictError,
        CounterpartyError,
        NotFoundError,
        SourceHereError,
        StateError,
    )
    from .kernel.money import Money
    from .orders.holds import HoldReason
    from .orders.order import Order
    from .orders.tabs import Tab
    from .pairing.dictionary import OptionWords
    from .pairing.rules import MappingRule, QuantityRange, RuleItem
    from .pairing.suggestion import StoreVariant
    from .services.base import BulkReport, Settings
    from .services.catalog import NewProduct
    from .services.cloud import Count
    from .services.dispute_refunds import NewDispute
    from .services.drafts import Wanted
    from .services.pairing import NewConnection
    from .services.shipping import NewParcel
    from .services.tracking import TrackingFact
    from .shipments.model import TrackingStatus

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
