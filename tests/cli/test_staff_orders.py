"""
Staff find orders across sellers, and move many of them, from the shell.
"""

import json

import pytest


def numbers(page):
    return [order["number"] for order in page["items"]]


class TestSearch:
    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("--number 1002", ["1002"]),
            ("--sku lamp-w --state awaiting_shipping", ["1002"]),
            ("--tab awaiting_shipping --kind store --store shop", ["1002"]),
            ("--paid-from 2000-01-01", ["1002"]),
            ("--paid-to 2000-01-01", []),
            ("--placed-from 2000-01-01 --state shipped", []),
            ("--tracking RM1GB", []),
            ("--buyer nobody", []),
        ],
    )
    def test_a_seller_s_own(self, paid, words, found):
        """
        All that is said has to be true.
        """
        assert found == numbers(paid.json(f"orders search {words}"))

    def test_of_all_sellers(self, paid):
        """
        With the seller of each, or of one of them.
        """
        shown = paid.ok("orders search --number 1002 --all-sellers")
        assert "lamps" in shown
        paid.ok("sellers add hats --currency GBP")
        words = "orders search --number 1002 --all-sellers --seller"
        assert ["1002"] == numbers(paid.json(f"{words} lamps"))
        assert [] == numbers(paid.json(f"{words} hats"))

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ("", "at least one thing"),
            ("--placed-from soon", "no day or time"),
            ("--state sent", "states"),
            ("--placed-from 2030-01-02 --placed-to 2030-01-01", "placed_to"),
            ("--store shop --all-sellers", "store_id"),
        ],
    )
    def test_what_cannot_be_asked(self, shop, words, told):
        """
        It says what is wrong.
        """
        assert told in shop.unmoved(f"orders search {words}", 2)


class TestRejecting:
    def test_one(self, paid):
        """
        It says what came back; the order and its story say why.
        """
        told = paid.json("orders reject 1002 --reason 'not made any more'")
        assert "cancelled" == told["state"]
        assert "rejected: not made any more" in paid.ok("orders show 1002")
        assert "rejected by the platform" in paid.ok("orders show 1002")

    def test_many_of_a_file(self, paid):
        """
        Each is done or reported, and the worst code is the command's.
        """
        (paid.folder / "ids.txt").write_text("1001\n\n 1002 \n")
        said = paid("orders reject --file ids.txt --reason no --json")
        told = json.loads(said.out)

        assert 3 == said.code
        assert (1, 1) == (len(told["done"]), len(told["failed"]))


class TestQueues:
    def test_at_one_look(self, paid):
        """
        How much waits in each queue, since when, and which command lists it.
        """
        told = {count["queue"]: count for count in paid.json("queues")}
        assert told == {c["queue"]: c for c in paid.json("queue summary")}
        assert (1, 0, False) == tuple(
            told["accept"][name] for name in ("waiting", "overdue", "has_more")
        )
        assert [] == paid.listed("queue accept --overdue")
        (late,) = [
            count["overdue"]
            for count in paid.json("queue summary --overdue-after-hours 0")
            if count["queue"] == "accept"
        ]
        assert 1 == late
        shown = paid.ok("queues")
        for listed in ("queue accept", "queue held seller", "relay dead"):
            assert listed in shown


class TestMany:
    def test_accepting_by_ids_of_any_seller(self, paid):
        """
        Ids are enough, whosever they are.
        """
        (order,) = paid.listed("queue accept")
        assert "--all-sellers" in paid.ok("orders accept --help")
        told = paid.json(f"orders accept {order['order_id']} --all-sellers")

        assert [order["order_id"]] == list(told["done"])
        assert [] == paid.listed("queue accept")
        told = paid.refused("orders accept nobody --all-sellers", 2)
        assert "no order 'nobody'" in told
        assert "by its id" in paid.refused("orders accept --all-sellers", 2)

    def test_holding_and_releasing(self, paid):
        """
        Many are held with one reason, and released again.
        """
        held = paid.json("orders hold-many 1002 1001 --detail recall")
        assert 2 == len(held["done"])
        assert 2 == len(paid.listed("queue held"))
        assert 2 == len(paid.json("orders release-many 1002 1001")["done"])
        assert [] == paid.listed("queue held")


