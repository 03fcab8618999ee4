"""
`sourcehere db` tells and upgrades versions, and no other command upgrades anything.
"""

import json
from functools import partial
from pathlib import Path

import attrs
import pytest

import sourcehere
from sourcehere.app import schema_version
from sourcehere.cli.entry import run
from sourcehere.plugins import hookimpl
from sourcehere.ports.providers import StorageConfig, StorageInfo
from sourcehere.ports.storage import Column, ColumnKind, Table
from sourcehere.unit.tables import TABLES
from sourcehere_sql import open_storage
from sourcehere_sql.new_migration import write_next
from sourcehere_sql.opening import look_at_schema
from sourcehere_sql.upgrading import known_versions

from .conftest import Shell

NOW = known_versions()[-1]
LATER = f"{int(NOW[:4]) + 1:04}"

NOTES = Table("gift_note", (Column("note_id", ColumnKind.TEXT),), key=("note_id",))


@attrs.frozen
class LaterRelease:
    """
    The storage plugin of a release with one more migration.
    """

    migrations: tuple[Path, ...]

    @hookimpl
    def sourcehere_storages(self):
        """
        Offer both databases, one version later.
        """
        schemes = ("sqlite", "postgresql+psycopg")
        return [
            StorageInfo(name, StorageConfig, self.open, look=self.look)
            for name in schemes
        ]

    def open(self, config, _context):
        """
        Open a database with the later tables.
        """
        return open_storage(
            config.url,
            (*config.tables, NOTES),
            upgrade=config.upgrade,
            migrations=self.migrations,
        )

    def look(self, config, _context):
        """
        Look at a database as the later release does.
        """
        return look_at_schema(config.url, migrations=self.migrations)


@pytest.fixture
def later(tmp_path, capsys, database_url):
    """
    The command as the later release has it, on an empty database of each kind.
    """
    folder = tmp_path / "versions"
    folder.mkdir()
    write_next("Notes", tables=(*TABLES, NOTES), folder=folder)
    given = {"plugins": [LaterRelease((folder,))], "load_entry_points": False}
    doors = {
        "opener": partial(sourcehere.open, **given),
        "looker": partial(schema_version, **given),
    }
    return Shell(
        tmp_path, capsys, lambda words: run(["--db", database_url, *words], **doors)
    )


def test_an_old_database_is_upgraded_by_its_command_only(later, database_url):
    """
    Every other command refuses an old database, says what to type, changes nothing.
    """
    with sourcehere.open(database_url) as sh:
        sh.staff("ann").sellers.register("lamps", name="Lamps", currency="GBP")
    old = {"found": NOW, "expected": LATER, "state": "old"}

    for words in (
        "sellers list",
        "audit",
        "worker --once",
        "sellers add b --currency GBP",
    ):
        assert "`sourcehere db upgrade`" in later.refused(words, 3)
    assert old == later.json("db version")
    assert (
        f"version {NOW}: older than this release needs; run `sourcehere db upgrade`\n"
    ) == later.ok("db version")
    assert f"upgraded from version {NOW} to {LATER}\n" == later.ok("db upgrade")
    assert {"found": LATER, "expected": LATER, "state": "current"} == later.json(
        "db version"
    )
    assert "lamps" == later.listed("sellers list")[0]["seller_id"]
    assert {"before": LATER, "after": LATER} == later.json("db upgrade")


def test_a_newer_database_is_told_and_left_alone(later, database_url, capsys):
    """
    This release tells that the database is newer, and neither opens nor upgrades it.
    """
    assert f"made at version {LATER}\n" == later.ok("db upgrade")
    ours = Shell(
        later.folder, capsys, lambda words: run(["--db", database_url, *words])
    )

    newer = {"found": LATER, "expected": NOW, "state": "newer"}
    assert newer == ours.json("db version")
    assert "install a newer" in ours.refused("db upgrade", 3)
    assert "install a newer" in ours.refused("sellers list", 3)
    assert newer == ours.json("db version")


def test_looking_at_no_database_makes_none(on_disk):
    """
    Without a database its version is empty, and still no file is there.
    """
    told = on_disk.json("db version")

    assert {"found": "", "expected": NOW, "state": "empty"} == told
    assert "there is no database yet; any command makes it\n" == on_disk.ok(
        "db version"
    )
    assert [] == list(on_disk.folder.iterdir())
    assert {"before": "", "after": NOW} == on_disk.json("db upgrade")
    assert f"version {NOW}: what this release needs\n" == on_disk.ok("db upgrade")


def test_memory_has_no_version(tmp_path, capsys):
    """
    Where nothing outlives the process there is nothing to upgrade.
    """
    shell = Shell(tmp_path, capsys, lambda words: run(["--db", "memory://", *words]))

    told = "a storage without versions; nothing is ever upgraded\n"
    assert told == shell.ok("db version")
    assert told == shell.ok("db upgrade")


def test_a_refusal_is_one_document(later, database_url):
    """
    With --json the refusal of an old database has its versions as facts.
    """
    sourcehere.open(database_url).close()

    error = json.loads(later.refused("sellers list --json", 3))["error"]

    assert "SchemaVersionError" == error["type"]
    assert "state" == error["family"]
    assert (NOW, LATER) == (error["facts"]["found"], error["facts"]["expected"])


def test_a_database_is_copied_into_an_empty_one(on_disk, capsys):
    """
    All rows come there, once; the document says how many each table got.
    """
    on_disk.ok("sellers add lamps --currency GBP")
    on_disk.ok("wallet top-up 5 --reference T-1")
    told = on_disk.json("db copy sqlite:///other.db")

    assert sum(told["tables"].values()) == told["rows"]
    assert {"seller": 1, "wallet": 1, "top_up": 1} == {
        name: told["tables"][name] for name in ("seller", "wallet", "top_up")
    }
    other = Shell(
        on_disk.folder,
        capsys,
        lambda words: run(["--db", "sqlite:///other.db", *words]),
    )
    assert on_disk.json("wallet show") == other.json("wallet show")
    again = on_disk.refused("db copy sqlite:///other.db", 3)
    assert "there are rows in seller, and a copy begins with an empty" in again


def test_what_is_not_there_is_not_copied(on_disk):
    """
    A misspelt address is told, and neither database is made.
    """
    before = set(on_disk.folder.iterdir())
    told = on_disk.refused("db copy sqlite:///other.db", 2)

    assert "is no database yet; name the one to copy by --db" in told
    assert before == set(on_disk.folder.iterdir())
    on_disk.ok("db upgrade")
    assert 0 == on_disk.json("db copy sqlite:///other.db")["rows"]


def test_a_copy_is_of_all_sellers(on_disk):
    """
    One seller alone is not copied, and no seller does it.
    """
    on_disk.ok("sellers add lamps --currency GBP")

    for words in ("--seller lamps", "--as seller"):
        on_disk.refused(f"db copy sqlite:///other.db {words}", 2)
    assert not (on_disk.folder / "other.db").exists()
