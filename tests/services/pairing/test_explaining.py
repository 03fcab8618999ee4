"""
Why a line is paired as it is, and what a connection was before.
"""

import pytest

from sourcehere import InvalidInputError, MappingRule, NotFoundError, RuleItem
from sourcehere.domain.pairing.supply import QuantityRange
from sourcehere.testing.factories import NOON, SELLER, STAFF, snapshot


def desk(bench):
    return bench.sh.seller("demo").connections


def verdicts(bench, order_id, line=1):
    found = desk(bench).explain(order_id, line).verdicts
    return [(v.rule, v.version, v.decides, v.words) for v in found]


def by_quantity(bench):
    """
    A rule with two ranges: from 10 on by tens a lamp, up to 3 a hat each.
    """
    few = QuantityRange(
        quantity_from=1, quantity_to=3, items=(RuleItem(bench.variants["HAT"]),)
    )
    ten = QuantityRange(
        quantity_from=10, per=10, items=(RuleItem(bench.variants["LAMP"]),)
    )
    return MappingRule("CUP", (RuleItem(bench.variants["CUP"]),), ranges=(few, ten))


NONE_MADE = ("sku connection", 0, False, "none was made for this line")
NOT_3 = "it is for 3 units at most, not for "
NOT_10 = "it is for 10 units each, which does not divide 15"


class TestExplained:
    @pytest.mark.parametrize(
        ("units", "few", "ten", "rest"),
        [
            (2, "it decided", "it is for 10 units or more, not for 2", "CUP 1-3"),
            (20, NOT_3 + "20", "it decided", "CUP 10+/10"),
            (15, NOT_3 + "15", NOT_10, ""),
        ],
    )
    def test_the_range_that_decided(self, bench, units, few, ten, rest):
        """
        Each range says why it is not for the quantity; the rest is for all others.
        """
        bench.connect(by_quantity(bench))
        (order_id,) = bench.sync(snapshot(CUP=units))
        decided = "it decided"
        words = f"it is for what no range is for, and {rest} is" if rest else decided

        assert [
            NONE_MADE,
            ("CUP 1-3", 1, few == decided, few),
            ("CUP 10+/10", 1, ten == decided, ten),
            ("CUP", 1, not rest, words),
        ] == verdicts(bench, order_id)

    def test_a_paid_line_is_explained_as_it_was_paid(self, bench):
        """
        The connection has changed since; the version of the line is asked.
        """
        connection_id = bench.connect(by_quantity(bench))
        order_id = bench.paid(CUP=2)
        desk(bench).change(connection_id, [bench.rule("CUP", LAMP=3)])
        found = desk(bench).explain(order_id, 1)
        (decider,) = [v for v in found.verdicts if v.decides]

        assert ("CUP 1-3", connection_id, 1) == (
            decider.rule,
            decider.connection_id,
            decider.version,
        )
        assert [(bench.variants["HAT"], 2)] == [
            (item.variant_id, item.quantity) for item in decider.items
        ]

    def test_a_sku_connection_goes_before(self, bench):
        """
        So does taking the pairing away; what is connected says what goes before it.
        """
        bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot(CUP=1))
        desk(bench).connect_sku(order_id, 1, bench.wanted(HAT=1))
        before = ("CUP", 1, False, "sku connection goes before it")
        assert [("sku connection", 0, True, "it decided"), before] == verdicts(
            bench, order_id
        )
        desk(bench).disconnect_line(order_id, 1)
        apart = "the line was disconnected, for this order alone"
        assert [("sku connection", 0, False, apart), before] == verdicts(
            bench, order_id
        )

    def test_what_is_not_connected_or_not_yet_followed(self, bench):
        """
        Nothing connects a name, or the relay has not run since.
        """
        (order_id,) = bench.sync(snapshot(CUP=1))
        assert [NONE_MADE, ("cup", 0, False, "nothing connects cup")] == verdicts(
            bench, order_id
        )
        desk(bench).connect("shop", [bench.rule("CUP")])
        words = "it was connected since; the order follows once the relay has run"
        assert [NONE_MADE, ("CUP", 1, False, words)] == verdicts(bench, order_id)

    def test_what_is_more_exact_and_newer(self, bench):
        """
        A paid order keeps what it was paid with, whatever names its variant since.
        """
        bench.connect(bench.rule("CUP"))
        order = snapshot(CUP=1)
        object.__setattr__(order.lines[0], "external_variant_id", "11")
        object.__setattr__(order.lines[0], "external_product_id", "7")
        (order_id,) = bench.sync(order)
        bench.pay(order_id)
        hat = (RuleItem(bench.variants["HAT"]),)
        bench.connect(MappingRule("", hat, external_variant_id="11"))
        desk(bench).mark_not_ours("shop", [], product_ids=["7"])

        newer = "it was connected since; an order keeps what it was paid with"
        assert [
            NONE_MADE,
            ("variant:11", 1, False, newer),
            ("CUP", 1, True, "it decided"),
            ("product:7", 0, False, "it is marked as not ours"),
        ] == verdicts(bench, order_id)

    def test_a_line_there_is_not(self, bench):
        """
        It is refused, as an order there is not.
        """
        (order_id,) = bench.sync(snapshot(CUP=1))
        with pytest.raises(InvalidInputError):
            desk(bench).explain(order_id, 2)
        with pytest.raises(NotFoundError):
            desk(bench).explain("nothing", 1)


class TestHistory:
    def test_every_version_says_what_changed_and_who_did(self, bench):
        """
        What is new, what it was before, and what is connected no more.
        """
        connection_id = bench.connect(bench.rule("CUP"), bench.rule("HAT"))
        ann = bench.sh.staff("ann").seller("demo").connections
        ann.change(connection_id, [by_quantity(bench)], method="std")
        ann.change(connection_id)
        desk(bench).remove(connection_id)
        steps = desk(bench).history(connection_id)

        assert [
            (1, SELLER, ("CUP is 1 CUP", "HAT is 1 HAT")),
            (
                2,
                STAFF,
                (
                    "CUP is 1 CUP; 1-3: 1 HAT; 10+/10: 1 LAMP; it was 1 CUP",
                    "HAT is not connected any more",
                    "sent by std",
                ),
            ),
            (3, STAFF, ("nothing changed",)),
            (4, SELLER, ("it ended",)),
        ] == [(step.version, step.by, step.words) for step in steps]
        assert {NOON} == {step.at for step in steps}

    def test_a_connection_there_is_not(self, bench):
        """
        It has no history.
        """
        with pytest.raises(NotFoundError):
            desk(bench).history("nothing")