class TestFilesOfParcels:
    @pytest.fixture
    def accepted(self, paid):
        """
        Order 1002 has three lamps to send.
        """
        paid.ok("orders accept 1002")
        return paid

    def write(self, shop, text):
        (shop.folder / "file.csv").write_text(text)

    def test_parcels_that_left(self, accepted):
        """
        Rows with the same carrier and number are one parcel; one without an item has
        everything that is left.
        """
        self.write(
            accepted,
            "order;carrier;tracking;item;quantity\n1002;post;T1;1.1;2\n1002;post;T2;;\n",
        )
        told = accepted.json("orders ship-many file.csv")
        assert ["post/T1", "post/T2"] == list(told["done"])
        parcels = accepted.json("parcels list 1002")
        assert [("T1", [2]), ("T2", [1])] == [
            (p["tracking_number"], [i["quantity"] for i in p["items"]]) for p in parcels
        ]

    def test_of_any_sellers(self, accepted):
        """
        Orders are named by their ids; what is refused is reported with its code.
        """
        (order,) = accepted.listed("queue pick")
        name = order["order_id"]
        self.write(
            accepted,
            f"order,carrier,tracking\n{name},post,T1\n1002,post,T2\n",
        )
        said = accepted("orders ship-many file.csv --all-sellers --json")
        told = json.loads(said.out)

        assert (2, ["post/T1"]) == (said.code, list(told["done"]))
        assert ["post/T2"] == list(told["failed"])

    def test_a_parcel_without_a_number(self, accepted):
        """
        As of a shell's variable that is not set.
        """
        said = accepted.unmoved("orders ship 1002 --carrier post --tracking ''", 2)
        assert "tracking_number: '' is not some text" in said

    def test_an_order_that_nobody_knows(self, accepted):
        """
        One wrong number keeps no other parcel from being sent.
        """
        rows = "1002,post,T1\n9999,post,T2\n"
        self.write(accepted, f"order,carrier,tracking\n{rows}")
        said = accepted("orders ship-many file.csv --json")
        told = json.loads(said.out)

        assert (2, ["post/T1"]) == (said.code, list(told["done"]))
        assert {"post/T2": "no order '9999'"} == {
            name: error["message"] for name, error in told["failed"].items()
        }

    @pytest.mark.parametrize("more", ["", "1002,post,T2,1.1,1\n"])
    def test_a_number_beside_several_orders(self, accepted, more):
        """
        Nobody knows whose it is: neither is sent, it is said which orders have it, and
        the other parcels go on.
        """
        rows = f"1001,post,T1,,\n{more}1002,post,T1,1.1,2\n"
        self.write(accepted, f"order,carrier,tracking,item,quantity\n{rows}")
        said = accepted("orders ship-many file.csv --json")
        words = (
            "tracking: 'post/T1' is not of one order: 1001, 1002 have it; where they do"
            " leave in one box, send each by `sourcehere orders ship`"
        )

        assert 2 == said.code
        assert words in said.out + said.err
        assert (["T2"] if more else []) == [
            p["tracking_number"] for p in accepted.json("parcels list 1002")
        ]

    def test_a_parcel_that_nobody_knows(self, accepted):
        """
        One wrong number keeps no other one from being put right.
        """
        accepted.ok("orders ship 1002 --carrier post --tracking WRONG")
        self.write(accepted, "parcel,tracking\nNIX,T9\nWRONG,RIGHT\n")
        said = accepted("parcels correct-many file.csv --json")
        told = json.loads(said.out)

        assert (2, ["NIX"]) == (said.code, list(told["failed"]))
        assert 1 == len(told["done"])
        assert ["RIGHT"] == [
            p["tracking_number"] for p in accepted.json("parcels list 1002")
        ]

    def test_numbers_put_right(self, accepted):
        """
        Named by the number that was wrong; the carrier stays unless it is named.
        """
        accepted.ok("orders ship 1002 --carrier post --tracking WRONG")
        self.write(accepted, "parcel,tracking,carrier\nWRONG,RIGHT,\n")
        told = accepted.json("parcels correct-many file.csv")
        (parcel,) = accepted.json("parcels list 1002")

        assert [parcel["parcel_id"]] == list(told["done"])
        assert ("RIGHT", "post") == (parcel["tracking_number"], parcel["carrier"])

    @pytest.mark.parametrize(
        ("words", "text", "told"),
        [
            ("orders ship-many", "order,carrier\n1002,post\n", "has no tracking"),
            ("orders ship-many", "order,by\n1002,post\n", "unknown by; there is"),
            (
                "orders ship-many",
                "order,carrier,tracking,item,quantity\n1002,post,T1,1.1,\n",
                "post T1: name each item once",
            ),
            (
                "orders ship-many",
                "order,carrier,tracking\n1002,post,T1\n1002,post,T1\n",
                "post T1: name each item once",
            ),
            (
                "orders ship-many",
                "order,carrier,tracking,item,quantity\n1002,post,T1,1.1,x\n",
                "a quantity",
            ),
            ("parcels correct-many", "parcel\nT1\n", "has no tracking"),
            ("parcels correct-many", "parcel,tracking\nT9,T1\n", "no parcel 'T9'"),
            ("parcels correct-many", "parcel,tracking\n", "no record"),
        ],
    )
    def test_what_cannot_be_read(self, accepted, words, text, told):
        """
        It says what is wrong, and nothing is sent or corrected.
        """
        self.write(accepted, text)
        assert told in accepted.unmoved(f"{words} file.csv", 2)


