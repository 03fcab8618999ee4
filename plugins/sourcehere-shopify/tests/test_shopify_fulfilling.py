"""
Parcels, told to fulfilment orders in every state.
"""

import hashlib
import json

import attrs
import pytest
from shopify_lab import ShopifyLab
from shopify_server import SERVICED

from sourcehere import Money
from sourcehere.ports.errors import DeclinedError
from sourcehere.testing.kit import ShopLine, ShopOrder
from sourcehere.testing.kit.store_asking import fetched
from sourcehere.testing.kit.store_base import number_of, parcel_of, told

HERE, THERE = "gid://shopify/Location/1", "gid://shopify/Location/2"


class World:
    """
    A shop with an order of 3 lamps and a cup.
    """

    def __init__(self, **config):
        self.lab = ShopifyLab(**config)
        self.shop = self.lab.connect()
        price = Money(1_234, "USD")
        lines = [ShopLine(sku=s, quantity=n, price=price) for s, n in UNITS.items()]
        self.name = self.lab.place(ShopOrder(lines=tuple(lines)))
        self.kept = self.lab.server.orders[int(self.name)]
        self.lab.server.requests.clear()

    def parcel(self, number="RM1GB", units=None, **more):
        order = fetched(self.shop, self.name)
        self.lab.server.requests.clear()
        return parcel_of(order, number, units or UNITS, **more)

    def told(self):
        return told(self.lab, self.name)

    def sent(self):
        lines = fetched(self.shop, self.name).lines
        return {line.sku: line.quantity_fulfilled for line in lines}


UNITS = {"LAMP": 3, "CUP": 1}


def test_a_parcel_takes_two_requests():
    world = World()
    world.shop.push_fulfilment(world.parcel())
    assert world.lab.server.requests == ["ToFulfil", "Fulfil"]
    assert world.kept.made[0].company == "Royal Mail"
    assert world.kept.made[0].notified


def test_nobody_gets_mail_where_the_shop_wants_none():
    world = World(notifies_customers=False)
    world.shop.push_fulfilment(world.parcel())
    assert not world.kept.made[0].notified


def test_a_corrected_number_is_put_into_the_fulfilment():
    """
    Nothing is cancelled, so that the customer's page stays.
    """
    world = World()
    reference = world.shop.push_fulfilment(world.parcel("WRONG"))
    parcel = world.parcel("RIGHT", reference=reference)
    assert world.shop.push_fulfilment(parcel) == reference
    assert world.lab.server.requests == ["ToFulfil", "Tracking"]
    assert world.told() == {"RIGHT": UNITS}


def test_a_replacement_with_other_units_is_another_fulfilment():
    world = World()
    reference = world.shop.push_fulfilment(world.parcel("RM1GB", {"LAMP": 2}))
    world.shop.push_fulfilment(
        world.parcel("RM2GB", {"LAMP": 1}, replaces=("P1",), reference=reference)
    )
    assert world.told() == {"RM2GB": {"LAMP": 1}}


def test_a_correction_of_what_the_merchant_cancelled_is_told_anew():
    world = World()
    reference = world.shop.push_fulfilment(world.parcel("WRONG"))
    world.kept.made[0].status = "CANCELLED"
    world.shop.push_fulfilment(world.parcel("RIGHT", reference=reference))
    assert world.told() == {"RIGHT": UNITS}


def test_a_scheduled_order_is_opened():
    world = World()
    world.kept.status = "SCHEDULED"
    world.shop.push_fulfilment(world.parcel())
    assert world.lab.server.requests == ["ToFulfil", "Open", "Fulfil"]
    assert world.told() == {"RM1GB": UNITS}


def test_a_request_is_accepted():
    world = World()
    world.kept.request = "SUBMITTED"
    world.shop.push_fulfilment(world.parcel())
    assert world.lab.server.requests == ["ToFulfil", "Accept", "Fulfil"]
    assert world.told() == {"RM1GB": UNITS}


