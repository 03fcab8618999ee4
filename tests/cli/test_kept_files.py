"""
What `--output` is refused: a file that would be lost.
"""

import sqlite3
from contextlib import closing

import pytest

EXPORTS = (
    *("orders export", "lines export", "ledger export"),
    *("ledger months 2030-12", "ledger statement 2030-12-01"),
    "stores fulfilments shop",
)


@pytest.mark.parametrize("words", EXPORTS)
@pytest.mark.parametrize("form", ["", ".link"])
def test_the_files_of_a_shop(paid, words, form):
    """
    Its orders, and what it was told, by which no parcel is told twice; by a link, too.
    """
    paid.ok("orders accept 1002")
    paid.ok("orders ship 1002 --carrier post --tracking T1")
    paid.ok("relay run")
    for name in ("shop.csv", "fulfilments.csv"):
        kept = (paid.folder / name).read_bytes()
        if form:
            (paid.folder / f"{name}{form}").symlink_to(name)
        said = paid.unmoved(f"{words} --output {name}{form}", 2)

        assert (
            f"{name}{form} is a file of the shop lamps/shop, and would be lost" in said
        )
        assert "name another file with --output" in said
        assert kept == (paid.folder / name).read_bytes()


def test_a_shop_of_another_seller(paid):
    """
    Whoever asks for the file.
    """
    paid.ok("sellers add other --currency GBP")
    kept = (paid.folder / "shop.csv").read_bytes()
    said = paid.refused("orders export --seller other --output shop.csv", 2)

    assert "is a file of the shop lamps/shop" in said
    assert kept == (paid.folder / "shop.csv").read_bytes()


@pytest.mark.parametrize("words", EXPORTS)
@pytest.mark.parametrize("end", ["", "-wal", "-shm"])
def test_a_database(paid, words, end):
    """
    One of ours or of somebody else's, and what belongs to it.
    """
    with closing(sqlite3.connect(paid.folder / "kept.db")) as database:
        database.execute("PRAGMA journal_mode = wal")
        database.execute("CREATE TABLE kept (number)")
        database.commit()
        said = paid.unmoved(f"{words} --output kept.db{end}", 2)

        assert f"kept.db{end} is a database, and would be lost" in said
        assert [("kept",)] == database.execute(
            "SELECT name FROM sqlite_master"
        ).fetchall()


def test_what_was_exported_before(paid):
    """
    That is written anew.
    """
    for name in ("orders.csv", "orders.xlsx", "orders.jsonl"):
        for _ in range(2):
            paid.ok(f"orders export --output {name}")
