"""
What people type stands in the tables for personal data, and in no record of what was
done: no event, no outbox row, no attempt, no ledger row, no answer of a command.
"""

import logging
import typing

import attrs
import pytest
from desk_world import METHODS, a_world, arguments, desk_of
from test_commands_twice import PREPARED

from sourcehere import Report, SourceHereError
from sourcehere.domain.kernel.actor import SYSTEM
from sourcehere.domain.kernel.checks import LINK_MAX, TEXT_MAX, Most
from sourcehere.domain.quotes.events import QuoteAsked, QuoteEnded
from sourcehere.testing.factories import NOON, dump, nothing_moves, snapshot
from sourcehere.unit.text.codecs import read_event

CANARY = "Canary Bird"
RECORDS_OF_WHAT_WAS_DONE = (
    "event",
    "outbox_message",
    "attempt",
    "ledger_entry",
    "command",
    "platform_command",
)
# Texts of one line that are people's words too; other lines are names and keys.
LINES = {"why"}


def free_texts():
    """
    List (full name, access, parameter) of every free text that a command takes.
    """
    found = []
    bench, _ = a_world()
    for name, part, method, access in METHODS:
        if not access.is_command:
            continue
        role = min(access.roles)
        called = getattr(getattr(desk_of(bench, name, role), part), method)
        hints = typing.get_type_hints(called, include_extras=True)
        hints.pop("return", None)
        found += [
            (f"{name}.{part}.{method}", access, parameter)
            for parameter, hint in hints.items()
            if parameter in LINES or _is_free(hint)
        ]
    return found


def _is_free(hint):
    if any(
        isinstance(most, Most) and most.characters in (TEXT_MAX, LINK_MAX)
        for most in getattr(hint, "__metadata__", ())
    ):
        return True
    return any(map(_is_free, typing.get_args(hint)))


TAKEN = free_texts()


def canary_for(hint):
    """
    Return an argument of the type *hint* with the word in it.
    """
    if "Mapping" in str(hint):
        return {"description": CANARY, "photo": CANARY, CANARY: CANARY}
    return [CANARY] if "Sequence" in str(hint) else CANARY


def rows_with(bench, word, tables):
    """
    List the tables that hold *word* anywhere.
    """
    rows = dump(bench.app.storage)
    return [name for name in tables if word in repr(rows[name])]


def test_what_counts_as_free_text():
    """
    The parameters that get a canary, found by how they are annotated.
    """
    assert [
        "desk.freight.disconnect: why",
        "desk.freight.pause: why",
        "desk.gateways.disconnect: why",
        "desk.gateways.pause: why",
        "desk.orders.hold_many: detail",
        "desk.orders.reject_many: reason",
        "shop.cloud.count: note",
        "shop.connections.ask_for_help: text",
        "shop.connections.finish_help: text",
        "shop.conversations.say: attachments",
        "shop.conversations.say: text",
        "shop.disputes.answer: attachments",
        "shop.disputes.answer: text",
        "shop.disputes.ask: text",
        "shop.disputes.counter: attachments",
        "shop.disputes.counter: text",
        "shop.disputes.open: evidence",
        "shop.disputes.reject: reason",
        "shop.disputes.withdraw: reason",
        "shop.local_stock.count: note",
        "shop.local_stock.sell: note",
        "shop.orders.hold: detail",
        "shop.orders.note: text",
        "shop.orders.reject: reason",
        "shop.quotes.ask: link",
        "shop.quotes.ask: pictures",
        "shop.quotes.ask: words",
        "shop.quotes.ask_for: link",
        "shop.quotes.ask_for: pictures",
        "shop.quotes.ask_for: words",
        "shop.quotes.decline: reason",
        "shop.quotes.expire: reason",
        "shop.quotes.give_up: reason",
        "shop.quotes.withdraw: reason",
        "shop.stores.disconnect: why",
        "shop.stores.pause: why",
        "shop.wallet.give_goodwill: note",
    ] == sorted(f"{name}: {parameter}" for name, _, parameter in TAKEN)


