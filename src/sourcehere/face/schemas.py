"""
JSON Schema of every public record: what `to_dict` makes of it.
"""

import enum
import types
import typing
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, get_args, get_origin

import attrs

from ..builtin.file_profile import ExportProfile
from ..domain.catalog.changes import CatalogEntry
from ..domain.effects.inbox import InboxEvent
from ..domain.effects.model import Attempt, OutboxMessage, Send, WorkerBeat
from ..domain.freight.estimate import DaysSaved, DeliveryComparison
from ..domain.freight.model import DeliveryEstimate, FreightAnswer
from ..domain.kernel.address import Address
from ..domain.kernel.errors import (
    Blocker,
    InvalidInputError,
    NotFoundError,
    SourceHereError,
)
from ..domain.kernel.money import Money
from ..domain.local_stock.model import LocalMovement, LocalStock
from ..domain.orders.views import OrderHeader, OrderView
from ..domain.pairing.model import HelpRequest
from ..domain.pairing.not_ours import NotOurs
from ..domain.pairing.suggestion import Suggestion
from ..domain.sellers.model import Salesman, Seller
from ..domain.sellers.promises import Promises
from ..domain.shipments.model import Parcel, TrackingEvent
from ..domain.shipments.walks import TrackingWalk
from ..domain.stores.model import RejectedRow
from ..domain.talk.model import Message
from ..domain.warehouse.model import StockView
from ..ports.platforms import StorePreview
from ..services.audit.findings import AuditReport
from ..services.gateways.hints import PaymentHintsKept
from ..services.gateways.reconciling import PayoutReport
from ..services.gateways.running import AttemptsReport
from ..services.intake.cancelling import ShopCancelReport
from ..services.intake.inbox import InboxReport, Receipt
from ..services.intake.listing import ShopProducts, ShopVariant
from ..services.intake.missing import MissingReport
from ..services.intake.reconciling import ReconcileReport
from ..services.intake.stock_telling import StockReport
from ..services.intake.stores import SyncReport
from ..services.ordering.story import TimelineEntry
from ..services.outside.endings import RelayReport
from ..services.outside.status import LaneStatus
from ..services.pairing.coverage import Coverage
from ..services.pairing.explaining import Explanation
from ..services.pairing.history import ConnectionStep
from ..services.pairing.suggesting import SuggestionReport
from ..services.paying.previewing import LineChange
from ..services.platform.clocks import ClockReport, Due
from ..services.platform.queue_counts import QueueCount
from ..services.platform.touching import Touched
from ..services.platform.upkeep import CatalogEdit
from ..services.platform.upserting import Upserted
from ..services.repair.plan import RepairPlan, RepairReport
from ..services.sending.asking_carriers import TrackingReport
from ..services.sending.hints import HintsKept
from ..services.sending.labels import LabelsReport
from ..unit.tables.repairs import Repair
from . import results
from .records.conversations import ConversationView
from .records.disputes import DisputeView
from .records.goods import (
    FreightConnection,
    FreightQuote,
    LotView,
    ProductView,
    StockCountView,
    StockMovement,
    VariantView,
    WarehouseView,
)
from .records.goodwill import GoodwillView
from .records.labels import LabelView
from .records.modes import ShippingModes
from .records.money import (
    Arrival,
    Balance,
    LedgerLine,
    Offer,
    Payment,
    RefundView,
)
from .records.months import WalletMonth
from .records.orders import OrderDetails
from .records.payments import CardPayment, GatewayConnection, PaymentAttemptView
from .records.statements import WalletStatement
from .records.talk import (
    ChargeView,
    ConnectionView,
    QuoteRequestView,
    QuoteView,
    StoreView,
)
from .records.told import ToldView
from .value_schemas import MAY_NEVER_COME, NAMED, PLAIN

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_RESULTS = tuple(
    value
    for value in vars(results).values()
    if isinstance(value, type)
    and attrs.has(value)
    and value.__module__ == results.__name__
    and value is not results.Report
)
# Every record that a desk, the relay, the clocks or the audit answers with.
RECORDS: dict[str, type] = {
    record.__name__: record
    for record in (
        Address,
        Arrival,
        Attempt,
        AttemptsReport,
        AuditReport,
        Balance,
        Blocker,
        CardPayment,
        CatalogEdit,
        CatalogEntry,
        ChargeView,
        ClockReport,
        ConnectionStep,
        ConnectionView,
        ConversationView,
        Coverage,
        DaysSaved,
        DeliveryComparison,
        DeliveryEstimate,
        DisputeView,
        Due,
        Explanation,
        ExportProfile,
        FreightAnswer,
        FreightConnection,
        FreightQuote,
        GatewayConnection,
        GoodwillView,
        HelpRequest,
        HintsKept,
        InboxEvent,
        InboxReport,
        LabelView,
        LabelsReport,
        LaneStatus,
        LedgerLine,
        LineChange,
        LocalMovement,
        LocalStock,
        LotView,
        Message,
        MissingReport,
        Money,
        NotOurs,
        Offer,
        OrderDetails,
        OrderHeader,
        OrderView,
        OutboxMessage,
        Parcel,
        Payment,
        PaymentAttemptView,
        PaymentHintsKept,
        PayoutReport,
        ProductView,
        Promises,
        QueueCount,
        QuoteRequestView,
        QuoteView,
        Receipt,
        ReconcileReport,
        RefundView,
        RejectedRow,
        RelayReport,
        Repair,
        RepairPlan,
        RepairReport,
        Salesman,
        Seller,
        Send,
        ShippingModes,
        ShopCancelReport,
        ShopProducts,
        ShopVariant,
        StockCountView,
        StockMovement,
        StockReport,
        StockView,
        StorePreview,
        StoreView,
        Suggestion,
        SuggestionReport,
        SyncReport,
        TimelineEntry,
        ToldView,
        Touched,
        TrackingEvent,
        TrackingReport,
        TrackingWalk,
        Upserted,
        VariantView,
        WalletMonth,
        WalletStatement,
        WarehouseView,
        WorkerBeat,
        *_RESULTS,
    )
}


