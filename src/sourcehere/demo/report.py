"""
What is stored at the end of the story, counted.
"""

import attrs

from ..app import App
from ..domain.effects.model import Channel
from ..domain.kernel.ids import SellerId
from ..domain.kernel.values import frozen
from ..domain.orders.kinds import OrderKind
from ..domain.orders.views import OrderView
from ..domain.wallet.model import Account
from ..services.audit.findings import AuditReport
from ..unit.seller_unit import SellerUnit
from ..unit.tables.disputes import DISPUTES_OF
from ..unit.tables.effects import OUTBOX_LANE
from ..unit.tables.events import EVENTS_OF
from ..unit.tables.shipments import PARCELS_OF
from ..unit.tables.stores import REJECTED_OF
from ..unit.tables.wallet import LEDGER_OF
from ..unit.units import Units
from .steps import Step

PAGE = 500


@frozen(kw_only=True)
class Report:
    """
    The numbers of the story; all but the times of `steps` follow from what is stored.
    """

    orders_imported: int
    lines_imported: int
    units_imported: int
    rejected: dict[str, int]
    store_charges: int
    by_state: dict[str, int]
    by_tab: dict[str, int]
    captured_minor: int
    refunded_minor: int
    wallet_available_minor: int
    currency: str
    units_from_cloud: int
    units_direct: int
    parcels: int
    trackings_pushed: int
    disputes: int
    events: int
    audit: AuditReport
    steps: tuple[Step, ...]

    def as_json(self) -> dict[str, object]:
        """
        Return the report as plain lists, dicts, numbers and texts.
        """
        return attrs.asdict(self)


@attrs.define
class _Sums:
    """
    What is added up over the store's orders.
    """

    orders: int = 0
    lines: int = 0
    units: int = 0
    cloud: int = 0
    direct: int = 0
    by_state: dict[str, int] = attrs.field(factory=dict)

    def add(self, order: OrderView) -> None:
        """
        Count one order.
        """
        self.orders += 1
        self.lines += len(order.lines)
        self.units += sum(line.quantity for line in order.lines)
        items = order.items.values()
        self.cloud += sum(i.quantity_from_lots for i in items)
        self.direct += sum(i.quantity - i.quantity_from_lots for i in items)
        self.by_state[order.state] = self.by_state.get(order.state, 0) + 1


def make_report(
    sourcehere: App, seller_id: str, store_id: str, steps: tuple[Step, ...]
) -> Report:
    """
    Count what is stored, and audit it.
    """
    sums = _sum_orders(sourcehere, seller_id, store_id)
    counts = sourcehere.orders.counts(seller_id, kind=OrderKind.STORE.value)
    wallet = sourcehere.wallets.get(seller_id)
    charges = sourcehere.stores.charges(seller_id, store_id)
    owner = SellerId(seller_id)
    units = Units(sourcehere.storage, sourcehere.clock)
    facts = units.seller(owner, _stored_facts, read_only=True)
    return Report(
        orders_imported=sums.orders,
        lines_imported=sums.lines,
        units_imported=sums.units,
        store_charges=len(charges),
        by_state=dict(sorted(sums.by_state.items())),
        by_tab={tab.value: count for tab, count in counts.items()},
        wallet_available_minor=wallet.available,
        currency=wallet.currency,
        units_from_cloud=sums.cloud,
        units_direct=sums.direct,
        audit=sourcehere.audit.run(replay=True),
        steps=steps,
        rejected=facts.rejected,
        captured_minor=facts.captured_minor,
        refunded_minor=facts.refunded_minor,
        parcels=facts.parcels,
        trackings_pushed=facts.trackings_pushed,
        disputes=facts.disputes,
        events=facts.events,
    )


def _sum_orders(sourcehere: App, seller_id: str, store_id: str) -> _Sums:
    sums, after = _Sums(), ""
    while True:
        page = sourcehere.orders.page(
            seller_id, store_id=store_id, after=after, limit=PAGE
        )
        names = [order.order_id for order in page.orders]
        for order in sourcehere.orders.get_many(seller_id, names):
            sums.add(order)
        if not page.after:
            return sums
        after = page.after


@frozen(kw_only=True)
class _Facts:
    """
    What the database adds up by itself.
    """

    rejected: dict[str, int]
    captured_minor: int
    refunded_minor: int
    parcels: int
    trackings_pushed: int
    disputes: int
    events: int


def _stored_facts(unit: SellerUnit) -> _Facts:
    seller, totals = (unit.seller_id,), unit.session.totals
    ledger = totals(
        LEDGER_OF.index, seller, by=["purpose", "account"], column="amount_minor"
    )
    wallet = Account.WALLET_AVAILABLE.value
    messages = totals(OUTBOX_LANE.index, seller, by=["channel", "state"], column="")
    rejected = totals(REJECTED_OF.index, seller, by=["reason"], column="")
    return _Facts(
        rejected={str(r): n for (r,), n in sorted(rejected.items())},
        captured_minor=-ledger.get(("capture", wallet), 0),
        refunded_minor=ledger.get(("refund", wallet), 0),
        parcels=totals(PARCELS_OF.index, seller, by=[], column="").get((), 0),
        trackings_pushed=messages.get((Channel.STORE.value, "done"), 0),
        disputes=totals(DISPUTES_OF.index, seller, by=[], column="").get((), 0),
        events=totals(EVENTS_OF.index, seller, by=[], column="").get((), 0),
    )
