"""
Orders are found by whatever is known of them, together, and by nothing that is over.
"""

import random
from datetime import date, datetime, timedelta

import attrs
import pytest
from search_world import a_world, all_orders, by_looking, walk

from sourcehere import (
    Address,
    DeskQueue,
    InvalidCursorError,
    InvalidInputError,
    OrderKind,
    OrderSearch,
    Tab,
    TrackingFact,
    TrackingStatus,
    to_dict,
)
from sourcehere.services.ordering import search as searching
from sourcehere.testing.factories import (
    HOME,
    NOON,
    SELLER,
    STAFF,
    dump,
    nothing_moves,
    shop_lines,
    snapshot,
)
from sourcehere.unit.tables.contacts import CONTACTS, NOTES
from sourcehere.unit.tables.orders import BUYER_WORDS

TODAY = NOON.date()
DAY = timedelta(days=1)
KNOWN = {
    "number": ["#7", "7", "12", "#3"],
    "tracking_number": ["T1", "T4", "t4"],
    "buyer": [
        *("ann", "LEE ann", "maría", "GÓMEZ, María", "o'hara", "nobody"),
        *("bo.lee@y.example", "Ann@X.example"),
    ],
    "sku": ["cup", "CUP ", "hat", "strange", "no"],
    "placed_from": [TODAY - 3 * DAY, NOON - timedelta(hours=30)],
    "placed_to": [TODAY - DAY, NOON],
    "paid_from": [TODAY, NOON + timedelta(hours=20)],
    "paid_to": [TODAY + 3 * DAY],
    "states": [("shipped",), ["awaiting_shipping", "unrecognized"], ("cancelled",)],
    "tab": list(Tab),
    "kind": list(OrderKind),
    "queue": list(DeskQueue),
}


@pytest.fixture
def world(storage):
    """
    Two sellers with orders of all kinds.
    """
    return a_world(storage)


def some_searches(count):
    """
    Make searches of up to three criteria, the same ones each time.
    """
    chosen = random.Random(7)
    for _ in range(count):
        names = chosen.sample(list(KNOWN), chosen.randint(1, 3))
        said = {name: chosen.choice(KNOWN[name]) for name in names}
        seller = chosen.choice(["", "demo", "twin"])
        if seller and chosen.random() < 0.3:
            said["store_id"] = "shop"
        yield seller, OrderSearch(**said), chosen.choice([1, 3, 50])


def desk_of(world, seller):
    return world.sh.seller(seller).orders if seller else world.sh.staff("ann").orders


def found_by(world, **known):
    """
    Return the ids that staff find.
    """
    page = world.sh.staff("ann").orders.search(OrderSearch(**known))
    return {order.order_id for order in page}


class TestFinding:
    @pytest.mark.slow
    def test_what_looking_at_every_order_finds(self, world):
        """
        Any combination finds exactly the orders of which all of it is true, in order,
        page by page, for a seller and for staff.
        """
        orders, found = all_orders(world), 0
        for seller, search, limit in some_searches(250):
            if _is_upside_down(search, world.app.settings.zone):
                continue
            expected = by_looking(world, orders, seller, search)
            got = walk(desk_of(world, seller).search, search, limit)
            assert expected == got, (seller, search, search.buyer)
            found += bool(expected)

        assert found > 100

    @pytest.mark.slow
    def test_however_little_a_call_may_look_at(self, world, monkeypatch):
        """
        Where a call may look at a few rows only, pages are short and lead to the same
        end.
        """
        monkeypatch.setattr(searching, "ROWS_MAX", 40)
        monkeypatch.setattr(searching, "_FEW_ROWS", 20)
        orders = all_orders(world)
        for seller, search, limit in some_searches(60):
            if _is_upside_down(search, world.app.settings.zone):
                continue
            expected = by_looking(world, orders, seller, search)
            got = walk(desk_of(world, seller).search, search, limit)
            assert expected == got, (seller, search, search.buyer)

    @pytest.mark.slow
    def test_a_common_sku_in_a_rare_state(self, paired, monkeypatch):
        """
        It is found by leaping: the first call has all of it, looking at fewer rows than
        have the SKU.
        """
        told = [snapshot(str(number), CUP=1) for number in range(300)]
        first, *_ = paired.sync(*told)
        paired.app.orders.cancel("demo", [first], by=SELLER)
        monkeypatch.setattr(searching, "ROWS_MAX", 150)
        for orders in (paired.sh.seller("demo").orders, paired.sh.staff("ann").orders):
            page = orders.search(OrderSearch(sku="CUP", states=["cancelled"]))
            assert ([first], "") == ([o.order_id for o in page], page.next)

    def test_a_seller_finds_nobody_else_s(self, world):
        """
        Staff find a number of both sellers, a seller their own.
        """
        assert {"demo", "twin"} == {
            order.seller_id
            for order in world.sh.staff("ann").orders.search(OrderSearch(number="#3"))
        }
        (mine,) = world.sh.seller("twin").orders.search(OrderSearch(number="#3"))
        assert "twin" == mine.seller_id

    def test_a_full_last_page_promises_no_next_one(self, world):
        """
        Nor does any page behind which there is nothing.
        """
        desk = world.sh.staff("ann").orders
        for search in (
            OrderSearch(sku="strange"),
            OrderSearch(sku="strange", placed_to=TODAY),
            OrderSearch(placed_to=TODAY),
        ):
            count = len(walk(desk.search, search, 7))
            assert "" == desk.search(search, limit=count).next
            assert desk.search(search, limit=count - 1).next

    def test_a_header_says_when_it_was_paid(self, paired):
        """
        Nothing until then.
        """
        (order_id,) = paired.sync(snapshot("1", CUP=1))
        orders = paired.sh.seller("demo").orders
        assert orders.get(order_id).paid_at is None
        paired.clock.advance(DAY)
        paired.pay(order_id)

        assert NOON + DAY == orders.get(order_id).paid_at


