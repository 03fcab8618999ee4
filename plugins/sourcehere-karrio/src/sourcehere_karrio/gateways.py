"""
How karrio's connection to one carrier is made of a configuration.
"""

from collections.abc import Callable
from typing import Any

import attrs

from sourcehere.ports.errors import UnauthorizedError

from .config import KarrioConfig
from .names import PROVIDER
from .sdk import Sdk, load


class _Tracer:
    """
    Remembers nothing: karrio's own keeps every request and answer of a gateway.
    """

    def __init__(self) -> None:
        self.context: dict[str, object] = {}

    def trace(self, data: object, *_: object, **__: object) -> object:
        """
        Return what is to be traced.
        """
        return data

    def with_metadata(self, _: object, /) -> Callable[..., object]:
        """
        Return how it is traced.
        """
        return self.trace


class _Cache:
    """
    Keeps what carriers hand out for a while, such as tokens, in this process.

    karrio's own makes them in a thread of its own, and keeps failures as well.
    """

    def __init__(self) -> None:
        self._values: dict[str, object] = {}

    def get(self, key: str) -> object:
        """
        Return what was kept.
        """
        return self._values.get(key)

    def set(self, key: str, value: object, **_: object) -> None:
        """
        Keep a value, or what makes it.
        """
        self._values[key] = value() if callable(value) else value


def gateway_of(config: KarrioConfig) -> tuple[Sdk, Any]:
    """
    Make karrio's connection to the carrier; nobody is asked.

    Raises:
        UnauthorizedError: If there is no such carrier, or its settings do not fit; no
            setting's value is told.
    """
    sdk = load()
    known = sdk.gateways.providers
    if config.carrier not in known:
        listed = ", ".join(sorted(known)) or "none"
        detail = f"karrio knows no carrier {config.carrier!r} (installed: {listed})"
        raise UnauthorizedError(provider=PROVIDER, detail=detail)
    given = {**config.settings, **config.secrets}
    fields = attrs.fields_dict(known[config.carrier].Settings)
    if wrong := sorted(given.keys() - fields.keys()):
        detail = f"{config.carrier} has no setting {', '.join(wrong)}"
        raise UnauthorizedError(provider=PROVIDER, detail=detail)
    needed = {n for n, f in fields.items() if f.default is attrs.NOTHING and f.init}
    if missing := sorted(needed - given.keys() - {"carrier_id"}):
        detail = f"{config.carrier} needs the settings {', '.join(missing)}"
        raise UnauthorizedError(provider=PROVIDER, detail=detail)
    settings = {**given, "carrier_id": config.carrier, "test_mode": config.test_mode}
    creator = sdk.gateways[config.carrier]
    gateway = creator.create(settings, tracer=_Tracer(), cache=_cache(sdk))
    return sdk, gateway


def _cache(sdk: Sdk) -> Any:
    """
    Return a cache with karrio's own way of keeping tokens (`thread_safe`).
    """

    class Cache(_Cache, sdk.lib.Cache):  # type: ignore[misc,name-defined]  # known at run time
        def __init__(self) -> None:
            _Cache.__init__(self)
            self._version = ""

    return Cache()
