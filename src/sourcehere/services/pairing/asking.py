"""
What a seller asks a quote for: a line of an order, a variant of a shop, or anything.
"""

from datetime import datetime

from ...domain.kernel.actor import SYSTEM, Actor
from ...domain.kernel.errors import Blocker, CommandRefusedError, InvalidInputError
from ...domain.kernel.ids import OrderId, StoreId
from ...domain.kernel.store_variants import known_as
from ...domain.kernel.values import frozen
from ...domain.orders.order import Order
from ...domain.quotes.events import QuoteAsked
from ...unit.seller_unit import SellerUnit
from ...unit.tables.quotes import QUOTES_OPEN_FOR
from .connecting import lock_store


@frozen(kw_only=True)
class QuoteWish:
    """
    What a seller wants a source and a price for.

    Attributes:
        order_id, line: The line of an order that it is about; empty and 0 for none.

        store_id, sku, title: The variant of a shop otherwise, or a name of the product.

        link: Where the seller saw it.

        pictures: References to pictures of it.

        words: What else there is to say; the first message of its conversation.

        quantities: For how many units prices are wanted.

        target_minor: What a unit may cost.
    """

    order_id: str = ""
    line: int = 0
    store_id: str = ""
    sku: str = ""
    title: str = ""
    link: str = ""
    pictures: tuple[str, ...] = ()
    words: str = ""
    quantities: tuple[int, ...] = ()
    target_minor: int | None = None

    def require_something(self) -> None:
        """
        Refuse a wish that nobody could guess the product of.

        Raises:
            InvalidInputError: If it names no product in any way, or a SKU of no shop.
        """
        if self.sku and not self.store_id:
            raise InvalidInputError(
                field="store_id", value="", expected="the shop whose SKU it is"
            )
        named = (self.order_id, self.sku, self.title, self.link, *self.pictures)
        if not any(text.strip() for text in (*named, self.words)):
            raise InvalidInputError(
                field="title",
                value=self.title,
                expected="a title, a link, a picture or words",
            )


def what_is_asked(
    unit: SellerUnit, wish: QuoteWish, *, by: Actor, at: datetime
) -> QuoteAsked:
    """
    Return what a seller asks, once the shop's variant that it is for is locked.

    Raises:
        NotFoundError: If there is no such order or shop.

        CommandRefusedError: If a request for that variant is open.

        InvalidInputError: If the order has no such line, it is paired, or no connection
            may pair it.
    """
    if not wish.order_id:
        if wish.store_id:
            require_none_open(unit, wish.store_id, wish.sku, "")
        return _asked(unit, wish, by=by, at=at)
    order = unit.orders.one(wish.order_id, lock=False)
    asked = _asked_of_line(unit, order, wish, by=by, at=at)
    require_none_open(unit, asked.store_id, asked.sku, asked.external_variant_id)
    return asked


def require_none_open(
    unit: SellerUnit, store_id: str, sku: str, external_variant_id: str
) -> None:
    """
    Refuse a second request for one variant of a shop; the shop is locked. A quote whose
    validity has ended is none: it expires here, as it does by the clock.

    Raises:
        CommandRefusedError: With the id of the one that is open.
    """
    key = known_as(sku, external_variant_id)
    ended = _expire(unit, store_id, key) if key else frozenset()
    lock_store(unit, store_id)
    if not key:
        return
    for known in unit.find(QUOTES_OPEN_FOR, [(store_id, key)]):
        if known.request_id in ended:
            continue
        words = f"quote request {known.request_id} for {sku or key} is {known.state}"
        facts = {"request": known.request_id, "state": known.state}
        raise CommandRefusedError(
            kind="store",
            id=store_id,
            command="ask_quote",
            blockers=[Blocker("quote_asked", words, facts)],
        )


def _expire(unit: SellerUnit, store_id: str, key: str) -> frozenset[str]:
    """
    Expire the quotes for a variant of a shop whose time is over, and return their ids.
    Who accepts one locks it before the shop, and so does this.
    """
    ended = {
        known.request_id
        for known in unit.find(QUOTES_OPEN_FOR, [(store_id, key)])
        if not known.blockers("expire", by=SYSTEM, at=unit.now)
    }
    for request_id in sorted(ended):
        request = unit.quotes.one(request_id)
        if not request.blockers("expire", by=SYSTEM, at=unit.now):
            request.end("expire", by=SYSTEM, at=unit.now)
        else:  # revised, or ended, while it was waited for
            ended.discard(request_id)
    return frozenset(ended)


def _asked(unit: SellerUnit, wish: QuoteWish, *, by: Actor, at: datetime) -> QuoteAsked:
    return QuoteAsked(
        state="",
        store_id=StoreId(wish.store_id),
        order_id=OrderId(""),
        line=0,
        sku=wish.sku,
        title=wish.title,
        quantity=min(wish.quantities, default=1),
        quantities=wish.quantities,
        target_minor=wish.target_minor,
        currency=unit.seller.currency,
        by=by,
        occurred_at=at,
    )


def _asked_of_line(
    unit: SellerUnit, order: Order, wish: QuoteWish, *, by: Actor, at: datetime
) -> QuoteAsked:
    line = order.line_of(wish.line)
    if line.is_paired:
        raise InvalidInputError(
            field="line", value=wish.line, expected="a line that is not paired"
        )
    if line.is_set_apart:
        raise InvalidInputError(
            field="line",
            value=wish.line,
            expected="a line that connections may pair; let it follow them first",
        )
    return QuoteAsked(
        state="",
        store_id=order.store_id,
        order_id=order.order_id,
        line=wish.line,
        sku=line.sku,
        external_variant_id=line.external_variant_id,
        title=line.title,
        quantity=line.quantity,
        quantities=wish.quantities,
        target_minor=wish.target_minor,
        currency=unit.seller.currency,
        by=by,
        occurred_at=at,
    )
