"""
Which hooks a plugin may implement.

A plugin is a module (or any object) with functions of these names, each marked with
`hookimpl`, and an entry point in the group `sourcehere` that names the module:

```toml
[project.entry-points.sourcehere]
acme = "sourcehere_acme"
```

```python
from sourcehere.plugins import hookimpl
from sourcehere.ports.providers import ProviderInfo

@hookimpl
def sourcehere_store_platforms():
    return [ProviderInfo("acme", AcmeConfig, make_acme_store)]
```

Registration hooks are called once per registry, take no argument and do no I/O. What
is heavy is imported by the factory, when somebody wants the provider.
"""

from collections.abc import Iterable
from typing import Any, Protocol

import pluggy

from ..ports.allocation import AllocationPolicy
from ..ports.freight import FreightProvider
from ..ports.hooks import (
    MatchCandidate,
    MatchListing,
    MatchScore,
    PublishedEvent,
    Transition,
    Veto,
)
from ..ports.payments import PaymentProvider
from ..ports.platforms import StorePlatform
from ..ports.providers import ProviderInfo, StorageConfig
from ..ports.storage import Storage

PROJECT = "sourcehere"  # pluggy's project name, and the group of the entry points

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

# Each provider has a configuration class of its own: only Any fits them all.
StorePlatformInfo = ProviderInfo[StorePlatform, Any]
FreightProviderInfo = ProviderInfo[FreightProvider, Any]
PaymentProviderInfo = ProviderInfo[PaymentProvider, Any]
AllocationPolicyInfo = ProviderInfo[AllocationPolicy, Any]


class HookSpecs(Protocol):
    """
    Every hook. Implementations are functions without `self`, or methods of an object.

    What is said of `sourcehere_storages` about clashes and raising holds for all.
    """

    @hookspec
    def sourcehere_storages(self) -> Iterable[ProviderInfo[Storage, StorageConfig]]:
        """
        List the storages that this plugin can open, one per URL scheme.

        Every plugin is asked; the answers are put together. An empty answer is fine.
        Installed plugins that offer one name are all set aside, each naming the others;
        two that were given to the registry are refused (`ProviderClashError`). A plugin
        that raises, or answers something else, is set aside as a `PluginFault` with all
        it offers, and the rest load; if it was given to the registry directly, the
        error goes to whoever gave it.

        The `name` is what stands before `://`, exactly: `sqlite`, `postgresql+psycopg`.
        A storage that answers to several schemes lists one `ProviderInfo` for each. The
        `config` is `StorageConfig`; the factory opens the database, and so is the one
        factory that may do I/O:

        ```python
        @hookimpl
        def sourcehere_storages():
            return [ProviderInfo("acmedb", StorageConfig, open_acme_storage)]

        def open_acme_storage(config: StorageConfig, context: Context) -> Storage:
            from .opening import AcmeStorage  # heavy, so not at import
            return AcmeStorage(config.url, config.tables)
        ```
        """
        ...

    @hookspec
    def sourcehere_store_platforms(self) -> Iterable[StorePlatformInfo]:
        """
        List the kinds of shop that this plugin can connect.

        Every plugin is asked; the answers are put together. An empty answer is fine. A
        plugin that raises is set aside as a `PluginFault`.

        A provider is made once per configuration and then kept: it must stand being
        used by several threads.
        """
        ...

    @hookspec
    def sourcehere_freight_providers(self) -> Iterable[FreightProviderInfo]:
        """
        List what can price consignments: carriers, rate cards.

        Every plugin is asked; the answers are put together. An empty answer is fine. A
        plugin that raises is set aside as a `PluginFault`.
        """
        ...

    @hookspec
    def sourcehere_payment_providers(self) -> Iterable[PaymentProviderInfo]:
        """
        List the payment gateways that can top up a wallet.

        Every plugin is asked; the answers are put together. An empty answer is fine. A
        plugin that raises is set aside as a `PluginFault`.
        """
        ...

    @hookspec
    def sourcehere_allocation_policies(self) -> Iterable[AllocationPolicyInfo]:
        """
        List ways to decide which stock serves an order; chosen by name in the settings.

        Every plugin is asked; the answers are put together. An empty answer is fine. A
        plugin that raises is set aside as a `PluginFault`. A policy is made without any
        configuration: every field of its configuration class has a default.
        """
        ...

    @hookspec
    def sourcehere_event(self, event: PublishedEvent) -> None:
        """
        Be told of something that happened.

        Every plugin with this hook is told of every event of orders, quote requests,
        disputes, conversations and connections: after the commit, through the relay, at
        least once, and in order per stream. Answers are ignored. A plugin that raises
        is told again later, each time longer after; its later events of that stream
        wait, everybody else's do not, and the commit stands. After the last try the
        message is dead: visible, until somebody resends or discards it.
        """
        ...

    @hookspec
    def sourcehere_check_transition(self, transition: Transition) -> Veto | None:
        """
        Say why a command must not change an order's state; None for no objection.

        Every plugin is asked inside the commit, so it answers fast and does no I/O. All
        vetoes together refuse the command, which then has changed nothing. A plugin
        that raises fails closed: that is a veto naming it. Facts are never asked about.
        """
        ...

    @hookspec
    def sourcehere_score_match(
        self, listing: MatchListing, candidate: MatchCandidate
    ) -> MatchScore | None:
        """
        Say how well a platform variant suits a store variant; None for no opinion.

        Every plugin is asked about suggestions that exact facts did not settle, to rank
        them; each opinion is kept with the plugin's name, the highest counts, and a tie
        needs a person. A plugin that raises has no opinion, and a fault is recorded.
        """
        ...


STORAGE = "storage"
STORE_PLATFORM = "store platform"
FREIGHT_PROVIDER = "freight provider"
PAYMENT_PROVIDER = "payment provider"
ALLOCATION_POLICY = "allocation policy"

KIND_OF_HOOK = {
    "sourcehere_storages": STORAGE,
    "sourcehere_store_platforms": STORE_PLATFORM,
    "sourcehere_freight_providers": FREIGHT_PROVIDER,
    "sourcehere_payment_providers": PAYMENT_PROVIDER,
    "sourcehere_allocation_policies": ALLOCATION_POLICY,
}

EVENT = "sourcehere_event"
CHECK_TRANSITION = "sourcehere_check_transition"
SCORE_MATCH = "sourcehere_score_match"
MANY_ANSWER_HOOKS = (EVENT, CHECK_TRANSITION, SCORE_MATCH)
ALL_HOOKS = (*KIND_OF_HOOK, *MANY_ANSWER_HOOKS)
