"""
What services ask plugins for.
"""

from collections.abc import Mapping
from typing import Protocol

from .allocation import AllocationPolicy
from .freight import FreightProvider
from .platforms import StorePlatform


class Providers(Protocol):
    """
    Makes the providers that connections are configured for.
    """

    def store_platform(
        self, name: str, config: Mapping[str, object], /
    ) -> StorePlatform:
        """
        Make the store platform *name*.

        Raises:
            UnknownProviderError: If no plugin offers it.

            ConfigError: If *config* does not fit.
        """
        ...

    def freight_provider(
        self, name: str, config: Mapping[str, object], /
    ) -> FreightProvider:
        """
        Make the freight provider *name*.

        Raises:
            UnknownProviderError: If no plugin offers it.

            ConfigError: If *config* does not fit.
        """
        ...

    def allocation_policy(self, name: str, /) -> AllocationPolicy:
        """
        Make the allocation policy *name*.

        Raises:
            UnknownProviderError: If no plugin offers it.
        """
        ...