def test_a_hold_is_the_merchants():
    world = World()
    world.kept.status = "ON_HOLD"
    with pytest.raises(DeclinedError, match="on hold in the shop: asked for another"):
        world.shop.push_fulfilment(world.parcel())
    assert world.kept.status == "ON_HOLD"
    assert world.told() == {}


def test_a_hold_is_released_where_the_shop_says_so():
    world = World(releases_holds=True)
    world.kept.status = "ON_HOLD"
    world.shop.push_fulfilment(world.parcel())
    assert world.lab.server.requests == ["ToFulfil", "Release", "Fulfil"]
    assert world.told() == {"RM1GB": UNITS}


def test_what_is_assigned_elsewhere_is_moved():
    world = World(location="1")
    world.kept.locations = {line.id: THERE for line in world.kept.lines}
    world.shop.push_fulfilment(world.parcel())
    assert world.lab.server.requests == ["ToFulfil", "Move", "ToFulfil", "Fulfil"]
    assert world.kept.made[0].location == HERE


def test_what_is_moved_to_where_the_rest_is_becomes_one_fulfilment():
    """
    Shopify puts both into a new fulfilment order, with new names of lines.

    Source: shopify.dev, `fulfillmentOrderMove`, "Second scenario" (2026-07).
    """
    world = World(location="1")
    world.kept.locations = {world.kept.lines[1].id: THERE}
    world.shop.push_fulfilment(world.parcel())
    assert [HERE] == [made.location for made in world.kept.made]
    assert world.told() == {"RM1GB": UNITS}


def test_what_is_left_of_what_another_location_began_is_moved():
    """
    What is moved is in another fulfilment order, since the one before has units that
    were fulfilled.

    Source: shopify.dev, `FulfillmentOrderMovePayload.movedFulfillmentOrder` (2026-07).
    """
    world = World()
    world.kept.locations = {line.id: THERE for line in world.kept.lines}
    world.shop.push_fulfilment(world.parcel("BY-HAND", {"LAMP": 1}))
    ours = World(location="1")
    ours.lab.server.orders[int(ours.name)] = ours.kept = world.kept
    world.kept.id = int(ours.name)
    ours.shop.push_fulfilment(ours.parcel("RM1GB", {"LAMP": 2, "CUP": 1}))
    assert [THERE, HERE] == [made.location for made in ours.kept.made]
    assert ours.sent() == UNITS


@pytest.mark.parametrize("request_status", sorted(SERVICED))
def test_what_a_service_was_asked_for_is_not_moved(request_status):
    """
    Shopify refuses to move it; it is not accepted in the service's name either.

    Source: shopify.dev, `fulfillmentOrderMove` (2026-07).
    """
    world = World(location="1")
    world.kept.locations = {line.id: THERE for line in world.kept.lines}
    world.kept.request = request_status
    with pytest.raises(DeclinedError, match="a fulfilment service was asked for it"):
        world.shop.push_fulfilment(world.parcel())
    assert ["ToFulfil"] == world.lab.server.requests
    assert request_status == world.kept.request
    assert world.told() == {}


def test_too_few_units_change_nothing():
    """
    What cannot be told whole neither opens nor moves anything.
    """
    world = World(location="1")
    parcel = world.parcel("RM1GB", {"LAMP": 3})
    world.kept.lines[0].current = 2
    world.kept.locations = {line.id: THERE for line in world.kept.lines}
    world.kept.status = "SCHEDULED"
    with pytest.raises(DeclinedError, match="no units left to fulfil: 1 of"):
        world.shop.push_fulfilment(parcel)
    assert ["ToFulfil"] == world.lab.server.requests
    assert "SCHEDULED" == world.kept.status


