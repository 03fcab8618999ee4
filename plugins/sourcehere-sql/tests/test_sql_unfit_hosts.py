"""
A host's connection that cannot take our work is refused by an error of ours, whatever
its driver or framework raises, and nothing is kept.
"""

import sqlite3
import threading
from contextlib import closing

import psycopg
import pytest
import sqlalchemy as sa

from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.ports.storage import StorageUnavailableError
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import THINGS, thing
from sourcehere_sql import SqlStorage


@pytest.fixture
def engine(host_url):
    """
    Return the host's engine.
    """
    made = sa.create_engine(host_url)
    yield made
    made.dispose()


@pytest.fixture
def driver(engine):
    """
    Return a connection of the host's driver.
    """
    url = engine.url
    if url.drivername.startswith("sqlite"):
        made = sqlite3.connect(url.database)
    else:
        plain = url.set(drivername="postgresql")
        made = psycopg.connect(plain.render_as_string(hide_password=False))
    with closing(made):
        yield made


def refused(joined):
    """
    Return why neither reading nor writing was possible.
    """
    with pytest.raises((InvalidInputError, StorageUnavailableError)) as reading:
        kept(joined, THINGS)
    with pytest.raises((InvalidInputError, StorageUnavailableError)) as writing:
        keep(joined, THINGS, [thing("a")])
    assert str(reading.value) == str(writing.value)
    return str(reading.value)


def test_one_that_is_closed(driver, ours):
    """
    When it is joined, and after that.
    """
    joined = SqlStorage.joined(driver)
    driver.close()
    assert "closed" in refused(joined)
    with pytest.raises(InvalidInputError, match="closed"):
        SqlStorage.joined(driver)
    assert [] == kept(ours, THINGS)


def test_one_of_sqlalchemy_that_is_closed(engine, ours):
    """
    The same of SQLAlchemy's.
    """
    with engine.connect() as connection:
        joined = SqlStorage.joined(connection)
    assert "This Connection is closed" in refused(joined)
    assert [] == kept(ours, THINGS)


def test_one_of_sqlalchemy_s_asyncio():
    """
    What `run_sync` hands over looks like any other, and answers later.
    """
    engine = sa.create_engine("postgresql+psycopg_async://ann@localhost/shop")
    connection = sa.Connection(engine, connection=object())
    with pytest.raises(InvalidInputError, match="async") as ei:
        SqlStorage.joined(connection)

    assert "connection" == ei.value.field
    assert "in a thread" in ei.value.expected


@pytest.mark.parametrize("of_all", [False, True])
def test_one_of_sqlalchemy_that_commits_by_itself(engine, ours, of_all):
    """
    What is kept there could not be rolled back together with anything, and on SQLite
    nobody would ever commit it. What the host writes itself is kept as before.
    """
    by_itself = {"isolation_level": "AUTOCOMMIT"}
    other = sa.create_engine(engine.url, **by_itself) if of_all else engine
    with other.connect() as connection:
        if not of_all:
            connection.execution_options(**by_itself)
        assert "AUTOCOMMIT" in refused(SqlStorage.joined(connection))
        assert not connection.in_transaction()
        connection.exec_driver_sql("CREATE TABLE of_host (a INTEGER)")
    other.dispose()
    with engine.connect() as connection:
        assert [] == connection.exec_driver_sql("SELECT * FROM of_host").all()
    assert [] == kept(ours, THINGS)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_of_sqlalchemy_that_begins_by_an_event(engine, ours):
    """
    Its driver would commit each statement, had the host not begun.
    """
    sa.event.listen(engine, "connect", lambda c, _: setattr(c, "isolation_level", None))
    sa.event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    for ends, found in (("rollback", []), ("commit", [thing("a")])):
        with engine.connect() as connection:
            keep(SqlStorage.joined(connection), THINGS, [thing("a")])
            getattr(connection, ends)()
        assert found == kept(ours, THINGS)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
class TestPostgres:
    """
    What goes wrong on PostgreSQL alone.
    """

    def test_a_transaction_that_failed(self, driver, ours):
        """
        It has to be rolled back first; then it takes our work.
        """
        with pytest.raises(psycopg.errors.DivisionByZero):
            driver.execute("SELECT 1/0")
        joined = SqlStorage.joined(driver)
        assert "current transaction is aborted" in refused(joined)
        assert "roll back what did" in refused(joined)
        driver.rollback()
        keep(joined, THINGS, [thing("a")])
        driver.commit()
        assert [thing("a")] == kept(ours, THINGS)

    def test_one_of_sqlalchemy_that_failed(self, engine, ours):
        """
        The same of SQLAlchemy's.
        """
        with engine.connect() as connection:
            with pytest.raises(sa.exc.DataError):
                connection.exec_driver_sql("SELECT 1/0")
            joined = SqlStorage.joined(connection)
            assert "current transaction is aborted" in refused(joined)
        assert [] == kept(ours, THINGS)

    def test_one_that_has_not_every_character(self, driver, ours):
        """
        A text would fail in the middle of the work.
        """
        driver.execute("SET client_encoding TO latin1")
        assert "one in UTF8" in refused(SqlStorage.joined(driver))
        assert [] == kept(ours, THINGS)

    def test_one_within_a_pipeline(self, driver, ours):
        """
        Whether a row was there to be changed would be known too late: what is not done
        was taken for done.
        """
        keep(ours, THINGS, [thing("a", quantity=9)])
        joined = SqlStorage.joined(driver)
        change = (("s", "a"), {"quantity": 5})  # no more than 10 are possible

        def work(session):
            return session.add(THINGS, [change])

        with driver.pipeline():
            assert "leave the pipeline" in refused(joined)
        assert [("s", "a")] == joined.transact(work, read_only=False)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestSqlite:
    """
    What goes wrong on SQLite alone.
    """

    def test_another_thread_s(self, driver, ours):
        """
        sqlite3 lets no other thread use it.
        """
        joined, said = SqlStorage.joined(driver), []
        thread = threading.Thread(target=lambda: said.append(refused(joined)))
        thread.start()
        thread.join()
        assert "can only be used in that same thread" in said[0]
        assert [] == kept(ours, THINGS)

    def test_one_whose_texts_are_bytes(self, driver, ours):
        """
        We would read what is no text.
        """
        driver.text_factory = bytes
        assert "text_factory" in refused(SqlStorage.joined(driver))
        assert [] == kept(ours, THINGS)
