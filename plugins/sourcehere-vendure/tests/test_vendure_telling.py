"""
Telling Vendure of parcels: fulfilments that cannot be changed, and notes.
"""

import attrs
import httpx2
import pytest

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import DeclinedError, UnknownOutcomeError
from sourcehere.testing.kit import ShopLine, ShopOrder, WireFault
from sourcehere.testing.kit.store_asking import fetched
from sourcehere.testing.kit.store_base import number_of, parcel_of, told

ORDER = ShopOrder(lines=(ShopLine(sku="LAMP", quantity=3, price=Money(1_000, "USD")),))


def states(lab, name):
    """
    Return number and state of each fulfilment.
    """
    return [(one["number"], one["state"]) for one in lab.told(name)["fulfilments"]]


def test_the_carrier_is_the_method(lab):
    """
    Customers see both.
    """
    name, shop = lab.place(ORDER), lab.connect()
    shop.push_fulfilment(parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 3}))
    (one,) = lab.told(name)["fulfilments"]
    assert ("Royal Mail", "RM1GB", "Shipped") == (
        one["method"],
        one["number"],
        one["state"],
    )


def test_a_number_is_put_right_by_another_fulfilment(lab):
    """
    The old one is cancelled, and its units are free for the new one.
    """
    name, shop = lab.place(ORDER), lab.connect()
    order = fetched(shop, name)
    old = shop.push_fulfilment(parcel_of(order, "WRONG", {"LAMP": 3}))
    right = parcel_of(order, "RIGHT", {"LAMP": 3}, reference=old)
    assert shop.push_fulfilment(right) == shop.push_fulfilment(right) != old
    assert [("WRONG", "Cancelled"), ("RIGHT", "Shipped")] == states(lab, name)
    assert [3] == [line.quantity_fulfilled for line in fetched(shop, name).lines]


def test_a_correction_that_broke_is_finished(lab):
    """
    Between the old one, which is gone, and the new one, which is not there.
    """
    name, shop = lab.place(ORDER), lab.connect()
    order = fetched(shop, name)
    old = shop.push_fulfilment(parcel_of(order, "WRONG", {"LAMP": 3}))
    right = parcel_of(order, "RIGHT", {"LAMP": 3}, reference=old)
    lab.line.fail(WireFault.BEFORE, after=2)
    with pytest.raises(UnknownOutcomeError):
        shop.push_fulfilment(right)
    assert [("WRONG", "Cancelled")] == states(lab, name)
    shop.push_fulfilment(right)
    assert told(lab, name) == {"RIGHT": {"LAMP": 3}}


def test_a_fulfilment_that_was_half_made_is_finished(lab):
    """
    It is not taken for one that left, and no other is made.
    """
    name, shop = lab.place(ORDER), lab.connect()
    parcel = parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 1})
    lab.line.fail(WireFault.BEFORE, after=3)
    with pytest.raises(UnknownOutcomeError):
        shop.push_fulfilment(parcel)
    assert [("RM1GB", "Pending")] == states(lab, name)
    assert shop.find_push(parcel) is None
    assert [0] == [line.quantity_fulfilled for line in fetched(shop, name).lines]

    reference = shop.push_fulfilment(parcel)
    assert [("RM1GB", "Shipped")] == states(lab, name)
    assert reference == shop.find_push(parcel)


def test_one_number_for_two_boxes_is_two_fulfilments(lab):
    """
    The second one has other units, so that it is another box.
    """
    name, shop = lab.place(ORDER), lab.connect()
    order = fetched(shop, name)
    first = parcel_of(order, "RM1GB", {"LAMP": 1})
    second = parcel_of(order, "RM1GB", {"LAMP": 2}, parcel_id="P2")
    references = [shop.push_fulfilment(first)]
    assert shop.find_push(second) is None
    references.append(shop.push_fulfilment(second))
    assert [("RM1GB", "Shipped")] * 2 == states(lab, name)
    assert [3] == [line.quantity_fulfilled for line in fetched(shop, name).lines]
    for tell in (shop.find_push, shop.push_fulfilment):
        assert references == [tell(one) for one in (first, second)]
    assert 2 == len(states(lab, name))


def test_a_part_of_what_the_merchant_sent_under_the_number_is_told(lab):
    name, shop = lab.place(ORDER), lab.connect()
    order = fetched(shop, name)
    whole = shop.push_fulfilment(parcel_of(order, "RM1GB", {"LAMP": 3}))
    part = parcel_of(order, "RM1GB", {"LAMP": 2}, parcel_id="P2")
    assert whole == shop.find_push(part) == shop.push_fulfilment(part)
    assert [("RM1GB", "Shipped")] == states(lab, name)


