"""
The contract of a shop: orders are read as they are, all of them, and again.
"""

from datetime import UTC, timedelta

import attrs
import pytest

from ...domain.kernel.money import Money
from ...ports.errors import DeclinedError
from ...ports.platforms import StorePlatform
from .store_asking import fetched, one_or_none, page_of, pages, read_all, told_of
from .store_base import (
    LINES,
    StoreCase,
    assert_known,
    assert_same,
    assert_units,
    units_of,
)
from .store_lab import PLACED, ShopOrder, StoreLab

_PAGE = 100  # as many as the core asks for at a time
_ROUNDS = 3


class StoreReadingContract(StoreCase):
    """
    What `pull_orders` and `fetch_order` promise.
    """

    def test_an_order_is_read_as_it_was_placed(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        SKU, units, price in minor units, country, and an instant with its zone.
        """
        name = lab.place(self.order(LAMP=3))
        found, _ = read_all(shop)
        order = told_of(found, name)
        (line,) = order.lines

        assert [name] == list(found), f"one order was placed, and pages tell {found}"
        assert_units(order, LAMP=3)
        price = Money(1_234, self.currency)
        assert price == line.unit_price, f"{price} is read as {line.unit_price}"
        assert order.address.country == "GB"
        assert order.placed_at.tzinfo is not None, "a time without a zone"
        assert order.placed_at.astimezone(UTC) == PLACED
        assert "" not in (order.number, line.external_line_id)
        assert (order.paid_at_store, order.cancelled) == (True, False)
        assert (line.quantity_fulfilled, line.quantity_refunded) == (0, 0)

    def test_it_goes_where_it_was_ordered_to(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        Each to its own country.
        """
        there = {
            country: lab.place(attrs.evolve(self.order(LAMP=1), country=country))
            for country in ("DE", "US", "GB")
        }
        for country, name in there.items():
            told = fetched(shop, name).address.country
            assert country == told, f"an order to {country} is read as one to {told}"

    def test_prices_are_exact(self, lab: StoreLab, shop: StorePlatform) -> None:
        """
        Amounts that a binary fraction cannot hold, and a large one.
        """
        minors = {"A": 1, "B": 29, "C": 1_999, "D": 114_535, "E": 100_000_000_01}
        lines = tuple(self.line(sku, 1, minor) for sku, minor in minors.items())
        order = fetched(shop, lab.place(ShopOrder(lines=lines)))

        for line in order.lines:
            price = Money(minors[line.sku], self.currency)
            assert price == line.unit_price, (
                f"{line.sku} costs {price} in the shop, and is read as for"
                f" {line.unit_price}"
            )
        assert len(minors) == len(order.lines), "not every line is read"

    def test_skus_are_verbatim(self, lab: StoreLab, shop: StorePlatform) -> None:
        """
        Case, zeros in front, signs and letters of other alphabets stay as they are.
        """
        skus = ("lamp", "LAMP", "007", "a/b.c_d-e", "箱-é", "1e5")
        lines = tuple(self.line(sku, n) for n, sku in enumerate(skus, start=1))
        order = fetched(shop, lab.place(ShopOrder(lines=lines)))

        assert_units(order, **{sku: n for n, sku in enumerate(skus, start=1)})

    def test_lines_have_ids_of_their_own(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        Two lines of one SKU are two lines, and keep their ids when read again.
        """
        lines = (self.line("LAMP", 1), self.line("LAMP", 2), self.line("CUP", 1))
        name = lab.place(ShopOrder(lines=lines))
        ids = [line.external_line_id for line in fetched(shop, name).lines]
        again = [line.external_line_id for line in fetched(lab.connect(), name).lines]

        assert 3 == len(set(ids))
        assert ids == again

    def test_an_order_of_many_lines_is_read_whole(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        Alone and in a page: shops tell the lines of an order by pages, too.
        """
        units = {f"SKU-{n:03}": 1 + n % 3 for n in range(LINES)}
        name = lab.place(self.order(**units))
        found, _ = read_all(shop)
        for order in (fetched(shop, name), told_of(found, name)):
            assert_units(order, **units)

    def test_one_order_is_read_as_in_a_page(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        Whoever asks for one gets what a page says of it.
        """
        name = lab.place(self.order(LAMP=2, CUP=1))
        found, _ = read_all(shop)

        assert_same(told_of(found, name), fetched(shop, name))

    def test_an_order_that_is_none_is_none(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        Not an error, and not another order; an id that makes no sense may be declined.
        """
        lab.place(self.order(LAMP=1))
        assert one_or_none(shop, "999999999") is None
        for name in ("../orders", "1 OR 1=1", "😀"):
            try:
                found = one_or_none(shop, name)
            except DeclinedError:
                continue
            assert found is None, name

    def test_an_id_is_a_text(self, lab: StoreLab, shop: StorePlatform) -> None:
        """
        One with another zero in front, a space behind, or twenty digits is no order's;
        whoever reads numbers would take it for one.
        """
        name = lab.place(self.order(LAMP=1))
        assert fetched(shop, name).external_id == name
        for other in (f"0{name}", f"{name} ", "12345678901234567890"):
            try:
                found = one_or_none(shop, other)
            except DeclinedError:
                continue
            assert found is None, f"{other!r} is taken for order {name!r}"

    def test_the_core_takes_every_order_in(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        It sets none aside, whatever became of it: ids, instants with their zone, counts
        and currencies are such as it can keep.
        """
        order = self.order(LAMP=3, CUP=1)
        unpaid = attrs.evolve(order, is_paid=False)
        cancelled = attrs.evolve(order, is_cancelled=True)
        names = [lab.place(one) for one in (order, unpaid, cancelled)]
        found, _ = read_all(shop)

        for name in names:
            assert_same(told_of(found, name), fetched(shop, name))

    def test_pages_hold_every_order(self, lab: StoreLab, shop: StorePlatform) -> None:
        """
        None is skipped between pages, no page is longer than was asked, and they end.
        """
        names = [lab.place(self.order(LAMP=n)) for n in range(1, 8)]
        for limit in (1, 2, 3, 7, 50):
            found, _ = read_all(shop, limit=limit)
            lost = sorted(set(names) - found.keys())
            assert lost == [], f"pages of {limit} do not tell the orders {lost}"
            longest = max(len(page.orders) for page in pages(shop, limit=limit))
            assert longest <= limit, f"a page of {longest} where {limit} were asked for"

    def test_a_page_of_a_hundred_is_read(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        As the core asks for one; a shop that tells fewer at a time has more.
        """
        names = [lab.place(self.order(LAMP=1)) for _ in range(_PAGE + 5)]
        found, _ = read_all(shop, limit=_PAGE)
        lost = sorted(set(names) - found.keys())

        assert lost == [], f"pages of up to {_PAGE} lose {len(lost)} of {len(names)}"

    def test_a_shop_without_orders_has_an_end(self, shop: StorePlatform) -> None:
        """
        One page, with nothing in it and nothing behind it.
        """
        page = page_of(shop, limit=10)
        assert (page.orders, page.has_more) == ((), False)

    def test_reading_goes_on_where_it_ended(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        Another process with the cursor is told what came later, also of the same
        second; what it was told before may come again.
        """
        lab.place(self.order(LAMP=1))
        _, cursor = read_all(shop)
        later = [lab.place(self.order(LAMP=n)) for n in (2, 3, 4)]
        found, again = read_all(lab.connect(), cursor)

        lost = sorted(set(later) - found.keys())
        assert lost == [], f"placed after the last page and not told: {lost}"
        assert again, "the end has no cursor"
        assert not read_all(lab.connect(), again)[0].keys() - {*later, *found}

    def test_an_edit_is_told(self, lab: StoreLab, shop: StorePlatform) -> None:
        """
        An order that was read before is told again as it is now.
        """
        name = lab.place(self.order(LAMP=1, CUP=1))
        lab.place(self.order(LAMP=9))
        _, cursor = read_all(shop)
        lab.change(name, self.order(LAMP=5, CUP=1))
        found, _ = read_all(shop, cursor)

        assert_units(told_of(found, name), LAMP=5, CUP=1)

    def test_an_edit_is_newer(self, lab: StoreLab, shop: StorePlatform) -> None:
        """
        By a `version` that grows or a `changed_at` that moves on, so that what is told
        late is known to be old, and changes nothing.
        """
        name = lab.place(self.order(LAMP=1))
        before = fetched(shop, name)
        lab.change(name, self.order(LAMP=2))
        after = fetched(shop, name)

        words = "neither version nor changed_at tells which of two readings is newer"
        assert after.version or after.changed_at is not None, words
        if after.version:
            assert after.version > before.version, "an edit has the version of before"
        else:
            assert before.changed_at is not None, "only one of two orders has a time"
            assert after.changed_at is not None
            assert after.changed_at >= before.changed_at, "an edit is older than before"

    def test_an_edit_between_pages_loses_nothing(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        When an order moves to the end of the list while it is read, its neighbours are
        told all the same, and its newest state is.
        """
        names = [lab.place(self.order(LAMP=n)) for n in range(1, 7)]
        found, last = {}, 0
        for number, page in enumerate(pages(shop, limit=2)):
            found.update({order.external_id: order for order in page.orders})
            if number == 0:
                lab.change(names[0], self.order(LAMP=77))
            last = number
        more, _ = read_all(shop, page.cursor)
        found.update(more)

        assert last >= 1
        lost = sorted(set(names) - found.keys())
        assert lost == [], f"an order changed between two pages, and {lost} are lost"
        assert_units(told_of(found, names[0]), LAMP=77)

    def test_an_edit_within_a_second_is_told(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        An order changes again as soon as it was read, in the second in which the page
        ended: its newest state is told to whoever goes on.
        """
        cursor = ""
        known: dict[str, dict[str, int]] = {}
        wanted: dict[str, dict[str, int]] = {}
        for number in range(1, _ROUNDS + 1):
            fresh = {lab.place(self.order(LAMP=number)) for _ in range(2)}
            wanted |= {name: {"LAMP": number} for name in fresh}
            for page in pages(shop, cursor, limit=1):
                cursor = page.cursor
                known |= {one.external_id: units_of(one) for one in page.orders}
                for name in fresh & {one.external_id for one in page.orders}:
                    lab.change(name, self.order(LAMP=100 + number))
                    wanted[name] = {"LAMP": 100 + number}
                    fresh.discard(name)
        later, _ = read_all(shop, cursor)
        known |= {name: units_of(one) for name, one in later.items()}

        assert_known(wanted, known)

    def test_a_line_that_was_taken_out_has_no_units(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        It is told with 0 units or not at all, and the others stay.
        """
        name = lab.place(self.order(LAMP=2, CUP=1))
        lab.change(name, self.order(LAMP=0, CUP=1))
        order = fetched(shop, name)

        assert_units(order, CUP=1)
        assert all(line.quantity >= 0 for line in order.lines)

    @pytest.mark.parametrize(
        ("is_paid", "is_cancelled"), [(True, True), (False, False)]
    )
    def test_what_became_of_it_is_told(
        self,
        lab: StoreLab,
        shop: StorePlatform,
        is_paid: bool,  # noqa: FBT001 - named by its test
        is_cancelled: bool,  # noqa: FBT001
    ) -> None:
        """
        A customer who cancelled, or has not paid yet, is no order to pay for.
        """
        name = lab.place(self.order(LAMP=1))
        _, cursor = read_all(shop)
        order = self.order(LAMP=1)
        lab.change(
            name, attrs.evolve(order, is_paid=is_paid, is_cancelled=is_cancelled)
        )
        found, _ = read_all(shop, cursor)

        told = told_of(found, name)
        assert is_paid == told.paid_at_store, (
            f"paid_at_store is {told.paid_at_store} of an order that is"
            f" {'paid' if is_paid else 'not paid'}"
        )
        assert is_cancelled == told.cancelled, (
            f"cancelled is {told.cancelled} of an order that is"
            f" {'cancelled' if is_cancelled else 'not cancelled'}"
        )

    def test_times_of_another_zone_are_the_same_instant(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        Before and after midnight of wherever the shop is.
        """
        for hours in (0, 7, 11, 15, 23):
            at = PLACED.replace(hour=0) + timedelta(hours=hours)
            name = lab.place(attrs.evolve(self.order(LAMP=1), placed_at=at))
            assert at == fetched(shop, name).placed_at

    def test_nothing_changes_by_reading(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        The same cursor gives the same again, in another process, too.
        """
        for number in range(1, 5):
            lab.place(self.order(LAMP=number))
        first, cursor = read_all(shop)

        for again, end in (read_all(shop), read_all(lab.connect())):
            assert first.keys() == again.keys(), "reading again tells other orders"
            for name, order in first.items():
                assert_same(order, again[name])
            assert cursor == end, (
                f"reading again ends at {end!r}, and not at {cursor!r}"
            )
