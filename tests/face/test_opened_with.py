"""
What the order core is opened with is looked at when it is opened.
"""

from pathlib import Path

import pytest

import sourcehere
from sourcehere import InvalidInputError, Secrets, Settings
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.kernel.clock import ManualClock
from sourcehere.testing.factories import NOON
from sourcehere.unit.tables import TABLES


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("plugins", None, "NoneType"),
        ("plugins", "sourcehere_shop", "str"),
        ("clock", 5, "int"),
        ("settings", {"zone": "Europe/Berlin"}, "dict"),
        ("calendars", ["DE"], "list"),
        ("storage", "sqlite:///orders.db", "str"),
        ("secrets", {"TOKEN": "hunter2"}, "dict"),
        ("secrets", None, "NoneType"),
        ("folder", None, "NoneType"),
        ("folder", 5, "int"),
        ("private_hosts", "localhost", "str"),
        ("private_hosts", [5], "list"),
        ("private_hosts", None, "NoneType"),
    ],
)
def test_what_is_of_another_kind_is_refused(name, value, kind):
    """
    By its name, what it should have been, and nothing of what it holds.
    """
    with pytest.raises(InvalidInputError) as ei:
        sourcehere.open("memory://", **{name: value})

    assert (name, kind) == (ei.value.field, ei.value.value)
    assert "hunter2" not in str(ei.value)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"plugins": (), "private_hosts": ["localhost"]},
        {"private_hosts": {"localhost"}},
        {"clock": ManualClock(NOON), "settings": Settings(zone="Europe/Berlin")},
        {"clock": None, "settings": None, "calendars": None, "storage": None},
        {"folder": Path("shops"), "secrets": Secrets(env=["SHOP_*"])},
        {"storage": MemoryStorage(TABLES)},
    ],
)
def test_what_fits_is_taken(given):
    """
    Whatever kind of list, path or storage it is.
    """
    with sourcehere.open("memory://", **given) as sh:
        assert () == sh.staff("ann").sellers.list().items
