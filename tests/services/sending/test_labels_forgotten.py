"""
Files of labels name their recipients: they go with the buyer who is forgotten.
"""

from datetime import timedelta

import pytest
from label_world import buy, opened

from sourcehere import TrackingFact, TrackingStatus
from sourcehere.ports.errors import DeclinedError
from sourcehere.testing.factories import CARRIER
from sourcehere.testing.fake_carrier import FakeCarrier
from sourcehere.testing.fake_labels import LabelCarrier
from sourcehere.testing.fake_shop import Fault


class Keepless(FakeCarrier):
    """
    Sells the labels of another one, and offers no way to forget them.
    """

    def __init__(self, inner):
        super().__init__()
        self.label_key_ttl = inner.label_key_ttl
        self.buy_label = inner.buy_label
        self.void_label = inner.void_label
        self.label_file = inner.label_file


@pytest.fixture
def post():
    """
    Return a carrier that sells labels.
    """
    return LabelCarrier()


@pytest.fixture
def bench(storage, post, violations):
    """
    Return a bench that buys of it; clean when the test ends.
    """
    yield from opened(storage, violations, post=post, keepless=Keepless(post))


def delivered(bench, number, method="post:std"):
    """
    Send an order with a label, and deliver it.
    """
    order_id = bench.accepted(number, CUP=1)
    label = buy(bench, order_id, method)
    fact = TrackingFact(
        parcel_id=label.parcel_id,
        key="d",
        status=TrackingStatus.DELIVERED,
        happened_at=bench.clock.now(),
    )
    bench.app.tracking.record("demo", [fact], by=CARRIER)
    bench.app.relay.run()
    return order_id, label


def test_a_file_goes_with_its_buyer(bench, post):
    """
    The relay has it removed; others are printed still.
    """
    order_id, label = delivered(bench, "1")
    _, other = delivered(bench, "2")
    bench.app.labels.file("demo", label.parcel_id)

    bench.sh.seller("demo").orders.erase_buyer(order_id)
    assert set() == post.forgotten
    bench.app.relay.run()

    assert {label.reference} == post.forgotten
    with pytest.raises(DeclinedError):
        bench.app.labels.file("demo", label.parcel_id)
    assert bench.app.labels.file("demo", other.parcel_id)


def test_it_is_tried_until_it_is_gone(bench, post):
    """
    A carrier that does not answer is asked again; nothing else is owed then.
    """
    order_id, label = delivered(bench, "1")
    faults = [Fault.LOST_BEFORE, Fault.LOST_AFTER]
    post.next_fault = lambda: faults.pop() if faults else None

    bench.sh.seller("demo").orders.erase_buyer(order_id)
    for _ in range(3):
        bench.app.relay.run()
        bench.clock.advance(timedelta(hours=2))

    assert ([], {label.reference}) == (faults, post.forgotten)
    assert 0 == len(bench.app.relay.waiting())


def test_who_keeps_nothing_is_not_asked(bench, post):
    """
    Nothing is owed to a carrier that keeps no files.
    """
    order_id, _ = delivered(bench, "1", "keepless:std")

    bench.sh.seller("demo").orders.erase_buyer(order_id)
    bench.app.relay.run()

    assert set() == post.forgotten
    assert 0 == len(bench.app.relay.waiting())


def test_done_again_nothing_is_owed_twice(bench, post):
    """
    Forgetting the same buyer again asks nobody.
    """
    order_id, label = delivered(bench, "1")
    desk = bench.sh.seller("demo").orders

    desk.erase_buyer(order_id)
    desk.erase_buyer(order_id)

    assert [label.label_id] == [one.subject for one in bench.app.relay.waiting()]
    bench.app.relay.run()
    assert {label.reference} == post.forgotten
