"""
What a store platform returned: pages, single orders, references.

One order that makes no sense is set aside with its facts, as a `Reject`; its neighbours
come in. A page that makes no sense as a whole is a `ProtocolError`.
"""

import json
from functools import partial

import attrs

from ..domain.kernel.checks import SKU_MAX, without_text
from ..domain.kernel.clock import to_micros
from ..domain.kernel.errors import UnknownCurrencyError
from ..domain.kernel.money import exponent_of
from ..domain.kernel.store_variants import own_variant_id
from ..domain.stores.model import (
    Charge,
    Reject,
    RejectReason,
    SnapshotLine,
    StoreOrderSnapshot,
)
from ..ports.errors import ProtocolError, ProviderError
from ..ports.platforms import OrderPage, StorePlatform
from .answers import Answerer, shown_value, storable, text_of
from .failures import checked_failure
from .items import items_of
from .plain import plain_order

KEY_MAX = 200  # characters of an id
CURSOR_MAX = 2_000
LINES_MAX = 2_000
_DETAIL_MAX = 500
_DOUBTS_MAX = 20
_FACTS_MAX = 2_000
_COUNTS = ("quantity", "quantity_fulfilled", "quantity_refunded")


def pull(
    told: Answerer, platform: StorePlatform, cursor: str, *, limit: int
) -> OrderPage:
    """
    Ask a shop for a page of its orders, and return of it what can be trusted.

    Raises:
        ProviderError: If the shop cannot answer, or what it answers makes no sense.
    """
    try:
        page: object = platform.pull_orders(cursor, limit=limit)
    except Exception as error:  # whatever a plugin raises
        failure = checked_failure(told, error)
        if isinstance(error, ProviderError) and text_of(error) == str(failure):
            raise  # as it is, with its cause
        raise failure from error
    return told.ask(lambda: checked_page(told, page))


def checked_page(told: Answerer, page: object) -> OrderPage:
    """
    Return a page of which every order can be trusted; the others are among its rejects.

    Raises:
        ProtocolError: If *page* is no page, or its cursor cannot be kept.
    """
    if not isinstance(page, OrderPage):
        told.refuse("page", without_text(page), "an OrderPage")
    told.check(bool, "has_more", page.has_more)
    told.check(str, "cursor", page.cursor)
    if len(page.cursor) > CURSOR_MAX:
        told.refuse("cursor", page.cursor, f"a text of at most {CURSOR_MAX} characters")
    if page.raw is not None and not isinstance(page.raw, (bytes, str)):
        told.refuse("raw", page.raw, "bytes, a text or None")
    orders: list[StoreOrderSnapshot] = []
    rejects = [
        _reject(told, one) for one in items_of(told, "rejects", page.rejects, Reject)
    ]
    for one in items_of(told, "orders", page.orders, StoreOrderSnapshot):
        try:
            order = told.ask(partial(checked_order, told, one))
        except ProtocolError as error:
            rejects.append(_set_aside(one, error))
            continue
        orders.append(order)
        if _is_empty(order):
            words = "the order has no lines, and is not cancelled"
            reason = RejectReason.NO_PRODUCT_LINES
            rejects.append(Reject(0, reason, order.external_id, words))
    charges: list[Charge] = []
    for charge in items_of(told, "charges", page.charges, Charge):
        try:
            told.check(Charge, "charge", charge)
        except ProtocolError as error:
            rejects.append(_unread_charge(charge, error))
        else:
            charges.append(charge)
    return OrderPage(
        tuple(orders),
        tuple(rejects),
        tuple(charges),
        str.__str__(page.cursor),
        page.has_more,
        page.raw,
    )


