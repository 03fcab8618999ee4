"""
The catalogue is changed: from when it holds, what it touches, what is kept of it.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from sourcehere import (
    SYSTEM,
    AlreadyExistsError,
    CommandRefusedError,
    InvalidInputError,
    Money,
    NotFoundError,
    Price,
    ProductChange,
    SourceHereError,
    SpendGuardError,
    VariantChange,
)
from sourcehere.domain.catalog.changes import FieldChange
from sourcehere.services.pairing.asking import QuoteWish
from sourcehere.testing.factories import (
    NOON,
    SELLER,
    STAFF,
    nothing_moves,
    snapshot,
)

USD = (Price(Money(600, "USD")), Price(Money(550, "USD"), 10))


def desk(bench):
    """
    Return the catalogue's desk of staff.
    """
    return bench.sh.staff("ann").catalog


def change(bench, **fields):
    """
    Change the cup, and return what the edit says.
    """
    return desk(bench).change(bench.variants["CUP"], VariantChange(**fields))


def goods_minor(bench, order_id):
    """
    Return what the goods of an order cost in a new checkout.
    """
    return (
        bench.app.checkouts.checkout("demo", [order_id], by=SELLER).plans[0].goods_minor
    )


def refusal(bench, offer):
    """
    Pay *offer*, which is refused and moves nothing; return why.
    """
    with nothing_moves(bench), pytest.raises(SourceHereError) as ei:
        bench.app.checkouts.pay(
            "demo", offer.checkout_id, expected_total=offer.total, by=SELLER
        )
    return ei.value


class TestPrices:
    def test_at_once(self, paired):
        """
        The next checkout has the new price; what is paid keeps its own, and an open
        offer is refused.
        """
        paid = paired.paid("1", CUP=2)
        (order_id,) = paired.sync(snapshot("2", CUP=2))
        offer = paired.app.checkouts.checkout("demo", [order_id], by=SELLER)
        assert 1000 == offer.plans[0].goods_minor

        edit = change(paired, prices=USD)

        (changed,) = edit.edited.changed
        assert changed.changes == (
            FieldChange(
                "prices",
                "from 1: 5.00 USD; from 10: 4.50 USD",
                "from 1: 6.00 USD; from 10: 5.50 USD",
            ),
        )
        assert SpendGuardError is type(refusal(paired, offer))
        assert 1200 == goods_minor(paired, order_id)
        assert Money(1000, "USD") == paired.app.orders.get("demo", paid).goods

    def test_from_a_day_on(self, paired):
        """
        A price holds when its day begins in the platform's zone, which is China's:
        at four in the afternoon of the day before, UTC.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        change(paired, prices=USD, prices_from=date(2026, 3, 5))
        begins = datetime(2026, 3, 4, 16, tzinfo=UTC)
        (ahead,) = desk(paired).find_by_sku(["CUP"])["cup"].prices_ahead
        assert (begins, USD) == (ahead.starts_at, ahead.prices)

        paired.clock.at = begins - timedelta(microseconds=1)
        assert 500 == goods_minor(paired, order_id)
        paired.clock.at = begins
        assert 600 == goods_minor(paired, order_id)
        cup = desk(paired).find_by_sku(["CUP"])["cup"]
        assert (USD, ()) == (cup.prices, cup.prices_ahead)

    def test_an_offer_over_the_day_is_refused(self, paired):
        """
        An offer made a moment before a price begins is not paid at the old one after.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        change(paired, prices=USD, prices_from=NOON + timedelta(minutes=10))
        offer = paired.app.checkouts.checkout("demo", [order_id], by=SELLER)
        paired.clock.advance(timedelta(minutes=11))

        assert SpendGuardError is type(refusal(paired, offer))

    def test_other_currencies_keep_theirs(self, bench):
        """
        Prices take the place of all tiers in the currencies that they name.
        """
        euros = Price(Money(450, "EUR"))
        change(bench, prices=(euros,))
        change(bench, prices=(Price(Money(700, "USD")),))

        cup = desk(bench).find_by_sku(["CUP"])["cup"]
        assert (euros, Price(Money(700, "USD"))) == cup.prices

    def test_several_ahead_and_none(self, bench):
        """
        Prices ahead stand in order, those of one moment come together, and they can be
        forgotten.
        """
        first, second = NOON + timedelta(days=1), NOON + timedelta(days=2)
        euros = (Price(Money(450, "EUR")),)
        change(bench, prices=USD, prices_from=second)
        change(bench, prices=euros, prices_from=first)
        change(bench, prices=euros, prices_from=second)

        ahead = desk(bench).find_by_sku(["CUP"])["cup"].prices_ahead
        assert [(first, euros), (second, euros + USD)] == [
            (one.starts_at, one.prices) for one in ahead
        ]
        edit = change(bench, drops_prices_ahead=True)
        assert [first, second] == [c.starts_at for c in edit.edited.changed[0].changes]
        assert () == desk(bench).find_by_sku(["CUP"])["cup"].prices_ahead

    def test_a_day_without_prices_is_refused(self, bench):
        """
        When prices begin means nothing where none are given.
        """
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            change(bench, prices_from=date(2026, 5, 1))

        assert "prices_from" == ei.value.field

    def test_an_agreed_price_goes_before(self, paired):
        """
        A seller whose connection has a price of its own pays it, whatever the catalogue
        says.
        """
        (order_id,) = paired.sync(snapshot(SOCK=3))
        request_id = paired.app.quotes.ask(
            "demo", QuoteWish(order_id=order_id, line=1), by=SELLER
        )
        paired.app.quotes.answer(
            "demo",
            request_id,
            variant_id=paired.variants["CUP"],
            tiers={1: 400},
            valid_until=NOON + timedelta(days=7),
            by=STAFF,
        )
        paired.app.quotes.accept("demo", request_id, by=SELLER)
        paired.app.relay.run()

        edit = change(paired, prices=USD)

        assert 1200 == goods_minor(paired, order_id)
        assert [True, False] == sorted(
            (c.has_price for c in edit.touched.connections), reverse=True
        )


class TestWhatIsSent:
    @pytest.mark.parametrize(
        "fields",
        [
            {"weight_grams": 5_000},
            {"attributes": ("battery",)},
            {"length_mm": 100, "width_mm": 100, "height_mm": 100},
        ],
    )
    def test_an_open_offer_is_refused(self, paired, fields):
        """
        What freight was asked for is not what would be sent, so that paying is refused.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        offer = paired.app.checkouts.checkout("demo", [order_id], by=SELLER)
        change(paired, **fields)

        assert ("goods_outdated",) == refusal(paired, offer).codes


