"""
Paying orders: price them, show the offer, ask, pay.
"""

from collections.abc import Mapping

from ..domain.kernel.actor import Actor, Role
from ..domain.kernel.money import Money
from ..services.paying.checkouts import Offer, Payment
from .context import Context, Ctx
from .errors import (
    NeedsConsentError,
    NotAgreedError,
    OtherTotalError,
    failures,
    problems,
    worst,
)
from .order_view import called
from .output import Result, Table, counted, facts, money, show, table, when
from .reading import read_money
from .references import find_orders


def pay(
    *order: str, ctx: Ctx, yes: bool = False, expect: str = "", each: bool = False
) -> Result:
    """
    Price orders together, show what they cost, ask, and pay from the wallet.

    Args:
        order: Ids or numbers.

        yes: Pay whatever it costs, without asking.

        expect: Pay if this is what it costs in all, without asking; else pay nothing.

        each: Leave out what cannot be paid, instead of refusing the list.
    """
    by = ctx.by(Role.SELLER)
    names = find_orders(ctx, order)
    offer = ctx.sh.checkouts.checkout(ctx.seller_id, names, by=by, each=each)
    if not ctx.said.as_json:
        _show_offer(ctx, offer)
    if offer.plans:
        _agree(ctx, offer, yes=yes, expect=expect)
        payment = _pay(ctx, offer, by=by, each=each)
    else:
        payment = Payment({}, {})
    return _paid(ctx, offer, payment)


def _show_offer(ctx: Context, offer: Offer) -> None:
    names = [plan.order_id for plan in offer.plans]
    orders = {o.order_id: o for o in ctx.sh.orders.get_many(ctx.seller_id, names)}
    priced = table(
        offer.plans,
        {
            "order": lambda p: p.order_id,
            "number": lambda p: called(orders[p.order_id]),
            "goods": lambda p: money(p.goods_minor, offer.currency),
            "freight": lambda p: money(p.freight_minor, offer.currency),
            "handling": lambda p: money(p.handling_minor, offer.currency),
            "total": lambda p: money(p.total_minor, offer.currency),
            "method": lambda p: p.method,
            "days": lambda p: f"{p.days_min} to {p.days_max}" if p.method else "",
        },
    )
    show(priced)
    show(_totals(ctx, offer), is_first=False)


def _totals(ctx: Context, offer: Offer) -> Table:
    wallet = ctx.sh.wallets.get(ctx.seller_id)
    return facts(
        {
            "total": money(offer.total_minor, offer.currency),
            "in the wallet": money(wallet.available, wallet.currency),
            "prices hold until": when(offer.expires_at),
        }
    )


def _agree(ctx: Context, offer: Offer, *, yes: bool, expect: str) -> None:
    total = Money(offer.total_minor, offer.currency)
    if expect:
        expected = read_money(expect, offer.currency)
        if expected != total:
            raise OtherTotalError(expected=str(expected), total=str(total))
        return
    if yes:
        return
    answer = ctx.agrees(f"Pay {total} from the wallet?")
    if answer is None:
        raise NeedsConsentError(total=str(total), exact=str(total).partition(" ")[0])
    if not answer:
        raise NotAgreedError


def _pay(ctx: Context, offer: Offer, *, by: Actor, each: bool) -> Payment:
    return ctx.sh.checkouts.pay(
        ctx.seller_id,
        offer.checkout_id,
        expected_total=offer.total,
        by=by,
        each=each,
    )


def _paid(ctx: Context, offer: Offer, payment: Payment) -> Result:
    failed = {**offer.refused, **payment.failed}
    paid: Mapping[str, int] = payment.paid
    total = money(payment.total_minor, offer.currency)
    data = {
        "checkout_id": offer.checkout_id,
        "currency": offer.currency,
        "plans": offer.plans,
        "paid": paid,
        "total_minor": payment.total_minor,
        "failed": failures(failed),
        "wallet": ctx.sh.wallets.get(ctx.seller_id),
    }
    words = f"\npaid {total} for {counted(len(paid), 'order')}"
    return Result(data, (words,), problems(failed), worst(failed))