def _is_upside_down(search, zone):
    try:
        search.placed_within(zone)
        search.paid_within(zone)
    except InvalidInputError:
        return True
    return False


class TestWords:
    @pytest.mark.parametrize(
        ("name", "typed"),
        [
            ("Lee, Ann (office)", "ann OFFICE lee"),
            ("STRASSE", "straße"),
            ("Jose\u0301 Ruiz", "JOSÉ"),
            ("\uff21\uff4e\uff4e", "ann"),
            ("王小明", "王小明"),
            ("x" * 150, "x" * 150),
            ("x" * 150, "x" * 100),
            (" ".join(f"w{n:02}" for n in range(20)), "w00 w11"),
        ],
    )
    def test_however_a_name_is_written(self, bench, name, typed):
        """
        Case, accents in one character or two, width and punctuation make no difference;
        of long words the beginning counts, of long names the first dozen words.
        """
        (order_id,) = bench.sync(
            snapshot("1", address=attrs.evolve(HOME, name=name), SOCK=1)
        )
        assert {order_id} == found_by(bench, buyer=typed)

    @pytest.mark.parametrize("typed", ["an", "annn", "lee@x.example", "w12"])
    def test_words_are_whole(self, bench, typed):
        """
        A part of a word finds nothing, nor does a word behind the first dozen.
        """
        name = " ".join(["Ann", "Lee", *(f"w{n:02}" for n in range(20))])
        bench.sync(snapshot("1", address=attrs.evolve(HOME, name=name), SOCK=1))

        assert set() == found_by(bench, buyer=typed)


