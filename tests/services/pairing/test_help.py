"""
Calls for pairing help: with words, one at a time, until the line is paired.
"""

import attrs
import pytest

from sourcehere import CommandRefusedError, InvalidInputError, Subject
from sourcehere.testing.factories import (
    SELLER,
    STAFF,
    dump,
    nothing_moves,
    shop_line,
    snapshot,
)
from sourcehere.unit.tables.pairing import HELP_REQUESTS


def desk(bench):
    """
    Return the seller's desk for connections.
    """
    return bench.sh.seller("demo").connections


def calls(bench):
    """
    Map each call for help to its state, how it ended, and its line.
    """
    rows = dump(bench.app.storage)["help_request"]
    return {
        call.help_id: (call.state, call.outcome, call.line)
        for call in map(HELP_REQUESTS.from_row, rows)
    }


def test_the_words_are_the_first_message(bench):
    """
    Staff read what does not match, and answer in the same place.
    """
    (order_id,) = bench.sync(snapshot(SOCK=1))
    name = desk(bench).ask_for_help(order_id, 1, "Which of yours is navy?").help_id
    ann = bench.sh.staff("ann").seller("demo")
    ann.conversations.say(Subject.HELP, name, "The dark blue one.")
    said = bench.sh.seller("demo").conversations.messages(Subject.HELP, name)

    assert ["Which of yours is navy?", "The dark blue one."] == [m.text for m in said]


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_call_has_words(bench, text):
    """
    What does not match, nobody can guess.
    """
    (order_id,) = bench.sync(snapshot(SOCK=1))
    with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
        desk(bench).ask_for_help(order_id, 1, text)
    assert ("text", "what does not match, in words") == (
        ei.value.field,
        ei.value.expected,
    )


def test_one_call_a_line_at_a_time(bench):
    """
    The refusal names the open one; another line has its own, and a closed one is over.
    """
    (order_id,) = bench.sync(snapshot(SOCK=1, LAMP=1))
    name = desk(bench).ask_for_help(order_id, 1, "no blue").help_id
    with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
        desk(bench).ask_for_help(order_id, 1, "still no blue")
    (blocker,) = ei.value.blockers
    assert ("help_asked", {"help": name}) == (blocker.code, blocker.facts)

    other = desk(bench).ask_for_help(order_id, 2, "no red").help_id
    ann = bench.sh.staff("ann").seller("demo").connections
    ann.finish_help(name, text="We have none in blue.")
    again = desk(bench).ask_for_help(order_id, 1, "green?").help_id
    assert {
        name: ("done", "closed", 1),
        other: ("open", "", 2),
        again: ("open", "", 1),
    } == calls(bench)
    said = bench.sh.seller("demo").conversations.messages(Subject.HELP, name)
    assert ["no blue", "We have none in blue."] == [m.text for m in said]


@pytest.mark.parametrize("how", ["connect_sku", "connect"])
def test_it_ends_when_its_line_is_paired(bench, how):
    """
    For this order alone or for good, by whomever; a call about another line stays.
    """
    (order_id,) = bench.sync(snapshot(SOCK=1, LAMP=1))
    name = desk(bench).ask_for_help(order_id, 1, "no blue").help_id
    other = desk(bench).ask_for_help(order_id, 2, "no red").help_id
    if how == "connect":
        bench.connect(attrs.evolve(bench.rule("CUP"), sku="SOCK"))
        bench.app.relay.run()
    else:
        wanted = [(bench.variants["CUP"], 1)]
        bench.app.pairing.connect_sku("demo", order_id, 1, wanted, by=STAFF)

    assert {name: ("done", "paired", 1), other: ("open", "", 2)} == calls(bench)
    assert [other] == [h.help_id for h in bench.app.queues.help_wanted()]
    with nothing_moves(bench):
        bench.app.pairing.finish_help("demo", name, by=STAFF)
    assert bench.app.audit.run().is_clean


def test_a_line_that_is_paired_wrongly_can_be_asked_about(paired):
    """
    The call waits until it is paired anew.
    """
    (order_id,) = paired.sync(snapshot(CUP=1))
    name = desk(paired).ask_for_help(order_id, 1, "the handle is missing").help_id
    assert {name: ("open", "", 1)} == calls(paired)

    wanted = [(paired.variants["LAMP"], 1)]
    paired.app.pairing.connect_sku("demo", order_id, 1, wanted, by=STAFF)
    assert {name: ("done", "paired", 1)} == calls(paired)


@pytest.mark.parametrize(
    ("sku", "variant_id", "becomes"),
    [
        ("SHOE", "", ("done", "order", 1)),
        ("SHOE", "8", ("done", "order", 1)),
        ("SHOE", "7", ("open", "", 1)),  # the variant has another SKU now
        ("sock", "", ("open", "", 1)),
    ],
)
def test_it_ends_when_the_shop_makes_its_line_one_of_something_else(
    bench, sku, variant_id, becomes
):
    """
    Nobody asked about that; a call about another line stays.
    """

    def tell(name, variant):
        line = attrs.evolve(shop_line(name, 1), external_variant_id=variant)
        order = snapshot(SOCK=1, LAMP=1)
        return bench.sync(attrs.evolve(order, lines=(line, *order.lines[1:])))[0]

    order_id = tell("SOCK", "7")
    name = desk(bench).ask_for_help(order_id, 1, "no blue").help_id
    other = desk(bench).ask_for_help(order_id, 2, "no red").help_id
    tell(sku, variant_id)

    assert {name: becomes, other: ("open", "", 2)} == calls(bench)
    assert () == bench.app.audit.run(replay=True).violations


def test_it_ends_with_the_order(paired):
    """
    Whoever pays or cancels wants no help any more; who ignores it may come back.
    """
    first, second, third = paired.sync(
        snapshot("1", CUP=1), snapshot("2", SOCK=1), snapshot("3", SOCK=1)
    )
    paid, ended, kept = (
        desk(paired).ask_for_help(name, 1, "no blue").help_id
        for name in (first, second, third)
    )
    paired.pay(first)
    paired.app.orders.cancel("demo", [second], by=SELLER)
    paired.app.orders.ignore("demo", [third], by=SELLER)

    assert {
        paid: ("done", "order", 1),
        ended: ("done", "order", 1),
        kept: ("open", "", 1),
    } == calls(paired)


def test_it_ends_when_the_shop_changes_the_line(paired):
    """
    The shop's edit made it a product that is connected, or took it out.
    """
    whole = snapshot(SOCK=1, LAMP=1, SHOE=1)
    (order_id,) = paired.sync(whole)
    bench_line = whole.lines[0]
    changed, left_out = (
        desk(paired).ask_for_help(order_id, line, "no blue").help_id for line in (1, 3)
    )
    paired.sync(
        attrs.evolve(whole, lines=(attrs.evolve(bench_line, sku="CUP"), whole.lines[1]))
    )

    assert {
        changed: ("done", "paired", 1),
        left_out: ("done", "order", 3),
    } == calls(paired)
