"""
What a shop wants of a line, at the edges of what it may have heard from us.
"""

import attrs

from sourcehere.domain.kernel.money import Money
from sourcehere.domain.stores.demand import Supply, ToldLine, told_again
from sourcehere.domain.stores.model import SnapshotLine

LINE = ToldLine(
    external_line_id="l",
    sku_key="cup",
    quantity=5,
    fulfilled=0,
    refunded=0,
    fulfilled_elsewhere=0,
)


class TestDifference:
    def test_matched_units_count_only_while_their_part_counts(self):
        """
        Two units were settled as taken out; without their part nothing is missing.
        """
        line = attrs.evolve(LINE, matched=2)

        assert 0 == line.difference(Supply(taken_on=5))
        assert 2 == line.difference(Supply(taken_on=5, taken_out=2))


class TestToldAgain:
    def test_what_others_sent_stays_sent_though_ours_is_not_heard_of(self):
        """
        One unit was sent by others and two by us: a shop that counts two fulfilled
        has not heard of one of ours, and still wants four units of us in all.
        """
        known = attrs.evolve(LINE, fulfilled=1, fulfilled_elsewhere=1)
        line = SnapshotLine(
            external_line_id="l",
            sku="CUP",
            title="Cup",
            quantity=5,
            unit_price=Money(100, "EUR"),
            quantity_fulfilled=2,
        )

        now = told_again(known, line, Supply(taken_on=4, sent=2))

        assert 1 == now.fulfilled_elsewhere
        assert 4 == now.wanted
