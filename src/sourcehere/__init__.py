"""
SourceHere: the order core of a dropshipping and sourcing platform.

Start with `sourcehere.open`; everything else is reached from what it gives.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .domain.catalog.changes import ProductChange, VariantChange
    from .domain.catalog.model import NewVariant, Price
    from .domain.disputes.policy import DisputeReason, Remedy
    from .domain.effects.gateway_errors import (
        PaymentWebhooksUnsupportedError,
        PayoutsUnsupportedError,
    )
    from .domain.effects.labels import LabelDecision
    from .domain.effects.payment_stages import PaymentDecision
    from .domain.effects.told_errors import UnreadableLinesError
    from .domain.freight.choosing import ShipBy
    from .domain.freight.errors import (
        AmbiguousMethodError,
        FreightUnavailableError,
        LabelsUnsupportedError,
        UnknownMethodError,
    )
    from .domain.freight.handling import Handling, Source, WorkingDayRange
    from .domain.freight.model import FreightParcel, FreightRequest, FreightUnits
    from .domain.kernel.actor import SYSTEM, Actor, Role
    from .domain.kernel.address import Address
    from .domain.kernel.clock import ManualClock, SystemClock
    from .domain.kernel.connections import DisconnectedError
    from .domain.kernel.errors import (
        AlreadyExistsError,
        Blocker,
        CallerError,
        CommandRefusedError,
        ConflictError,
        CounterpartyError,
        ForbiddenError,
        IdempotencyConflictError,
        InvalidInputError,
        NotFoundError,
        SourceHereError,
        StateError,
    )
    from .domain.kernel.money import Money
    from .domain.local_stock.model import TooLittleLocalStockError
    from .domain.orders.desk_queues import DeskQueue
    from .domain.orders.holds import HoldReason
    from .domain.orders.kinds import OrderKind
    from .domain.orders.search import OrderSearch
    from .domain.orders.tabs import Tab
    from .domain.orders.views import OrderHeader, OrderView
    from .domain.pairing.dictionary import OptionWords
    from .domain.pairing.rules import MappingRule
    from .domain.pairing.suggestion import StoreVariant
    from .domain.pairing.supply import Destination, QuantityRange, RuleItem
    from .domain.sellers.promises import Promises
    from .domain.shipments.model import IncidentReason, TrackingStatus
    from .domain.stores.cancelling import ShopCancelReason
    from .domain.stores.errors import (
        CancelUnsupportedError,
        NamesUnsupportedError,
        ProductsUnsupportedError,
        StoreRestsError,
        SubscriptionsUnsupportedError,
        WebhooksUnsupportedError,
        WebhookTooLargeError,
    )
    from .domain.talk.model import Message, Subject
    from .domain.wallet.errors import (
        CheckoutExpiredError,
        InsufficientFundsError,
        SellerDebtError,
        SpendGuardError,
        SpendLimitError,
        TransferOfAnotherError,
    )
    from .domain.wallet.goodwill import GoodwillReason
    from .face.core import SourceHere
    from .face.desks import SellerDesk, StaffDesk
    from .face.http_statuses import http_status
    from .face.lists import InvalidCursorError, Page
    from .face.openapi import openapi_components, openapi_ref
    from .face.opening import open as open
    from .face.plain import to_dict
    from .face.records.money import Balance, Offer, Payment
    from .face.records.orders import OrderDetails
    from .face.results import Report
    from .face.schemas import schema_of
    from .face.working import Worker, WorkerStep
    from .plugins.allowed_secrets import Secrets
    from .ports.errors import ProtocolError, SignatureError
    from .ports.platforms import StorePreview
    from .services.base.bulk import FailedEarlierError
    from .services.base.settings import Settings
    from .services.ordering.drafts import Wanted
    from .services.pairing.connections import NewConnection
    from .services.platform.catalog import NewProduct
    from .services.platform.touching import Touched
    from .services.platform.upkeep import CatalogEdit
    from .services.platform.upserting import (
        CatalogRow,
        RowChanged,
        RowRejected,
        Upserted,
    )
    from .services.repair.plan import RepairOutdatedError
    from .services.sending.cloud import Count
    from .services.sending.correcting import TrackingCorrection
    from .services.sending.shipping import NewParcel
    from .services.sending.tracking import TrackingFact

__version__ = "0.1.0"

__all__ = [  # noqa: RUF022 - sorted; `open` is left out, for who imports *
    "Actor",
    "Address",
    "AlreadyExistsError",
    "AmbiguousMethodError",
    "Balance",
    "Blocker",
    "CallerError",
    "CancelUnsupportedError",
    "CheckoutExpiredError",
    "CommandRefusedError",
    "ConflictError",
    "Count",
    "CounterpartyError",
    "DeskQueue",
    "Destination",
    "DisconnectedError",
    "DisputeReason",
    "FailedEarlierError",
    "ForbiddenError",
    "FreightParcel",
    "FreightRequest",
    "FreightUnavailableError",
    "FreightUnits",
    "GoodwillReason",
    "Handling",
    "HoldReason",
    "IdempotencyConflictError",
    "InsufficientFundsError",
    "IncidentReason",
    "InvalidCursorError",
    "InvalidInputError",
    "LabelDecision",
    "LabelsUnsupportedError",
    "ManualClock",
    "MappingRule",
    "Message",
    "Money",
    "NewConnection",
    "NewParcel",
    "NewProduct",
    "ProductChange",
    "VariantChange",
    "CatalogEdit",
    "CatalogRow",
    "RowChanged",
    "RowRejected",
    "ShipBy",
    "TooLittleLocalStockError",
    "Touched",
    "Upserted",
    "NewVariant",
    "NotFoundError",
    "Offer",
    "OptionWords",
    "OrderDetails",
    "OrderHeader",
    "OrderSearch",
    "OrderKind",
    "OrderView",
    "Page",
    "Payment",
    "PaymentDecision",
    "PaymentWebhooksUnsupportedError",
    "PayoutsUnsupportedError",
    "Price",
    "QuantityRange",
    "Remedy",
    "RepairOutdatedError",
    "Report",
    "Role",
    "RuleItem",
    "SYSTEM",
    "Secrets",
    "SellerDebtError",
    "SellerDesk",
    "Promises",
    "ProtocolError",
    "Settings",
    "ShopCancelReason",
    "SignatureError",
    "Source",
    "SourceHere",
    "SourceHereError",
    "SpendGuardError",
    "SpendLimitError",
    "StaffDesk",
    "StateError",
    "StoreRestsError",
    "StoreVariant",
    "Subject",
    "SystemClock",
    "Tab",
    "StorePreview",
    "TrackingCorrection",
    "TrackingFact",
    "TrackingStatus",
    "TransferOfAnotherError",
    "UnknownMethodError",
    "UnreadableLinesError",
    "Wanted",
    "WebhookTooLargeError",
    "NamesUnsupportedError",
    "ProductsUnsupportedError",
    "SubscriptionsUnsupportedError",
    "WebhooksUnsupportedError",
    "Worker",
    "WorkerStep",
    "WorkingDayRange",
    "__version__",
    "http_status",
    "openapi_components",
    "openapi_ref",
    "schema_of",
    "to_dict",
]

# Name -> where it is; imported when it is first asked for, so that a program imports
# what it uses, and `sourcehere --help` next to nothing.
_HOMES = {
    "Actor": "domain.kernel.actor",
    "Address": "domain.kernel.address",
    "AlreadyExistsError": "domain.kernel.errors",
    "AmbiguousMethodError": "domain.freight.errors",
    "Balance": "face.records.money",
    "Blocker": "domain.kernel.errors",
    "CallerError": "domain.kernel.errors",
    "CancelUnsupportedError": "domain.stores.errors",
    "CatalogEdit": "services.platform.upkeep",
    "CatalogRow": "services.platform.upserting",
    "CheckoutExpiredError": "domain.wallet.errors",
    "CommandRefusedError": "domain.kernel.errors",
    "ConflictError": "domain.kernel.errors",
    "Count": "services.sending.cloud",
    "CounterpartyError": "domain.kernel.errors",
    "DeskQueue": "domain.orders.desk_queues",
    "Destination": "domain.pairing.supply",
    "DisconnectedError": "domain.kernel.connections",
    "DisputeReason": "domain.disputes.policy",
    "FailedEarlierError": "services.base.bulk",
    "ForbiddenError": "domain.kernel.errors",
    "FreightParcel": "domain.freight.model",
    "FreightRequest": "domain.freight.model",
    "FreightUnavailableError": "domain.freight.errors",
    "FreightUnits": "domain.freight.model",
    "GoodwillReason": "domain.wallet.goodwill",
    "Handling": "domain.freight.handling",
    "HoldReason": "domain.orders.holds",
    "IdempotencyConflictError": "domain.kernel.errors",
    "IncidentReason": "domain.shipments.model",
    "InsufficientFundsError": "domain.wallet.errors",
    "InvalidCursorError": "face.lists",
    "InvalidInputError": "domain.kernel.errors",
    "LabelDecision": "domain.effects.labels",
    "LabelsUnsupportedError": "domain.freight.errors",
    "ManualClock": "domain.kernel.clock",
    "MappingRule": "domain.pairing.rules",
    "Message": "domain.talk.model",
    "Money": "domain.kernel.money",
    "NamesUnsupportedError": "domain.stores.errors",
    "NewConnection": "services.pairing.connections",
    "NewParcel": "services.sending.shipping",
    "NewProduct": "services.platform.catalog",
    "NewVariant": "domain.catalog.model",
    "NotFoundError": "domain.kernel.errors",
    "Offer": "face.records.money",
    "OptionWords": "domain.pairing.dictionary",
    "OrderDetails": "face.records.orders",
    "OrderHeader": "domain.orders.views",
    "OrderKind": "domain.orders.kinds",
    "OrderSearch": "domain.orders.search",
    "OrderView": "domain.orders.views",
    "Page": "face.lists",
    "Payment": "face.records.money",
    "PaymentDecision": "domain.effects.payment_stages",
    "PaymentWebhooksUnsupportedError": "domain.effects.gateway_errors",
    "PayoutsUnsupportedError": "domain.effects.gateway_errors",
    "Price": "domain.catalog.model",
    "ProductChange": "domain.catalog.changes",
    "ProductsUnsupportedError": "domain.stores.errors",
    "Promises": "domain.sellers.promises",
    "ProtocolError": "ports.errors",
    "QuantityRange": "domain.pairing.supply",
    "Remedy": "domain.disputes.policy",
    "RepairOutdatedError": "services.repair.plan",
    "Report": "face.results",
    "Role": "domain.kernel.actor",
    "RowChanged": "services.platform.upserting",
    "RowRejected": "services.platform.upserting",
    "RuleItem": "domain.pairing.supply",
    "SYSTEM": "domain.kernel.actor",
    "Secrets": "plugins.allowed_secrets",
    "SellerDebtError": "domain.wallet.errors",
    "SellerDesk": "face.desks",
    "Settings": "services.base.settings",
    "ShipBy": "domain.freight.choosing",
    "ShopCancelReason": "domain.stores.cancelling",
    "SignatureError": "ports.errors",
    "Source": "domain.freight.handling",
    "SourceHere": "face.core",
    "SourceHereError": "domain.kernel.errors",
    "SpendGuardError": "domain.wallet.errors",
    "SpendLimitError": "domain.wallet.errors",
    "StaffDesk": "face.desks",
    "StateError": "domain.kernel.errors",
    "StorePreview": "ports.platforms",
    "StoreRestsError": "domain.stores.errors",
    "StoreVariant": "domain.pairing.suggestion",
    "Subject": "domain.talk.model",
    "SubscriptionsUnsupportedError": "domain.stores.errors",
    "SystemClock": "domain.kernel.clock",
    "Tab": "domain.orders.tabs",
    "TooLittleLocalStockError": "domain.local_stock.model",
    "Touched": "services.platform.touching",
    "TrackingCorrection": "services.sending.correcting",
    "TrackingFact": "services.sending.tracking",
    "TrackingStatus": "domain.shipments.model",
    "TransferOfAnotherError": "domain.wallet.errors",
    "UnknownMethodError": "domain.freight.errors",
    "UnreadableLinesError": "domain.effects.told_errors",
    "Upserted": "services.platform.upserting",
    "VariantChange": "domain.catalog.changes",
    "Wanted": "services.ordering.drafts",
    "WebhookTooLargeError": "domain.stores.errors",
    "WebhooksUnsupportedError": "domain.stores.errors",
    "Worker": "face.working",
    "WorkerStep": "face.working",
    "WorkingDayRange": "domain.freight.handling",
    "http_status": "face.http_statuses",
    "open": "face.opening",
    "openapi_components": "face.openapi",
    "openapi_ref": "face.openapi",
    "schema_of": "face.schemas",
    "to_dict": "face.plain",
}


def __getattr__(name: str) -> object:
    """
    Import what is asked for, once.

    Raises:
        AttributeError: If there is no such name.
    """
    home = _HOMES.get(name)
    if home is None:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    found: object = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """
    List every name, those that nobody asked for yet too.
    """
    return sorted({*globals(), *_HOMES})