def checked_order(told: Answerer, order: object) -> StoreOrderSnapshot:
    """
    Return *order* if all of it can be trusted, made of plain values.

    Raises:
        ProtocolError: If a field is not what its annotation says, a number is negative,
            an id is empty, too long or there twice, or a currency is unknown.
    """
    if not isinstance(order, StoreOrderSnapshot):
        told.refuse("order", without_text(order), "a StoreOrderSnapshot")
    order = plain_order(told, order)
    told.check(StoreOrderSnapshot, "order", order)
    check_key(told, "external_id", order.external_id)
    check_key(told, "number", order.number)
    if order.rows_rejected < 0:
        told.refuse("rows_rejected", order.rows_rejected, "0 or more")
    for words in order.doubts:
        if not words.strip() or len(words) > _DETAIL_MAX:
            wanted = f"texts of 1 to {_DETAIL_MAX} characters"
            told.refuse("doubts", words, wanted)
    if len(order.doubts) > _DOUBTS_MAX:
        told.refuse("doubts", len(order.doubts), f"at most {_DOUBTS_MAX} doubts")
    if order.version < 0:
        told.refuse("version", order.version, "0 or more")
    if len(order.lines) > LINES_MAX:
        told.refuse("lines", len(order.lines), f"at most {LINES_MAX} lines")
    seen: set[str] = set()
    for line in order.lines:
        _check_line(told, line)
        if line.external_line_id in seen:
            told.refuse(
                "external_line_id",
                line.external_line_id,
                "an id of one line only: two lines of the order have it",
            )
        seen.add(line.external_line_id)
    return _with_names(order)


def _with_names(order: StoreOrderSnapshot) -> StoreOrderSnapshot:
    """
    Return *order* with each line that has neither a SKU nor a variant's id known by
    itself: a merchant's own item, or one of a product that was deleted.
    """
    if all(line.sku_key for line in order.lines):
        return order
    lines = tuple(
        line
        if line.sku_key
        else attrs.evolve(
            line,
            external_variant_id=own_variant_id(
                order.external_id, line.external_line_id
            ),
        )
        for line in order.lines
    )
    return attrs.evolve(order, lines=lines)


def _is_empty(order: StoreOrderSnapshot) -> bool:
    return not (order.lines or order.cancelled or order.doubts_count)


def _check_line(told: Answerer, line: SnapshotLine) -> None:
    check_key(told, "external_line_id", line.external_line_id)
    if line.external_variant_id or line.external_product_id:
        check_id(told, "external_variant_id", line.external_variant_id)
        check_id(told, "external_product_id", line.external_product_id)
    if len(line.sku) > SKU_MAX:
        told.refuse("sku", line.sku, f"a SKU of at most {SKU_MAX} characters")
    counts = (line.quantity, line.quantity_fulfilled, line.quantity_refunded)
    if min(counts) < 0:
        for name, count in zip(_COUNTS, counts, strict=True):
            if count < 0:
                told.refuse(name, count, "0 or more units")
    if line.unit_price is None:
        return
    if line.unit_price.minor < 0:
        told.refuse("unit_price", str(line.unit_price), "0 or more")
    try:
        exponent_of(line.unit_price.currency)
    except UnknownCurrencyError:
        told.refuse("unit_price", line.unit_price.currency, "an ISO 4217 currency")


def check_key(told: Answerer, field: str, value: str) -> None:
    """
    Accept an id of a shop's.

    Raises:
        ProtocolError: If it says nothing, or is too long.
    """
    if not value.strip() or len(value) > KEY_MAX:
        told.refuse(field, value, f"a text of 1 to {KEY_MAX} characters")


def check_id(told: Answerer, field: str, value: str) -> None:
    """
    Accept an id that a shop may not have; connections go by its very characters.

    Raises:
        ProtocolError: If it is too long, or has spaces around it.
    """
    if value != value.strip() or len(value) > KEY_MAX:
        wanted = f"a text of at most {KEY_MAX} characters without spaces around it"
        told.refuse(field, value, wanted)


def checked_mark(told: Answerer, mark: object) -> str:
    """
    Return by what word a shop names all that it tells.

    Raises:
        ProtocolError: If it is no text, or a long one.
    """
    told.check(str, "mark", mark)
    found = str(mark)
    if len(found) > KEY_MAX:
        told.refuse("mark", found, f"a text of at most {KEY_MAX} characters")
    return found


def checked_names(told: Answerer, names: object) -> frozenset[str]:
    """
    Return the keys of all orders that a shop lists.

    Raises:
        ProtocolError: If one is no text.
    """
    found = items_of(told, "names", names, str)
    for name in found:
        told.check(str, "names", name)
    return frozenset(found)


def checked_fetch(
    told: Answerer, external_id: str, order: object
) -> StoreOrderSnapshot | None:
    """
    Return the one order that was asked for; None where the shop has it no more.

    Raises:
        ProtocolError: If it cannot be trusted, or is another order.
    """
    if order is None:
        return None
    found = checked_order(told, order)
    if found.external_id != external_id:
        told.refuse("external_id", found.external_id, f"{external_id!r}, as asked for")
    return found


