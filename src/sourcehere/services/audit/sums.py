"""
What is told when two sides do not add up alike.
"""

from collections.abc import Callable

from ...domain.kernel.words import counted
from .findings import Findings
from .scope import Tallies
from .tally import Tally

Report = Callable[[Findings, Tally, str], None]


def _alike(findings: Findings, tally: Tally, invariant: str) -> None:
    if tally.stored_count:  # not every seller has a local stock
        findings.looked(invariant, tally.stored_count)
    for key, stored, computed in tally.differences():
        one = len(stored) == 1
        findings.differs(
            invariant,
            key,
            stored=stored[0] if one else stored,
            computed=computed[0] if one else computed,
        )


def _parts(findings: Findings, tally: Tally, invariant: str) -> None:
    findings.looked(invariant, tally.stored_count)
    for key, (orders,), (named,) in tally.differences():
        store, _, external_id = key.partition("/")
        findings.found(
            invariant,
            external_id,
            f"store {store}: {counted(orders, 'order')} of it, the record has {named}",
            store=store,
            orders=orders,
            named=named,
        )


def _streams(findings: Findings, tally: Tally, invariant: str) -> None:
    findings.looked(invariant, tally.stored_count)
    findings.looked("stream_has_its_row", tally.stored_count)
    for key, stored, computed in tally.differences():
        kind, _, name = key.partition(" ")
        if not any(stored):
            findings.found(
                "stream_has_its_row",
                key,
                f"{counted(computed[0], 'event')} of it, and no row",
                kind=kind,
                id=name,
                events=computed[0],
            )
            continue
        findings.found(
            invariant,
            name,
            f"version {stored[0]}, {counted(computed[0], 'event')}; the numbers add up"
            f" to {computed[1]}, the last is {computed[2]}",
            kind=kind,
            version=stored[0],
            events=computed[0],
        )


_REPORTS: dict[str, tuple[str, Report]] = {
    "captures": ("capture_booked", _alike),
    "splits": ("capture_is_split_as_paid", _alike),
    "refunds": ("refund_booked", _alike),
    "given_back": ("order_refunds_add_up", _alike),
    "top_ups": ("top_up_booked", _alike),
    "goodwill": ("goodwill_booked", _alike),
    "withdrawals": ("withdrawal_booked", _alike),
    "chargebacks": ("chargeback_booked", _alike),
    "returned": ("capture_knows_its_returns", _alike),
    "taken_back": ("capture_knows_its_chargebacks", _alike),
    "sent_back": ("allocation_refunds_add_up", _alike),
    "bound": ("lot_is_its_allocations", _alike),
    "held": ("movements_are_what_orders_hold", _alike),
    "reships": ("reship_was_granted", _alike),
    "back": ("returned_units_are_lots", _alike),
    "counted": ("stock_count_is_its_movements", _alike),
    "good": ("good_units_are_lots", _alike),
    "local": ("local_stock_is_its_movements", _alike),
    "levels": ("stock_level_adds_up", _alike),
    "parts": ("store_order_is_recorded", _parts),
    "paid_orders": ("checkout_is_as_far_as_paid", _alike),
    "streams": ("sequence_without_gaps", _streams),
}


def tell_sums(findings: Findings, tallies: Tallies) -> None:
    """
    Tell of every key whose two sides differ.
    """
    for name, tally in tallies.all():
        invariant, report = _REPORTS[name]
        report(findings, tally, invariant)
