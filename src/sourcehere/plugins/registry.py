"""
Who offers which provider, and making the one that is asked for.
"""

import copy
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from ..domain.kernel.clock import Clock
from ..domain.kernel.errors import InvalidInputError
from ..ports.allocation import AllocationPolicy
from ..ports.errors import UnknownProviderError
from ..ports.freight import FreightProvider
from ..ports.hooks import Providers
from ..ports.payments import PaymentProvider
from ..ports.platforms import StorePlatform
from ..ports.providers import (
    SchemaState,
    SchemaVersion,
    StorageConfig,
    StorageInfo,
)
from ..ports.storage import Storage, Table
from .advice import advice_for
from .allowed_secrets import NO_SECRETS, Secrets
from .config import look_up, structure
from .disabling import disabled_plugins
from .files import folder_of
from .hookspecs import (
    ALLOCATION_POLICY,
    FREIGHT_PROVIDER,
    PAYMENT_PROVIDER,
    STORAGE,
    STORE_PLATFORM,
)
from .info import (
    AnyProvider,
    PluginFault,
    PluginInfo,
    describe_disabled,
    describe_fault,
)
from .listening import PluginHooks
from .loading import Loader, newer_than
from .making import call_factory, made_by, storage_by
from .references import Resolved, given_digest
from .secret_fields import secret_texts
from .surroundings import NOBODY, KeptProviders, Surroundings, close_all


