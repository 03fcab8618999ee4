"""
Every command takes a `command_id`: sent again, it answers as it did the first time.
"""

from datetime import timedelta

import attrs
import pytest
from desk_world import (
    METHODS,
    a_label,
    a_world,
    an_attempt,
    arguments,
    desk_of,
    sells_labels,
)

from sourcehere import (
    Count,
    DisputeReason,
    GoodwillReason,
    Money,
    NewParcel,
    Report,
    SourceHereError,
    TrackingFact,
    TrackingStatus,
)
from sourcehere.testing.factories import HOME, NOON, STAFF, nothing_moves, snapshot
from sourcehere.testing.fake_shop import Fault

COMMANDS = [
    (f"{name}.{part}.{method}", access)
    for name, part, method, access in METHODS
    if access.is_command
]


def asked(bench):
    """
    A quote nobody answered.
    """
    odd = bench.app.orders.find_external("demo", "shop", ["odd"])["odd"][0]
    made = bench.sh.seller("demo").quotes.ask(odd, 1, link="https://a.example/1")
    return {"request_id": made.request_id}


def quote_over(bench):
    bench.clock.advance(timedelta(days=30))
    return {}


def disputed(*moves, reason=DisputeReason.CANCEL):
    """
    A dispute about an order that waits at the warehouse, moved on.
    """

    def prepare(bench):
        order_id = bench.accepted("second", CUP=2)
        made = bench.sh.seller("demo").disputes.open(
            order_id, reason=reason, quantities={"1.1": 2}
        )
        for move in moves:
            move(bench, made.dispute_id)
        return {"order_id": order_id, "dispute_id": made.dispute_id}

    return prepare


def take(bench, dispute_id):
    bench.sh.staff("ann").seller("demo").disputes.take(dispute_id)


def ask(bench, dispute_id):
    bench.sh.staff("ann").seller("demo").disputes.ask(dispute_id)


def offer(bench, dispute_id):
    bench.sh.staff("ann").seller("demo").disputes.offer(dispute_id, Money(1, "USD"))


def sent_and_disputed(bench):
    order_id = bench.accepted("sent again", CUP=2)
    bench.ship(order_id, "T-again")
    made = bench.sh.seller("demo").disputes.open(
        order_id,
        reason=DisputeReason.SHORT,
        quantities={"1.1": 1},
        evidence={"description": "one is missing"},
    )
    take(bench, made.dispute_id)
    return {"dispute_id": made.dispute_id}


def came_back(bench):
    order_id = bench.accepted("came back", CUP=2)
    bench.ship(order_id, "T-back")
    return {"order_id": order_id, "quantities": {"1.1": 1}}


def in_stock(bench):
    bench.stocked(CUP=5)
    return {}


def wait(bench, _):
    bench.clock.advance(timedelta(days=30))


def accepted(bench):
    return {"order_id": bench.accepted("second", CUP=2), "quantities": {"1.1": 1}}


def bought(bench):
    return {"order_id": bench.bought(CUP=5)}


def dispatched(bench):
    order_id = bench.bought(CUP=5)
    bench.sh.staff("ann").seller("demo").cloud.dispatch(order_id)
    return {"order_id": order_id}


def counted_short(bench):
    order_id = dispatched(bench)["order_id"]
    bench.sh.staff("ann").seller("demo").cloud.receive(order_id, {"1.1": Count(3)})
    return {"order_id": order_id}


def drafted(bench):
    made = bench.sh.seller("demo").drafts.manual(bench.wanted(CUP=3), HOME)
    return {"order_id": made.order_id}


def unpaid(bench):
    return {"order_ids": bench.sync(snapshot("again", CUP=1))}


def unpaid_and_enough(bench):
    return unpaid(bench) | {"amount": Money(100_00, "USD")}


def ignored(bench):
    order_ids = half_paired(bench)["order_ids"]
    bench.sh.seller("demo").orders.ignore(order_ids)
    return {"order_ids": order_ids}


def half_paired(bench):
    return {"order_ids": bench.sync(snapshot("half", CUP=1, VASE=1))}


