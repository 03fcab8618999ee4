"""
Secrets that stand in a configuration as they are, at any depth.
"""

from collections.abc import Mapping

import attrs
import pytest

from sourcehere.plugins.plain_secrets import require_references
from sourcehere.ports.errors import ConfigError
from sourcehere.ports.providers import ProviderInfo


@attrs.frozen
class Keys:
    """
    A configuration with a secret, and with secrets by name.
    """

    token: str = attrs.field(repr=False, metadata={"secret": True})
    keys: Mapping[str, str] = attrs.field(
        factory=dict, repr=False, metadata={"secret": True}
    )
    name: str = ""


OFFERS = (ProviderInfo("keys", Keys, lambda config, _: config),)
LOOKED_UP = {"$env": "TOKEN"}


@pytest.mark.parametrize(
    ("config", "fields"),
    [
        ({"token": LOOKED_UP, "keys": {"a": LOOKED_UP}, "name": "plain"}, []),
        ({"token": "plain"}, ["token"]),
        ({"token": LOOKED_UP, "keys": {"a": "plain", "b": {"$file": "b"}}}, ["keys.a"]),
        ({"token": {"x": "plain"}}, ["token.x"]),
        ({"token": None, "keys": {}}, []),
    ],
)
def test_each_secret_of_a_mapping_is_referred_to(config, fields):
    """
    A mapping alone is no reference.
    """
    found = []
    try:
        require_references(OFFERS, "keys", config, kind="keys")
    except ConfigError as error:
        found = [problem.field for problem in error.problems]
    assert fields == found
