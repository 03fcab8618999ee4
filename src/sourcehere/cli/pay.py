"""
Paying orders: price them, show the offer, ask, pay.
"""

from collections.abc import Callable
from functools import partial

from ..domain.kernel.money import Money
from ..domain.kernel.words import counted
from ..domain.wallet.errors import SpendLimitError
from ..face.desks import SellerDesk
from ..face.records.money import Offer, Payment
from ..face.records.payments import CardPayment
from .arriving import arrivals
from .context import Context, Ctx
from .errors import (
    COUNTERPARTY,
    NeedsConsentError,
    NotAgreedError,
    OtherTotalError,
    UsageError,
    failures,
    problems,
    worst,
)
from .order_view import called
from .output import Result, Table, facts, label, show, table, when
from .parcel_plans import parcel_prices
from .reading import read_money
from .references import find_orders


def pay(
    *order: str,
    ctx: Ctx,
    yes: bool = False,
    expect: str = "",
    at_most: str = "",
    each: bool = False,
    card: str = "",
    gateway: str = "",
    return_unpaid: bool = False,
    command_id: str = "",
) -> Result:
    """
    Price orders together, show what they cost, ask, and pay from the wallet, or by card
    what the wallet lacks.

    Args:
        order: Ids or numbers.

        yes: Pay whatever it costs, without asking.

        expect: Pay if this is what it costs in all, without asking; else pay nothing.

        at_most: Pay if it costs no more than this in all, without asking.

        each: Leave out what cannot be paid, instead of refusing the list.

        card: A gateway's token of what is charged for what the wallet lacks.

        gateway: Which gateway charges it, as `gateways list` has it.

        return_unpaid: Let the money go back to the card where it comes too late to pay.

        command_id: Said again, it prices and pays nothing again, and goes on where it
            was.
    """
    _require_whole(card, gateway, each=each, return_unpaid=return_unpaid)
    desk = ctx.shop
    agreed = _agreed_by(ctx, expect=expect, at_most=at_most, yes=yes)
    # Two commands of the library's, so that each has an id of its own.
    priced_as = f"{command_id}/offer" if command_id else ""
    offer = desk.checkouts.open(
        find_orders(ctx, order),
        each=each,
        source=card,
        gateway=gateway,
        command_id=priced_as,
    )
    if not ctx.said.as_json:
        _show_offer(desk, offer)
    payment = None
    if offer.orders:
        agreed(offer, "by card" if card else "")
        if card:
            by_card = desk.checkouts.pay_by_card(
                offer,
                source=card,
                gateway=gateway,
                return_unpaid=return_unpaid,
                command_id=command_id,
            )
            return _paid_by_card(desk, offer, by_card)
        payment = desk.checkouts.pay(offer, each=each, command_id=command_id)
    return _paid(desk, offer, payment)


def _show_offer(desk: SellerDesk, offer: Offer) -> None:
    names = [order.order_id for order in offer.orders]
    orders = {o.order_id: o for o in desk.orders.get_many(names)}
    are_several = any(order.parcels for order in offer.orders)
    several = {"parcels": lambda o: parcel_prices(o.parcels)} if are_several else {}
    priced = table(
        offer.orders,
        {
            "order": lambda o: o.order_id,
            "number": lambda o: called(orders[o.order_id]),
            "goods": lambda o: o.goods,
            "freight": lambda o: o.freight,
            **several,
            "handling": lambda o: o.handling,
            "total": lambda o: o.total,
            "method": lambda o: o.method,
            "days": lambda o: f"{o.days_min} to {o.days_max}" if o.method else "",
        },
    )
    show(priced)
    if any(order.arrival for order in offer.orders):
        numbers = {str(name): called(order) for name, order in orders.items()}
        show(arrivals(offer.orders, numbers), is_first=False)
    show(_totals(desk, offer), is_first=False)


def _totals(desk: SellerDesk, offer: Offer) -> Table:
    return facts(
        {
            "total": offer.total,
            "in the wallet": desk.wallet.get().available,
            "prices hold until": when(offer.expires_at),
        }
    )


def _require_whole(card: str, gateway: str, *, each: bool, return_unpaid: bool) -> None:
    if bool(card) != bool(gateway):
        message = "say both --card and --gateway, or neither"
        raise UsageError(message)
    if return_unpaid and not card:
        message = "--return-unpaid says what becomes of a card's money: say --card too"
        raise UsageError(message)
    if card and each:
        message = "a card pays all orders or none: leave out --each"
        raise UsageError(message)


def _paid_by_card(desk: SellerDesk, offer: Offer, paid: CardPayment) -> Result:
    attempt = paid.attempt
    words = f"\n{label(paid.state)}"
    if paid.payment is not None:
        count = counted(len(paid.payment.paid), "order")
        words = f"\npaid {paid.payment.total} for {count}"
        if attempt is not None:
            words += f", and charged {attempt.done} to the card"
    elif attempt is not None:
        words += f": payment {attempt.attempt_id}"
    because = f" ({paid.because})" if paid.because else ""
    where = f"\nthe payer goes to {paid.redirect_url}" if paid.redirect_url else ""
    data = {"offer": offer, "card_payment": paid, "wallet": desk.wallet.get()}
    code = COUNTERPARTY if paid.state == "declined" else 0
    return Result(data, (f"{words}{because}{where}",), exit_code=code)


def _agreed_by(
    ctx: Context, *, expect: str, at_most: str, yes: bool
) -> Callable[[Offer, str], None]:
    """
    Return what lets an offer pass, or raises.
    """
    if bool(expect) + bool(at_most) + yes > 1:
        message = "say one of --yes, --expect and --at-most"
        raise UsageError(message)
    if expect:
        return partial(_require_total, read_money(expect, ctx.currency))
    if at_most:
        return partial(_require_within, read_money(at_most, ctx.currency))
    return _let_pass if yes else partial(_ask, ctx)


def _let_pass(_offer: Offer, _how: str, /) -> None:
    """
    Agree to whatever it costs.
    """


def _require_total(expected: Money, offer: Offer, _how: str, /) -> None:
    if expected != offer.total:
        raise OtherTotalError(expected=expected, total=offer.total)


def _require_within(most: Money, offer: Offer, _how: str, /) -> None:
    if (offer.total - most).minor > 0:
        raise SpendLimitError(total=offer.total, limit=most)


def _ask(ctx: Context, offer: Offer, how: str, /) -> None:
    way = f"from the wallet, and {how} what it lacks" if how else "from the wallet"
    answer = ctx.agrees(f"Pay {offer.total} {way}?")
    if answer is None:
        raise NeedsConsentError(total=offer.total)
    if not answer:
        raise NotAgreedError


def _paid(desk: SellerDesk, offer: Offer, payment: Payment | None) -> Result:
    failed = {**offer.refused, **({} if payment is None else payment.failed)}
    paid = {} if payment is None else payment.paid
    total = Money.zero(offer.currency) if payment is None else payment.total
    data = {
        "offer": offer,
        "payment": payment,
        "failed": failures(failed),
        "wallet": desk.wallet.get(),
    }
    words = f"\npaid {total} for {counted(len(paid), 'order')}"
    orders = desk.orders.get_many(list(failed))
    by_number = {called(o) or o.order_id: failed[o.order_id] for o in orders}
    return Result(data, (words,), problems(by_number), worst(failed))
