"""
Telling Medusa of parcels: fulfilments that are shipped, labels that are put right.
"""

import attrs
import httpx2
import pytest
from medusa_lab import MedusaLab

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ThrottledError,
    UnknownOutcomeError,
)
from sourcehere.testing.kit import ShopLine, ShopOrder, WireFault
from sourcehere.testing.kit.store_asking import fetched
from sourcehere.testing.kit.store_base import number_of, parcel_of, told

ORDER = ShopOrder(lines=(ShopLine(sku="LAMP", quantity=3, price=Money(1_000, "USD")),))
ALL = {"LAMP": 3}


class World:
    """
    A shop with an order of three lamps.
    """

    def __init__(self, **config):
        self.lab = MedusaLab(**config)
        self.shop = self.lab.connect()
        self.name = self.lab.place(ORDER)
        self.kept = self.lab.server.orders[self.name]

    def parcel(self, number="RM1GB", units=None, **more):
        """
        Say that a parcel left, and count requests from now on.
        """
        made = parcel_of(fetched(self.shop, self.name), number, units or ALL, **more)
        self.lab.server.requests.clear()
        return made

    def notice(self, number="RM1GB", **more):
        """
        Say a number only.
        """
        made = number_of(fetched(self.shop, self.name), number)
        return attrs.evolve(made, **more)

    def told(self):
        """
        Return what the customer sees.
        """
        return told(self.lab, self.name)

    def asked(self):
        """
        Return the methods of the requests.
        """
        return [one.partition(" ")[0] for one in self.lab.server.requests]


@pytest.fixture
def world():
    return World()


def test_a_parcel_takes_four_requests(world):
    """
    Look, make, look whether another process was faster, ship; told again, one look.
    """
    parcel = world.parcel()
    world.shop.push_fulfilment(parcel)
    assert ["GET", "POST", "GET", "POST"] == world.asked()
    world.shop.push_fulfilment(parcel)
    assert ["GET"] == world.asked()[4:]


def test_the_carrier_stands_in_the_metadata(world):
    """
    A label has no place for it.
    """
    world.shop.push_fulfilment(world.parcel())
    (one,) = world.kept.fulfilments
    assert "Royal Mail" == one["metadata"]["carrier"]
    assert (None, False) == (one["location_id"], one["no_notification"])


def test_where_from_and_whether_to_notify_is_configured():
    """
    The location, and no word to the customer.
    """
    world = World(location="sloc_1", tells_customers=False)
    world.shop.push_fulfilment(world.parcel())
    (one,) = world.kept.fulfilments
    assert ("sloc_1", True) == (one["location_id"], one["no_notification"])


def test_a_number_is_put_right_in_its_label(world):
    """
    The fulfilment stays, since it cannot be cancelled any more.
    """
    old = world.shop.push_fulfilment(world.parcel("WRONG"))
    right = world.parcel("RIGHT", reference=old)
    assert world.shop.push_fulfilment(right) == world.shop.push_fulfilment(right) == old
    assert {"RIGHT": ALL} == world.told()
    (one,) = world.kept.fulfilments
    assert "RIGHT" == one["metadata"]["tracking_number"]
    assert [3] == [x.quantity_fulfilled for x in fetched(world.shop, world.name).lines]


def test_a_fulfilment_that_was_half_made_is_finished(world):
    """
    It is not taken for one that left, and no other is made.
    """
    parcel = world.parcel()
    world.lab.line.fail(WireFault.BEFORE, after=3)
    with pytest.raises(UnknownOutcomeError):
        world.shop.push_fulfilment(parcel)
    (one,) = world.kept.fulfilments
    assert one["shipped_at"] is None
    assert world.shop.find_push(parcel) is None
    assert [0] == [x.quantity_fulfilled for x in fetched(world.shop, world.name).lines]

    assert one["id"] == world.shop.push_fulfilment(parcel)
    assert one["id"] == world.shop.find_push(parcel)
    assert {"RM1GB": ALL} == world.told()


def test_a_half_made_one_that_was_wrong_is_cancelled(world):
    """
    Its units are free for the right one.
    """
    world.lab.line.fail(WireFault.BEFORE, after=4)
    with pytest.raises(UnknownOutcomeError):
        world.shop.push_fulfilment(world.parcel("WRONG"))
    world.shop.push_fulfilment(world.parcel("RIGHT"))
    assert [True, False] == [bool(x["canceled_at"]) for x in world.kept.fulfilments]
    assert {"RIGHT": ALL} == world.told()