def schema_of(record: type) -> dict[str, Any]:
    """
    Return the JSON Schema (2020-12) of what `to_dict` makes of a *record*.

    Records within it are under `$defs`, by their names. A list is `Page[OrderHeader]`,
    what became of many `Report[OrderState]`.

    Raises:
        InvalidInputError: If *record* is no class of records.
    """
    name = _name_of(record)
    definitions: dict[str, Any] = {}
    reference = _schema(record, definitions)
    body = definitions.pop(name, reference)
    schema: dict[str, Any] = {"$schema": DIALECT, "title": name, **body}
    if definitions:
        schema["$defs"] = dict(sorted(definitions.items()))
    return schema


def _name_of(record: Any) -> str:
    """
    Return what a record is called; `PageOfOrderHeader` for a page of headers.
    """
    made_of = get_origin(record) or record
    if isinstance(made_of, type) and issubclass(made_of, SourceHereError):
        return SourceHereError.__name__
    if not isinstance(made_of, type) or not (attrs.has(made_of) or made_of in NAMED):
        raise InvalidInputError(
            field="record",
            value=str(record),
            expected="a class of records, such as OrderView or Page[OrderHeader]",
        )
    inner = "".join(_name_of(one) for one in get_args(record))
    return f"{made_of.__name__}Of{inner}" if inner else made_of.__name__


def schema_named(name: str) -> dict[str, Any]:
    """
    Return the JSON Schema of the public record called *name*, such as `OrderView`.

    Raises:
        NotFoundError: If no public record is called so.
    """
    record = RECORDS.get(name)
    if record is None:
        raise NotFoundError(kind="record", id=name)
    return schema_of(record)


def _schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    if hint in PLAIN:
        return PLAIN[hint]
    if attrs.has(get_origin(hint) or object):
        _define_generic(hint, definitions)
        return {"$ref": f"#/$defs/{_name_of(hint)}"}
    if get_args(hint):
        return _generic(get_origin(hint), get_args(hint), definitions)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        _define_enum(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if isinstance(hint, type) and issubclass(hint, SourceHereError):
        hint = SourceHereError
    if hint in NAMED or attrs.has(hint):
        _define(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    return {}


def _field(name: str, hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if hint is datetime and name in MAY_NEVER_COME:
        hint = datetime | None
    return _schema(hint, definitions)


def _define_enum(kind: type[enum.Enum], definitions: dict[str, Any]) -> None:
    """
    Define the words of which one is said, so that they have one name wherever they are.
    """
    definitions[kind.__name__] = {
        "type": "string",
        "description": _first_sentence(kind),
        "enum": [member.value for member in kind],
    }


def _generic(
    origin: Any, inner: tuple[Any, ...], definitions: dict[str, Any]
) -> dict[str, Any]:
    if origin in (types.UnionType, typing.Union):
        return _either(inner, definitions)
    if issubclass(origin, Mapping):
        items = _schema(inner[1], definitions)
        return {"type": "object", "additionalProperties": items}
    if origin is tuple and Ellipsis not in inner:
        return {
            "type": "array",
            "prefixItems": [_schema(one, definitions) for one in inner],
        }
    assert issubclass(origin, Iterable), origin
    return {"type": "array", "items": _schema(inner[0], definitions)}


def _either(inner: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    options = [_schema(h, definitions) for h in inner if h is not types.NoneType]
    if types.NoneType not in inner:
        return {"anyOf": options}
    return {"anyOf": [*options, {"type": "null"}]}


def _define_generic(hint: Any, definitions: dict[str, Any]) -> None:
    """
    Define a `Page` or a `Report` of something.
    """
    made_of, given = get_origin(hint), get_args(hint)
    (variable,) = made_of.__parameters__
    hints = typing.get_type_hints(made_of)
    properties = {
        field.name: _schema(_filled(hints[field.name], variable, given[0]), definitions)
        for field in attrs.fields(made_of)
    }
    definitions[_name_of(hint)] = {
        "type": "object",
        "description": _first_sentence(made_of),
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _filled(hint: Any, variable: Any, given: Any) -> Any:
    return hint[given] if variable in getattr(hint, "__parameters__", ()) else hint


def _define(record: type, definitions: dict[str, Any]) -> None:
    name = record.__name__
    if name in definitions:
        return
    if record in NAMED:
        definitions[name] = NAMED[record]
        return
    definitions[name] = {}  # known from here on, for records within themselves
    hints = typing.get_type_hints(record)
    fields = [field for field in attrs.fields(record) if field.repr]
    definitions[name] = {
        "type": "object",
        "description": _first_sentence(record),
        "properties": {
            f.name: _field(f.name, hints[f.name], definitions) for f in fields
        },
        "required": [f.name for f in fields],
        "additionalProperties": False,
    }


def _first_sentence(record: type) -> str:
    text = (record.__doc__ or "").strip().split("\n\n")[0]
    return " ".join(text.split())