class TestFinding:
    def test_by_new_words(self, bench):
        """
        A product is found by its new title, SKU and options, and no more by the old.
        """
        cup = bench.variants["CUP"]
        desk(bench).change(
            cup, VariantChange(sku="MUG-1", title="Big", options={"Colour": "Blue"})
        )
        product_id = desk(bench).variants([cup])[cup].product_id
        desk(bench).change_product(product_id, ProductChange(title="Mug"))

        for words in ("mug", "mug-1", "big", "blue"):
            found = desk(bench).search(words).items
            assert [product_id] == [p.product_id for p in found], words
        assert () == desk(bench).search("cup").items
        assert {} == desk(bench).find_by_sku(["CUP"])
        assert cup == desk(bench).find_by_sku(["mug-1"])["mug-1"].variant_id

    def test_by_a_new_link(self, bench):
        """
        A product is found by its new link and no more by the old.
        """
        cup = desk(bench).find_by_sku(["CUP"])["cup"]
        old = desk(bench).get(cup.product_id).link
        desk(bench).change_product(
            cup.product_id,
            ProductChange(
                link="https://detail.1688.com/offer/612345678901.html",
                pictures=("https://a.example/1.jpg",),
            ),
        )

        (found,) = desk(bench).find_by_link("m.1688.com/offer/612345678901.html?spm=1")
        assert (cup.product_id, ("https://a.example/1.jpg",)) == (
            found.product_id,
            found.pictures,
        )
        assert () == desk(bench).find_by_link(old)

    def test_all_page_by_page(self, bench):
        """
        Every product is listed once, page by page.
        """
        titles, after = [], ""
        while True:
            page = desk(bench).list(after=after, limit=2)
            titles += [product.title for product in page]
            after = page.next
            if not after:
                break

        assert ["A cup", "A hat", "A lamp"] == titles