def one_unpaid(bench):
    return {"order_id": unpaid(bench)["order_ids"][0]}


def on_its_own(bench):
    values = one_unpaid(bench)
    hat = bench.wanted(HAT=1)
    bench.sh.seller("demo").connections.connect_sku(values["order_id"], 1, hat)
    return values


def marked_not_ours(bench):
    bench.sh.seller("demo").connections.mark_not_ours("shop", ["SOCK"])
    return {}


def stocked_locally(bench):
    bench.sh.seller("demo").local_stock.count(bench.variants["CUP"], 9)
    return unpaid(bench)


def served_locally(bench):
    order_ids = stocked_locally(bench)["order_ids"]
    bench.sh.seller("demo").orders.serve_from_local_stock(order_ids)
    return {"order_id": order_ids[0]}


def samples_sent(bench):
    drafts = bench.sh.seller("demo").drafts
    order_id = drafts.manual(bench.wanted(CUP=2), HOME).order_id
    drafts.place(order_id)
    bench.pay(order_id)
    bench.app.shipping.accept("demo", [order_id], by=STAFF)
    bench.ship(order_id, "T7")
    return {"order_id": order_id}


def with_another_shop(bench):
    stores = bench.sh.seller("demo").stores
    stores.connect("other", platform="fake", config={"shop": "other"})
    return {}


def changed_by_the_shop(bench):
    order_id = bench.accepted("more", CUP=2)
    bench.clock.advance(timedelta(hours=1))
    bench.sync(snapshot("more", CUP=3))
    return {"order_id": order_id}


def to_be_sent(bench):
    order_id = bench.accepted("second", CUP=2)
    parcel = NewParcel(order_id=order_id, carrier="post", tracking_number="T9")
    return {"parcels": [parcel]}


def all_lost(bench):
    """
    An order whose parcel is lost and refunded.
    """
    order_id = bench.accepted("second", CUP=2)
    parcel_id = bench.ship(order_id)
    fact = TrackingFact(
        parcel_id=parcel_id, key="k9", status=TrackingStatus.LOST, happened_at=NOON
    )
    desk = bench.sh.staff("ann").seller("demo")
    desk.parcels.record([fact])
    made = bench.sh.seller("demo").disputes.open(
        order_id,
        reason=DisputeReason.NOT_RECEIVED,
        quantities={"1.1": 2},
        evidence={"description": "none came"},
    )
    desk.disputes.take(made.dispute_id)
    desk.disputes.grant(made.dispute_id)
    return {"order_id": order_id}


def held_by_staff(bench):
    """
    An order that staff stopped.
    """
    order_id = bench.accepted("stopped", CUP=2)
    bench.sh.staff("ann").seller("demo").orders.hold(order_id, detail="look")
    return {"order_ids": [order_id]}


def dead(bench):
    bench.shop.faults.append(Fault.DECLINED)
    bench.sh.relay.run()
    (message,) = bench.sh.relay.dead()
    return {"message_id": message.message_id}


def in_doubt(bench):
    (order_id,) = bench.sync(attrs.evolve(snapshot("doubt", CUP=1), rows_rejected=1))
    return {"order_ids": [order_id]}


def one_missing(bench):
    """
    An unpaid order that the shop lists no more.
    """
    unpaid(bench)
    bench.shop.order_names = lambda: {"odd"}
    return {}


def to_be_labelled(bench):
    order_id = bench.accepted("second", CUP=1)
    sells_labels(bench)
    return {"order_id": order_id, "method": "post:std"}


def labelled(bench):
    return {"parcel_id": a_label(bench).parcel_id}


def label_unknown(bench):
    return {"label_id": a_label(bench, Fault.LOST_BEFORE).label_id}


def cancelled(bench):
    values = unpaid(bench)
    bench.sh.seller("demo").orders.cancel(values["order_ids"])
    return {"order_id": values["order_ids"][0]}


def attempt_unknown(bench):
    attempt = an_attempt(bench, Fault.LOST_BEFORE)
    return {"attempt_id": attempt.attempt_id, "reference": attempt.reference}


