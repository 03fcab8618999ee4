"""
Which database a URL means, and how to name it without telling its password.
"""

import re

import attrs
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from sourcehere.domain.kernel.errors import InvalidInputError

from .options import OPTION_NAMES, SqlOptions, read_options
from .place import DEFAULT_SCHEMA, Place, on_postgresql, on_sqlite
from .url_words import require_none_left

_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
_SQLITE = ("sqlite", "sqlite+pysqlite")
_SECRETS = frozenset({"password", "sslpassword", "passfile"})
_SHORT = 6  # characters: fewer are found in words that tell nothing
_EXPECTED = "a URL such as sqlite:///orders.db or postgresql+psycopg://host/name"
_HOSTS = (
    f"{_EXPECTED}, with a number for a port; several hosts are named by"
    " postgresql:///name?host=one:5432&host=two:5432"
)


@attrs.frozen
class Address:
    """
    A database URL that has been understood.

    Attributes:
        full: With the password; never shown.

        public: Without any.

        place: Where in the database our tables stand.

        options: The limits that it asks for.
    """

    full: sa.URL = attrs.field(repr=False)
    public: str
    place: Place
    options: SqlOptions = SqlOptions()

    @property
    def is_sqlite(self) -> bool:
        """
        Tell whether this is a SQLite file rather than a PostgreSQL server.
        """
        return self.full.drivername.startswith("sqlite")

    def without_secrets(self, text: str) -> str:
        """
        Blank this address's passwords in *text*, such as a driver's message. A short
        one is blanked only where it is a word of its own: others may have its letters.
        """
        query = (self.full.query.get(name, "") for name in _SECRETS)
        for secret in filter(None, map(str, (self.full.password or "", *query))):
            edge = r"\b" if secret.isalnum() and len(secret) < _SHORT else ""
            text = re.sub(f"{edge}{re.escape(secret)}{edge}", "***", text)
        return text


def read_address(url: str) -> Address:
    """
    Understand *url*.

    Raises:
        InvalidInputError: If it is neither a SQLite file nor a PostgreSQL database,
            its `?schema=` or `?prefix=` is no plain name, a limit such as
            `?pool_size=` makes no sense, or a file's has an option that there is not.
            SQLite in memory is refused too: each
            connection would see its own; the core has `memory://`.
    """
    try:
        full = sa.make_url(url)
    except ArgumentError:
        # The text may hold a password, so it is never repeated.
        raise InvalidInputError(field="url", value="…", expected=_EXPECTED) from None
    except ValueError:
        raise InvalidInputError(field="url", value="…", expected=_HOSTS) from None
    public = show_url(full)
    named = [name for name in OPTION_NAMES if name in full.query]
    options = read_options({name: _asked(full, name, "") for name in named})
    full = full.difference_update_query(named)
    if full.drivername in _POSTGRESQL:
        place = on_postgresql(_asked(full, "schema", DEFAULT_SCHEMA))
        full = full.difference_update_query(["schema"])
        full = full.set(drivername="postgresql+psycopg")
        return Address(full, public, place, options)
    if full.drivername not in _SQLITE:
        raise InvalidInputError(field="url", value=public, expected=_EXPECTED)
    file = full.database or ":memory:"
    if file.startswith((":memory:", "file:")):
        raise InvalidInputError(
            field="url",
            value=public,
            expected="a database file, as in sqlite:///orders.db"
            " (memory:// needs no database at all)",
        )
    place = on_sqlite(_asked(full, "prefix", ""))
    full = full.difference_update_query(["prefix"])
    require_none_left(full)
    return Address(full.set(drivername="sqlite+pysqlite"), public, place, options)


def _asked(url: sa.URL, name: str, usual: str) -> str:
    """
    Read the option *name* of *url*, which is ours and not the driver's.
    """
    asked = url.query.get(name, usual)
    return asked if isinstance(asked, str) else ",".join(asked)


def show_url(url: sa.URL) -> str:
    """
    Render *url* without any password.
    """
    shown = url.difference_update_query(list(_SECRETS))
    bare = sa.URL.create(
        shown.drivername,
        username=shown.username,
        host=shown.host,
        port=shown.port,
        database=shown.database,
        query=shown.query,
    )
    return bare.render_as_string(hide_password=False)