class TestFollowing:
    def test_a_corrected_address(self, paired):
        """
        An order is found by the buyer it has now, and no more by the one before.
        """
        (order_id,) = paired.sync(snapshot("1", CUP=1))
        bo = attrs.evolve(HOME, name="Bo Lee", email="Bo@X.example")
        paired.app.orders.correct_address("demo", order_id, bo, by=SELLER)

        assert set() == found_by(paired, buyer="ann")
        assert {order_id} == found_by(paired, buyer="bo@x.example lee")

    def test_a_shop_s_edit(self, paired):
        """
        Of its lines and of its buyer.
        """
        (order_id,) = paired.sync(snapshot("1", CUP=1))
        moved = attrs.evolve(HOME, name="Cy Young")
        paired.sync(snapshot("1", address=moved, HAT=1))

        assert set() == found_by(paired, sku="CUP") | found_by(paired, buyer="ann")
        assert {order_id} == found_by(paired, sku="hat", buyer="young")

    def test_a_paid_order_that_does_not_follow(self, paired):
        """
        A paid order goes to whom it was paid for, whatever its shop tells since.
        """
        order_id = paired.paid("1", CUP=1)
        moved = attrs.evolve(HOME, country="CA", name="Cy Young")
        paired.sync(attrs.evolve(snapshot("1", CUP=1), address=moved))

        assert {order_id} == found_by(paired, buyer="ann lee")
        assert set() == found_by(paired, buyer="young")

    def test_pairing_for_one_order(self, paired):
        """
        By the platform's SKU of what its line is paired with, and no other.
        """
        (order_id,) = paired.sync(snapshot("1", Strange=1))
        assert set() == found_by(paired, sku="HAT")
        paired.app.pairing.connect_sku(
            "demo", order_id, 1, [(paired.variants["HAT"], 1)], by=SELLER
        )
        assert {order_id} == found_by(paired, sku="HAT", states=["awaiting_payment"])
        assert {order_id} == found_by(paired, sku="strange")

    def test_parts_of_one_order_of_a_shop(self, paired):
        """
        Each part is found by the number and the buyer, and by its own lines only.
        """
        (order_id,) = paired.sync(snapshot("1", CUP=1, Strange=1))
        paired.app.orders.process_paired_lines("demo", [order_id], by=SELLER)
        parts = set(paired.app.orders.find_external("demo", "shop", ["1"])["1"])

        assert 2 == len(parts)
        assert parts == found_by(paired, number="1", buyer="ann")
        assert {order_id} == found_by(paired, sku="CUP")
        assert parts - {order_id} == found_by(paired, sku="strange")

    def test_tracking_numbers_put_right(self, paired):
        """
        A number that was corrected finds nothing; a replaced parcel's still does.
        """
        order_id = paired.accepted("1", CUP=2)
        parcel_id = paired.ship(order_id, "T1")
        told = {"carrier": "post", "by": STAFF}
        shipping = paired.app.shipping
        shipping.correct_tracking(
            "demo", order_id, parcel_id, tracking_number="T2", **told
        )
        shipping.void_parcel("demo", order_id, parcel_id, tracking_number="T3", **told)

        assert set() == found_by(paired, tracking_number="T1")
        assert {order_id} == found_by(paired, tracking_number="T2")
        assert {order_id} == found_by(paired, tracking_number="T3", states=["shipped"])

    def test_a_manual_order(self, bench):
        """
        By our id, its number, its buyer and its kind.
        """
        order_id = bench.app.drafts.create_manual(
            "demo", bench.wanted(HAT=1), HOME, by=SELLER, number="M 1"
        )
        for known in (
            {"number": order_id},
            {"number": "M 1"},
            {"buyer": "Lee"},
            {"kind": OrderKind.MANUAL, "placed_from": TODAY},
        ):
            assert {order_id} == found_by(bench, **known)


class TestDays:
    def test_a_day_is_whole_in_the_platform_s_zone(self, paired):
        """
        It begins and ends there: in Shanghai, eight hours before it does in London.
        """
        late = datetime.fromisoformat("2026-03-02T15:59:59+00:00")
        told = snapshot("1", CUP=1)
        first, second = paired.sync(
            attrs.evolve(told, placed_at=late),
            attrs.evolve(told, external_id="2", placed_at=late + timedelta(seconds=1)),
        )
        monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)

        assert {first} == found_by(paired, placed_from=monday, placed_to=monday)
        assert {second} == found_by(paired, placed_from=tuesday, placed_to=tuesday)
        assert {first} == found_by(
            paired, placed_from=late, placed_to=late + DAY / 86400
        )


class TestQueues:
    def test_what_can_leave_is_found_whatever_tab_it_is_in(self, paired):
        """
        A lost parcel makes an order Abnormal, and what is left of it is picked all the
        same; what is stopped, or not accepted, is not.
        """
        lost = paired.accepted("1", CUP=2)
        parcel_id = paired.ship(lost, "T1", i1_1=1)
        staff = paired.sh.staff("ann").seller("demo")
        fact = TrackingFact(
            parcel_id=parcel_id,
            key="lost",
            status=TrackingStatus.LOST,
            happened_at=paired.clock.now(),
        )
        staff.parcels.record([fact])
        stopped = paired.accepted("2", CUP=1)
        staff.orders.hold(stopped, detail="recall")
        waiting = paired.paid("3", CUP=1)
        ready = paired.accepted("4", CUP=1)

        assert Tab.ABNORMAL == staff.orders.get(lost).tab
        assert {lost, ready} == found_by(paired, queue=DeskQueue.PICK)
        assert {waiting} == found_by(paired, queue=DeskQueue.ACCEPT)
        rows = staff.orders.export_lines(OrderSearch(queue=DeskQueue.PICK))
        assert [(ready, "1 CUP"), (lost, "1 CUP")] == [
            (row["order_id"], row["to_send"]) for row in rows
        ]

    def test_stock_is_found_by_its_own_queues(self, paired):
        """
        A cloud-warehouse order is found where it waits to leave, then where it waits to
        be counted.
        """
        order_id = paired.bought(CUP=3)
        assert {order_id} == found_by(paired, queue=DeskQueue.DISPATCH)
        paired.app.cloud.dispatch("demo", order_id, by=STAFF)
        assert {order_id} == found_by(paired, queue=DeskQueue.RECEIVE)
        assert set() == found_by(paired, queue=DeskQueue.DISPATCH)