def test_what_somebody_fulfilled_by_hand_is_finished(world):
    """
    Under the same number it is the same parcel.
    """
    order = fetched(world.shop, world.name)
    items = [{"id": order.lines[0].external_line_id, "quantity": 3}]
    body = {"items": items, "no_notification": False}
    world.lab.server._write(world.kept, ["fulfillments"], body)
    (one,) = world.kept.fulfilments
    label = {"tracking_number": "RM1GB", "tracking_url": "#", "label_url": "#"}
    ship = {"items": items, "labels": [label]}
    world.lab.server._write(world.kept, ["fulfillments", one["id"], "shipments"], ship)

    assert one["id"] == world.shop.push_fulfilment(world.parcel())
    with pytest.raises(DeclinedError, match="more items than what was ordered"):
        world.shop.push_fulfilment(world.parcel("RM2GB", parcel_id="P2"))


def test_one_beside_another_that_has_left_is_taken_back(world):
    """
    Ours broke half-way, and somebody shipped the rest by hand under its number.
    """
    parcel = world.parcel(units={"LAMP": 1})
    world.lab.line.fail(WireFault.BEFORE, after=3)
    with pytest.raises(UnknownOutcomeError):
        world.shop.push_fulfilment(parcel)
    by_hand = world.shop.push_fulfilment(
        world.parcel("HAND", {"LAMP": 1}, parcel_id="P2")
    )
    ours, theirs = world.kept.fulfilments
    label = {"tracking_number": "RM1GB", "tracking_url": "", "label_url": ""}
    theirs |= {"labels": [label], "metadata": None}

    assert by_hand == world.shop.push_fulfilment(parcel)
    assert ours["canceled_at"]
    assert 1 == world.kept.lines[0]["packed"]


def test_what_was_cancelled_in_the_shop_is_told_anew(world):
    """
    A fulfilment that does not count has no number.
    """
    parcel = world.parcel()
    world.lab.line.fail(WireFault.BEFORE, after=3)
    with pytest.raises(UnknownOutcomeError):
        world.shop.push_fulfilment(parcel)
    (one,) = world.kept.fulfilments
    world.lab.server._write(world.kept, ["fulfillments", one["id"], "cancel"], {})

    assert one["id"] != world.shop.push_fulfilment(parcel)
    assert {"RM1GB": ALL} == world.told()


def test_two_parcels_of_one_number_are_two(world):
    """
    A consignment of two boxes.
    """
    first = world.shop.push_fulfilment(world.parcel(units={"LAMP": 1}))
    second = world.parcel(units={"LAMP": 2}, parcel_id="P2")
    assert first != world.shop.push_fulfilment(second)
    assert [1, 2] == [sum(x["units"].values()) for x in world.kept.fulfilments]


class Meanwhile(httpx2.BaseTransport):
    """
    Lets something happen just before the first write to a path that ends with *word*.
    """

    def __init__(self, inner, word, happen):
        self._inner, self._word, self._happen = inner, word, happen

    def handle_request(self, request):
        """
        Pass on.
        """
        is_it = request.method == "POST" and request.url.path.endswith(self._word)
        if self._happen and is_it:
            happen, self._happen = self._happen, None
            happen()
        return self._inner.handle_request(request)


@pytest.mark.parametrize("word", ["/fulfillments", "/shipments"])
def test_one_that_another_process_told_meanwhile_is_kept(word):
    """
    Ours is taken back, or was shipped already; the reference is the other one's.
    """
    world = World()
    other = MedusaLab(url="https://LOCALHOST")
    other.server, other.transport = world.lab.server, world.lab.transport
    parcel = world.parcel(units={"LAMP": 1})
    seen = []
    meanwhile = Meanwhile(
        world.lab.transport,
        word,
        lambda: seen.append(other.connect().push_fulfilment(parcel)),
    )
    assert [world.lab.connect(meanwhile).push_fulfilment(parcel)] == seen
    assert {"RM1GB": {"LAMP": 1}} == world.told()
    assert 1 == world.kept.lines[0]["packed"]


