"""
Claims that were decided already: the same units need something new.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from ...domain.disputes.machine import ENDED_AGAINST
from ...domain.disputes.model import Dispute
from ...domain.disputes.policy import POLICY, CountedFrom
from ...domain.kernel.errors import Blocker
from ...domain.orders.order import Order
from ...domain.talk.model import Subject, conversation_id
from ...unit.seller_unit import SellerUnit
from ...unit.tables.disputes import DISPUTES_OF
from ...unit.tables.talk import MESSAGES_OF
from .dispute_refunds import NewDispute
from .reshipping import reships_of
from .windows import read_claimable


def again_blockers(
    unit: SellerUnit, order: Order, new: NewDispute
) -> tuple[Blocker, ...]:
    """
    Refuse units that a dispute for the same reason was about which was rejected, or
    which the seller did not answer, unless there is evidence that was not given before.
    """
    ended = [
        dispute
        for dispute in unit.find(DISPUTES_OF, [(order.order_id,)])
        if dispute.reason == new.reason and dispute.state in ENDED_AGAINST
    ]
    if not ended or _has_something_new(unit, new, ended):
        return ()
    decided: Counter[str] = Counter()
    for dispute in ended:
        for units in dispute.units:
            decided[units.item_id] += units.quantity
    possible = _possible(unit, order, new)
    undecided = {name: possible[name] - decided[name] for name in decided}
    last = ended[-1]
    return tuple(
        Blocker(
            "nothing_new",
            f"item {name}: a dispute for {new.reason} about these units is"
            f" {last.state}; give evidence that was not given then",
            {
                "item": name,
                "most": max(0, undecided[name]),
                "dispute": last.dispute_id,
            },
        )
        for name, quantity in new.quantities.items()
        if name in undecided and quantity > undecided[name]
    )


def _possible(unit: SellerUnit, order: Order, new: NewDispute) -> Counter[str]:
    """
    Count the units of each item that no dispute has, whatever their window.
    """
    if POLICY[new.reason].counted_from is CountedFrom.STATE:
        return Counter({name: i.quantity_left for name, i in order.items.items()})
    reships = reships_of(unit, order.order_id)
    claimable = read_claimable(unit, order, reships, new.reason)
    return Counter(
        {name: u.in_window + u.out_of_window for name, u in claimable.items()}
    )


def _has_something_new(
    unit: SellerUnit, new: NewDispute, ended: Iterable[Dispute]
) -> bool:
    names = [(conversation_id(Subject.DISPUTE, d.dispute_id),) for d in ended]
    given = {
        _comparable(message.text)
        for message in unit.find(MESSAGES_OF, names)
        if message.evidence
    }
    return any(_comparable(text) not in given for text in new.evidence.values())


def _comparable(text: str) -> Sequence[str]:
    return tuple(text.casefold().split())