def given(bench):
    bench.sh.staff("ann").seller("demo").wallet.give_goodwill(
        Money(5, "USD"), reference="given", reason=GoodwillReason.LATE
    )
    return {}


PREPARED = {
    "shop.wallet.take_back_goodwill": given,
    "desk.attempts.resolve": attempt_unknown,
    "shop.orders.erase_buyer": cancelled,
    "shop.labels.buy": to_be_labelled,
    "shop.labels.void": labelled,
    "desk.labels.resolve": label_unknown,
    "shop.stores.hold_missing": one_missing,
    "shop.orders.confirm": in_doubt,
    "shop.quotes.answer": asked,
    "shop.quotes.give_up": asked,
    "shop.quotes.expire": quote_over,
    "shop.checkouts.open": unpaid,
    "shop.checkouts.pay_at_most": unpaid_and_enough,
    "shop.drafts.place": drafted,
    "shop.orders.correct_address": accepted,
    "shop.shipping.ship": accepted,
    "shop.refunds.refund_all": accepted,
    "shop.orders.reject": accepted,
    "desk.orders.release_many": held_by_staff,
    "shop.cloud.dispatch": bought,
    "shop.cloud.count": in_stock,
    "shop.cloud.consign": dispatched,
    "shop.cloud.receive": dispatched,
    "shop.cloud.restock": came_back,
    "shop.cloud.write_off_rest": counted_short,
    "shop.orders.give_up": all_lost,
    "shop.orders.take_over": changed_by_the_shop,
    "shop.connections.copy": with_another_shop,
    "shop.connections.correct": one_unpaid,
    "shop.connections.disconnect_line": one_unpaid,
    "shop.connections.follow_connection": on_its_own,
    "shop.connections.unmark_not_ours": marked_not_ours,
    "shop.orders.process_paired_lines": half_paired,
    "shop.orders.cancel": unpaid,
    "shop.orders.serve_from_local_stock": stocked_locally,
    "shop.local_stock.sell": stocked_locally,
    "shop.local_stock.put_back": served_locally,
    "shop.local_stock.receive": samples_sent,
    "shop.orders.choose_shipping": unpaid,
    "shop.orders.restore": ignored,
    "shop.shipping.ship_many": to_be_sent,
    "desk.parcels.ship_many": to_be_sent,
    "desk.relay.discard": dead,
    "desk.relay.resend": dead,
    "shop.disputes.request_cancel": accepted,
    "shop.disputes.ask": disputed(take),
    "shop.disputes.answer": disputed(take, ask),
    "shop.disputes.offer": disputed(take),
    "shop.disputes.offer_reship": sent_and_disputed,
    "shop.disputes.counter": disputed(take, offer),
    "shop.disputes.accept": disputed(take, offer),
    "shop.disputes.grant": disputed(take),
    "shop.disputes.reject": disputed(take),
    "shop.disputes.expire": disputed(take, ask, wait),
}


class TestEveryCommandTwice:
    @pytest.mark.slow
    @pytest.mark.parametrize(("name", "access"), COMMANDS, ids=[n for n, _ in COMMANDS])
    def test_the_first_answer_comes_again_and_nothing_moves(self, name, access):
        """
        What happened meanwhile changes neither the answer nor anything else.
        """
        bench, values = a_world()
        prepare = PREPARED.get(name)
        values |= prepare(bench) if prepare else {}
        desk, part, method = name.split(".")
        refused = []
        for role in sorted(access.roles):
            called = getattr(getattr(desk_of(bench, desk, role), part), method)
            given = arguments(bench, values, name, called) | {"command_id": "once"}
            try:
                first = called(**given)
            except SourceHereError as error:
                refused.append(str(error))
                continue
            bench.sh.relay.run()
            bench.sh.staff("zoe").seller("demo").wallet.top_up(
                Money(1, "USD"), reference="meanwhile"
            )
            with nothing_moves(bench):
                again = called(**given)
            if isinstance(first, Report):
                assert not first.failed
                assert list(first.done.items()) == list(again.done.items())
            assert first == again
            return
        pytest.fail("; ".join(refused))