def test_units_of_two_locations_are_two_fulfilments():
    """
    Shopify makes a fulfilment at one location; together they are one parcel.
    """
    world = World()
    world.kept.locations = {world.kept.lines[1].id: THERE}
    parcel = world.parcel()
    reference = world.shop.push_fulfilment(parcel)
    assert len(reference.split()) == 2
    assert [made.number for made in world.kept.made] == ["RM1GB", "RM1GB"]
    assert sorted(made.location for made in world.kept.made) == [HERE, THERE]
    assert reference == world.shop.push_fulfilment(parcel)
    right = world.parcel("RIGHT", reference=reference)
    assert reference == world.shop.push_fulfilment(right)
    assert [made.number for made in world.kept.made] == ["RIGHT", "RIGHT"]
    assert fetched(world.shop, world.name).lines[0].quantity_fulfilled == 3


def test_what_the_merchant_sent_by_hand_is_not_sent_again():
    world = World()
    world.shop.push_fulfilment(world.parcel("BY-HAND", {"LAMP": 2}))
    with pytest.raises(DeclinedError, match="no units left to fulfil: 2 of"):
        world.shop.push_fulfilment(world.parcel("RM1GB", {"LAMP": 3}))
    assert world.told() == {"BY-HAND": {"LAMP": 2}}


def test_of_two_that_are_told_at_once_the_older_stays():
    """
    Another process told the same between our look and our word.
    """
    world = World()
    other = world.lab.connect()
    parcel = world.parcel("RM1GB", {"LAMP": 1})
    look = world.shop._fulfiller.look(world.name)
    first = other.push_fulfilment(parcel)
    assert first == world.shop._fulfiller._create(look, parcel)
    assert [made.status for made in world.kept.made] == ["SUCCESS", "CANCELLED"]
    assert world.told() == {"RM1GB": {"LAMP": 1}}
    assert fetched(world.shop, world.name).lines[0].quantity_fulfilled == 1


def gid(made):
    return f"gid://shopify/Fulfillment/{made.id}"


class TestOneNumberForTwoParcels:
    """
    Some carriers give several boxes of one order one number.
    """

    def test_each_has_its_units(self):
        """
        The second parcel is another one, since it has other units.
        """
        world = World()
        first = world.parcel("RM1GB", {"LAMP": 1})
        second = world.parcel("RM1GB", {"LAMP": 2, "CUP": 1}, parcel_id="P2")
        references = [world.shop.push_fulfilment(first)]
        assert world.shop.find_push(second) is None
        references.append(world.shop.push_fulfilment(second))
        assert references == [gid(made) for made in world.kept.made]
        assert world.sent() == UNITS
        assert references == [world.shop.find_push(one) for one in (first, second)]
        assert references == [
            world.shop.push_fulfilment(one) for one in (first, second)
        ]
        assert len(world.kept.made) == 2

    def test_one_of_another_line_is_another_parcel(self):
        world = World()
        world.shop.push_fulfilment(world.parcel("RM1GB", {"CUP": 1}))
        parcel = world.parcel("RM1GB", {"LAMP": 3}, parcel_id="P2")
        world.shop.push_fulfilment(parcel)
        assert world.sent() == UNITS

    def test_what_a_crash_left_out_is_told(self):
        """
        Its units are assigned to two locations, and only the first fulfilment was made.
        """
        world = World()
        world.kept.locations = {world.kept.lines[1].id: THERE}
        parcel = world.parcel()
        whole = world.shop.push_fulfilment(parcel)
        _, second = world.kept.made
        second.status = "CANCELLED"
        assert world.shop.find_push(parcel) is None
        again = world.shop.push_fulfilment(parcel)
        assert again != whole
        assert len(again.split()) == 2
        assert world.sent() == UNITS

    def test_what_the_merchant_sent_under_the_number_is_told(self):
        """
        All of the order, by hand, and ours is a part of it.
        """
        world = World()
        world.shop.push_fulfilment(world.parcel("RM1GB"))
        parcel = world.parcel("RM1GB", {"LAMP": 2}, parcel_id="P2")
        assert world.shop.find_push(parcel) == gid(world.kept.made[0])
        world.shop.push_fulfilment(parcel)
        assert world.sent() == UNITS


