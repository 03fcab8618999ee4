"""
Every way in is an index that each write keeps up, so none is declared for nobody.
"""

import re
from pathlib import Path

import sourcehere

SOURCES = Path(sourcehere.__file__).parent
TABLES = SOURCES / "unit" / "tables"


def test_every_way_is_used():
    """
    Something outside the tables finds rows by it.
    """
    declared = {
        name
        for path in TABLES.glob("*.py")
        for name in re.findall(r"^(\w+) = \w+\.way\(", path.read_text(), re.MULTILINE)
    }
    used = {
        word
        for path in SOURCES.rglob("*.py")
        if path.parent != TABLES
        for word in re.findall(r"\b[A-Z][A-Z_]+\b", path.read_text())
    }

    assert len(declared) > 50
    assert set() == declared - used