class TestRefusing:
    @pytest.mark.parametrize(
        ("known", "field"),
        [
            ({}, "search"),
            ({"number": "x" * 256}, "number"),
            ({"sku": "a\x00b"}, "sku"),
            ({"buyer": "a\x00b"}, "buyer"),
            ({"buyer": "x" * 256}, "buyer"),
            ({"tracking_number": 7}, "tracking_number"),
            ({"placed_from": NOON.replace(tzinfo=None)}, "placed_from"),
            ({"paid_to": "2026-03-02"}, "paid_to"),
            ({"states": ["sent"]}, "states"),
            ({"states": "shipped"}, "states"),
            ({"tab": "shipped"}, "tab"),
            ({"kind": "store"}, "kind"),
            ({"queue": "pick"}, "queue"),
        ],
    )
    def test_what_cannot_be_asked(self, known, field):
        """
        A search says what is wrong with it when it is made.
        """
        with pytest.raises(InvalidInputError) as ei:
            OrderSearch(**known)

        assert field == ei.value.field

    @pytest.mark.parametrize(
        ("known", "field"),
        [
            ({"buyer": " ,; "}, "buyer"),
            ({"sku": " "}, "sku"),
            ({"placed_from": TODAY, "placed_to": TODAY - DAY}, "placed_to"),
            ({"paid_from": NOON, "paid_to": NOON}, "paid_to"),
            ({"store_id": "shop"}, "store_id"),
        ],
    )
    def test_what_means_nothing(self, bench, known, field):
        """
        Nothing is left of a text, a range is over before it begins, or a shop is
        nobody's.
        """
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            bench.sh.staff("ann").orders.search(OrderSearch(**known))

        assert field == ei.value.field

    def test_another_seller(self, bench):
        """
        A seller's desk is about that seller.
        """
        with pytest.raises(InvalidInputError) as ei:
            bench.sh.seller("demo").orders.search(OrderSearch(seller_id="twin"))
        assert "seller_id" == ei.value.field

    def test_a_cursor_of_another_search(self, world):
        """
        A cursor goes on with the search that gave it, and with no other.
        """
        desk = world.sh.staff("ann").orders
        cursor = desk.search(OrderSearch(buyer="ann"), limit=2).next
        for search in (OrderSearch(buyer="lee"), OrderSearch(placed_to=TODAY)):
            with pytest.raises(InvalidCursorError):
                desk.search(search, after=cursor)


class TestPersonalData:
    def test_it_is_with_contacts_and_their_words_only(self, paired):
        """
        No other table, no cursor, no error and no printed search holds a buyer's name.
        """
        who = Address(
            "US", name="Zebedee", email="zeb@x.example", street="1", postal_code="1"
        )
        for number in range(3):
            told = attrs.evolve(snapshot(str(number)), lines=shop_lines({"CUP": 1}))
            paired.sync(attrs.evolve(told, address=who))
        search = OrderSearch(buyer="zebedee")
        page = paired.sh.staff("ann").orders.search(search, limit=1)
        rows = dump(paired.app.storage)
        named = {
            name for name, all_ in rows.items() if "zebedee" in repr(all_).casefold()
        }

        assert {CONTACTS.table.name, BUYER_WORDS.table.name} == named - {"told"}
        assert NOTES.table.name not in named
        assert "zeb" not in repr(search) + page.next + repr(to_dict(page))
        with pytest.raises(InvalidInputError) as ei:
            OrderSearch(buyer="zebedee\x00")
        assert "zeb" not in str(ei.value)
