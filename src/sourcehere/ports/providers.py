"""
How a plugin describes what it offers, and the configurations that the core fills in.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

import attrs

from ..domain.kernel.clock import Clock
from .storage import Table

P = TypeVar("P")
C = TypeVar("C")

API_GENERATION = 1


@attrs.frozen
class Context:
    """
    What a provider may use of its surroundings.
    """

    clock: Clock


@attrs.frozen
class ProviderInfo(Generic[P, C]):
    """
    One provider: its name, its configuration, and how to make one.

    Attributes:
        name: Unique per kind of provider; of a storage, the scheme of its URLs.

        config: An attrs class; secret fields have `repr=False` and metadata
            `{"secret": True}`.

        factory: Makes the provider; cheap, no I/O, heavy imports inside.

        summary: One line for people.

        api: The generation of the protocols it was written for.
    """

    name: str
    config: type[C]
    factory: Callable[[C, Context], P]
    summary: str = ""
    api: int = API_GENERATION


@attrs.frozen
class StorageConfig:
    """
    What the core asks a storage for.

    Attributes:
        url: Where the data is; may hold a password.

        tables: What is to be kept there.
    """

    url: str = attrs.field(repr=False, metadata={"secret": True})
    tables: tuple[Table, ...] = attrs.field(repr=False)


@attrs.frozen
class NoConfig:
    """
    The configuration of a provider that has nothing to configure.
    """
