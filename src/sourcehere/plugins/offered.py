"""
What is wrong with a provider that a plugin offers, told before anybody asks for it.
"""

from collections.abc import Iterator
from typing import Any

import attrs

from ..ports.providers import API_GENERATION, ProviderInfo
from .fields import nested_fields

_NAME_MAX = 100  # characters


def flaw_of_offer(info: object) -> str:
    """
    Say what is wrong with a listed provider; nothing if it can be described and made.
    """
    if not isinstance(info, ProviderInfo):
        return f"{type(info).__name__} is no ProviderInfo"
    if not isinstance(info.name, str) or not info.name:
        return "a provider without a name"
    if not _is_typed(info.name):
        return f"{info.name[:_NAME_MAX]!r} is no name that people can type"
    return next(_flaws_of(info), "")


def _flaws_of(info: ProviderInfo[Any, Any]) -> Iterator[str]:
    name = info.name
    if info.api != API_GENERATION:
        yield (
            f"{name} was written for generation {info.api} of the provider"
            f" protocols, this release has {API_GENERATION}; install a matching version"
        )
    if not isinstance(info.summary, str) or not info.summary.isprintable():
        yield f"the summary of {name} is no line of text"
    if info.makes is not None and not isinstance(info.makes, type):
        yield f"what {name} makes is no class"
    if not callable(info.factory):
        yield f"the factory of {name} cannot be called"
    yield from _flaws_of_config(name, info.config)


def _is_typed(name: str) -> bool:
    return name.isprintable() and " " not in name and len(name) <= _NAME_MAX


def _flaws_of_config(name: str, config: object) -> Iterator[str]:
    """
    Say why a configuration class cannot be filled in.

    Its annotations are resolved here: a name that was imported for type checkers only
    would else be missed when people ask what plugins there are.
    """
    if not isinstance(config, type) or not attrs.has(config):
        yield f"the configuration class of {name} is no attrs class"
        return
    try:
        tuple(nested_fields(config))
    except Exception as error:  # noqa: BLE001 - whatever an annotation of a plugin's does
        about = f"the annotations of {config.__name__} cannot be read"
        advice = "import what they name also outside of TYPE_CHECKING"
        yield f"{about} ({type(error).__name__}: {error}): {advice}"
