"""
What a shop was told of a parcel under other lines is held against the parcel.
"""

import attrs
import pytest
from planting import World, of

from sourcehere.testing.factories import STAFF, shop_line, snapshot
from sourcehere.unit.tables.effects import ATTEMPTS


def lined(**units):
    """
    Tell an order of cups, by the shop's lines.
    """
    lines = (
        attrs.evolve(shop_line("CUP", q), external_line_id=n) for n, q in units.items()
    )
    return attrs.evolve(snapshot("merged"), lines=tuple(lines))


class Merged(World):
    """
    A world with a parcel of two lines, which the shop had merged when it was told.
    """

    def __init__(self):
        super().__init__()
        bench = self.bench
        (self.order_id,) = bench.sync(lined(L1=1, L2=2))
        bench.pay(self.order_id)
        bench.app.shipping.accept("demo", [self.order_id], by=STAFF)
        bench.ship(self.order_id, "M1")
        bench.sync(lined(L3=3))
        self.app.relay.run()
        self.name = self.push("M1").message_id

    @property
    def lines(self):
        """
        Return what the shop was told of the lines.
        """
        (said,) = (a.lines for a in self.all(ATTEMPTS) if a.message_id == self.name)
        return said

    def found_of(self, lines):
        """
        Let the attempt say *lines* instead; return the facts that are found.
        """
        self.rewrite(ATTEMPTS, of(message_id=self.name), lines=lines)
        (found,) = self.app.audit.run(replay=True).violations
        assert "attempt_tells_its_parcel" == found.invariant
        assert (f"{self.name}/1", "demo") == (found.subject, found.seller_id)
        assert found.words
        return found.facts


@pytest.fixture
def merged():
    return Merged()


def test_what_was_told_is_all_of_the_parcel(merged):
    """
    Nothing is found of a parcel that was told under a line its units moved to.
    """
    assert '{"L3":3}' == merged.lines
    assert merged.app.audit.run(replay=True).is_clean


def test_units_of_a_line_that_is_not_there_are_named(merged):
    assert {"unknown": ["L9"], "order": merged.order_id} == merged.found_of(
        '{"L3":2,"L9":1}'
    )


@pytest.mark.parametrize("units", [2, 4])
def test_other_units_than_the_parcel_completes_are_named(merged, units):
    facts = merged.found_of(f'{{"L3":{units}}}')

    assert ({"L3": units}, 3) == (facts["told"], facts["units"])


@pytest.mark.parametrize(
    "lines",
    ["no JSON", '{"L3":3', "[3]", "{}", "3", '{"L3":"3"}', '{"L3":true}', '{"L3":-3}'],
)
def test_what_is_no_lines_is_named(merged, lines):
    assert {"stored": lines} == merged.found_of(lines)


def test_a_line_that_a_replaced_parcel_was_told_under_may_be_gone(merged):
    """
    Only what counts still is held against the lines that there are; all of it against
    the parcel's units.
    """
    (parcel,) = merged.app.tracking.parcels("demo", merged.order_id)
    merged.app.shipping.void_parcel(
        "demo",
        merged.order_id,
        parcel.parcel_id,
        carrier="post",
        tracking_number="M2",
        by=STAFF,
    )
    merged.rewrite(ATTEMPTS, of(message_id=merged.name), lines='{"L9":3}')
    assert merged.app.audit.run(replay=True).is_clean
    assert 4 == merged.found_of('{"L9":4}')["told"]["L9"]
