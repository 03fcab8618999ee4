"""
Where in a database our tables stand, so that they live beside a host's own.

On PostgreSQL they have a schema of their own; on SQLite, which has none, their names
can begin with a prefix.
"""

import re

import attrs

from sourcehere.domain.kernel.errors import InvalidInputError

DEFAULT_SCHEMA = "sourcehere"
VERSION_TABLE = "sourcehere_version"

_SCHEMA = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")
_PREFIX = re.compile(r"(?!sqlite_)[a-z][a-z0-9_]{0,30}|")


@attrs.frozen
class Place:
    """
    What stands before the name of each table.

    Attributes:
        schema: The PostgreSQL schema; empty on SQLite.

        prefix: What SQLite names begin with; often empty, always on PostgreSQL.
    """

    schema: str
    prefix: str

    @property
    def before(self) -> str:
        """
        The beginning of a quoted name: a table's name and a quote complete it.
        """
        return f'"{self.schema}"."' if self.schema else f'"{self.prefix}'

    def name(self, name: str) -> str:
        """
        Return what the table or index *name* is called here, within its schema.
        """
        return f"{self.prefix}{name}"

    def quoted(self, name: str) -> str:
        """
        Return the table *name* as SQL text that means it from any connection.
        """
        return f'{self.before}{name}"'


def on_postgresql(schema: str) -> Place:
    """
    Return the place in *schema*.

    Raises:
        InvalidInputError: If it is no plain lower-case name, or PostgreSQL's own.
    """
    if not _SCHEMA.fullmatch(schema) or schema == "information_schema":
        expected = "a schema name of a-z, 0-9 and _, such as sourcehere"
        raise InvalidInputError(field="schema", value=schema, expected=expected)
    return Place(schema, "")


def on_sqlite(prefix: str) -> Place:
    """
    Return the place of tables whose names begin with *prefix*, which may be empty.

    Raises:
        InvalidInputError: If it is no plain lower-case beginning of a name.
    """
    if not _PREFIX.fullmatch(prefix):
        expected = "a prefix of a-z, 0-9 and _, such as sh_"
        raise InvalidInputError(field="prefix", value=prefix, expected=expected)
    return Place("", prefix)
