"""
SourceHere: the order core of a dropshipping and sourcing platform.

Start with `sourcehere.open`; everything else is reached from what it gives.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from .domain.catalog.changes import ProductChange, VariantChange
from .domain.catalog.model import NewVariant, Price
from .domain.disputes.policy import DisputeReason
from .domain.effects.gateway_errors import (
    PaymentWebhooksUnsupportedError,
    PayoutsUnsupportedError,
)
from .domain.effects.labels import LabelDecision
from .domain.effects.payment_stages import PaymentDecision
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
)
from .face.lists import InvalidCursorError, Page
from .face.opening import SourceHere
from .face.opening import open as open
from .face.plain import to_dict
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
from .services.platform.upserting import CatalogRow, RowChanged, RowRejected, Upserted
from .services.repair.plan import RepairOutdatedError
from .services.sending.cloud import Count
from .services.sending.correcting import TrackingCorrection
from .services.sending.shipping import NewParcel
from .services.sending.tracking import TrackingFact

if TYPE_CHECKING:
    from .face.desks import SellerDesk, StaffDesk
    from .face.openapi import openapi_components, openapi_ref
    from .face.records.money import Balance, Offer, Payment
    from .face.records.orders import OrderDetails
    from .face.results import Report
    from .face.schemas import schema_of

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
    "Destination",
    "DisputeReason",
    "FailedEarlierError",
    "ForbiddenError",
    "FreightParcel",
    "FreightRequest",
    "FreightUnavailableError",
    "FreightUnits",
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
    "RepairOutdatedError",
    "Report",
    "Role",
    "RuleItem",
    "SYSTEM",
    "Worker",
    "WorkerStep",
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
    "UnknownMethodError",
    "Wanted",
    "WebhookTooLargeError",
    "NamesUnsupportedError",
    "ProductsUnsupportedError",
    "SubscriptionsUnsupportedError",
    "WebhooksUnsupportedError",
    "WorkingDayRange",
    "__version__",
    "openapi_components",
    "openapi_ref",
    "schema_of",
    "to_dict",
]

# Imported when first asked for: not every program works at a desk.
_HOMES = {
    "Balance": "records.money",
    "Offer": "records.money",
    "OrderDetails": "records.orders",
    "Payment": "records.money",
    "Report": "results",
    "SellerDesk": "desks",
    "StaffDesk": "desks",
    "openapi_components": "openapi",
    "openapi_ref": "openapi",
    "schema_of": "schemas",
}


def __getattr__(name: str) -> object:
    """
    Import what is asked for.

    Raises:
        AttributeError: If there is no such name.
    """
    home = _HOMES.get(name)
    if home is None:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    found: object = getattr(import_module(f".face.{home}", __name__), name)
    return found