class TestEveryFreeText:
    @pytest.mark.parametrize(
        ("name", "access", "parameter"),
        TAKEN,
        ids=[f"{name}.{parameter}" for name, _, parameter in TAKEN],
    )
    def test_it_is_in_no_record_of_what_was_done(
        self, storage, caplog, name, access, parameter
    ):
        """
        Nor in a log line; the same command again still gets the first answer.
        """
        caplog.set_level(logging.DEBUG)
        bench, values = a_world(storage)
        prepare = PREPARED.get(name)
        values |= prepare(bench) if prepare else {}
        desk, part, method = name.split(".")
        refused = []
        for role in sorted(access.roles):
            called = getattr(getattr(desk_of(bench, desk, role), part), method)
            given = arguments(bench, values, name, called) | {"command_id": "once"}
            given[parameter] = canary_for(typing.get_type_hints(called)[parameter])
            try:
                first = called(**given)
            except SourceHereError as error:
                refused.append(str(error))
                continue
            with nothing_moves(bench):
                assert first == called(**given)
            assert not isinstance(first, Report) or not first.failed
            bench.sh.relay.run()
            everywhere = dump(bench.app.storage)
            assert rows_with(bench, CANARY, everywhere)
            assert [] == rows_with(bench, CANARY, RECORDS_OF_WHAT_WAS_DONE)
            assert CANARY not in caplog.text
            return
        pytest.fail("; ".join(refused))


class TestFailuresThatAreKept:
    def test_why_a_shop_rests_is_told_and_not_kept(self, bench):
        """
        The report of a sync has it, and nothing that is kept of it.
        """
        stores = bench.sh.seller("demo").stores
        stores.pause("shop", why=CANARY)
        report = stores.sync_many(command_id="c")

        assert [f"store shop is paused ({CANARY})"] == [
            str(error) for error in report.failed.values()
        ]
        assert [] == rows_with(bench, CANARY, RECORDS_OF_WHAT_WAS_DONE)

    def test_why_a_carrier_rests_is_told_and_not_kept(self, bench):
        """
        The first answer of a checkout has it, for whoever would have chosen it.
        """
        bench.sh.staff("ann").freight.pause("card", why=CANARY)
        (order_id,) = bench.sync(snapshot("s", CUP=1))
        checkouts = bench.sh.seller("demo").checkouts
        first = checkouts.open([order_id], each=True, command_id="c")
        again = checkouts.open([order_id], each=True, command_id="c")

        assert f"the connection is paused ({CANARY})" in str(first.refused[order_id])
        words = again.refused[order_id].words
        assert words.endswith("the connection is paused")
        assert [] == rows_with(bench, CANARY, RECORDS_OF_WHAT_WAS_DONE)

    def test_what_holds_an_order_is_not_kept_with_a_refusal(self, bench, ann):
        """
        It says that the order is held, and whose turn it is.
        """
        (order_id,) = bench.sync(snapshot("s", CUP=1))
        ann.orders.hold(order_id, detail=CANARY)
        shop = bench.sh.seller("demo").checkouts
        first = shop.open([order_id], each=True, command_id="c")

        assert "held: staff; staff has to act" in str(first.refused[order_id])
        assert [] == rows_with(bench, CANARY, RECORDS_OF_WHAT_WAS_DONE)


