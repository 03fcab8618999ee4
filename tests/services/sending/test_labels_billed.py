"""
What carriers take for labels: one file to hold against their bills.
"""

from datetime import date, timedelta

import pytest
from label_world import buy, opened

from sourcehere import ForbiddenError, InvalidInputError
from sourcehere.ports.errors import DeclinedError
from sourcehere.testing.factories import NOON
from sourcehere.testing.fake_labels import LabelCarrier
from sourcehere.testing.fake_shop import Fault

TODAY, DAY = NOON.date(), timedelta(days=1)


@pytest.fixture
def post():
    return LabelCarrier()


@pytest.fixture
def bench(storage, violations, post):
    yield from opened(storage, violations, post=post)


@pytest.fixture
def bought(bench, post):
    """
    A label of today, one that was declined, and one of tomorrow that was voided.
    """
    order_id = bench.accepted("1", CUP=3)
    first = buy(bench, order_id, i1_1=1)
    post.faults = [Fault.DECLINED]
    with pytest.raises(DeclinedError):
        buy(bench, order_id, i1_1=1)
    bench.clock.advance(DAY)
    last = buy(bench, order_id, i1_1=1)
    bench.app.labels.void("demo", last.parcel_id)
    return bench, order_id, first, last


def labels_of(bench):
    """
    Return the desk for labels of all sellers.
    """
    return bench.sh.staff("ann").labels


class TestExport:
    def test_each_says_what_became_of_it_and_what_it_costs(self, bought):
        """
        A row for each label: whose it is, its number, its price, and whether it was
        sold, refused or taken back.
        """
        bench, order_id, first, last = bought
        rows = list(labels_of(bench).export())

        assert [
            ("demo", order_id, "bought", first.tracking_number, "4.12", "EUR"),
            ("demo", order_id, "declined", "", None, ""),
            ("demo", order_id, "void", last.tracking_number, "4.12", "EUR"),
        ] == [
            (
                *(row["seller_id"], row["order_id"], row["state"]),
                *(row["tracking_number"], row["price"], row["currency"]),
            )
            for row in rows
        ]

    @pytest.mark.parametrize(
        ("first", "last", "states"),
        [
            (TODAY, TODAY, ["bought", "declined"]),
            (TODAY + DAY, None, ["void"]),
            (None, TODAY - DAY, []),
            (TODAY, TODAY + DAY, ["bought", "declined", "void"]),
        ],
    )
    def test_those_of_some_days(self, bought, first, last, states):
        """
        Days are whole days in the platform's zone, the last one included.
        """
        rows = labels_of(bought[0]).export(first=first, last=last)
        assert states == [row["state"] for row in rows]

    def test_a_day_begins_in_the_platforms_zone(self, bench):
        """
        What is bought at seven in the evening in UTC is of the next day in Shanghai.
        """
        order_id = bench.accepted("1", CUP=1)
        bench.clock.advance(timedelta(hours=7))
        buy(bench, order_id)

        labels = labels_of(bench)
        assert [] == list(labels.export(last=TODAY))
        assert 1 == len(list(labels.export(first=TODAY + DAY)))

    def test_no_day_before_the_first(self, bench):
        """
        A last day before the first one is refused before a row is read.
        """
        with pytest.raises(InvalidInputError) as ei:
            labels_of(bench).export(first=TODAY, last=date(2020, 1, 1))
        assert "last" == ei.value.field


class TestList:
    def test_page_by_page(self, bought):
        """
        Pages lead to the same labels as one page, each as its order lists it.
        """
        bench, order_id, *_ = bought
        labels, found, after = labels_of(bench), [], ""
        while True:
            page = labels.list(after=after, limit=2)
            found += page
            after = page.next
            if not after:
                break
        assert list(labels.list()) == found
        desk = bench.sh.staff("ann").seller("demo")
        assert list(desk.labels.list(order_id)) == found

    def test_sellers_see_none(self, bought):
        """
        What a label costs is the platform's: no seller's desk has the list.
        """
        bench, order_id, *_ = bought
        seller = bench.sh.seller("demo")
        assert not hasattr(seller.labels, "export")
        with pytest.raises(ForbiddenError):
            seller.labels.list(order_id)
