"""
Labels: what was bought left in a parcel, and what may be bought binds its units.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ...domain.effects.labels import Label, LabelStage
from ...domain.effects.machine import SUCCEEDED
from ...domain.shipments.model import Parcel
from ...unit.tables.orders import ORDERS
from ...unit.tables.shipments import LABELS, LABELS_OF_PARCEL, PARCELS
from ..base.batches import batches
from .batch import OrderBatch
from .rows import got, parsed
from .scope import Scope

Marks = Mapping[str, Mapping[str, dict[str, int]]]  # order -> label -> item -> units


class LabelMarksRow(NamedTuple):
    """
    What an order knows of the labels that are being bought for it.
    """

    order_id: str
    labels: str


def check_labels(scope: Scope) -> None:
    """
    Check that orders know of the labels that are being bought for them, and that what
    was bought has its parcel.
    """
    for labels in batches(scope.unit.each_of(LABELS, scope.seller_id)):
        marks = _marks(scope, labels)
        parcels, bought = _parcels(scope, labels), _bought(scope, labels)
        for label in labels:
            _check_mark(scope, label, marks)
            _check_bought(scope, label)
            if label.parcel_id:
                _check_parcel(scope, label, parcels.get(label.parcel_id))
            if label.stage is LabelStage.BOUGHT:
                names = bought[label.parcel_id]
                scope.findings.check(
                    "parcel_has_one_label",
                    label.label_id,
                    holds=names == [label.label_id],
                    words=f"parcel {label.parcel_id} has labels {', '.join(names)}",
                    parcel=label.parcel_id,
                )


def check_label_marks(scope: Scope, batch: OrderBatch) -> None:
    """
    Check that what orders mark are labels that may still be bought: else their units
    could never leave.
    """
    marked = {
        (order.order_id, mark["label_id"])
        for order in batch.orders
        if order.labels != "[]"
        for mark in parsed(order.labels)
    }
    if not marked:
        return
    scope.findings.looked("marked_label_is_open", len(marked))
    names = sorted({label_id for _, label_id in marked})
    keys = [(scope.seller_id, name) for name in names]
    live = {
        (label.order_id, label.label_id)
        for label in scope.unit.many(LABELS, keys)
        if label.is_live
    }
    for order_id, label_id in sorted(marked - live):
        scope.findings.found(
            "marked_label_is_open",
            order_id,
            f"its units are bound to label {label_id}, which is over or not there",
            label=label_id,
        )


def _check_mark(scope: Scope, label: Label, marks: Marks) -> None:
    units = {item.item_id: item.quantity for item in label.items}
    known = marks.get(label.order_id)
    scope.findings.check(
        "label_has_its_order",
        label.label_id,
        holds=known is not None,
        words=f"there is no order {label.order_id}",
        order=label.order_id,
    )
    marked = (known or {}).get(label.label_id)
    if label.is_live and known is not None:
        scope.findings.check(
            "order_marks_its_labels",
            label.label_id,
            holds=marked == units,
            words=f"order {label.order_id} does not know that it is being bought",
            order=label.order_id,
        )


def _check_bought(scope: Scope, label: Label) -> None:
    facts = (label.reference, label.carrier, label.tracking_number, label.currency)
    is_whole = all(facts) and label.price_minor >= 0
    is_nothing = not any(facts) and not (label.price_minor or label.parcel_id)
    scope.findings.check(
        "label_says_what_was_bought",
        label.label_id,
        holds=is_whole if label.state == SUCCEEDED else is_nothing,
        words=f"it is {label.stage}, and says {facts} for {label.price_minor}",
        order=label.order_id,
    )


def _check_parcel(scope: Scope, label: Label, parcel: Parcel | None) -> None:
    said = (label.carrier, label.tracking_number)
    scope.findings.check(
        "label_has_its_parcel",
        label.label_id,
        # A person may have corrected the number since.
        holds=parcel is not None
        and parcel.order_id == label.order_id
        and (parcel.revision > 0 or (parcel.carrier, parcel.tracking_number) == said),
        words=f"parcel {label.parcel_id} did not leave with it",
        parcel=label.parcel_id,
    )


def _marks(scope: Scope, labels: Sequence[Label]) -> Marks:
    names = sorted({label.order_id for label in labels})
    keys = [(scope.seller_id, name) for name in names]
    return {
        order.order_id: {
            mark["label_id"]: {i["item_id"]: i["quantity"] for i in mark["items"]}
            for mark in parsed(order.labels)
        }
        for order in got(scope.unit, ORDERS, keys, LabelMarksRow)
    }


def _parcels(scope: Scope, labels: Sequence[Label]) -> dict[str, Parcel]:
    names = sorted({label.parcel_id for label in labels if label.parcel_id})
    keys = [(scope.seller_id, name) for name in names]
    return {parcel.parcel_id: parcel for parcel in scope.unit.many(PARCELS, keys)}


def _bought(scope: Scope, labels: Sequence[Label]) -> dict[str, list[str]]:
    """
    Return parcel -> the labels that it left with, of the parcels of some labels.
    """
    names = sorted({label.parcel_id for label in labels if label.parcel_id})
    found: dict[str, list[str]] = {}
    keys = [(scope.seller_id, name) for name in names]
    for label in scope.unit.find(LABELS_OF_PARCEL, keys):
        if label.stage is LabelStage.BOUGHT:
            found.setdefault(label.parcel_id, []).append(label.label_id)
    return found
