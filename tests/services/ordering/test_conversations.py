"""
Sellers and staff write to each other about an order, a quote, help or a dispute.
"""

from datetime import timedelta

import pytest

from sourcehere import (
    Actor,
    CommandRefusedError,
    DisputeReason,
    InvalidCursorError,
    InvalidInputError,
    NotFoundError,
    Role,
    Subject,
)
from sourcehere.domain.talk.model import ConversationSettled, MessageSaid
from sourcehere.plugins import hookimpl
from sourcehere.testing.factories import NOON, nothing_moves, open_bench, snapshot


@pytest.fixture
def subjects(bench):
    """
    One of everything that can be talked about: subject -> its id.
    """
    shop = bench.sh.seller("demo")
    (strange,) = bench.sync(snapshot("strange", SOCK=2))
    bench.connect(bench.rule("CUP"))
    sent = bench.accepted("sent", CUP=4)
    bench.ship(sent)
    dispute = shop.disputes.open(
        sent,
        reason=DisputeReason.NOT_RECEIVED,
        quantities={"1.1": 1},
        evidence={"description": "it never came"},
    )
    return {
        Subject.ORDER: sent,
        Subject.QUOTE: shop.quotes.ask(strange, 1).request_id,
        Subject.HELP: shop.connections.ask_for_help(strange, 1, "no blue").help_id,
        Subject.DISPUTE: dispute.dispute_id,
    }


def texts(bench, about, subject_id):
    """
    List who wrote what about something.
    """
    said = bench.sh.seller("demo").conversations.messages(about, subject_id)
    return [(str(message.by.role), message.text) for message in said]


class TestSaying:
    @pytest.mark.parametrize("about", Subject)
    def test_each_subject_has_one_conversation(self, bench, subjects, about):
        """
        The seller asks, staff answer, and both read the same.
        """
        name = subjects[about]
        before = texts(bench, about, name)
        bench.sh.seller("demo").conversations.say(about, name, "Any news?")
        bench.clock.advance(timedelta(minutes=5))
        ann = bench.sh.staff("ann").seller("demo")
        ann.conversations.say(about, name, "Tomorrow.", attachments=["file:7"])

        assert [*before, ("seller", "Any news?"), ("staff", "Tomorrow.")] == texts(
            bench, about, name
        )
        newest = bench.sh.seller("demo").conversations.list().items[0]
        assert (about, name, len(before) + 2, "staff", "seller") == (
            newest.about,
            newest.subject_id,
            newest.messages,
            newest.last_by,
            newest.waits_for,
        )
        last = tuple(ann.conversations.messages(about, name))[-1]
        assert (("file:7",), "", NOON + timedelta(minutes=5)) == (
            last.attachments,
            last.evidence,
            last.written_at,
        )
        assert bench.app.audit.run(replay=True).is_clean

    @pytest.mark.parametrize("role", [Role.SYSTEM, Role.STORE, Role.CUSTOMER])
    def test_it_is_between_sellers_and_staff(self, bench, subjects, role):
        """
        Nobody else writes; nothing is kept of the attempt.
        """
        name = subjects[Subject.ORDER]
        by = Actor(role, "somebody")
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.conversations.say("demo", Subject.ORDER, name, "hello", by=by)
        (blocker,) = ei.value.blockers
        assert ("role_not_allowed", f"say is for seller, staff, not for {role}") == (
            blocker.code,
            blocker.words,
        )

    @pytest.mark.parametrize("about", Subject)
    def test_what_is_not_there_is_not_talked_about(self, bench, about):
        """
        A subject of another kind has another id.
        """
        kinds = {
            Subject.ORDER: "order",
            Subject.QUOTE: "quote request",
            Subject.HELP: "help request",
            Subject.DISPUTE: "dispute",
        }
        desk = bench.sh.seller("demo").conversations
        with nothing_moves(bench), pytest.raises(NotFoundError) as ei:
            desk.say(about, "nothing", "hello")
        assert (kinds[about], "nothing") == (ei.value.kind, ei.value.id)
        with pytest.raises(NotFoundError):
            desk.messages(about, "nothing")

    @pytest.mark.parametrize("text", ["", " \n "])
    def test_a_message_says_something(self, bench, subjects, text):
        """
        Or it brings a file.
        """
        name = subjects[Subject.ORDER]
        desk = bench.sh.seller("demo").conversations
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            desk.say(Subject.ORDER, name, text)
        assert ("text", "some text, or an attachment") == (
            ei.value.field,
            ei.value.expected,
        )
        desk.say(Subject.ORDER, name, text, attachments=["photo:1"])
        assert [("seller", text)] == texts(bench, Subject.ORDER, name)

    def test_another_seller_s_is_not_there(self, bench, subjects):
        """
        Not to read, and not to write into.
        """
        bench.sh.staff("ann").sellers.register("other", name="Other", currency="USD")
        desk = bench.sh.seller("other").conversations
        for about, name in subjects.items():
            with nothing_moves(bench), pytest.raises(NotFoundError):
                desk.say(about, name, "hello")
            with pytest.raises(NotFoundError):
                desk.messages(about, name)