def set_aside_fetch(external_id: str, error: ProtocolError) -> Reject:
    """
    Return what is kept of an order that was asked for and told so that it cannot be
    trusted.
    """
    reason, words = RejectReason.NOT_TRUSTED, storable(error.detail, most=_DETAIL_MAX)
    return Reject(0, reason, external_id, words)


def checked_reference(told: Answerer, reference: object) -> str:
    """
    Return the shop's own reference of what was pushed.

    Raises:
        ProtocolError: If it says nothing: then nobody knows whether it was taken.
    """
    if not isinstance(reference, str) or not reference.strip():
        told.refuse("reference", reference, "the shop's own reference, a text")
    return storable(reference, most=KEY_MAX)


def checked_outcomes(
    told: Answerer, answers: object, count: int
) -> list[str | Exception]:
    """
    Return what became of *count* pushes: per push its reference, or the error.

    Raises:
        ProtocolError: If there is not one answer for each: then nobody knows which
            were taken.
    """
    found = items_of(told, "answers", answers, Exception)
    if len(found) != count:
        told.refuse("answers", len(found), f"{count} answers, one for each fulfilment")
    return [_outcome(told, answer) for answer in found]


def _outcome(told: Answerer, answer: object) -> str | Exception:
    if isinstance(answer, Exception):
        return answer
    try:
        return checked_reference(told, answer)
    except ProtocolError as error:
        return error


def version_of(order: StoreOrderSnapshot) -> int:
    """
    Return a number that grows with each change of an order; 0 where the shop has none.
    """
    if order.version:
        return order.version
    return 0 if order.changed_at is None else to_micros(order.changed_at)


def _reject(told: Answerer, reject: object) -> Reject:
    """
    Return a plugin's own reject, its words made storable: it is a problem anyway.
    """
    if not isinstance(reject, Reject):
        told.refuse("rejects", reject, "a Reject")
    row = reject.row
    known = {reason.value for reason in RejectReason}
    reason = text_of(reject.reason)
    return Reject(
        row=row if isinstance(row, int) and 0 <= row < 2**53 else 0,
        reason=RejectReason(reason) if reason in known else RejectReason.BAD_VALUE,
        external_id=storable(text_of(reject.external_id), most=KEY_MAX),
        detail=storable(text_of(reject.detail), most=_DETAIL_MAX),
        facts=storable(text_of(reject.facts), most=_FACTS_MAX),
        about=storable(text_of(reject.about), most=KEY_MAX),
    )


def _set_aside(order: object, error: ProtocolError) -> Reject:
    external_id = shown_value(getattr(order, "external_id", ""))
    return Reject(
        row=0,
        reason=RejectReason.NOT_TRUSTED,
        external_id=storable(str(external_id or ""), most=KEY_MAX),
        detail=storable(error.detail, most=_DETAIL_MAX),
        facts=_facts_of(order),
    )


def _unread_charge(charge: object, error: ProtocolError) -> Reject:
    code = shown_value(getattr(charge, "code", ""))
    return Reject(
        row=0,
        reason=RejectReason.NOT_TRUSTED,
        external_id=storable(
            str(shown_value(getattr(charge, "external_id", "")) or ""), most=KEY_MAX
        ),
        detail=storable(f"charge {code}: {error.detail}", most=_DETAIL_MAX),
        facts="",
    )


def _facts_of(order: object) -> str:
    """
    Return what was told, as JSON, without the address: that is personal data.
    """
    if not isinstance(order, StoreOrderSnapshot):
        return str(shown_value(without_text(order)))
    lines = order.lines if isinstance(order.lines, tuple) else (order.lines,)
    facts = {
        name: shown_value(getattr(order, name))
        for name in ("external_id", "number", "placed_at", "version", "changed_at")
    }
    told = {
        **facts,
        "paid_at_store": shown_value(order.paid_at_store),
        "cancelled": shown_value(order.cancelled),
        "lines": [_line_facts(line) for line in lines[:20]],
    }
    return storable(json.dumps(told, ensure_ascii=False), most=_FACTS_MAX)


def _line_facts(line: object) -> object:
    if not isinstance(line, SnapshotLine):
        return shown_value(line)
    names = [field.name for field in attrs.fields(SnapshotLine)]
    return {name: shown_value(getattr(line, name)) for name in names}
