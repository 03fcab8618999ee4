"""
mypy --strict sees a provider that is none, where it is offered.
"""

import pytest

BEGIN = """
from collections.abc import Sequence

import attrs

from sourcehere.domain.freight.model import FreightAnswer, FreightRequest
from sourcehere.ports.freight import FreightProvider
from sourcehere.ports.providers import Context, ProviderInfo


@attrs.frozen
class Config:
    account: str


@attrs.frozen
class Other:
    account: str
"""
RIGHT = """
class Carrier:
    def quote(self, request: FreightRequest, /) -> FreightAnswer:
        return FreightAnswer((), ())


def make(config: Config, context: Context) -> Carrier:
    return Carrier()
"""
OFFER = """
def offered() -> list[ProviderInfo[FreightProvider, Config]]:
    return [ProviderInfo("acme", Config, make)]
"""
WRONG = {
    "another_name": ("def quote(", "def price("),
    "another_argument": ("request: FreightRequest, /", "grams: int, /"),
    "another_answer": (
        "-> FreightAnswer:\n        return FreightAnswer((), ())",
        "-> Sequence[int]:\n        return ()",
    ),
    "async": ("    def quote(", "    async def quote("),
    "another_config": ("config: Config, context", "config: Other, context"),
    "no_context": (", context: Context)", ")"),
}


@pytest.fixture(scope="module")
def errors(check_types, tmp_path_factory):
    """
    What mypy says of each, in one run: name -> whether there is an error.
    """
    folder = tmp_path_factory.mktemp("typed")
    sources = {"right": RIGHT} | {n: RIGHT.replace(*w) for n, w in WRONG.items()}
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(BEGIN + source + OFFER)
    done = check_types("--strict", "--config-file=", ".", cwd=folder)
    assert "" == done.stderr
    return {name: f"{name}.py:" in done.stdout for name in sources}


@pytest.mark.slow
def test_what_is_right_is_accepted(errors):
    """
    The annotation of the guide, with a class of one's own.
    """
    assert not errors["right"]


@pytest.mark.slow
@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_rejected(errors, name):
    """
    A wrong name, signature, answer, configuration; a coroutine.
    """
    assert errors[name]