class TestStockOfTheSupplier:
    def test_what_would_be_sourced_is_refused(self, paired):
        """
        Units that the cloud warehouse has are paid; the rest wait until it is back.
        """
        paired.stocked(CUP=3)
        three, four = paired.sync(snapshot("1", CUP=3), snapshot("2", CUP=4))
        change(paired, is_in_stock=False)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.checkouts.checkout("demo", [four], by=SELLER)
        (blocker,) = ei.value.blockers
        assert (
            "out_of_stock",
            "out of stock at the supplier: 1 of CUP; wait until it is back",
        ) == (blocker.code, blocker.words)
        (said,) = paired.app.checkouts.why_not_paid("demo", four, by=SELLER)
        assert "out_of_stock" == said.code
        paired.pay(three)

        change(paired, is_in_stock=True)
        paired.pay(four)

    def test_an_open_offer_is_refused(self, paired):
        """
        What went out of stock after the offer is not paid.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        offer = paired.app.checkouts.checkout("demo", [order_id], by=SELLER)
        change(paired, is_in_stock=False)

        assert ("out_of_stock",) == refusal(paired, offer).codes


class TestBringingBack:
    def test_the_sku_is_sold_again(self, paired):
        """
        A discontinued variant is sold again, under its SKU and id, once it is connected
        anew.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        cup = paired.variants["CUP"]
        desk(paired).discontinue(cup)
        paired.app.relay.run()
        assert "unrecognized" == paired.app.orders.get("demo", order_id).state

        edit = desk(paired).bring_back(cup)

        assert (FieldChange("is_sold", "no", "yes"),) == edit.edited.changed[0].changes
        assert "unrecognized" == paired.app.orders.get("demo", order_id).state
        paired.connect(paired.rule("CUP"))
        paired.pay(order_id)

    def test_before_the_relay_ran(self, paired):
        """
        What was brought back before anybody followed it stays connected.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        cup = paired.variants["CUP"]
        desk(paired).discontinue(cup)
        desk(paired).bring_back(cup)
        paired.app.relay.run()

        paired.pay(order_id)

    def test_what_is_sold_is_left_alone(self, bench):
        """
        Bringing back what is sold changes nothing.
        """
        with nothing_moves(bench):
            edit = desk(bench).bring_back(bench.variants["CUP"])

        assert () == edit.edited.changed


class TestTouched:
    def test_connections_offers_and_quotes(self, paired):
        """
        A change names what depends on the variant, of every seller, and nothing else.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        (other,) = paired.sync(snapshot("2", HAT=1))
        offer = paired.app.checkouts.checkout("demo", [order_id], by=SELLER)
        paired.app.checkouts.checkout("demo", [other], by=SELLER)
        (strange,) = paired.sync(snapshot("3", SOCK=1))
        request_id = paired.app.quotes.ask(
            "demo", QuoteWish(order_id=strange, line=1), by=SELLER
        )
        paired.app.quotes.answer(
            "demo",
            request_id,
            variant_id=paired.variants["CUP"],
            tiers={1: 400},
            valid_until=NOON + timedelta(days=7),
            by=STAFF,
        )

        touched = change(paired, prices=USD).touched

        (connection,) = touched.connections
        active = {c.listing: c for c in paired.app.pairing.connections("demo")}
        assert ("demo", "shop", active["CUP"].connection_id, False) == (
            connection.seller_id,
            connection.store_id,
            connection.connection_id,
            connection.has_price,
        )
        assert [offer.checkout_id] == [o.checkout_id for o in touched.offers]
        assert [request_id] == [q.request_id for q in touched.quotes]
        assert touched == desk(paired).touched([paired.variants["CUP"]])

    def test_what_is_over_is_not_touched(self, paired):
        """
        Neither an offer that expired nor one that is paid depends on anything.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        paired.app.checkouts.checkout("demo", [order_id], by=SELLER)
        paired.clock.advance(timedelta(days=1))
        paired.paid("2", CUP=1)

        assert () == desk(paired).touched([paired.variants["CUP"]]).offers


class TestHistory:
    def test_who_changed_what_and_when(self, bench):
        """
        Every field that was changed is kept, with who did it and when.
        """
        cup = desk(bench).find_by_sku(["CUP"])["cup"]
        change(bench, title="Mug", weight_grams=310)
        bench.clock.advance(timedelta(hours=1))
        begins = NOON + timedelta(days=3)
        change(bench, prices=USD, prices_from=begins)
        desk(bench).change_product(cup.product_id, ProductChange(title="Mugs"))
        desk(bench).discontinue(cup.variant_id)

        later = NOON + timedelta(hours=1)
        new = "from 1: 6.00 USD; from 10: 5.50 USD"
        assert [
            (NOON, cup.variant_id, "title", "Cup", "Mug", None),
            (NOON, cup.variant_id, "weight_grams", "300", "310", None),
            (later, cup.variant_id, "prices", "", new, begins),
            (later, "", "title", "A cup", "Mugs", None),
            (later, cup.variant_id, "is_sold", "yes", "no", None),
        ] == [
            (e.changed_at, e.variant_id, e.field, e.before, e.after, e.starts_at)
            for e in desk(bench).history(cup.product_id)
        ]
        assert {STAFF} == {e.actor for e in desk(bench).history(cup.product_id)}

    def test_nothing_is_kept_of_nothing(self, bench):
        """
        A change to what is so already writes nothing.
        """
        with nothing_moves(bench):
            edit = change(bench, title="Cup", weight_grams=300)

        assert () == edit.edited.changed


class TestDryRuns:
    def test_says_the_same_and_moves_nothing(self, paired):
        """
        A dry run says what the change then does.
        """
        asked = VariantChange(sku="MUG", prices=USD, is_in_stock=False)
        cup = paired.variants["CUP"]
        with nothing_moves(paired):
            told = desk(paired).change(cup, asked, dry_run=True)

        assert told == desk(paired).change(cup, asked)
        assert ["sku", "is_in_stock", "prices"] == [
            c.field for c in told.edited.changed[0].changes
        ]

    def test_of_what_is_discontinued(self, paired):
        """
        What would end is told before; then it is discontinued.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        cup = paired.variants["CUP"]
        with nothing_moves(paired):
            told = desk(paired).discontinue(cup, dry_run=True)

        assert 1 == len(told.touched.connections)
        assert told == desk(paired).discontinue(cup)
        paired.app.relay.run()
        assert "unrecognized" == paired.app.orders.get("demo", order_id).state


