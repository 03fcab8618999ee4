"""
The PostgreSQL schema that our tables have to themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from sourcehere.domain.kernel.errors import StateError

from .address import Address

_FORBIDDEN = "42501"


class SchemaForbiddenError(StateError):
    """
    A database role that may not make or use the schema of our tables.

    Attributes:
        remedy: The SQL that an administrator of the database runs once.
    """

    def __init__(self, *, url: str, role: str, schema: str, remedy: str) -> None:
        super().__init__(
            f"storage {url}: the role {role!r} may not use the schema {schema!r};"
            f" an administrator of the database must run once: {remedy}"
        )
        self.url = url
        self.role = role
        self.schema = schema
        self.remedy = remedy


def require_schema(connection: sa.Connection, address: Address) -> None:
    """
    Create the schema of *address* if it is missing; SQLite has none.

    A schema that is there is taken as it is, so that a role needs no right to create
    schemas if somebody has made this one.

    Raises:
        SchemaForbiddenError: If the role may not create it.
    """
    schema = address.place.schema
    if not schema or sa.inspect(connection).has_schema(schema):
        return
    role = _role(connection)
    with _refusal(address, role, f'CREATE SCHEMA "{schema}" AUTHORIZATION "{role}"'):
        connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')


@contextmanager
def rights_checked(connection: sa.Connection, address: Address) -> Iterator[None]:
    """
    Say what to grant when the role may not use the schema that is there.

    Raises:
        SchemaForbiddenError: If the role may not read or make tables in the schema.
    """
    schema = address.place.schema
    if not schema:
        yield
        return
    role = _role(connection)
    with _refusal(address, role, f'ALTER SCHEMA "{schema}" OWNER TO "{role}"'):
        yield


@contextmanager
def _refusal(address: Address, role: str, remedy: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _FORBIDDEN:
            raise
        raise SchemaForbiddenError(
            url=address.public, role=role, schema=address.place.schema, remedy=remedy
        ) from error


def _role(connection: sa.Connection) -> str:
    driver: Any = connection.connection.driver_connection
    return str(driver.info.user)
