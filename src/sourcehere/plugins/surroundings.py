"""
What a registry gives to the providers it makes, and how it keeps and closes them.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable

from ..domain.kernel.clock import Clock
from ..ports.context import Context
from ..ports.providers import SupportsClose
from .limiting import TokenBucket

_KEPT_MAX = 256
_LOGGERS = "sourcehere.plugins"

# Whose connection it is, what it is called, and the folder of its files.
Owner = tuple[str, str, str]
NOBODY: Owner = ("", "", "")

# Kind of provider, its name, the connection, and the digest of the configuration.
ProviderKey = tuple[str, str, Owner, bytes]


class Surroundings:
    """
    Makes contexts; those of one connection share a limiter.
    """

    def __init__(self, clock: Clock, private_hosts: tuple[str, ...] = ()) -> None:
        self._clock = clock
        self._private_hosts = private_hosts
        self._limiters: dict[tuple[str, str, Owner], TokenBucket] = {}
        self._lock = threading.Lock()

    def context_for(self, kind: str, provider: str, owner: Owner) -> Context:
        """
        Return what a provider of this connection may use.
        """
        with self._lock:
            limiter = self._limiters.setdefault((kind, provider, owner), TokenBucket())
        _, connection, folder = owner
        logger = logging.getLogger(f"{_LOGGERS}.{provider}")
        return Context(
            self._clock, connection, logger, limiter, folder, self._private_hosts
        )


class KeptProviders:
    """
    The providers that were used last, by what they were made from.

    Not safe by itself: whoever holds it locks.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[ProviderKey, object] = OrderedDict()

    def get(self, key: ProviderKey) -> object | None:
        """
        Return the provider made from *key*, as the one used last.
        """
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key]

    def add(self, key: ProviderKey, made: object) -> tuple[tuple[str, object], ...]:
        """
        Keep a provider, and return those that have to go, each with its plugin's name.
        """
        self._kept[key] = made
        if len(self._kept) <= _KEPT_MAX:
            return ()
        (_, name, _, _), dropped = self._kept.popitem(last=False)
        return ((name, dropped),)

    def clear(self) -> tuple[tuple[str, object], ...]:
        """
        Keep nothing, and return all there was, each with its plugin's name.
        """
        everything = tuple((key[1], made) for key, made in self._kept.items())
        self._kept.clear()
        return everything


def close_all(providers: Iterable[tuple[str, object]]) -> None:
    """
    Close each provider that can be; what fails is logged and the others are closed.
    """
    for name, provider in providers:
        if isinstance(provider, SupportsClose):
            try:
                provider.close()
            except Exception:
                logger = logging.getLogger(f"{_LOGGERS}.{name}")
                logger.exception("a provider could not be closed")