class TestRefusals:
    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"weight_grams": 0}, "weight_grams"),
            ({"sku": "  "}, "sku"),
            ({"concession_points": 10_000}, "concession_points"),
            ({"pictures": ("a.example/1.jpg",) * 51}, "pictures"),
            ({"pictures": ("",)}, "pictures"),
            ({"prices": (Price(Money(5, "USD")),) * 2}, "prices"),
        ],
    )
    @pytest.mark.parametrize("dry_run", [True, False])
    def test_out_of_bounds(self, bench, fields, field, dry_run):
        """
        A field out of its bounds is named, and nothing is changed.
        """
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            desk(bench).change(
                bench.variants["CUP"], VariantChange(**fields), dry_run=dry_run
            )

        assert field == ei.value.field

    def test_another_variants_sku(self, bench):
        """
        A SKU is one variant's, case ignored; its own in other letters is no other's.
        """
        with nothing_moves(bench), pytest.raises(AlreadyExistsError) as ei:
            change(bench, sku="hat")
        assert "HAT" == ei.value.key

        change(bench, sku="Cup")
        assert "Cup" == desk(bench).find_by_sku(["CUP"])["cup"].sku

    def test_unknown_variants_and_products(self, bench):
        """
        What does not exist is not found.
        """
        with nothing_moves(bench):
            with pytest.raises(NotFoundError):
                desk(bench).change("nix", VariantChange(title="x"))
            with pytest.raises(NotFoundError):
                desk(bench).change_product("nix", ProductChange(title="x"))
            with pytest.raises(NotFoundError):
                desk(bench).bring_back("nix")
            with pytest.raises(NotFoundError):
                desk(bench).history("nix")

    def test_sellers_may_not(self, bench):
        """
        Only staff change the catalogue.
        """
        for who in (SELLER, SYSTEM):
            with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
                bench.app.upkeep.change(
                    bench.variants["CUP"], VariantChange(title="x"), by=who
                )
            assert ("role_not_allowed",) == ei.value.codes
