"""
A shop is told how much there is to sell: what the seller has, less what is sold.
"""

import pytest

from sourcehere.domain.kernel.errors import NotFoundError
from sourcehere.domain.stores.errors import (
    StockUnsupportedError,
    StoreRestsError,
)
from sourcehere.domain.stores.listing import ListedVariant
from sourcehere.ports.errors import ThrottledError, UnknownOutcomeError
from sourcehere.testing.factories import (
    NOON,
    SELLER,
    STAFF,
    nothing_moves,
    snapshot,
)


def listed(sku, variant_id=""):
    return ListedVariant(
        sku=sku, title=sku.title(), external_variant_id=variant_id or f"v-{sku}"
    )


@pytest.fixture
def selling(paired):
    """
    Return a bench whose shop lists cups, hats, and something that is not connected;
    ten cups and four hats are in the cloud warehouse.
    """
    paired.shop.products += [listed("CUP"), listed("HAT"), listed("SPOON")]
    for sku, units in (("CUP", 10), ("HAT", 4)):
        paired.stocked(**{sku: units})
    return paired


def push(bench, **more):
    """
    Tell the shop, and return SKU -> units, or why not.
    """
    report = bench.app.listing.push_stock("demo", "shop", **more)
    return {one.sku: one.error or one.quantity for one in report.variants}


class TestHowMuch:
    def test_what_is_in_the_warehouse_is_told(self, selling):
        """
        Of what is connected; of the rest nothing is said, and nothing here moves.
        """
        with nothing_moves(selling):
            report = selling.app.listing.push_stock("demo", "shop")

        assert {"v-CUP": 10, "v-HAT": 4} == selling.shop.stock
        assert (1, (), ()) == (report.not_connected, report.rejected, report.failed)

    def test_what_is_sold_is_no_stock(self, selling):
        """
        Paid or not, paired or held: what an order of the shop wants it has sold
        already. One that is cancelled, or that the seller ignores, wants nothing.
        """
        selling.paid("1", CUP=1)
        selling.sync(snapshot("2", CUP=2))
        (held,) = selling.sync(snapshot("3", CUP=3, HAT=1))
        selling.app.orders.hold("demo", held, detail="", by=STAFF)
        (gone,) = selling.sync(snapshot("4", CUP=4))
        selling.app.orders.cancel("demo", [gone], by=SELLER)

        assert {"CUP": 10 - 1 - 2 - 3, "HAT": 3} == push(selling)

    def test_more_is_sold_than_there_is(self, selling):
        """
        There is nothing then, and never less than nothing.
        """
        selling.sync(snapshot("1", CUP=11))
        assert {"CUP": 0, "HAT": 4} == push(selling)

    def test_goods_at_the_sellers_own_place_count(self, selling):
        """
        They are the seller's to sell, too.
        """
        variant = selling.variants["CUP"]
        selling.app.local_stock.count("demo", variant, 5, by=SELLER)
        assert {"CUP": 15, "HAT": 4} == push(selling)

    def test_a_bundle_has_as_many_as_its_scarcest_part(self, selling):
        """
        Of three cups and a hat there are three; alone there are all.
        """
        selling.shop.products.append(listed("SET"))
        selling.connect(selling.rule("SET", CUP=3, HAT=1))
        assert {"CUP": 10, "HAT": 4, "SET": 3} == push(selling)

    def test_where_nothing_is_stocked_there_is_nothing(self, paired):
        """
        What is sourced directly is no stock.
        """
        paired.shop.products.append(listed("CUP"))
        assert {"CUP": 0} == push(paired)

    def test_a_dry_run_tells_nobody(self, selling):
        """
        It says what would be told.
        """
        assert {"CUP": 10, "HAT": 4} == push(selling, dry_run=True)
        assert {} == selling.shop.stock


class TestTelling:
    def test_many_are_told_a_hundred_at_a_time(self, selling):
        """
        And progress is told after each call.
        """
        told = []
        selling.shop.products += [listed("CUP", f"v{n}") for n in range(150)]
        push(selling, progress=told.append)

        assert [100, 52] == told
        assert 152 == len(selling.shop.stock)

    def test_one_that_is_not_taken_is_told_with_why(self, selling):
        """
        The others are told.
        """
        selling.shop.stock["v-HAT"] = None
        told = push(selling)

        assert 10 == told["CUP"]
        assert "DeclinedError: fake: v-HAT: not kept" == told["HAT"]
        assert 10 == selling.shop.stock["v-CUP"]

    @pytest.mark.parametrize(
        ("error", "words"),
        [
            (
                UnknownOutcomeError(provider="x", detail="?"),
                "UnknownOutcomeError: x: ?",
            ),
            (
                ThrottledError(provider="x", detail="later", retry_after=NOON - NOON),
                "ThrottledError: x: later",
            ),
            (ZeroDivisionError("of a plugin"), "ZeroDivisionError"),
            (SystemExit(), "SystemExit"),
        ],
    )
    def test_a_shop_that_fails_is_told_with_why(self, selling, error, words):
        """
        Of all variants of the call; told again they are told.
        """
        selling.shop.stock_error = error
        assert all(words in told for told in push(selling).values())
        selling.shop.stock_error = None
        assert {"CUP": 10, "HAT": 4} == push(selling)

    @pytest.mark.parametrize("answers", [None, [], [None], ["yes", "yes"], 7])
    def test_an_answer_that_makes_no_sense_is_no_yes(
        self, selling, monkeypatch, answers
    ):
        """
        Nobody knows what was taken.
        """
        monkeypatch.setattr(type(selling.shop), "push_stock", lambda *_: answers)
        told = push(selling)
        assert all("ProtocolError" in words for words in told.values())


class TestRefusals:
    def test_a_file_takes_no_stock(self, selling, tmp_path):
        """
        Its platform cannot be told: nobody is asked.
        """
        path = tmp_path / "orders.csv"
        path.write_text("order_number,sku,quantity,unit_price\n1,CUP,1,9.99\n")
        config = {"path": str(path), "currency": "USD"}
        selling.app.stores.connect(
            "demo", "file", platform="file", name="File", config=config
        )
        with pytest.raises(StockUnsupportedError, match="file cannot be told stock"):
            selling.app.listing.push_stock("demo", "file")

    def test_a_shop_that_rests_is_not_told(self, selling):
        """
        Nor one that there is not.
        """
        selling.app.stores.move("demo", "shop", "pause")
        with pytest.raises(StoreRestsError):
            push(selling)
        with pytest.raises(NotFoundError):
            selling.app.listing.push_stock("demo", "nowhere")
