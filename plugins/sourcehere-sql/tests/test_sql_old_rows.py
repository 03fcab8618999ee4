"""
Rows of a release before: what a migration makes of them.
"""

from importlib import import_module

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext

from sourcehere import DisputeReason, NewProduct, NewVariant, Subject
from sourcehere.testing.factories import STAFF, dump, open_bench, snapshot
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.catalog import PRODUCTS
from sourcehere_sql import open_storage
from sourcehere_sql.changes import Changes
from sourcehere_sql.upgrading import refresh

MIGRATION = import_module(
    "sourcehere_sql.migrations.versions.0006_texts_that_people_type_are_notes"
)

LINKS = import_module(
    "sourcehere_sql.migrations.versions.0011_links_and_agreed_prices_are_found"
)

TALK = import_module(
    "sourcehere_sql.migrations.versions.0020_people_talk_in_conversations"
)

SEARCH = import_module(
    "sourcehere_sql.migrations.versions.0025_orders_are_found_by_what_people_know_of"
)

CHARGES = import_module(
    "sourcehere_sql.migrations.versions.0028_charges_are_known_by_what_they_say"
)

EVENTS = import_module("sourcehere_sql.migrations.versions.0038_events_may_be_long")

LINK = "https://ann:secret@shop.example/it's"


def as_it_was(storage, link):
    """
    Put the link of every quote request back where 0003 had it.
    """
    place = storage.address.place
    request, note = map(place.quoted, ("quote_request", "note"))
    with storage.engine.begin() as connection:
        run = connection.execute
        run(sa.text(f"ALTER TABLE {request} ADD COLUMN link TEXT DEFAULT ''"))
        run(sa.text(f"UPDATE {request} SET link = :link"), {"link": link})
        run(sa.text(f"DELETE FROM {note}"))
        run(sa.text(f"ALTER TABLE {note} DROP COLUMN about"))


@pytest.mark.parametrize("link", [LINK, ""])
def test_the_link_of_a_quote_request_becomes_a_note(database_url, link):
    """
    It is shown as before, by whoever asked and when; no link, no note.
    """
    storage = open_storage(database_url, TABLES)
    bench = open_bench(storage=storage)
    (order_id,) = bench.sync(snapshot("s", SOCK=1))
    asked = bench.sh.seller("demo").quotes.ask(order_id, 1, link=link).request_id
    as_it_was(storage, link)
    with storage.engine.begin() as connection:
        context = MigrationContext.configure(connection)
        MIGRATION.upgrade(Changes(context, storage.address.place))
        note = storage.address.place.quoted("note")
        columns = 'note_id, subject_id, "by", text, for_staff, about'
        rows = connection.execute(sa.text(f"SELECT {columns} FROM {note}")).all()

    assert [(asked, asked, "seller:demo", LINK, 0, "link")] * bool(link) == rows
    storage.close()


def test_links_are_found_by_what_they_have_in_common(database_url):
    """
    A product that was found by host and path is found by its shop's id of it.
    """
    storage = open_storage(database_url, TABLES)
    bench = open_bench(storage=storage)
    product = NewProduct(
        title="Lamp",
        link="https://detail.1688.com/offer/612345678901.html",
        variants=(NewVariant(sku="NEW", weight_grams=1, prices=()),),
    )
    bench.app.catalog.add_many([product], by=STAFF)
    place = storage.address.place
    with storage.engine.begin() as connection:
        old = f"UPDATE {place.quoted('product')} SET link_key = 'detail.1688.com/offer'"
        connection.execute(sa.text(old))
        index = place.quoted("connected_sku_by_priced")
        connection.execute(sa.text(f"DROP INDEX {index}"))
        column = f"ALTER TABLE {place.quoted('connected_sku')} DROP COLUMN"
        connection.execute(sa.text(f"{column} priced_variant"))
        changes = Changes(MigrationContext.configure(connection), place)
        LINKS.upgrade(changes)

    assert {
        ("product", "link_key"),
        ("connected_sku", "priced_variant"),
    } == changes.stale
    table, column = PRODUCTS.table, ["link_key"]
    storage.transact(lambda s: refresh(s, table, column), read_only=False)
    link = "https://m.1688.com/offer/612345678901.html?spm=1"
    assert ["Lamp"] == [
        one.product.title for one in bench.app.catalog.find_by_link(link)
    ]
    storage.close()


EVIDENCE = {"description": "broken", "photo": "p-1"}
OLD_MESSAGES = """
CREATE TABLE {table} (
    seller_id TEXT, dispute_id TEXT, message_id TEXT, "by" TEXT, text TEXT,
    attachment TEXT, written_at {time}
)
"""


