"""
What is planted among labels: each corruption is named.
"""

from datetime import timedelta

import attrs
import pytest
from planting import World, of

from sourcehere.services.sending.label_plans import NewLabel
from sourcehere.testing.factories import STAFF, open_bench
from sourcehere.testing.fake_carrier import FakeCarriers
from sourcehere.testing.fake_labels import LabelCarrier
from sourcehere.testing.fake_shop import Fault
from sourcehere.unit.tables.orders import ORDERS
from sourcehere.unit.tables.shipments import LABELS, PARCELS


class Labelled(World):
    """
    Orders with a label each: bought, unknown, declined.
    """

    def __init__(self):
        self.post = LabelCarrier()
        plugins = [FakeCarriers(post=self.post)]
        self.bench = open_bench(connected=("CUP",), plugins=plugins)
        self.app = self.bench.app
        config = {"carrier": "post"}
        self.app.freight.connect(
            "post", provider="fake_carrier", config=config, by=STAFF
        )
        self.bought = self._label("1", None)
        self.unknown = self._label("2", Fault.LOST_AFTER)
        self.other = self.bench.accepted("4", CUP=1)

    def _label(self, number, fault):
        order_id = self.bench.accepted(number, CUP=2)
        self.post.faults = [fault]
        new = NewLabel(order_id=order_id, method="post:std")
        return self.app.labels.buy("demo", new, by=STAFF)


def a_label_lost(world):
    world.lose(LABELS, of(label_id=world.unknown.label_id))
    return "marked_label_is_open", world.unknown.order_id


def a_label_that_ended_in_silence(world):
    label_id = world.unknown.label_id
    world.rewrite(LABELS, of(label_id=label_id), state="absent")
    return "marked_label_is_open", world.unknown.order_id


def a_label_of_no_order(world):
    label_id = world.unknown.label_id
    world.rewrite(LABELS, of(label_id=label_id), order_id="nobody's")
    return "label_has_its_order", label_id


def a_label_that_its_order_does_not_know(world):
    world.rewrite(ORDERS, of(order_id=world.unknown.order_id), labels=())
    return "order_marks_its_labels", world.unknown.label_id


def a_label_of_more_units(world):
    def more(items):
        return (attrs.evolve(items[0], quantity=3),)

    label_id = world.unknown.label_id
    world.rewrite(LABELS, of(label_id=label_id), items=more)
    return "order_marks_its_labels", label_id


def a_label_bought_for_nothing(world):
    label_id = world.bought.label_id
    world.rewrite(LABELS, of(label_id=label_id), currency="")
    return "label_says_what_was_bought", label_id


def a_label_that_earns_money(world):
    label_id = world.bought.label_id
    world.rewrite(LABELS, of(label_id=label_id), price_minor=-1)
    return "label_says_what_was_bought", label_id


def a_label_with_a_number_that_was_not_bought(world):
    label_id = world.unknown.label_id
    world.rewrite(LABELS, of(label_id=label_id), tracking_number="FP1")
    return "label_says_what_was_bought", label_id


def a_label_of_another_parcel(world):
    label_id = world.bought.label_id
    world.rewrite(LABELS, of(label_id=label_id), parcel_id="nobody's")
    return "label_has_its_parcel", label_id


def a_label_with_another_number_than_its_parcel(world):
    label_id = world.bought.label_id
    world.rewrite(LABELS, of(label_id=label_id), tracking_number="FP9")
    return "label_has_its_parcel", label_id


def a_parcel_of_another_order(world):
    parcel_id = world.bought.parcel_id
    world.rewrite(PARCELS, of(parcel_id=parcel_id), order_id=world.other)
    return "label_has_its_parcel", world.bought.label_id


def a_parcel_with_two_labels(world):
    world.make(LABELS, attrs.evolve(world.bought, label_id="again"))
    return "parcel_has_one_label", "again"


def a_label_that_no_worker_finds(world):
    world.rewrite_row(LABELS, {"label_id": world.unknown.label_id}, stage="bought")
    return "columns_follow_their_row", f"label {world.unknown.label_id}"


def a_label_in_a_state_nobody_knows(world):
    world.rewrite_row(LABELS, {"label_id": world.bought.label_id}, state="sold")
    return "stored_can_be_read", "demo: check_labels"


PLANTED = [
    plant
    for name, plant in list(globals().items())
    if name.startswith(("a_", "an_")) and callable(plant)
]


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_it_is_named(plant):
    """
    What was changed behind the API is found, by the right name.
    """
    world = Labelled()
    assert world.app.audit.run(replay=True).is_clean

    expected = plant(world)

    found = {(v.invariant, v.subject) for v in world.app.audit.run().violations}
    assert expected in found


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_advice_or_a_repair_is_there(plant):
    """
    A plan names each finding, and says what to do about what it cannot mend.
    """
    world = Labelled()
    plant(world)

    plan = world.app.repairing.plan()

    assert all(left.advice for left in plan.left)


def test_what_is_repaired_is_clean():
    """
    A column by which a worker finds it.
    """
    world = Labelled()
    a_label_that_no_worker_finds(world)
    desk = world.bench.sh.staff("ann")

    desk.repair.do(desk.repair.plan(), reason="ticket 7")
    world.bench.clock.advance(timedelta(hours=1))
    world.app.labels.run()

    assert world.app.audit.run(replay=True).is_clean
    assert () == world.app.labels.open()
