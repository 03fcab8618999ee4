"""
What is shown of disputes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..domain.disputes.machine import ANSWER_BY
from ..domain.disputes.policy import Remedy
from ..domain.kernel.errors import InvalidInputError
from ..domain.kernel.money import Money
from ..domain.talk.model import Subject
from ..face.records.disputes import DisputeView
from .context import Context
from .conversations import all_said, said_table
from .errors import UsageError
from .output import Result, Table, facts, table, unless_zero

_AMOUNTS = ("asked", "amount")


def shown_dispute(ctx: Context, dispute_id: str) -> Result:
    """
    Show a dispute, and what was said in it.
    """
    desk = ctx.shop
    found = desk.disputes.get(dispute_id)
    said = all_said(desk, Subject.DISPUTE, dispute_id)
    spoken = said_table(said, title="Said")
    data = {"dispute": found, "messages": said}
    return Result(data, (_about(found), spoken) if said else (_about(found),))


def _about(found: DisputeView) -> Table:
    waits_for_seller = found.state in ANSWER_BY.states
    return facts(
        {
            "dispute": found.dispute_id,
            "order": found.order_id,
            "state": found.state,
            "version": str(found.version),
            "reason": found.reason,
            "units": [f"{u.item_id}={u.quantity}" for u in found.units],
            "asked": _wanted(found.asked_remedy, found.asked),
            "offered": _wanted(found.offered_remedy, found.offered),
            "granted": unless_zero(found.granted),
            "sent again by": found.reship_order_id,
            "opened": found.opened_at,
            "answer by": found.answer_by if waits_for_seller else None,
            "promised by": found.promised_by,
            "overdue": "yes" if found.is_overdue else "",
        }
    )


def _wanted(remedy: Remedy | None, amount: Money) -> Money | str | None:
    return "reship" if remedy is Remedy.RESHIP else unless_zero(amount)


def dispute_table(found: Sequence[DisputeView]) -> Table:
    """
    Show disputes, a row each.
    """
    return table(
        found,
        {
            "dispute": lambda d: d.dispute_id,
            "order": lambda d: d.order_id,
            "state": lambda d: d.state,
            "reason": lambda d: d.reason,
            "asked": lambda d: _wanted(d.asked_remedy, d.asked),
            "granted": lambda d: d.granted,
            "sent again by": lambda d: d.reship_order_id,
            "opened": lambda d: d.opened_at,
        },
    )


@contextmanager
def said_in_money(wanted: Money | None) -> Iterator[None]:
    """
    Say in the shell's words that *wanted* is out of bounds.

    Raises:
        UsageError: If the core takes another amount only.
    """
    try:
        yield
    except InvalidInputError as error:
        if wanted is None or error.field not in _AMOUNTS:
            raise
        message = f"{wanted} is not what the policy gives: {error.expected}"
        raise UsageError(message) from error