def test_a_warehouse_is_shown_where_orders_go_to_one(paid):
    """
    Orders to shoppers go to none: there is no empty column of it.
    """
    paid.ok("orders accept 1002")
    assert "warehouse" not in paid.ok("queue pick")
    paid.ok("cloud create CN1 MUG=2 --number spring --place")
    paid.ok("orders pay spring --yes")
    told = paid.ok("queue dispatch")
    assert "warehouse" in told
    assert "CN1" in told


class TestUnknown:
    @pytest.mark.parametrize(
        ("words", "state"),
        [
            ("accept", "awaiting_shipping"),
            ("reject --reason x", "cancelled"),
            ("hold-many --detail x", "awaiting_shipping"),
            ("release-many", "awaiting_shipping"),
        ],
    )
    def test_of_paid_orders(self, paid, words, state):
        """
        One wrong number keeps no other order from being dealt with; it is reported, and
        the exit code is its own.
        """
        paid.write("names.txt", "9999\n1002\n")
        if words == "release-many":
            paid.ok("orders hold 1002 odd")
        said = paid(f"orders {words} --file names.txt --json")
        told = json.loads(said.out)

        assert 2 == said.code
        assert ["9999"] == list(told["failed"])
        assert "no order '9999'" == told["failed"]["9999"]["message"]
        assert 1 == len(told["done"])
        assert state == paid.json("orders show 1002")["order"]["state"]

    @pytest.mark.parametrize(
        "words", ["cancel", "ignore", "restore", "confirm", "ship-method --method air"]
    )
    def test_of_a_seller(self, paid, words):
        """
        So it is with what sellers do to many; of names that mean nothing each is told.
        """
        said = paid(f"orders {words} 9998 9999 --json")
        assert 2 == said.code
        assert ["9998", "9999"] == list(json.loads(said.out)["failed"])
        assert "no order '9999'" in paid.unmoved(f"orders {words} 9999", 2)
        assert "at least one order" in paid.unmoved(f"orders {words}", 2)


class TestReleasing:
    """
    Why a hold is not released is said of the holds that there are.
    """

    def test_nothing_holds_it(self, paid):
        """
        One reason is told once.
        """
        said = paid.refused("orders release 1002", 3)

        assert ["  - no hold is open"] == [
            line for line in said.splitlines() if line.startswith("  - ")
        ]

    def test_one_of_two_has_to_be_named(self, paid):
        """
        Without a name nothing is released, and both are named.
        """
        first = paid.json("orders hold 1002 'odd'")["hold_id"]
        second = paid.json("orders hold 1002 'count first'")["hold_id"]

        said = paid.unmoved("orders release 1002", 3)
        assert f"say which hold is meant: {first} (staff), {second} (staff)" in said
        paid.ok(f"orders release 1002 {second}")
        paid.ok("orders release 1002")

    def test_it_is_held_for_something_else(self, paid):
        """
        What many are released of is one reason; an order that is held for another one
        is refused by its name.
        """
        paid.ok("orders hold-many 1002 --detail odd --reason address")

        said = paid.unmoved("orders release-many 1002", 3)
        assert "  - it is not held for staff, but for address\n" in said
        paid.ok("orders release-many 1002 --reason address")
        assert [] == paid.json("orders show 1002")["order"]["holds"]
