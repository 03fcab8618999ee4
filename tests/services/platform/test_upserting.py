"""
Many products at once: known SKUs are changed, new ones added, wrong rows rejected.
"""

import pytest

from sourcehere import (
    CatalogRow,
    IdempotencyConflictError,
    Money,
    Price,
    ProductChange,
    VariantChange,
)
from sourcehere.ports.storage_errors import StorageUnavailableError
from sourcehere.services.platform.upserting import RowRejected
from sourcehere.testing.factories import STAFF, nothing_moves, open_bench

ONE = (Price(Money(100, "USD")),)
NEW = {"weight_grams": 50, "prices": ONE}


def row(number, sku, product="", about=None, **change):
    """
    Return a row of a file.
    """
    return CatalogRow(
        place=f"record {number}",
        sku=sku,
        product=product,
        change=VariantChange(**change),
        about=about or ProductChange(),
    )


ROWS = [
    row(1, "cup", weight_grams=310),
    row(2, "HAT", title="Hat"),
    row(3, "PEN-R", "Pen", options={"Colour": "Red"}, **NEW),
    row(4, "PEN-B", "Pen", options={"Colour": "Blue"}, **NEW),
    row(5, "LAMP", weight_grams=0),
    row(6, "INK", weight_grams=9),
    row(7, "Cup", title="again"),
]


class Leaving:
    """
    A storage that goes away after so many transactions that write.
    """

    def __init__(self, storage):
        self._storage, self.writes_left = storage, 1_000

    def __getattr__(self, name):
        return getattr(self._storage, name)

    def transact(self, work, /, *, read_only):
        """
        Run *work*, or be away.
        """
        if not read_only:
            if not self.writes_left:
                raise StorageUnavailableError(url="gone", cause="away")
            self.writes_left -= 1
        return self._storage.transact(work, read_only=read_only)


@pytest.fixture
def desk(bench):
    """
    Return the catalogue's desk of staff.
    """
    return bench.sh.staff("ann").catalog


class TestUpserting:
    @pytest.mark.parametrize("dry_run", [True, False])
    def test_each_row_has_its_fate(self, bench, desk, dry_run):
        """
        Known SKUs are changed where they differ, new ones added, wrong rows rejected
        with their reason. A dry run says the same.
        """
        report = desk.upsert(ROWS, dry_run=dry_run)

        assert ("PEN-R", "PEN-B") == report.added
        (changed,) = report.changed
        assert (bench.variants["CUP"], "cup", ["weight_grams"]) == (
            changed.variant_id,
            changed.sku,
            [c.field for c in changed.changes],
        )
        assert 1 == report.unchanged
        assert [
            RowRejected(
                place="record 5",
                sku="LAMP",
                reason="weight_grams: 0 is not positive",
            ),
            RowRejected(
                place="record 6",
                sku="INK",
                reason="the SKU is new, so it needs prices",
            ),
            RowRejected(
                place="record 7",
                sku="Cup",
                reason="record 1 has this SKU, too",
            ),
        ] == list(report.rejected)

    def test_what_is_written(self, desk):
        """
        New variants of one product come together; what a row does not say stays.
        """
        desk.upsert(ROWS)

        found = desk.find_by_sku(["CUP", "PEN-R", "PEN-B"])
        cup, red, blue = found["cup"], found["pen-r"], found["pen-b"]
        assert (310, "Cup", 3, 1_000) == (
            cup.weight_grams,
            cup.title,
            cup.quantity_min,
            cup.concession_points,
        )
        assert red.product_id == blue.product_id
        pen = desk.get(red.product_id)
        assert ("Pen", ("Colour",)) == (pen.title, pen.option_names)
        assert [{"Colour": "Red"}, {"Colour": "Blue"}] == [red.options, blue.options]
        assert ONE == red.prices

    def test_the_same_rows_again_change_nothing(self, bench, desk):
        """
        A file that was taken is unchanged when it comes again.
        """
        desk.upsert(ROWS[:4])
        with nothing_moves(bench):
            again = desk.upsert(ROWS[:4])

        assert ((), (), 4, ()) == (
            again.added,
            again.changed,
            again.unchanged,
            again.rejected,
        )

    def test_a_dry_run_moves_nothing(self, bench, desk):
        """
        A dry run writes nothing, and its report is that of the run.
        """
        with nothing_moves(bench):
            told = desk.upsert(ROWS, dry_run=True)

        assert told == desk.upsert(ROWS)

    def test_a_new_variant_joins_its_product(self, bench, desk):
        """
        A new SKU beside a known one under the same product becomes a variant of it, and
        the product has its options, title and link.
        """
        cup = bench.variants["CUP"]
        about = ProductChange(link="a.example/cups", option_names=("Size",))
        desk.upsert(
            [
                row(1, "CUP", "Cups", about),
                row(2, "CUP-XL", "Cups", options={"Size": "XL"}, **NEW),
            ]
        )

        product = desk.get(desk.variants([cup])[cup].product_id)
        assert ("Cups", "a.example/cups", ("Size",)) == (
            product.title,
            product.link,
            product.option_names,
        )
        assert ["CUP", "CUP-XL"] == [v.sku for v in product.variants]
        (found,) = desk.search("cups xl")
        assert product == found

    def test_what_it_touches(self, paired):
        """
        The report names what depends on the variants that were changed.
        """
        report = paired.sh.staff("ann").catalog.upsert(ROWS)

        (connection,) = report.touched.connections
        names = {
            one.connection_id: one.listing
            for one in paired.app.pairing.connections("demo")
        }
        assert "CUP" == names[connection.connection_id]

    def test_a_command_that_comes_again(self, bench, desk):
        """
        The same command has the same answer; for other rows its id is refused.
        """
        first = desk.upsert(ROWS, command_id="once")
        with nothing_moves(bench):
            again = desk.upsert(ROWS, command_id="once")
        assert (first.added, first.changed) == (again.added, again.changed)

        other = [row(1, "CUP", weight_grams=1), *ROWS[1:]]
        with nothing_moves(bench), pytest.raises(IdempotencyConflictError):
            desk.upsert(other, command_id="once")

    def test_more_rows_than_a_commit_takes(self, bench, desk):
        """
        Many rows are done in several commits, each row once.
        """
        rows = [row(n, f"N{n}", **NEW) for n in range(450)]
        told = []
        report = bench.app.upserting.upsert(rows, by=STAFF, progress=told.append)

        assert [one.sku for one in rows] == list(report.added)
        assert 450 == sum(told)
        assert len(told) > 1
        assert 450 == len(desk.find_by_sku([one.sku for one in rows]))

    @pytest.mark.parametrize("command_id", ["", "once"])
    def test_a_database_that_goes_away(self, storage, command_id):
        """
        No row is rejected because the database is away: the call fails, what was done
        stays, and the same command does the rest when it is back.
        """
        bench = open_bench(storage=Leaving(storage))
        desk = bench.sh.staff("ann").catalog
        rows = [row(n, f"N{n}", **NEW) for n in range(150)]
        bench.app.storage.writes_left = 1
        with pytest.raises(StorageUnavailableError):
            desk.upsert(rows, command_id=command_id)

        bench.app.storage.writes_left = 1_000
        report = desk.upsert(rows, command_id=command_id)
        assert (50, 100, ()) == (
            len(report.added),
            report.unchanged,
            report.rejected,
        )
        assert 150 == len(desk.find_by_sku([one.sku for one in rows]))

    def test_nothing_at_all(self, bench, desk):
        """
        No rows, no change.
        """
        with nothing_moves(bench):
            report = desk.upsert([])

        assert ((), 0) == (report.added, report.unchanged)
