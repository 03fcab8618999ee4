"""
A shop whose plugin is not installed any more.
"""

import pytest

from sourcehere.testing.fake_shop import FakePlatforms


@pytest.fixture
def plugins():
    """
    Return a platform of shops, which a test takes away.
    """
    return [FakePlatforms()]


def test_a_shop_that_no_plugin_offers_any_more_is_named(shell, plugins):
    """
    Where shops are listed, beside why it rests; what would ask it says so too, and
    changes nothing.
    """
    shell.ok("sellers add demo --name Demo --currency GBP")
    made = shell.json("stores connect site --platform fake --set shop=a")
    assert made["is_installed"]
    shell.ok("stores pause site holiday")
    (known,) = shell.listed("stores list")
    assert ("holiday", True) == (known["why"], known["is_installed"])
    plugins.clear()

    (known,) = shell.listed("stores list")
    assert ("holiday", False) == (known["why"], known["is_installed"])
    assert "holiday; no plugin offers fake here" in shell.ok("stores list")
    assert not shell.json("stores resume site")["is_installed"]
    assert "no plugin offers fake here" == (
        shell.ok("stores list").split("active")[1].strip()
    )
    for command in ("check", "sync", "change --set shop=b", "reconcile"):
        name, _, more = command.partition(" ")
        said = shell.unmoved(f"stores {name} site {more}", 2)
        assert "no store platform 'fake' (there is: file)" in said
        assert "`sourcehere plugins` lists what is installed" in said