def test_one_that_another_process_has_half_made_is_finished():
    """
    It is the older one; ours is taken back, and when the other goes on it finds it.
    """
    world = World()
    other = MedusaLab(url="https://LOCALHOST")
    other.server, other.transport = world.lab.server, world.lab.transport
    parcel = world.parcel(units={"LAMP": 1})

    def break_half_way():
        other.line.fail(WireFault.BEFORE, after=3)
        with pytest.raises(UnknownOutcomeError):
            other.connect().push_fulfilment(parcel)

    meanwhile = Meanwhile(world.lab.transport, "/fulfillments", break_half_way)
    reference = world.lab.connect(meanwhile).push_fulfilment(parcel)
    theirs, ours = world.kept.fulfilments
    assert ours["canceled_at"]
    assert 1 == world.kept.lines[0]["packed"]
    assert reference == theirs["id"] == other.connect().push_fulfilment(parcel)


def test_more_than_there_is_is_declined(world):
    """
    In Medusa's words, and nothing is left behind.
    """
    with pytest.raises(DeclinedError, match="Cannot fulfill more items"):
        world.shop.push_fulfilment(world.parcel(units={"LAMP": 4}))
    assert [] == world.kept.fulfilments


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx2.Response(409, json={"type": "conflict"}), UnknownOutcomeError),
        (httpx2.Response(200, json={"message": "done"}), ProtocolError),
        (httpx2.Response(200, json=[]), ProtocolError),
        (httpx2.Response(429), ThrottledError),
    ],
)
def test_an_answer_that_is_no_yes_is_no_refusal(world, answer, error):
    """
    A conflict is one with another request: to be tried again.
    """

    def handle(request):
        is_it = request.method == "POST"
        return answer if is_it else world.lab.server.handle(request)

    shop = world.lab.connect(httpx2.MockTransport(handle))
    with pytest.raises(error):
        shop.push_fulfilment(world.parcel())


def test_a_shipment_that_is_refused_leaves_nothing(world):
    """
    Its units are free again.
    """

    def handle(request):
        if request.url.path.endswith("/shipments"):
            words = "Cannot create shipment without a Shipping Option"
            return httpx2.Response(400, json={"type": "not_allowed", "message": words})
        return world.lab.server.handle(request)

    shop = world.lab.connect(httpx2.MockTransport(handle))
    with pytest.raises(DeclinedError, match="without a Shipping Option"):
        shop.push_fulfilment(world.parcel())
    (one,) = world.kept.fulfilments
    assert one["canceled_at"]
    assert 0 == world.kept.lines[0]["packed"]


def test_a_number_is_kept_once(world):
    """
    By another process, too; it is beside the order.
    """
    notice = world.notice()
    assert world.shop.find_push(notice) is None
    first = world.shop.push_tracking(notice)
    world.lab.server.requests.clear()
    assert first == world.lab.connect().push_tracking(notice)
    assert ["GET"] == world.asked()
    assert first == world.shop.find_push(notice)
    assert {"RM1GB": {}} == world.told()


def test_a_number_takes_the_place_of_another(world):
    """
    Of the same parcel, or of one in whose place it was sent.
    """
    world.shop.push_tracking(world.notice("WRONG"))
    world.shop.push_tracking(world.notice("RIGHT", idempotency_key="P1/RIGHT"))
    assert {"RIGHT": {}} == world.told()
    world.shop.push_tracking(world.notice("RM3GB", parcel_id="P3", replaces=("P1",)))
    assert {"RM3GB": {}} == world.told()


def test_units_take_the_place_of_a_number(world):
    """
    The number is taken away.
    """
    note = world.shop.push_tracking(world.notice())
    world.kept.metadata["gift"] = "yes"
    world.shop.push_fulfilment(world.parcel("RM2GB", reference=note))
    assert {"RM2GB": ALL} == world.told()
    assert {"gift": "yes"} == world.kept.metadata


def test_a_number_in_the_place_of_units_is_theirs(world):
    """
    Medusa takes back nothing that was shipped.
    """
    whole = world.shop.push_fulfilment(world.parcel("RM2GB"))
    notice = world.notice("RM3GB", idempotency_key="P1/3", replaces_reference=whole)
    assert whole == world.shop.push_tracking(notice) == world.shop.push_tracking(notice)
    assert whole == world.shop.find_push(notice)
    assert {"RM3GB": ALL} == world.told()


@pytest.mark.parametrize("name", ["999999999", "../orders"])
def test_a_number_for_an_order_that_is_none_is_declined(world, name):
    """
    A definite no.
    """
    notice = attrs.evolve(world.notice(), external_id=name)
    for tell in (world.shop.push_tracking, world.shop.find_push):
        with pytest.raises(DeclinedError, match="there is no order"):
            tell(notice)
