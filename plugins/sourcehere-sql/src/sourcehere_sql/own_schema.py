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
from .place import VERSION_TABLE

_FORBIDDEN = "42501"
_OWNER = (
    "SELECT tableowner FROM pg_catalog.pg_tables"
    " WHERE schemaname = %s AND tablename = %s"
)


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


class NotOwnerError(StateError):
    """
    A database role that may use our tables, but not change what they are.

    Attributes:
        owner: The role that may.
    """

    def __init__(self, *, url: str, role: str, owner: str) -> None:
        super().__init__(
            f"storage {url}: the role {role!r} may not bring the tables up to date;"
            f" they are of {owner!r}: run `sourcehere db upgrade` as that role"
        )
        self.url = url
        self.role = role
        self.owner = owner


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
    try:
        connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
    except DBAPIError as error:
        _require_forbidden(error)
        role = _role(connection)
        remedy = f'CREATE SCHEMA "{schema}" AUTHORIZATION "{role}"'
        raise _forbidden(address, role, remedy) from error


@contextmanager
def rights_checked(connection: sa.Connection, address: Address) -> Iterator[None]:
    """
    Say what to grant when the role may not use the schema that is there: to use its
    tables where they are somebody else's, and else to have it.

    Raises:
        SchemaForbiddenError: If the role may not read or make tables in the schema.
    """
    try:
        yield
    except DBAPIError as error:
        _require_forbidden(error)
        schema, role = address.place.schema, _role(connection)
        remedy = f'ALTER SCHEMA "{schema}" OWNER TO "{role}"'
        if _owner(connection, schema):
            remedy = (
                f'GRANT USAGE ON SCHEMA "{schema}" TO "{role}"; GRANT SELECT, INSERT,'
                f' UPDATE, DELETE ON ALL TABLES IN SCHEMA "{schema}" TO "{role}"'
            )
        raise _forbidden(address, role, remedy) from error


@contextmanager
def owner_checked(connection: sa.Connection, address: Address) -> Iterator[None]:
    """
    Say who brings the tables up to date when the role may not.

    Raises:
        NotOwnerError: If the tables are of another role.
    """
    try:
        yield
    except DBAPIError as error:
        _require_forbidden(error)
        raise NotOwnerError(
            url=address.public,
            role=_role(connection),
            owner=_owner(connection, address.place.schema),
        ) from error


def _require_forbidden(error: DBAPIError) -> None:
    if getattr(error.orig, "sqlstate", None) != _FORBIDDEN:
        raise error


def _forbidden(address: Address, role: str, remedy: str) -> SchemaForbiddenError:
    return SchemaForbiddenError(
        url=address.public, role=role, schema=address.place.schema, remedy=remedy
    )


def _owner(connection: sa.Connection, schema: str) -> str:
    """
    Return whose our tables in *schema* are; empty where there are none. The transaction
    has failed, and is ended.
    """
    connection.rollback()
    found = connection.exec_driver_sql(_OWNER, (schema, VERSION_TABLE)).scalar()
    return str(found or "")


def _role(connection: sa.Connection) -> str:
    driver: Any = connection.connection.driver_connection
    return str(driver.info.user)
