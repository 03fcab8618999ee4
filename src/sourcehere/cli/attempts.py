"""
`sourcehere attempts`.
"""

from collections.abc import Sequence
from typing import Annotated

from cyclopts import App

from ..domain.effects.payment_stages import PaymentDecision
from ..face.records.payments import PaymentAttemptView
from .context import AS_NAMED, Ctx
from .errors import COUNTERPARTY
from .output import Result, Table, facts, table
from .reading import read_money

app = App(name="attempts")
Decision = Annotated[PaymentDecision, AS_NAMED]


@app.command(name="list")
def list_all(*, ctx: Ctx) -> Result:
    """
    List the payments by gateways, of all sellers, of which it is not known what became
    of them, as staff; those first that only a person can end.
    """
    found = ctx.staff_of_all.attempts.open()
    return Result(found, (attempts_table(found),))


@app.command
def show(attempt_id: str, /, *, ctx: Ctx) -> Result:
    """
    Show an attempt to move money by a gateway, as staff.

    Args:
        attempt_id: As `attempts list` or `wallet attempts` names it.
    """
    return shown_attempt(ctx.staff.attempts.get(attempt_id))


@app.command
def resolve(
    attempt_id: str,
    decision: Decision,
    /,
    *,
    ctx: Ctx,
    reference: str,
    amount: str = "",
    gateway_id: str = "",
) -> Result:
    """
    Say, as staff, what became of a payment of which nobody knew.

    Args:
        attempt_id: As `attempts list` names it.

        decision: happened, with what was moved; did_not_happen.

        reference: What was looked up at the gateway, as `attempts show` named it; where
            it is another one by now, nothing is decided.

        amount: With happened: what was moved, in major units, such as 50.00.

        gateway_id: With happened: what the gateway calls it.
    """
    desk = ctx.staff.attempts
    known = desk.get(attempt_id)
    ended = desk.resolve(
        known.seller_id,
        attempt_id,
        decision,
        reference=reference,
        amount=read_money(amount, known.amount.currency) if amount else None,
        gateway_id=gateway_id,
    )
    return shown_attempt(ended)


@app.command
def ask(attempt_id: str, /, *, ctx: Ctx) -> Result:
    """
    Ask the gateway about a payment now, as staff, also about one that has ended.

    Args:
        attempt_id: As `attempts list` or `wallet attempts` names it.
    """
    known = ctx.staff.attempts.get(attempt_id)
    return shown_attempt(ctx.staff.attempts.take_up(known.seller_id, attempt_id))


@app.command
def run(*, ctx: Ctx) -> Result:
    """
    Ask about every payment that is due: what nobody knows, what waits for its payer,
    and what banks took back. `worker` does it too.
    """
    report = ctx.of_all.attempts.run()
    words = f"asked {report.asked}, ended {report.ended}, failed {len(report.failed)}"
    return Result(report, (words,))


def shown_attempt(one: PaymentAttemptView, *, fails: bool = False) -> Result:
    """
    Show an attempt.

    Args:
        fails: Whether a decline is what the command ends with.
    """
    code = COUNTERPARTY if fails and one.state in ("declined", "absent") else 0
    return Result(one, (_facts(one),), exit_code=code)


def attempts_table(attempts: Sequence[PaymentAttemptView]) -> Table:
    """
    Show attempts.
    """
    return table(
        attempts,
        {
            "attempt": lambda a: a.attempt_id,
            "seller": lambda a: a.seller_id,
            "gateway": lambda a: a.gateway,
            "step": lambda a: a.step,
            "state": lambda a: a.state,
            "amount": lambda a: a.amount,
            "done": lambda a: a.done,
            "asked again": lambda a: a.next_at if a.is_asked_again else None,
            "error": lambda a: a.error or a.because,
        },
    )


def payment_of_order(one: PaymentAttemptView) -> Table:
    """
    Show the payment by card that is to pay an order still, and what comes next.
    """
    return facts(
        {
            "payment": one.attempt_id,
            "gateway": one.gateway,
            "amount": one.amount,
            "state": one.state,
            "what comes next": _next(one),
            "waits until": one.payable_until if one.state == "pending" else None,
            "asked again": one.next_at if one.is_asked_again else None,
            "error": one.error,
        },
        title="Payment by card",
    )


def _next(one: PaymentAttemptView) -> str:
    if one.redirect_url:
        return f"the payer goes to {one.redirect_url}"
    if one.state == "manual":
        return f"staff look at the gateway; `sourcehere attempts show {one.attempt_id}`"
    if one.state == "pending":
        return "the gateway waits for the payer's bank; the order is paid when it pays"
    return "the gateway is asked again; the order is paid when it says so"


def _facts(one: PaymentAttemptView) -> Table:
    told = {
        "attempt": one.attempt_id,
        "seller": one.seller_id,
        "gateway": one.gateway,
        "step": one.step,
        "state": one.state,
        "amount": one.amount,
        "done": one.done,
        "returned": one.returned,
        "taken back": one.taken_back,
        "of capture": one.capture_of,
        "checkout": one.checkout_id,
        "not paid because": one.because,
        "the payer goes to": one.redirect_url,
        "reference": one.reference,
        "gateway's name": one.gateway_id,
        "calls": one.sends,
        "decided by": one.decided_by,
        "error": one.error,
        "asked again": one.next_at if one.is_asked_again else None,
    }
    return facts({name: value for name, value in told.items() if value != ""})