class Meanwhile(httpx2.BaseTransport):
    """
    Lets something happen just before the first request that says *word*.
    """

    def __init__(self, inner, word, happen):
        self._inner, self._word, self._happen = inner, word, happen

    def handle_request(self, request):
        """
        Pass on.
        """
        if self._happen and self._word in request.read().decode():
            happen, self._happen = self._happen, None
            happen()
        return self._inner.handle_request(request)


def test_one_that_another_process_told_meanwhile_is_kept(lab):
    """
    Ours is taken back, and has the other one's reference.
    """
    name, other = (
        lab.place(ORDER),
        lab.connect(url=lab.server.url.replace("127.0.0.1", "LOCALHOST")),
    )
    parcel = parcel_of(fetched(other, name), "RM1GB", {"LAMP": 1})
    seen = []
    meanwhile = Meanwhile(
        lab.server.transport,
        "addFulfillmentToOrder",
        lambda: seen.append(other.push_fulfilment(parcel)),
    )
    assert [lab.connect(meanwhile).push_fulfilment(parcel)] == seen
    assert [("RM1GB", "Shipped"), ("RM1GB", "Cancelled")] == states(lab, name)


def test_more_than_there_is_is_declined(lab):
    """
    In Vendure's words, and nothing is left behind.
    """
    name, shop = lab.place(ORDER), lab.connect()
    parcel = parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 4})
    with pytest.raises(DeclinedError, match="ITEMS_ALREADY_FULFILLED_ERROR"):
        shop.push_fulfilment(parcel)
    assert [] == states(lab, name)


def test_a_number_is_noted_once(lab):
    """
    By another process, too; the customer may read it.
    """
    name, shop = lab.place(ORDER), lab.connect()
    notice = number_of(fetched(shop, name), "RM1GB")
    assert shop.find_push(notice) is None
    first = shop.push_tracking(notice)
    assert first == lab.connect().push_tracking(notice) == shop.find_push(notice)
    (note,) = lab.told(name)["notes"]
    assert note["note"].startswith("Shipped with Royal Mail: RM1GB [")
    assert note["isPublic"]


@pytest.mark.parametrize("fault", [WireFault.AFTER, WireFault.GARBAGE])
def test_a_note_whose_answer_was_lost_is_not_written_again(lab, fault):
    """
    It is found in the order's history.
    """
    name, shop = lab.place(ORDER), lab.connect()
    notice = number_of(fetched(shop, name), "RM1GB")
    lab.line.fail(fault, after=1)
    with pytest.raises(Exception, match="vendure"):
        shop.push_tracking(notice)
    assert shop.push_tracking(notice)
    assert told(lab, name) == {"RM1GB": {}}


def test_a_note_behind_more_than_a_hundred_is_found(lab):
    """
    It is not written again, and is taken away once its units are told.
    """
    name, shop = lab.place(ORDER), lab.connect()
    order = fetched(shop, name)
    notice = number_of(order, "RM1GB")
    first = shop.push_tracking(notice)
    for n in range(101):
        other = number_of(order, f"RM{n}XX")
        shop.push_tracking(attrs.evolve(other, parcel_id=f"P{n + 2}"))
    assert first == shop.find_push(notice) == shop.push_tracking(notice)
    shop.push_fulfilment(parcel_of(order, "RM1GB", {"LAMP": 3}, reference=first))
    notes = lab.told(name)["notes"]
    assert 101 == len(notes)
    assert not any("RM1GB" in note["note"] for note in notes)


def test_a_note_takes_the_place_of_another(lab):
    """
    A number that is put right before any unit is complete.
    """
    name, shop = lab.place(ORDER), lab.connect()
    order = fetched(shop, name)
    wrong = shop.push_tracking(number_of(order, "WRONG"))
    right = attrs.evolve(number_of(order, "RIGHT"), replaces_reference=wrong)
    late = number_of(order, "WRONG")
    assert {wrong} == {shop.push_tracking(one) for one in (right, right, late)}
    assert wrong == shop.find_push(late)
    assert told(lab, name) == {"RIGHT": {}}


def test_units_take_the_place_of_a_note(lab):
    """
    And a note that of units.
    """
    name, shop = lab.place(ORDER), lab.connect()
    order = fetched(shop, name)
    note = shop.push_tracking(number_of(order, "RM1GB"))
    whole = shop.push_fulfilment(parcel_of(order, "RM2GB", {"LAMP": 3}, reference=note))
    assert told(lab, name) == {"RM2GB": {"LAMP": 3}}
    shop.push_tracking(
        attrs.evolve(number_of(order, "RM3GB"), replaces_reference=whole)
    )
    assert told(lab, name) == {"RM3GB": {}}


def test_a_number_for_an_order_that_is_none_is_declined(lab):
    """
    A definite no.
    """
    shop = lab.connect()
    notice = number_of(fetched(shop, lab.place(ORDER)), "RM1GB")
    with pytest.raises(DeclinedError):
        shop.push_tracking(attrs.evolve(notice, external_id="999999999"))
