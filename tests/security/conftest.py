"""
Two sellers of one platform, each with a folder and secrets of their own.
"""

import pytest
from leaky import Leaky

from sourcehere import Secrets
from sourcehere.testing.factories import open_bench

ROWS = """\
order_number,sku,title,quantity,unit_price,placed_at,customer,country
{number},CUP,Cup,3,9.99,2026-03-01 10:00,7,US
"""


@pytest.fixture
def leaky():
    """
    The plugin.
    """
    return Leaky()


@pytest.fixture
def open_world(leaky):
    """
    Open a platform with the sellers `demo` and `other`.
    """

    def make(**limits):
        bench = open_bench(plugins=[leaky], **limits)
        bench.app.sellers.register("other", name="Other", currency="USD")
        return bench

    return make


@pytest.fixture
def world(open_world, tmp_path):
    """
    A platform where each seller has a folder, and secrets of their own.
    """
    for seller in ("demo", "other"):
        folder = tmp_path / "shops" / seller
        folder.mkdir(parents=True)
        (folder / "orders.csv").write_text(ROWS.format(number=f"{seller}-1"))
        secrets = tmp_path / "secrets" / seller
        secrets.mkdir(parents=True)
        (secrets / "token").write_text(f"token-of-{seller}\n")
    return open_world(
        folder=str(tmp_path / "shops" / "{seller}"),
        secrets=Secrets(
            env=["SHOP_{seller}_*", "SHARED"], files=tmp_path / "secrets" / "{seller}"
        ),
    )
