"""
Rows of a release before: what a migration that was written by hand makes of them.
"""

import pytest
import sqlalchemy as sa

from sourcehere import NewProduct, NewVariant
from sourcehere.ports.storage import Column, ColumnKind, Table
from sourcehere.testing.factories import STAFF, dump, open_bench, snapshot
from sourcehere.unit.tables import TABLES
from sourcehere_sql import open_storage
from sourcehere_sql.new_migration import write_next

LINK = "https://detail.1688.com/offer/612345678901.html"
NAME = Table(
    "product_name",
    (Column("product_id", ColumnKind.TEXT), Column("name", ColumnKind.TEXT)),
    key=("product_id",),
)
BY_HAND = """
    rows = [
        {"product_id": product_id, "name": title.upper()}
        for product_id, title in db.select(
            f"SELECT product_id, title FROM {db.name('product')}"
            " WHERE title = :title",
            title="Lamp",
        )
    ]
    db.insert(
        f"INSERT INTO {db.name('product_name')} (product_id, name)"
        " VALUES (:product_id, :name)",
        rows,
    )
    db.execute(f"UPDATE {db.name('seller')} SET name = 'Ann & Co'")
    db.refresh("product", "link_key")
"""


@pytest.fixture(params=["", "prefix"])
def placed_url(database_url, request):
    """
    Return the database's URL, and one with our tables at a place of its own.
    """
    if not request.param:
        return database_url
    url = sa.make_url(database_url)
    place = {"prefix": "sh_"} if url.drivername == "sqlite" else {"schema": "shop_a"}
    url = url.difference_update_query(["schema", "prefix"]).update_query_dict(place)
    return url.render_as_string(hide_password=False)


def test_rows_are_moved_and_computed_anew(placed_url, folder):
    """
    What a migration reads, writes, runs and has computed anew is there when it has run,
    wherever the tables are.
    """
    storage = open_storage(placed_url, TABLES)
    bench = open_bench(storage=storage)
    bench.sync(snapshot("1", SOCK=1))
    variant = NewVariant(sku="NEW", weight_grams=1, prices=())
    product = NewProduct(title="Lamp", link=LINK, variants=(variant,))
    bench.app.catalog.add_many([product], by=STAFF)
    place = storage.address.place
    with storage.engine.begin() as connection:
        run = connection.exec_driver_sql
        run(f"UPDATE {place.quoted('product')} SET link_key = 'as it was found before'")
    assert () == tuple(bench.app.catalog.find_by_link(LINK))
    storage.close()
    path = write_next("Name products", tables=(*TABLES, NAME), folder=folder)
    path.write_text(path.read_text() + BY_HAND)

    storage = open_storage(placed_url, (*TABLES, NAME), migrations=[folder])

    ((_, name),) = dump(storage, [NAME])["product_name"]
    assert "LAMP" == name
    app = bench.app.over(storage)
    assert ["Lamp"] == [one.product.title for one in app.catalog.find_by_link(LINK)]
    table = place.quoted("seller")
    with storage.engine.connect() as connection:
        names = connection.exec_driver_sql(f"SELECT name FROM {table}").scalars().all()
    assert ["Ann & Co"] == names
    storage.close()
