"""
How a plugin describes what it offers, and the configurations that the core fills in.
"""

import enum
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar, runtime_checkable

import attrs

from ..domain.kernel.values import frozen
from .context import Context as Context
from .storage import Storage, Table

P = TypeVar("P")
C = TypeVar("C")

API_GENERATION = 1


@runtime_checkable
class SupportsCheck(Protocol):
    """
    A provider that can try its credentials; it is asked when somebody connects it.
    """

    def check(self) -> None:
        """
        Return if the provider could be used as it is configured. Changes nothing.

        Raises:
            UnauthorizedError: If the credentials are refused.

            ProviderError: If it cannot be used for another reason.
        """
        ...


@runtime_checkable
class SupportsClose(Protocol):
    """
    A provider that holds something open, such as connections.
    """

    def close(self) -> None:
        """
        Close what is open: the app is closed, or the provider was not used for long
        and is dropped. May be called twice; a call may still be under way in a thread.
        """
        ...


@frozen
class ProviderInfo(Generic[P, C]):
    """
    One provider: its name, its configuration, and how to make one.

    Attributes:
        name: Unique per kind of provider, without spaces; of a storage, the scheme of
            its URLs.

        config: An attrs class; secret fields have `repr=False` and metadata
            `{"secret": True}`.

        factory: Makes the provider; cheap, no I/O, heavy imports inside.

        summary: One line for people.

        api: The generation of the protocols it was written for.

        makes: The class that the factory makes, so that people are told what it can do;
            None where it is not said.

        is_local: Of a store platform: that its shops are in this process, as where the
            host's own tables are the shop. They are asked on the caller's own thread,
            which has the host's connections, and without a time limit: whoever waits
            there keeps everybody waiting.
    """

    name: str
    config: type[C]
    factory: Callable[[C, Context], P]
    summary: str = ""
    api: int = API_GENERATION
    makes: type | None = None
    is_local: bool = False


@frozen
class StorageConfig:
    """
    What the core asks a storage for.

    Attributes:
        url: Where the data is; may hold a password.

        tables: What is to be kept there.

        upgrade: Whether an older database is brought up to date; otherwise it is
            refused with `SchemaVersionError`. A new database is always created.
    """

    url: str = attrs.field(repr=False, metadata={"secret": True})
    tables: tuple[Table, ...] = attrs.field(repr=False)
    upgrade: bool = True


class SchemaState(enum.StrEnum):
    """
    How the tables of a database compare with what this release needs.
    """

    EMPTY = "empty"  # there is no database yet, or none of our tables in it
    OLD = "old"  # `sourcehere db upgrade` brings it up to date
    CURRENT = "current"
    NEWER = "newer"  # made by a later release, which alone can open it
    UNRELEASED = "unreleased"  # made before the first one, with tables that nobody has


@frozen(kw_only=True)
class SchemaVersion:
    """
    The version of a database's tables.

    Attributes:
        found: The version it has; empty if it has none.

        expected: The version that this release makes; empty for a storage whose
            tables have no versions, such as `memory://`.
    """

    found: str
    expected: str
    state: SchemaState


@frozen
class StorageInfo(ProviderInfo[Storage, StorageConfig]):
    """
    A storage that outlives the process, so that its tables have versions.

    Attributes:
        look: Reads the version of a database and changes nothing, so that it neither
            creates nor upgrades one.
    """

    look: Callable[[StorageConfig, Context], SchemaVersion] | None = None


@frozen
class NoConfig:
    """
    The configuration of a provider that has nothing to configure.
    """