class TestWhoReadsIt:
    def test_the_words_of_a_hold_are_shown_with_it(self, bench, ann):
        """
        In the order, its details, its timeline, lists and the queue of staff.
        """
        order_id = bench.accepted("1", CUP=1)
        ann.orders.hold(order_id, detail=CANARY)
        shop = bench.sh.seller("demo")
        details = shop.orders.details(order_id)
        orders = [
            shop.orders.get(order_id),
            *shop.orders.list(),
            *bench.sh.staff("ann").queues.orders_to_pick(),
        ]

        assert [CANARY] == [hold.detail for hold in details.order.holds]
        assert [[CANARY]] * len(orders) == [[h.detail for h in o.holds] for o in orders]
        (why,) = ann.orders.why_not(order_id, "ship")
        assert ("on_hold", f"held: staff ({CANARY}); staff has to act") == (
            why.code,
            why.words,
        )
        told = [(t.kind, t.words) for t in details.timeline]
        assert ("order.hold_placed", f"held: staff ({CANARY})") == told[-1]
        assert not [kind for kind, _ in told if kind == "note"]

    def test_a_part_of_an_order_keeps_the_words_of_its_hold(self, bench, ann):
        """
        What was typed once is shown at both parts.
        """
        (order_id,) = bench.sync(snapshot("half", CUP=1, VASE=1))
        ann.orders.hold(order_id, detail=CANARY)
        done = ann.orders.process_paired_lines([order_id]).done[order_id]
        parts = ann.orders.get_many([order_id, done.waiting_id])

        assert [[CANARY], [CANARY]] == [[h.detail for h in p.holds] for p in parts]
        assert [] == rows_with(bench, CANARY, RECORDS_OF_WHAT_WAS_DONE)

    def test_the_words_about_a_quote_are_shown_with_it(self, bench, ann):
        """
        The link it was seen at, and why it ended, to whoever may see the request.
        """
        shop, queues = bench.sh.seller("demo"), bench.sh.staff("ann").queues
        (order_id,) = bench.sync(snapshot("s", SOCK=1))
        link = "https://ann:secret@shop.example/sock"
        asked = shop.quotes.ask(order_id, 1, link=link).request_id
        shown = [
            shop.quotes.get(asked),
            *shop.quotes.list(),
            *queues.quotes_to_answer(),
        ]
        assert [(link, "")] * 3 == [(q.link, q.reason) for q in shown]
        ann.quotes.give_up(asked, reason=CANARY)

        shown = [shop.quotes.get(asked), *shop.quotes.list()]
        assert [(link, CANARY)] * 2 == [(q.link, q.reason) for q in shown]
        assert [] == rows_with(bench, "secret", RECORDS_OF_WHAT_WAS_DONE)

    def test_what_a_shop_told_of_an_order_is_shown_with_its_hold(self, bench, ann):
        """
        A value that makes no sense may be a name: the event says only that there is
        one.
        """
        (order_id,) = bench.sync(snapshot("s", CUP=1))
        lie = attrs.evolve(snapshot("s", CUP=1), placed_at=CANARY)
        bench.shop.put(lie)
        ann.stores.sync("shop")
        (hold,) = ann.orders.get(order_id).holds

        assert hold.detail.startswith("what the shop told last makes no sense: ")
        assert CANARY in hold.detail
        assert [] == rows_with(bench, CANARY, RECORDS_OF_WHAT_WAS_DONE)


class TestOlderEvents:
    @pytest.mark.parametrize(
        ("name", "data", "now"),
        [
            (
                "quote.asked",
                (
                    '{"state":"open","store_id":"s","order_id":"o","line":1,"sku":"S",'
                    '"title":"T","quantity":2,"link":"https://a.example"}'
                ),
                QuoteAsked(
                    state="open",
                    store_id="s",
                    order_id="o",
                    line=1,
                    sku="S",
                    title="T",
                    quantity=2,
                    by=SYSTEM,
                    occurred_at=NOON,
                ),
            ),
            (
                "quote.ended",
                '{"state":"declined","reason":"too dear"}',
                QuoteEnded(state="declined", by=SYSTEM, occurred_at=NOON),
            ),
        ],
    )
    def test_what_was_typed_into_them_is_read_no_more(self, name, data, now):
        """
        Events stored before are read without the text.
        """
        assert now == read_event(name, 1, data, by=SYSTEM, occurred_at=NOON)
