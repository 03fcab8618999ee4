"""
What people wrote, and who they are, is refused by its field's name: errors end up in
logs, mails and tickets.
"""

import json
from dataclasses import dataclass

import attrs
import pytest

from sourcehere import (
    DisputeReason,
    HoldReason,
    InvalidInputError,
    Subject,
    TrackingFact,
    TrackingStatus,
    Wanted,
    to_dict,
)
from sourcehere.domain.kernel.address import Address
from sourcehere.ports.platforms import OrderPage
from sourcehere.testing.factories import NOON, dump, nothing_moves, open_bench, snapshot

BAD = "Canary\0"
LONG = "Canary " * 3_000


@dataclass
class World:
    """
    A bench with an order of a shop's.
    """

    bench: object
    order_id: str

    @property
    def shop(self):
        """
        The seller's desk.
        """
        return self.bench.sh.seller("demo")

    @property
    def ann(self):
        """
        The seller's desk, as staff have it.
        """
        return self.bench.sh.staff("ann").seller("demo")

    @property
    def wanted(self):
        """
        What a draft is of.
        """
        return [Wanted(self.bench.variants["CUP"], 1)]


@pytest.fixture
def world():
    """
    Return a world of one order.
    """
    bench = open_bench(connected=["CUP"])
    (order_id,) = bench.sync(snapshot("1", CUP=1))
    return World(bench, order_id)


CALLS = {
    "note": lambda w, text: w.shop.orders.note(w.order_id, text),
    "hold": lambda w, text: w.ann.orders.hold(
        w.order_id, reason=HoldReason.STAFF, detail=text
    ),
    "message": lambda w, text: w.shop.conversations.say(
        Subject.ORDER, w.order_id, text
    ),
    "attachment": lambda w, text: w.shop.conversations.say(
        Subject.ORDER, w.order_id, "see", attachments=[text]
    ),
    "evidence": lambda w, text: w.shop.disputes.open(
        w.order_id,
        reason=DisputeReason.DAMAGED,
        quantities={"1.1": 1},
        evidence={"photo": text},
    ),
    "name": lambda w, text: w.shop.orders.correct_address(
        w.order_id, Address("US", name=text)
    ),
    "email": lambda w, text: w.shop.drafts.manual(w.wanted, Address("US", email=text)),
    "place": lambda w, text: w.ann.parcels.record(
        [
            TrackingFact(
                parcel_id="p",
                key="k",
                status=TrackingStatus.DELIVERED,
                happened_at=NOON,
                place=text,
            )
        ]
    ),
    "sold to": lambda w, text: w.shop.local_stock.sell(
        w.bench.variants["CUP"], 1, note=text
    ),
    "quote": lambda w, text: w.shop.quotes.ask_for("lamp", words=text),
    "link": lambda w, text: w.shop.quotes.ask_for("lamp", link=text),
}


@pytest.mark.parametrize("text", [BAD, LONG, ["Canary"]], ids=["bad", "long", "list"])
@pytest.mark.parametrize("call", CALLS)
def test_what_is_refused_is_not_shown(world, call, text):
    """
    Whatever is wrong with it.
    """
    with nothing_moves(world.bench), pytest.raises(InvalidInputError) as ei:
        CALLS[call](world, text)

    assert "(not shown)" == ei.value.value
    assert "canary" not in f"{ei.value!r} {to_dict(ei.value)}".casefold()


WHOLES = {
    "address": lambda w, made: w.shop.orders.correct_address(w.order_id, made),
    "attachments": lambda w, made: w.shop.conversations.say(
        Subject.ORDER, w.order_id, "see", attachments=made
    ),
    "facts": lambda w, made: w.ann.parcels.record([made]),
}


@pytest.mark.parametrize(
    "made", ["Canary Row 17", {"name": "Canary"}], ids=["text", "dict"]
)
@pytest.mark.parametrize("call", WHOLES)
def test_of_what_is_no_record_the_kind_is_shown(world, call, made):
    """
    A text, or a mapping, that stands where an address belongs is all of the buyer.
    """
    with nothing_moves(world.bench), pytest.raises(InvalidInputError) as ei:
        WHOLES[call](world, made)

    assert f"a {type(made).__name__}" == ei.value.value
    assert "canary" not in f"{ei.value!r} {to_dict(ei.value)}".casefold()


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"buyer": "Canary"}, "order: a dict is not a StoreOrderSnapshot"),
        ('{"buyer": "Canary"}', "order: a str is not a StoreOrderSnapshot"),
        (
            attrs.evolve(snapshot("1", CUP=2), version=9, address={"name": "Canary"}),
            "order.address: a dict is not an Address",
        ),
    ],
    ids=["dict", "json", "address"],
)
def test_of_an_order_of_another_shape_the_kind_is_shown(world, order, words):
    """
    By the adapter of a shop, which is somebody else's program.
    """
    world.bench.shop.pages = [OrderPage((order,), (), (), "9", has_more=False)]
    world.shop.stores.sync("shop")
    (problem,) = world.shop.stores.problems("shop").items

    assert words == problem.detail
    assert {"told"} >= {
        name
        for name, rows in dump(world.bench.app.storage).items()
        if "canary" in json.dumps(rows, default=str).casefold()
    }


@pytest.mark.parametrize(
    "url",
    ["shop.example/hooks?key=canary", "https://canary@shop.example/" + 3_000 * "x"],
)
def test_an_address_that_webhooks_cannot_go_to_is_not_shown(world, url):
    """
    It may have what lets somebody in.
    """
    with nothing_moves(world.bench), pytest.raises(InvalidInputError) as ei:
        world.shop.stores.subscribe("shop", url=url)

    assert ("url", "(not shown)") == (ei.value.field, ei.value.value)


def personal_fields():
    """
    List the fields of an address that tell who or where somebody is.
    """
    return [field.name for field in attrs.fields(Address) if field.name != "country"]


@pytest.mark.parametrize("how", ["page", "webhook"])
@pytest.mark.parametrize("field", personal_fields())
def test_what_a_shop_tells_of_a_buyer_is_not_shown(world, field, how):
    """
    Neither among its problems nor in any other row but the journal.
    """
    bench = world.bench
    told = attrs.evolve(
        snapshot("1", CUP=2), version=9, address=Address("US", **{field: BAD})
    )
    if how == "page":
        bench.sync(told)
    else:
        bench.shop.put_silently(told)
        hook = bench.shop.webhook("orders/updated", "1", event_id="e")
        bench.sh.inbox.receive("demo", "shop", headers=hook.headers, body=hook.body)
        bench.sh.inbox.run()
    (problem,) = world.shop.stores.problems("shop").items

    assert (
        f"order.address.{field}: (not shown) is not a text without control"
        " characters" == problem.detail
    )
    assert {"told"} >= {
        name
        for name, rows in dump(bench.app.storage).items()
        if "canary" in json.dumps(rows, default=str).casefold()
    }