class TestPages:
    def test_messages_come_page_by_page(self, bench, subjects):
        """
        Oldest first, each once; a cursor belongs to its conversation.
        """
        name, desk = subjects[Subject.ORDER], bench.sh.seller("demo").conversations
        for number in range(5):
            desk.say(Subject.ORDER, name, str(number))
        first = desk.messages(Subject.ORDER, name, limit=3)
        rest = desk.messages(Subject.ORDER, name, after=first.next, limit=3)

        assert (["0", "1", "2"], ["3", "4"]) == (
            [m.text for m in first],
            [m.text for m in rest],
        )
        assert "" == rest.next
        with pytest.raises(InvalidCursorError):
            desk.messages(Subject.QUOTE, subjects[Subject.QUOTE], after=first.next)

    def test_the_newest_conversation_comes_first(self, bench, subjects):
        """
        Whoever wrote in it.
        """
        desk = bench.sh.seller("demo").conversations
        for about in (Subject.QUOTE, Subject.ORDER, Subject.HELP):
            bench.clock.advance(timedelta(minutes=1))
            desk.say(about, subjects[about], "hello")
        assert ["help", "order", "quote", "dispute"] == [c.about for c in desk.list()]


class TestWaiting:
    def test_staff_find_what_waits_for_them(self, bench, subjects):
        """
        Oldest first, across sellers; what staff answered or settled waits no more.
        """
        ann = bench.sh.staff("ann")
        desk = ann.seller("demo").conversations
        waiting = ann.queues.conversations_to_answer
        bench.clock.advance(timedelta(minutes=1))
        bench.sh.seller("demo").conversations.say(
            Subject.ORDER, subjects[Subject.ORDER], "where is it?"
        )
        desk.say(Subject.HELP, subjects[Subject.HELP], "We look.")
        assert ["dispute", "order"] == [c.about for c in waiting()]

        desk.say(Subject.DISPUTE, subjects[Subject.DISPUTE], "We look.")
        assert ["order"] == [c.about for c in waiting()]
        desk.settle(Subject.ORDER, subjects[Subject.ORDER])
        assert [] == list(waiting())
        with nothing_moves(bench):
            desk.settle(Subject.ORDER, subjects[Subject.ORDER])

        bench.sh.seller("demo").conversations.say(
            Subject.ORDER, subjects[Subject.ORDER], "still nothing"
        )
        assert ["order"] == [c.about for c in waiting()]
        assert bench.app.audit.run(replay=True).is_clean

    def test_only_staff_settle(self, bench, subjects):
        """
        And only what somebody wrote.
        """
        shop, name = bench.sh.seller("demo"), subjects[Subject.DISPUTE]
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            shop.conversations.settle(Subject.DISPUTE, name)
        assert "role_not_allowed" == ei.value.blockers[0].code
        with nothing_moves(bench), pytest.raises(NotFoundError):
            bench.sh.staff("ann").seller("demo").conversations.settle(
                Subject.ORDER, subjects[Subject.ORDER]
            )


class Hears:
    """
    Keeps the events of conversations that it is told of.
    """

    def __init__(self):
        self.heard = []

    @hookimpl
    def sourcehere_event(self, event):
        if event.stream == "conversation":
            self.heard.append(event)


def test_plugins_hear_of_messages_but_not_what_they_say(storage):
    """
    In order, with who wrote about what: a mail or a chat can be sent of it.
    """
    plugin = Hears()
    bench = open_bench(storage=storage, plugins=[plugin])
    (order_id,) = bench.sync(snapshot("1", SOCK=1))
    said = bench.sh.seller("demo").conversations.say(
        Subject.ORDER, order_id, "Canary Bird waits"
    )
    ann = bench.sh.staff("ann").seller("demo").conversations
    ann.settle(Subject.ORDER, order_id)
    bench.sh.relay.run()

    first, second = plugin.heard
    assert (
        MessageSaid(
            about="order",
            subject_id=order_id,
            message_id=said.message_id,
            by=Actor(Role.SELLER, "demo"),
            occurred_at=NOON,
        )
        == first.event
    )
    assert isinstance(second.event, ConversationSettled)
    assert (1, 2) == (first.sequence, second.sequence)
    assert "Canary" not in repr(plugin.heard)
    assert bench.app.audit.run().is_clean
