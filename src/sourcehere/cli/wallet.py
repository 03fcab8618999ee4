"""
`sourcehere wallet`.
"""

from typing import Annotated

from cyclopts import App

from ..domain.wallet.goodwill import GoodwillReason
from ..face.records.money import Balance
from .attempts import attempts_table, shown_attempt
from .context import AS_NAMED, Ctx
from .errors import COUNTERPARTY, UsageError
from .order_view import goodwill_table
from .output import Result, facts, table
from .pages import paged
from .reading import read_instant, read_money
from .references import find_order

app = App(name="wallet")
Reason = Annotated[GoodwillReason, AS_NAMED]


@app.command
def show(*, ctx: Ctx) -> Result:
    """
    Show the balances.
    """
    return _balances(ctx.shop.wallet.get())


@app.command
def top_up(
    amount: str,
    /,
    *,
    ctx: Ctx,
    reference: str = "",
    received_at: str = "",
    card: str = "",
    gateway: str = "",
    command_id: str = "",
) -> Result:
    """
    Record a bank transfer, as staff: a reference counts once. Or charge a card, as the
    seller: it ends with 4 where that is declined.

    Args:
        amount: In major units, such as 100.00.

        reference: The transfer's own reference.

        received_at: When it arrived, as ISO 8601 has it; now if not given.

        card: The gateway's token of what is charged, instead of a transfer.

        gateway: Which gateway charges it, as `gateways list` has it.

        command_id: Said again, it charges nothing again, and goes on where it was.
    """
    charge = card or gateway or command_id
    _require_one(reference or received_at, charge, is_whole=bool(card and gateway))
    if not reference:
        attempt = ctx.shop.wallet.top_up_by_card(
            read_money(amount, ctx.currency),
            source=card,
            gateway=gateway,
            command_id=command_id,
        )
        return shown_attempt(attempt, fails=True)
    balance = ctx.shop_by_staff.wallet.top_up(
        read_money(amount, ctx.currency),
        reference=reference,
        received_at=(read_instant(received_at, ctx.sh.zone) if received_at else None),
    )
    return _balances(balance)


@app.command
def correct_top_up(reference: str, amount: str, /, *, ctx: Ctx) -> Result:
    """
    Correct what was recorded of a bank transfer, as staff.

    What was spent of money that never arrived is owed.

    Args:
        reference: The transfer's own reference.

        amount: What arrived, in major units; 0 if nothing did.
    """
    balance = ctx.shop_by_staff.wallet.correct_top_up(
        reference, read_money(amount, ctx.currency)
    )
    return _balances(balance)


@app.command
def pay_out(amount: str, /, *, ctx: Ctx, reference: str, paid_at: str = "") -> Result:
    """
    Record a bank transfer to the seller, as staff: a reference counts once.

    Args:
        amount: In major units, such as 100.00.

        reference: The transfer's own reference.

        paid_at: When it was sent, as ISO 8601 has it; now if not given.
    """
    balance = ctx.shop_by_staff.wallet.pay_out(
        read_money(amount, ctx.currency),
        reference=reference,
        paid_at=(read_instant(paid_at, ctx.sh.zone) if paid_at else None),
    )
    return _balances(balance)


@app.command
def give_goodwill(
    amount: str,
    /,
    *,
    ctx: Ctx,
    reference: str,
    reason: Reason,
    order: str = "",
    note: str = "",
) -> Result:
    """
    Credit the seller, as staff, beside what refunds give back: a reference counts once.

    Args:
        amount: In major units, such as 5.00.

        reference: A name of your own for it.

        reason: Why.

        order: The id or number of the order that it makes up for, if it is about one.

        note: What else there is to say of it; the seller sees it.
    """
    balance = ctx.shop_by_staff.wallet.give_goodwill(
        read_money(amount, ctx.currency),
        reference=reference,
        reason=reason,
        order_id=find_order(ctx, order) if order else "",
        note=note,
    )
    return _balances(balance)


@app.command
def take_back_goodwill(reference: str, /, *, ctx: Ctx) -> Result:
    """
    Take back what was given by mistake, as staff; twice is once.

    Args:
        reference: By which it was given, as `wallet goodwill` has it.
    """
    return _balances(ctx.shop_by_staff.wallet.take_back_goodwill(reference))


@app.command
def goodwill(*, ctx: Ctx, order: str = "", after: str = "", limit: int = 50) -> Result:
    """
    List the credits that staff gave, newest first.

    Args:
        order: The id or number of the order that they make up for; all if not given.

        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    order_id = find_order(ctx, order) if order else ""
    page = ctx.shop.wallet.goodwill(order_id=order_id, after=after, limit=limit)
    return paged(page, goodwill_table(page.items))


@app.command
def ledger(*, ctx: Ctx, after: str = "", limit: int = 50) -> Result:
    """
    List the newest entries of the ledger, newest first.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.shop.wallet.ledger(after=after, limit=limit)
    shown = table(
        page.items,
        {
            "booked": lambda e: e.booked_at,
            "purpose": lambda e: e.purpose,
            "account": lambda e: e.account,
            "amount": lambda e: e.amount,
            "reference": lambda e: e.reference,
            "order": lambda e: "" if e.order_id == e.reference else e.order_id,
        },
    )
    return paged(page, shown)


@app.command
def withdraw(
    amount: str, /, *, ctx: Ctx, attempt: str = "", command_id: str = ""
) -> Result:
    """
    Return money to its source: never more than gateways captured.

    Args:
        amount: In major units, such as 100.00.

        attempt: Of which capture, as `wallet attempts` has it; the newest first if not
            given.

        command_id: Said again, it returns nothing again, and goes on where it was.
    """
    made = ctx.shop.wallet.withdraw(
        read_money(amount, ctx.currency), attempt_id=attempt, command_id=command_id
    )
    is_refused = any(one.state in ("declined", "absent") for one in made)
    code = COUNTERPARTY if is_refused else 0
    return Result(made, (attempts_table(made),), exit_code=code)


@app.command
def attempts(*, ctx: Ctx, after: str = "", limit: int = 50) -> Result:
    """
    List the newest attempts to move money by gateways, newest first.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.shop.wallet.attempts(after=after, limit=limit)
    return paged(page, attempts_table(page.items))


def _require_one(transfer: str, charge: str, *, is_whole: bool) -> None:
    if bool(transfer) == bool(charge):
        message = "say --reference of a transfer, or --card and --gateway"
        raise UsageError(message)
    if charge and not is_whole:
        message = "a card is charged by its gateway: say both --card and --gateway"
        raise UsageError(message)


def _balances(balance: Balance) -> Result:
    return Result(
        balance,
        (
            facts(
                {
                    "seller": balance.seller_id,
                    "available": balance.available,
                    "held": balance.held,
                    "debt": balance.debt,
                }
            ),
        ),
    )
