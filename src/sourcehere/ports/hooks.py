"""
What services ask plugins for.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from ..domain.kernel.actor import Actor
from ..domain.kernel.events import Event
from ..domain.kernel.values import frozen
from .allocation import AllocationPolicy
from .freight import FreightProvider
from .payments import PaymentProvider
from .platforms import StorePlatform


class Providers(Protocol):
    """
    Makes the providers that connections are configured for.
    """

    def owned_by(self, seller_id: str, /) -> "Providers":
        """
        Return the same, for connections of one seller: what the host allows this seller
        alone, such as a folder of files, is within reach.
        """
        ...

    def store_platform(
        self, name: str, config: Mapping[str, object], /, *, connection: str = ""
    ) -> StorePlatform:
        """
        Make the store platform *name*, for a connection of that name.

        Raises:
            UnknownProviderError: If no plugin offers it.

            ConfigError: If *config* does not fit.
        """
        ...

    def is_local(self, platform: str, /) -> bool:
        """
        Tell whether a platform's shops are in this process; False for one that is gone.
        """
        ...

    def freight_provider(
        self, name: str, config: Mapping[str, object], /, *, connection: str = ""
    ) -> FreightProvider:
        """
        Make the freight provider *name*, for a connection of that name.

        Raises:
            UnknownProviderError: If no plugin offers it.

            ConfigError: If *config* does not fit.
        """
        ...

    def payment_provider(
        self, name: str, config: Mapping[str, object], /, *, connection: str = ""
    ) -> PaymentProvider:
        """
        Make the payment provider *name*, for a connection of that name.

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


@frozen(kw_only=True)
class PublishedEvent:
    """
    Something that happened, as subscribed plugins are told.

    Attributes:
        stream: `order`, `quote_request`, `dispute` or `connection`.

        stream_id, sequence: Of which one, and its place in its history, from 1.
    """

    seller_id: str
    stream: str
    stream_id: str
    sequence: int
    event: Event


@frozen(kw_only=True)
class Transition:
    """
    A command that is about to change the state of an order.

    Attributes:
        kind: Of the order: `store`, `manual` or `cloud_warehouse`.

        command: Such as `pay` or `ship`.
    """

    seller_id: str
    order_id: str
    kind: str
    command: str
    state_before: str
    state_after: str
    by: Actor
    at: datetime


@frozen
class Veto:
    """
    A plugin's reason why a command must not be done.

    Attributes:
        code: Stable name, for programs.

        words: A sentence, for people: what is wrong and what to do.
    """

    code: str
    words: str


@frozen
class NamedVeto:
    """
    A veto, and the plugin it is from.
    """

    plugin: str
    veto: Veto


@frozen(kw_only=True)
class MatchListing:
    """
    A store variant that wants a platform variant.
    """

    store_id: str
    sku: str
    title: str
    options: Mapping[str, str]


@frozen(kw_only=True)
class MatchCandidate:
    """
    A platform variant that may supply it.
    """

    variant_id: str
    sku: str
    title: str
    options: Mapping[str, str]


@frozen
class MatchScore:
    """
    A plugin's opinion of a match.

    Attributes:
        points: 0 (never) to 100 (certainly).

        words: Why.
    """

    points: int
    words: str


class Hooks(Protocol):
    """
    What plugins want to know, and may say, beside being providers.
    """

    @property
    def subscribers(self) -> tuple[str, ...]:
        """
        The plugins that are told of events; empty in most installations.
        """
        ...

    def publish(self, subscriber: str, event: PublishedEvent, /) -> None:
        """
        Tell one plugin of an event; whatever it raises is for the caller to record.
        """
        ...

    @property
    def checks_transitions(self) -> bool:
        """
        Whether any plugin may veto.
        """
        ...

    def vetoes(self, transition: Transition, /) -> tuple[NamedVeto, ...]:
        """
        Ask every plugin; one that raises counts as a veto that names it.
        """
        ...

    @property
    def scores_matches(self) -> bool:
        """
        Whether any plugin has opinions of matches.
        """
        ...

    def scores(
        self, listing: MatchListing, candidate: MatchCandidate, /
    ) -> Mapping[str, MatchScore]:
        """
        Ask every plugin, and return each one's opinion; one that raises has none.
        """
        ...


class NoHooks:
    """
    Nobody listens.
    """

    subscribers: tuple[str, ...] = ()
    checks_transitions = False
    scores_matches = False

    def publish(self, subscriber: str, event: PublishedEvent, /) -> None:
        """
        Refuse: there is no such subscriber.
        """
        msg = f"nobody subscribed as {subscriber!r}, for event {event.sequence}"
        raise LookupError(msg)

    def vetoes(self, transition: Transition, /) -> tuple[NamedVeto, ...]:
        """
        Return no veto.
        """
        del transition
        return ()

    def scores(
        self, listing: MatchListing, candidate: MatchCandidate, /
    ) -> Mapping[str, MatchScore]:
        """
        Return no opinion.
        """
        del listing, candidate
        return {}


NO_HOOKS = NoHooks()
