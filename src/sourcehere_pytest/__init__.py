"""
Fixtures for a host's tests: pytest finds them by itself where sourcehere is installed.

This stands beside the library, so that a run of pytest which asks for none of them does
not import it.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sourcehere import SourceHere
    from sourcehere.testing import SampleShop


@pytest.fixture
def sourcehere_shop() -> "Iterator[SampleShop]":
    """
    A small platform in memory with one seller, goods, a shop and money in it; its clock
    stands still (`sourcehere.testing.SampleShop`).
    """
    made = import_module("sourcehere.testing").sample_shop()
    yield made
    made.sh.close()


@pytest.fixture
def sourcehere_memory() -> "Iterator[SourceHere]":
    """
    An empty order core in memory, without installed plugins.
    """
    core = import_module("sourcehere")
    with core.open("memory://", load_entry_points=False) as sh:
        yield sh


@pytest.fixture
def sourcehere_sqlite(tmp_path: Path) -> "Iterator[SourceHere]":
    """
    An empty order core on a SQLite file of the test's own; needs `sourcehere-sql`.
    """
    core = import_module("sourcehere")
    url = f"sqlite:///{tmp_path / 'orders.db'}"
    with core.open(url, folder=tmp_path) as sh:
        yield sh
