"""
Tables of somebody else where ours are to be made.
"""

import sqlalchemy as sa

from sourcehere.domain.kernel.errors import StateError

from .address import Address


class TablesTakenError(StateError):
    """
    A database that has no tables of ours, but some that are called as ours are.

    Attributes:
        names: What they are called.
    """

    def __init__(self, *, url: str, names: tuple[str, ...], option: str) -> None:
        super().__init__(
            f"storage {url}: others have tables here that are called as ours are:"
            f" {', '.join(names)}; name a place of our own by {option} in the URL"
        )
        self.url = url
        self.names = names


def require_free(
    connection: sa.Connection, address: Address, metadata: sa.MetaData
) -> None:
    """
    Refuse to make the tables of *metadata* where others have such names.

    Raises:
        TablesTakenError: If tables or views with their names are there.
    """
    inspector, schema = sa.inspect(connection), address.place.schema or None
    there = {*inspector.get_table_names(schema), *inspector.get_view_names(schema)}
    taken = sorted(there.intersection(t.name for t in metadata.tables.values()))
    if taken:
        option = "?schema=NAME" if schema else "?prefix=NAME_"
        raise TablesTakenError(url=address.public, names=tuple(taken), option=option)