class Registry(Providers):
    """
    The plugins of one application, and the providers made by them.

    A provider is made once per connection and configuration and kept, the 256 used
    last: the file store remembers what it parsed. A secret that changes in the
    environment or a file is another configuration, so a rotated secret counts at the
    next use. What is kept no longer is closed, if it can be. Storages are made each
    time; whoever asked closes them.

    Safe to use from several threads.
    """

    def __init__(
        self,
        plugins: Sequence[object] = (),
        *,
        load_entry_points: bool = True,
        clock: Clock,
        secrets: Secrets = NO_SECRETS,
        folder: str = "",
        private_hosts: Sequence[str] = (),
    ) -> None:
        """
        Load the installed plugins and *plugins*; no provider is made yet.

        An installed plugin that is wrong becomes one of `faults`. The same plugin
        installed and given counts once.

        Args:
            plugins: Modules or objects with hooks; give `sourcehere.builtin` for what
                the core ships with.

            load_entry_points: Whether to look for installed plugins at all.

            secrets: What configurations may refer to.

            folder: Below which providers may open files that configurations name; empty
                for none, and `{seller}` in it stands for the seller's id.

            private_hosts: Hosts that providers may call although they are not public.

        Raises:
            PluginError: If one of *plugins* is wrong.

            ProviderClashError: If two of *plugins* offer one name. Installed plugins
                that do are set aside, each of them.
        """
        loader = Loader()
        if load_entry_points:
            loader.load_entry_points(disabled_plugins())
        for plugin in plugins:
            loader.add(plugin)
        loader.settle()
        self._plugins = tuple(loader.loaded)
        self._faults = tuple(loader.faults)
        self._disabled = tuple(loader.disabled)
        self._found = loader.found
        self.hooks = PluginHooks(loader.listeners)
        self._offers: dict[tuple[str, str], AnyProvider] = {
            (kind, info.name): info
            for plugin in self._plugins
            for kind, info in plugin.offers
        }
        self._surroundings = Surroundings(clock, tuple(private_hosts))
        self._secrets = secrets
        self._folder = folder
        self._seller_id = ""
        self._kept = KeptProviders()
        self._lock = threading.Lock()

    def owned_by(self, seller_id: str, /) -> "Registry":
        """
        Return the same registry, for connections of one seller: what the host allows by
        `{seller}` is theirs.
        """
        view = copy.copy(self)
        view._seller_id = seller_id  # noqa: SLF001 - of our own copy
        return view

    def close(self) -> None:
        """
        Close every provider that was made and can be closed; one that is asked for
        afterwards is made anew.
        """
        with self._lock:
            everything = self._kept.clear()
        close_all(everything)

    @property
    def faults(self) -> tuple[PluginFault, ...]:
        """
        The plugins that were set aside, opinions and checks that failed, and why.
        """
        return (*self._faults, *self.hooks.faults)

    def describe(self) -> tuple[PluginInfo, ...]:
        """
        List all plugins, those in use first.
        """
        loaded = (plugin.describe() for plugin in self._plugins)
        aside = map(describe_fault, self._faults)
        return (*loaded, *aside, *map(describe_disabled, self._disabled))

    def providers(self, kind: str) -> tuple[AnyProvider, ...]:
        """
        List what is offered of one kind, such as `store platform`, by name.
        """
        return tuple(
            self._offers[key] for key in sorted(self._offers) if key[0] == kind
        )

    def offers(self, kind: str, name: str) -> bool:
        """
        Tell whether a plugin offers *name*.
        """
        return (kind, name) in self._offers

    def storage(
        self, url: str, tables: Iterable[Table], *, upgrade: bool = True
    ) -> Storage:
        """
        Open the storage at *url*: the one that is named by the scheme before `://`.

        Args:
            upgrade: Whether to bring an older database up to date.

        Raises:
            InvalidInputError: If *url* has no scheme, or the storage refuses it.

            UnknownProviderError: If no plugin offers it; says what to install.

            SchemaVersionError: If the database is newer than this release, or is older
                and *upgrade* is false.

            CounterpartyError: If it cannot be opened.
        """
        info = self._find(STORAGE, _scheme(url))
        config = StorageConfig(url, tuple(tables), upgrade)
        context = self._surroundings.context_for(STORAGE, info.name, NOBODY)
        made = storage_by(info, config, context, secrets=_secrets(url))
        return cast("Storage", made)

    def schema_version(self, url: str, tables: Iterable[Table]) -> SchemaVersion:
        """
        Read the version of the database at *url*, without creating or changing it.

        A storage that keeps nothing beyond the process is always current.

        Raises:
            InvalidInputError: If *url* has no scheme, or the storage refuses it.

            UnknownProviderError: If no plugin offers it; says what to install.

            CounterpartyError: If it cannot be read.
        """
        info = self._find(STORAGE, _scheme(url))
        if not isinstance(info, StorageInfo) or info.look is None:
            return SchemaVersion(found="", expected="", state=SchemaState.CURRENT)
        config = StorageConfig(url, tuple(tables))
        context = self._surroundings.context_for(STORAGE, info.name, NOBODY)
        found = call_factory(info, info.look, config, context, secrets=_secrets(url))
        return cast("SchemaVersion", found)

    def store_platform(
        self, name: str, config: Mapping[str, object], /, *, connection: str = ""
    ) -> StorePlatform:
        """
        Make the store platform *name*, or return the one made before for *config*.

        Args:
            connection: What it is for; each connection has a provider of its own.

        Raises:
            UnknownProviderError: If no plugin offers it.

            ConfigError: If *config* does not fit.

            ProviderError: If the plugin fails to make it.
        """
        return cast(
            "StorePlatform", self._provider(STORE_PLATFORM, name, config, connection)
        )

    def is_local(self, platform: str, /) -> bool:
        """
        Tell whether a platform's shops are in this process; False for one that is gone.
        """
        found = self._offers.get((STORE_PLATFORM, platform))
        return found is not None and found.is_local is True

    def freight_provider(
        self, name: str, config: Mapping[str, object], /, *, connection: str = ""
    ) -> FreightProvider:
        """
        Make the freight provider *name*, or return the one made before for *config*.

        Args:
            connection: What it is for; each connection has a provider of its own.

        Raises:
            UnknownProviderError: If no plugin offers it.

            ConfigError: If *config* does not fit.

            ProviderError: If the plugin fails to make it.
        """
        return cast(
            "FreightProvider",
            self._provider(FREIGHT_PROVIDER, name, config, connection),
        )

    def payment_provider(
        self, name: str, config: Mapping[str, object], /, *, connection: str = ""
    ) -> PaymentProvider:
        """
        Make the payment provider *name*, or return the one made before for *config*.

        Raises:
            UnknownProviderError: If no plugin offers it.

            ConfigError: If *config* does not fit.

            ProviderError: If the plugin fails to make it.
        """
        return cast(
            "PaymentProvider",
            self._provider(PAYMENT_PROVIDER, name, config, connection),
        )

    def allocation_policy(self, name: str, /) -> AllocationPolicy:
        """
        Make the allocation policy *name*, or return the one made before.

        Raises:
            UnknownProviderError: If no plugin offers it.

            ProviderError: If the plugin fails to make it.
        """
        return cast("AllocationPolicy", self._provider(ALLOCATION_POLICY, name, {}))

    def _provider(
        self, kind: str, name: str, given: Mapping[str, object], connection: str = ""
    ) -> object:
        info = self._find(kind, name)
        owner = (self._seller_id, connection, self._files)
        as_given = given_digest(given)
        if as_given is not None:
            with self._lock:
                known = self._kept.get((kind, name, owner, as_given))
            if known is not None:
                return known
        resolved = self._looked_up(info, kind, given)
        key = (kind, name, owner, resolved.digest())
        with self._lock:
            known = None if resolved.problems else self._kept.get(key)
            if known is not None:
                return known
            config = structure(info.config, resolved, provider=f"{kind} {name}")
            secrets = secret_texts(info.config, resolved)
            context = self._surroundings.context_for(kind, name, owner)
            made = made_by(kind, info, config, context, secrets=secrets)
            dropped = self._kept.add(key, made)
        close_all(dropped)
        return made

    def _looked_up(
        self, info: AnyProvider, kind: str, given: Mapping[str, object]
    ) -> Resolved:
        return look_up(
            info.config,
            given,
            provider=f"{kind} {info.name}",
            secrets=self._secrets,
            seller_id=self._seller_id,
        )

    @property
    def _files(self) -> str:
        return folder_of(self._folder, self._seller_id)

    def _find(self, kind: str, name: str) -> AnyProvider:
        found = self._offers.get((kind, name))
        if found is not None:
            return found
        known = tuple(info.name for info in self.providers(kind))
        newer = newer_than(self._found)
        advice = advice_for(kind, name, self._faults, self._disabled, newer)
        raise UnknownProviderError(kind=kind, name=name, known=known, advice=advice)


def _scheme(url: str) -> str:
    scheme, separator, _ = (url if isinstance(url, str) else "").partition("://")
    if not separator or not scheme:
        # It may hold a password, so it is not repeated.
        expected = "a text with a URL, such as memory:// or sqlite:///orders.db"
        raise InvalidInputError(field="url", value="…", expected=expected)
    return scheme


def _secrets(url: str) -> tuple[str, str]:
    rest = url.partition("://")[2]
    return url, rest.rpartition("@")[0].partition(":")[2]