class TestRefused:
    """
    What Shopify says no to did not happen; its words are told.
    """

    WORDS = "it is not yours"

    def test_a_parcel(self):
        world = World()
        parcel = world.parcel()
        world.lab.server.refuses["fulfillmentCreate"] = self.WORDS
        with pytest.raises(DeclinedError, match=f"fulfillmentCreate: {self.WORDS}"):
            world.shop.push_fulfilment(parcel)
        assert world.told() == {}

    def test_a_correction(self):
        world = World()
        reference = world.shop.push_fulfilment(world.parcel("WRONG"))
        parcel = world.parcel("RIGHT", reference=reference)
        world.lab.server.refuses["fulfillmentTrackingInfoUpdate"] = self.WORDS
        with pytest.raises(DeclinedError, match=self.WORDS):
            world.shop.push_fulfilment(parcel)
        assert world.told() == {"WRONG": UNITS}

    def test_a_note(self):
        world = World()
        notice = number_of(fetched(world.shop, world.name), "RM1GB")
        world.lab.server.refuses["metafieldsSet"] = self.WORDS
        with pytest.raises(DeclinedError, match=self.WORDS):
            world.shop.push_tracking(notice)
        assert world.kept.notes == {}

    def test_a_subscription(self):
        world = World()
        world.lab.server.refuses["webhookSubscriptionCreate"] = self.WORDS
        with pytest.raises(DeclinedError, match=self.WORDS):
            world.shop.subscribe("https://host.example/hooks/a/b")
        assert world.lab.server.subscriptions == {}


class TestNumbersAlone:
    def test_a_number_is_noted_once(self):
        world = World()
        notice = number_of(fetched(world.shop, world.name), "RM1GB")
        reference = world.shop.push_tracking(notice)
        assert reference == world.shop.push_tracking(notice)
        (note,) = world.kept.notes.values()
        assert {
            "carrier": "Royal Mail",
            "number": "RM1GB",
            "keys": [hashlib.sha256(b"P1/RM1GB").hexdigest()[:24]],
        } == json.loads(note)
        assert world.shop.find_push(notice) == reference

    def test_a_note_that_somebody_changed_is_written_anew(self):
        world = World()
        notice = number_of(fetched(world.shop, world.name), "RM1GB")
        world.shop.push_tracking(notice)
        (name,) = world.kept.notes
        for changed in ("null", "[]", '{"keys": 1}', "nonsense"):
            world.kept.notes[name] = changed
            assert world.shop.find_push(notice) is None
            world.shop.push_tracking(notice)
            assert "RM1GB" == json.loads(world.kept.notes[name])["number"]

    def test_another_parcel_takes_the_place_of_a_note(self):
        world = World()
        order = fetched(world.shop, world.name)
        reference = world.shop.push_tracking(number_of(order, "RM1GB"))
        newer = number_of(order, "RM2GB", reference=reference)
        world.shop.push_tracking(attrs.evolve(newer, parcel_id="P2"))
        (note,) = world.kept.notes.values()
        assert "RM2GB" == json.loads(note)["number"]

    def test_units_take_its_place(self):
        world = World()
        notice = number_of(fetched(world.shop, world.name), "RM1GB")
        reference = world.shop.push_tracking(notice)
        world.shop.push_fulfilment(world.parcel("RM1GB", reference=reference))
        assert world.kept.notes == {}
        assert world.told() == {"RM1GB": UNITS}

    def test_an_order_that_is_none_is_declined(self):
        world = World()
        notice = number_of(fetched(world.shop, world.name), "RM1GB")
        object.__setattr__(notice, "external_id", "999")
        with pytest.raises(DeclinedError, match="there is no order 999"):
            world.shop.push_tracking(notice)