def test_what_was_said_in_disputes_becomes_conversations(database_url):
    """
    Each message is kept with its attachment or as the evidence it was, and is a fact of
    the dispute's conversation, so that an audit finds nothing.
    """
    storage = open_storage(database_url, TABLES)
    bench = open_bench(storage=storage)
    bench.connect(bench.rule("CUP"))
    order_id = bench.accepted("1", CUP=3)
    bench.ship(order_id)
    shop = bench.sh.seller("demo")
    name = shop.disputes.open(
        order_id, reason=DisputeReason.DAMAGED, quantities={"1.1": 1}, evidence=EVIDENCE
    ).dispute_id
    ann = bench.sh.staff("ann").seller("demo")
    ann.conversations.say(Subject.DISPUTE, name, "And?", attachments=['a "b" \\c\n'])
    subject = ("demo", Subject.DISPUTE, name)
    said = bench.app.conversations.messages(*subject)
    known = bench.app.conversations.get(*subject)
    storage.close()
    storage = open_storage(database_url, TABLES)  # nothing of the tables is prepared
    place = storage.address.place
    with storage.engine.begin() as connection:
        run = connection.execute
        old = place.quoted("dispute_message")
        is_sqlite = connection.dialect.name == "sqlite"
        time = "INTEGER" if is_sqlite else "TIMESTAMPTZ"
        run(sa.text(OLD_MESSAGES.format(table=old, time=time)))
        attachment = "CASE evidence WHEN '' THEN :file ELSE evidence END"
        run(
            sa.text(
                f"INSERT INTO {old} SELECT seller_id, :dispute, message_id, "
                f'"by", text, {attachment}, written_at FROM {place.quoted("message")}'
            ),
            {"file": 'a "b" \\c\n', "dispute": name},
        )
        for table in ("conversation", "message"):
            run(sa.text(f"DROP TABLE {place.quoted(table)}"))
        events = place.quoted("event")
        run(sa.text(f"DELETE FROM {events} WHERE stream = 'conversation'"))
        TALK.upgrade(Changes(MigrationContext.configure(connection), place))

    app = bench.app.over(storage)
    assert said == app.conversations.messages(*subject)
    assert known == app.conversations.get(*subject)
    assert app.audit.run(replay=True).is_clean
    storage.close()


def test_charges_keep_what_they_say(database_url, tmp_path):
    """
    Those of a row are named as the next telling names them, so that none is kept twice.
    """
    (tmp_path / "orders.csv").write_text(
        "order_number,sku,quantity,unit_price,placed_at\n"
        "1,POST,1,4.00,2026-03-01\n1,POST,1,4.00,2026-03-01\n"
        "1,CUP,1,4.00,2026-03-01\n2,POST,1,free,2026-03-01\n"
    )
    storage = open_storage(database_url, TABLES)
    shop = open_bench(storage=storage, folder=str(tmp_path)).sh.seller("demo").stores
    config = {"path": "orders.csv", "currency": "USD", "fee_codes": ["POST"]}
    shop.connect("file", platform="file", config=config)
    shop.sync("file")
    place = storage.address.place
    before, after = map(place.quoted, ("store_charge", "shop_charge"))
    with storage.engine.begin() as connection:
        run = connection.execute
        run(sa.text(f"CREATE TABLE {before} AS SELECT * FROM {after}"))
        run(sa.text(f"ALTER TABLE {before} DROP COLUMN charge_id"))
        run(sa.text(f"DROP TABLE {after}"))
        context = MigrationContext.configure(connection)
        CHARGES.upgrade(Changes(context, place))

    def kept():
        return [(c.row, c.external_id, c.amount_text) for c in shop.charges("file")]

    assert [(1, "1", "4.00"), (2, "1", "4.00"), (4, "2", "free")] == kept()
    shop.sync("file")
    assert 3 == len(kept())
    storage.close()


def how_it_is_kept(storage):
    """
    Return how SQLite keeps events, whatever it has quoted; nothing of another one.
    """
    if not storage.address.is_sqlite:
        return ""
    with storage.engine.connect() as connection:
        found = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"
        name = storage.address.place.name("event")
        kept = str(connection.execute(sa.text(found), {"name": name}).scalar_one())
        return kept.replace('"', "")


def as_short_as_they_were(storage):
    """
    Keep events in the tree of their keys, where 0001 had them.
    """
    if not storage.address.is_sqlite:
        return
    name = storage.address.place.quoted("event")
    without = how_it_is_kept(storage).replace("STRICT", "WITHOUT ROWID, STRICT")
    with storage.engine.begin() as connection:
        run = connection.exec_driver_sql
        run(f"CREATE TEMP TABLE kept AS SELECT * FROM {name}")
        run(f"DROP TABLE {name}")
        run(without)
        run(f"INSERT INTO {name} SELECT * FROM kept")
        run("DROP TABLE temp.kept")


def test_events_may_be_long(database_url):
    """
    Events live apart from their keys as in a new database, and all are there.
    """
    storage = open_storage(database_url, TABLES)
    bench = open_bench(storage=storage)
    bench.sync(snapshot("s", SOCK=1), snapshot("t", SOCK=2))
    new, before = how_it_is_kept(storage), dump(storage)["event"]
    as_short_as_they_were(storage)
    with storage.engine.begin() as connection:
        context = MigrationContext.configure(connection)
        EVENTS.upgrade(Changes(context, storage.address.place))

    assert ("WITHOUT ROWID" in new, len(before)) == (False, 2)
    assert dump(storage)["event"] == before
    assert "".join(how_it_is_kept(storage).split()) == "".join(new.split())
    assert bench.app.audit.run(replay=True).is_clean
    storage.close()
