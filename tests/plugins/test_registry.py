"""
Which plugins a registry uses, what it says of those it does not, and what it makes.
"""

import json
import sys
import textwrap
import types
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest

from sourcehere import builtin
from sourcehere.builtin.file_store import FileStore
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.builtin.policies import FillAvailable
from sourcehere.builtin.rate_cards import RateCardProvider
from sourcehere.domain.kernel.clock import ManualClock
from sourcehere.domain.kernel.errors import CallerError, InvalidInputError
from sourcehere.plugins import Registry, hookimpl
from sourcehere.plugins.allowed_secrets import Secrets
from sourcehere.plugins.disabling import disabled_plugins, write_disabled
from sourcehere.plugins.errors import PluginError, ProviderClashError
from sourcehere.plugins.hookspecs import KIND_OF_HOOK
from sourcehere.ports.errors import ConfigError, DeclinedError, UnknownProviderError
from sourcehere.ports.hooks import Providers
from sourcehere.ports.providers import (
    API_GENERATION,
    NoConfig,
    ProviderInfo,
    StorageConfig,
)
from sourcehere.testing.fake_gateway import FakeGateway
from sourcehere.testing.fake_shop import FakeShop
from sourcehere.unit.tables import TABLES

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CLOCK = ManualClock(NOON)


@attrs.frozen
class ShopConfig:
    """
    The configuration of a shop in these tests.
    """

    token: str = attrs.field(repr=False, metadata={"secret": True})


@attrs.frozen
class UnreadConfig:
    """
    A configuration whose annotation was imported for type checkers only.
    """

    town: "Nowhere"  # noqa: F821 - the point


@attrs.frozen
class OuterConfig:
    """
    One that has such a one inside.
    """

    inner: UnreadConfig


class Shop(FakeShop):
    """
    A shop that remembers what it was made with.
    """

    def __init__(self, config, context):
        super().__init__()
        if config.token == "explode":
            msg = f"bad token {config.token}"
            raise RuntimeError(msg)
        self.token = config.token
        self.now = context.clock.now()


class HalfShop:
    """
    A shop that takes no numbers.
    """

    def pull_orders(self, cursor, /, *, limit):
        """
        Read nothing.
        """

    def fetch_order(self, external_id, /):
        """
        Read none.
        """

    def push_fulfilment(self, fulfilment, /):
        """
        Take it.
        """


class AcmePlugin:
    """
    A plugin object with whatever providers it is given.
    """

    def __init__(self, *infos):
        self.infos = infos

    @hookimpl
    def sourcehere_store_platforms(self):
        """
        Offer what was given.
        """
        return self.infos


def shop_info(name="acme", **changes):
    """
    Describe a shop.
    """
    return attrs.evolve(ProviderInfo(name, ShopConfig, Shop, "A shop"), **changes)


def registry(*plugins: object, folder: str = "") -> Registry:
    """
    Make a registry that knows nothing but *plugins*.
    """
    secrets = Secrets(env=["ACME_*"])
    return Registry(
        plugins, load_entry_points=False, clock=CLOCK, secrets=secrets, folder=folder
    )


@pytest.fixture
def install(tmp_path, monkeypatch):
    """
    Install a distribution with one module and its entry point, as pip would.
    """
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(module: str, source: str, *, dist: str, version: str = "1.2") -> None:
        path = tmp_path / f"{module}.py"
        path.write_text(textwrap.dedent(source))
        info: Path = tmp_path / f"{dist.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {dist}\nVersion: {version}\n"
        )
        (info / "entry_points.txt").write_text(
            f"[sourcehere]\n{module.removeprefix('sh_test_')} = {module}\n"
        )
        modules.append(module)

    modules: list[str] = []
    yield write
    for module in modules:
        sys.modules.pop(module, None)


GOOD = """
    from sourcehere.plugins import hookimpl
    from sourcehere.ports.providers import NoConfig, ProviderInfo

    from sourcehere.testing.fake_shop import FakeShop

    def make(config, context):
        return FakeShop()

    @hookimpl
    def sourcehere_store_platforms():
        return [ProviderInfo("good", NoConfig, make, "A good shop")]
"""


def installed_registry(*plugins: object) -> Registry:
    """
    Make a registry that knows the installed plugins too.
    """
    return Registry(plugins, clock=CLOCK)


class TestBuiltin:
    """
    What the core ships with works without any installed plugin.
    """

    def test_offers(self):
        """
        Memory storage, file store, rate card, sandbox and four policies are there.
        """
        (plugin,) = registry(builtin).describe()

        assert "sourcehere.builtin" == plugin.name
        assert "ok" == plugin.status
        assert [
            ("storage", "memory"),
            ("store platform", "file"),
            ("freight provider", "rate_card"),
            ("payment provider", "sandbox"),
            ("allocation policy", "fill_available"),
            ("allocation policy", "split_available"),
            ("allocation policy", "fill_all"),
            ("allocation policy", "fill_or_kill"),
        ] == [(offer.kind, offer.name) for offer in plugin.providers]

    def test_makes_them(self, tmp_path):
        """
        Each provider is made from a plain mapping.
        """
        known = registry(builtin, folder=str(tmp_path))
        card = {
            "currency": "USD",
            "methods": [
                {
                    "code": "air",
                    "name": "Air",
                    "zones": [
                        {
                            "countries": ["*"],
                            "breaks": [
                                {
                                    "up_to_grams": None,
                                    "first_grams": 500,
                                    "first_price": 450,
                                }
                            ],
                        }
                    ],
                    "days_min": 5,
                    "days_max": 9,
                }
            ],
        }
        files = {
            "path": str(tmp_path / "orders.csv"),
            "fulfilments_path": str(tmp_path / "sent.csv"),
            "currency": "GBP",
        }

        assert isinstance(known.store_platform("file", files), FileStore)
        assert isinstance(known.freight_provider("rate_card", card), RateCardProvider)
        assert isinstance(known.allocation_policy("fill_available"), FillAvailable)
        assert [] == list(tmp_path.iterdir())

    def test_passed_twice_counts_once(self):
        """
        The same plugin again changes nothing.
        """
        assert 1 == len(registry(builtin, builtin).describe())


class TestStorage:
    """
    A storage is chosen by the scheme of its URL.
    """

    def test_memory(self):
        """
        Each `memory://` is a new, empty storage with the tables asked for.
        """
        known = registry(builtin)

        first, second = (known.storage("memory://", TABLES) for _ in range(2))

        assert isinstance(first, MemoryStorage)
        assert "memory://" == first.url
        assert first is not second

    @pytest.mark.parametrize(
        ("url", "package"),
        [
            ("sqlite:///orders.db", "sourcehere-sql"),
            ("postgresql+psycopg://me:pw@host/db", "sourcehere-sql[postgresql]"),
        ],
    )
    def test_says_what_to_install(self, url, package):
        """
        A known scheme without its plugin says which package has it, not the URL.
        """
        with pytest.raises(UnknownProviderError) as ei:
            registry(builtin).storage(url, TABLES)

        assert "storage" == ei.value.kind
        assert url.partition("://")[0] == ei.value.name
        assert ("memory",) == ei.value.known
        assert f"pip install '{package}'" == ei.value.advice
        assert f"pip install '{package}'" in str(ei.value)
        assert "pw" not in str(ei.value)
        assert isinstance(ei.value, CallerError)

    @pytest.mark.parametrize(
        "url",
        ["", "memory", "://x", "me:pw@host", "memory:", None, 5, b"sqlite:///me:pw@h"],
    )
    def test_no_url(self, url):
        """
        What has no scheme is refused without repeating it; so is a variable of the
        environment that is not set.
        """
        with pytest.raises(InvalidInputError) as ei:
            registry(builtin).storage(url, TABLES)

        assert "url" == ei.value.field
        assert "pw" not in str(ei.value)

    def test_memory_has_no_name(self):
        """
        `memory://name` is refused: two of them would share nothing.
        """
        with pytest.raises(InvalidInputError):
            registry(builtin).storage("memory://name", TABLES)

    def test_what_is_no_storage_is_told(self):
        """
        By the plugin that made it, and what is missing.
        """

        class Plugin:
            @hookimpl
            def sourcehere_storages(self):
                return [ProviderInfo("acme", StorageConfig, lambda *_: None)]

        with pytest.raises(DeclinedError, match="acme: cannot be made: None lacks "):
            registry(Plugin()).storage("acme://here", TABLES)

    def test_a_plugin_that_fails_does_not_tell_the_password(self):
        """
        An error of a storage's factory is told without the URL's password.
        """

        class Plugin:
            @hookimpl
            def sourcehere_storages(self):
                return [ProviderInfo("acmedb", StorageConfig, self.open)]

            def open(self, config, _):
                password = config.url.split(":")[2].split("@")[0]
                msg = f"cannot log in as me with {password} at {config.url}"
                raise OSError(msg)

        with pytest.raises(DeclinedError) as ei:
            registry(Plugin()).storage("acmedb://me:hunter2@host/db", ())

        assert (
            "acmedb: cannot be made: OSError: cannot log in as me with *** at ***"
            == str(ei.value)
        )
        assert ei.value.__cause__ is None
        assert ei.value.__context__ is None


class TestMaking:
    """
    Providers are made from plain mappings, once per configuration.
    """

    def test_made_with_config_and_context(self):
        """
        The factory gets the structured configuration and the registry's clock.
        """
        shop = registry(AcmePlugin(shop_info())).store_platform("acme", {"token": "t"})

        assert "t" == shop.token
        assert NOON == shop.now

    def test_kept_per_configuration(self):
        """
        An equal configuration gives the same object, another one another.
        """
        known = registry(AcmePlugin(shop_info(), shop_info("other")))

        first = known.store_platform("acme", {"token": "t"})

        assert first is known.store_platform("acme", {"token": "t"})
        assert first is not known.store_platform("acme", {"token": "u"})
        assert first is not known.store_platform("other", {"token": "t"})

    def test_the_256_used_last_are_kept(self):
        """
        What was not used for long is made anew.
        """
        known = registry(AcmePlugin(shop_info()))
        first, second = (known.store_platform("acme", {"token": t}) for t in "ab")

        for i in range(255):
            known.store_platform("acme", {"token": f"t{i}"})
            assert first is known.store_platform("acme", {"token": "a"})

        assert second is not known.store_platform("acme", {"token": "b"})

    def test_a_rotated_secret_counts_at_once(self, monkeypatch):
        """
        A reference is looked up at each use, so a new secret makes a new provider.
        """
        known = registry(AcmePlugin(shop_info()))
        config = {"token": {"$env": "ACME_TOKEN"}}
        monkeypatch.setenv("ACME_TOKEN", "old")
        old = known.store_platform("acme", config)

        monkeypatch.setenv("ACME_TOKEN", "new")

        assert "old" == old.token
        assert "new" == known.store_platform("acme", config).token
        assert {"token": {"$env": "ACME_TOKEN"}} == config

    def test_a_wrong_configuration(self):
        """
        What does not fit is refused with the provider's name.
        """
        with pytest.raises(ConfigError) as ei:
            registry(AcmePlugin(shop_info())).store_platform("acme", {"tokn": "t"})

        assert "store platform acme" == ei.value.provider
        assert {"token", "tokn"} == {p.field for p in ei.value.problems}

    def test_a_missing_secret_after_a_good_one(self, monkeypatch):
        """
        A secret that is gone is an error, although a provider was made before.
        """
        known = registry(AcmePlugin(shop_info()))
        monkeypatch.setenv("ACME_TOKEN", "old")
        known.store_platform("acme", {"token": {"$env": "ACME_TOKEN"}})
        monkeypatch.delenv("ACME_TOKEN")

        with pytest.raises(ConfigError, match="ACME_TOKEN is not set"):
            known.store_platform("acme", {"token": {"$env": "ACME_TOKEN"}})

    def test_unknown(self):
        """
        An unknown name lists the known ones.
        """
        known = registry(AcmePlugin(shop_info("b"), shop_info("a")))

        with pytest.raises(UnknownProviderError) as ei:
            known.store_platform("acme", {})

        assert ("a", "b") == ei.value.known
        assert "no store platform 'acme' (there is: a, b)" == str(ei.value)
        with pytest.raises(UnknownProviderError, match="there is: none"):
            known.payment_provider("acme", {})

    def test_services_reach_every_kind(self):
        """
        What plugins offer, services can ask for by their port; storages are opened.
        """
        kinds = {kind.replace(" ", "_") for kind in KIND_OF_HOOK.values()}
        names = {n for n in vars(Providers) if n[0] != "_"}
        aside = {"owned_by", "is_local"}

        assert kinds - {"storage"} == names - aside

    def test_a_factory_that_raises(self):
        """
        A foreign error of a factory is translated, and tells no secret.
        """
        with pytest.raises(DeclinedError) as ei:
            registry(AcmePlugin(shop_info())).store_platform(
                "acme", {"token": "explode"}
            )

        assert "acme" == ei.value.provider
        assert "cannot be made: RuntimeError: bad token ***" == ei.value.detail

    @pytest.mark.parametrize(
        ("made", "words"),
        [
            (None, "None lacks pull_orders, fetch_order, push_fulfilment, push_"),
            (FakeShop, "the class FakeShop lacks pull_orders, fetch_order, push_"),
            (
                HalfShop(),
                "HalfShop lacks push_tracking, which every store platform has",
            ),
        ],
    )
    def test_what_lacks_a_method_is_not_made(self, made, words):
        """
        Else nobody would know before a parcel is to be told.
        """
        known = registry(AcmePlugin(shop_info(factory=lambda *_: made)))

        with pytest.raises(DeclinedError) as ei:
            known.store_platform("acme", {"token": "secret"}, connection="mine")

        assert ei.value.detail.startswith(f"connection 'mine' cannot be made: {words}")

    def test_what_can_do_half_of_something_is_not_made(self):
        """
        It would tell of changes and could not be told to stop, so that nobody would
        subscribe, and nobody be told why.
        """

        class Shop(FakeShop):
            unsubscribe = None

        known = registry(AcmePlugin(shop_info(factory=lambda *_: Shop())))

        with pytest.raises(DeclinedError) as ei:
            known.store_platform("acme", {"token": "secret"})

        assert ei.value.detail == (
            "cannot be made: Shop has subscribe and lacks unsubscribe: what takes"
            " subscriptions has all of SupportsSubscriptions"
        )

    def test_half_of_what_its_kind_is_not_asked_for_is_its_own(self):
        """
        A shop may have methods that are called as those of carriers are.
        """

        class Shop(FakeShop):
            def track(self, event):
                raise NotImplementedError

            def buy_label(self, order):
                raise NotImplementedError

        known = registry(AcmePlugin(shop_info(factory=lambda *_: Shop())))

        assert known.store_platform("acme", {"token": "secret"})

    def test_what_is_async_is_not_made(self):
        """
        Nobody would await what it answers.
        """

        class Shop(FakeShop):
            async def push_fulfilment(self, _, /):
                return "f1"

            async def check(self):
                pass

        known = registry(AcmePlugin(shop_info(factory=lambda *_: Shop())))

        with pytest.raises(DeclinedError) as ei:
            known.store_platform("acme", {"token": "secret"})

        assert ei.value.detail == (
            "cannot be made: push_fulfilment, check of Shop is async, and providers are"
            " called as plain functions, in threads"
        )

    def test_a_property_that_fails_is_there(self):
        """
        Whoever asks it is told why.
        """

        class Gateway:
            finds_by_reference = True
            authorize = capture = refund = find = FakeGateway.find

            @property
            def key_ttl(self):
                raise LookupError

        class Plugin:
            @hookimpl
            def sourcehere_payment_providers(self):
                return [ProviderInfo("acme", NoConfig, lambda *_: Gateway())]

        made = registry(Plugin()).payment_provider("acme", {})

        assert isinstance(made, Gateway)

    def test_a_factory_that_exits(self):
        """
        A library that misses its licence ends no process but its own connection.
        """
        known = registry(AcmePlugin(shop_info(factory=lambda *_: sys.exit("none"))))

        with pytest.raises(DeclinedError, match="cannot be made: SystemExit: none"):
            known.store_platform("acme", {"token": "secret"})


class TestWrongPlugins:
    """
    A plugin that is passed directly and is wrong raises at once.
    """

    @pytest.mark.parametrize(
        ("info", "problem"),
        [
            (shop_info(api=API_GENERATION + 1), "was written for generation 2"),
            (shop_info(config=dict), "is no attrs class"),
            (shop_info(factory=None), "cannot be called"),
            (shop_info(name=""), "without a name"),
            ("acme", "str is no ProviderInfo"),
            (shop_info(name="a\0b"), r"'a\\x00b' is no name that people can type"),
            (shop_info(name="my shop"), "'my shop' is no name that people can type"),
            (shop_info(name="a\ud800"), r"'a\\ud800' is no name that people can"),
            (shop_info(name="a" * 101), "is no name that people can type"),
            (shop_info(summary=3), "the summary of acme is no line of text"),
            (shop_info(summary="a\nb"), "the summary of acme is no line of text"),
            (shop_info(makes="Shop"), "what acme makes is no class"),
            (
                shop_info(config=UnreadConfig),
                r"annotations of UnreadConfig cannot be read \(NameError: .*Nowhere",
            ),
            (shop_info(config=OuterConfig), "the annotations of OuterConfig cannot"),
        ],
    )
    def test_a_wrong_provider(self, info, problem):
        """
        What is no usable provider is refused with the plugin and the hook named.
        """
        with pytest.raises(PluginError, match=problem) as ei:
            registry(builtin, AcmePlugin(info))

        assert ei.value.plugin.endswith("AcmePlugin")
        assert "sourcehere_store_platforms" in ei.value.problem

    def test_two_of_one_name(self):
        """
        One plugin cannot offer a name twice, as nobody could say which is meant.
        """
        with pytest.raises(PluginError) as ei:
            registry(AcmePlugin(shop_info(), shop_info(summary="Other")))

        words = "sourcehere_store_platforms: two different providers are called acme"
        assert words == ei.value.problem

    def test_a_default_that_cannot_be_shown(self):
        """
        The field is listed all the same.
        """

        @attrs.frozen
        class Config:
            keys: dict = attrs.field(factory=lambda: {(1, 2): 3})
            made: str = attrs.field(factory=lambda: 1 / 0)

        (plugin,) = registry(AcmePlugin(shop_info(config=Config))).describe()

        (offer,) = plugin.providers
        assert [("keys", "computed"), ("made", "computed")] == [
            (field.name, field.default) for field in offer.fields
        ]

    def test_a_misspelt_hook(self):
        """
        A hook that does not exist is refused, with the one that was meant.
        """

        class Plugin:
            @hookimpl
            def sourcehere_store_platform(self):
                return []

        with pytest.raises(PluginError, match="mean sourcehere_store_platforms"):
            registry(Plugin())

    def test_a_forgotten_mark(self):
        """
        A function with a hook's name and no `hookimpl` is refused, not overlooked.
        """
        plugin = types.ModuleType("acme")
        plugin.sourcehere_store_platforms = lambda: [shop_info()]

        with pytest.raises(PluginError, match="is not marked with @hookimpl"):
            registry(plugin)

    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("sourcehere_store_platform", "sourcehere_store_platforms"),
            ("sourcehere_evnt", "sourcehere_event"),
        ],
    )
    def test_a_misspelt_hook_without_a_mark(self, name, meant):
        """
        It is refused too, also beside hooks that are right.
        """
        plugin = AcmePlugin(shop_info())
        setattr(plugin, name, lambda: None)

        with pytest.raises(PluginError) as ei:
            registry(plugin)

        assert f"there is no hook {name}; did you mean {meant}?" in ei.value.problem

    def test_a_function_of_its_own_is_no_mistake(self):
        """
        What is not nearly the name of a hook is the plugin's own.
        """
        plugin = AcmePlugin(shop_info())
        plugin.sourcehere_event_name = lambda: ""
        plugin.sourcehere_evnt = 3

        known = registry(plugin)

        assert ["acme"] == [info.name for info in known.providers("store platform")]

    @pytest.mark.parametrize("kind", ["function", "static", "bound"])
    def test_what_a_module_s_hook_may_be(self, kind):
        """
        A function, a static method, or a method of an object; what else is in the
        module is left alone.
        """

        class Home:
            @hookimpl
            def sourcehere_store_platforms(self):
                return [shop_info()]

        @hookimpl
        def sourcehere_store_platforms():
            return [shop_info()]

        plugin = types.ModuleType("acme")
        plugin.sourcehere_store_platforms = {
            "function": sourcehere_store_platforms,
            "static": staticmethod(sourcehere_store_platforms),
            "bound": Home().sourcehere_store_platforms,
        }[kind]
        plugin.Home = Home
        plugin.LIMITS = {"a": 1}

        known = registry(plugin)

        assert ["acme"] == [info.name for info in known.providers("store platform")]

    def test_no_hook(self):
        """
        An object that implements nothing is no plugin.
        """
        with pytest.raises(PluginError, match="implements no hook"):
            registry(object())

    def test_wrong_arguments(self):
        """
        A hook that wants arguments there are none of is refused.
        """

        class Plugin:
            @hookimpl
            def sourcehere_store_platforms(self, config):  # noqa: ARG002 - the point
                return []

        with pytest.raises(PluginError) as ei:
            registry(Plugin())

        words = "sourcehere_store_platforms has the argument config: it takes none"
        assert words == ei.value.problem

    def test_an_argument_of_another_name(self):
        """
        What it is given is named beside what it wants; what has a default is its own.
        """

        class Plugin:
            @hookimpl
            def sourcehere_event(self, evnt, times=3):
                pass

        with pytest.raises(PluginError) as ei:
            registry(Plugin())

        words = "sourcehere_event has the argument evnt: it is given event"
        assert words == ei.value.problem

    @pytest.mark.parametrize("hook", ["sourcehere_event", "sourcehere_store_platforms"])
    def test_an_async_hook(self, hook):
        """
        It is refused: what it does would never be done, and nobody would hear of it.
        """

        class Plugin:
            @hookimpl
            async def sourcehere_event(self, event):
                pass

            @hookimpl
            async def sourcehere_store_platforms(self):
                return []

        plugin = types.ModuleType("acme")
        setattr(plugin, hook, getattr(Plugin(), hook))

        with pytest.raises(PluginError) as ei:
            registry(plugin)

        words = f"{hook} is async, and hooks are called as plain functions"
        assert words == ei.value.problem

    def test_a_class_is_given_by_mistake(self):
        """
        Its methods want an object; also those that are called much later.
        """

        class Bell:
            @hookimpl
            def sourcehere_event(self, event):
                pass

        for kind in (AcmePlugin, Bell):
            with pytest.raises(PluginError) as ei:
                registry(kind)

            name = kind.__name__
            words = f"{name} is a class: give an object of it, such as {name}()"
            assert words == ei.value.problem

    def test_a_class_of_functions_is_a_plugin(self):
        """
        Where none of them wants an object, it is as good as a module.
        """

        class Plugin:
            @hookimpl
            @staticmethod
            def sourcehere_store_platforms():
                return [shop_info()]

        known = registry(Plugin)

        assert ["acme"] == [info.name for info in known.providers("store platform")]

    def test_nothing_is_no_plugin(self):
        """
        What a host forgot to make is told as that.
        """
        with pytest.raises(PluginError, match="no module and no object"):
            registry(None)

    def test_a_hook_that_raises(self):
        """
        The error of a hook is told with its cause.
        """

        class Plugin:
            @hookimpl
            def sourcehere_store_platforms(self):
                msg = "no\nluck"
                raise LookupError(msg)

        with pytest.raises(PluginError, match="raised LookupError: no luck") as ei:
            registry(Plugin())

        assert isinstance(ei.value.__cause__, LookupError)


class TestClash:
    """
    A name belongs to one plugin.
    """

    def test_two_providers_of_one_name(self):
        """
        Two different providers of one kind and name are refused, whatever the order.
        """
        first, second = AcmePlugin(shop_info()), AcmePlugin(shop_info(summary="Other"))

        with pytest.raises(ProviderClashError) as ei:
            registry(first, second)

        assert ("store platform", "acme") == (ei.value.kind, ei.value.name)

    def test_installed_ones_are_set_aside_both(self, install):
        """
        Each names the other, the rest goes on, and nobody is preferred.
        """
        install("sh_test_one", GOOD, dist="acme-one")
        install("sh_test_two", GOOD, dist="acme-two", version="7")
        install("sh_test_other", GOOD.replace('"good"', '"other"'), dist="acme-other")

        known = installed_registry(builtin)
        found = {
            fault.distribution: fault.error
            for fault in known.faults
            if fault.distribution.startswith("acme")
        }

        words = (
            "offers the store platform 'good', and so does {}: uninstall or disable one"
        )
        assert found == {
            "acme-one": words.format("acme-two 7"),
            "acme-two": words.format("acme-one 1.2"),
        }
        offered = {info.name for info in known.providers("store platform")}
        assert "good" not in offered
        assert {"file", "other"} <= offered

    def test_what_the_host_gave_stays(self, install):
        """
        An installed plugin that takes a name of ours is set aside alone.
        """
        install("sh_test_one", GOOD.replace('"good"', '"file"'), dist="acme-one")

        known = installed_registry(builtin)

        (fault,) = [f for f in known.faults if f.distribution == "acme-one"]
        assert "offers the store platform 'file', and so does" in fault.error
        assert "file" in {info.name for info in known.providers("store platform")}

    def test_one_that_is_set_aside_hears_nothing(self, install):
        """
        Its hooks are not called.
        """
        listening = """
    @hookimpl
    def sourcehere_event(event):
        pass
"""
        install("sh_test_one", GOOD + listening, dist="acme-one")
        assert "one" in installed_registry(builtin).hooks.subscribers
        install("sh_test_two", GOOD, dist="acme-two")
        assert "one" not in installed_registry(builtin).hooks.subscribers

    def test_identical_providers_count_once(self):
        """
        Equal descriptions by two plugin objects are one provider.
        """
        known = registry(AcmePlugin(shop_info()), AcmePlugin(shop_info()))

        assert ["acme"] == [info.name for info in known.providers("store platform")]


class TestInstalled:
    """
    Installed plugins are found by their entry points; a broken one harms no other.
    """

    def test_found(self, install):
        """
        An installed plugin is listed with its distribution, version and providers.
        """
        install("sh_test_good", GOOD, dist="acme-good")

        known = installed_registry(builtin)

        (info,) = [p for p in known.describe() if p.distribution == "acme-good"]
        assert {
            "name": "good",
            "distribution": "acme-good",
            "version": "1.2",
            "hooks": ["sourcehere_store_platforms"],
            "providers": [
                {
                    "kind": "store platform",
                    "name": "good",
                    "summary": "A good shop",
                    "capabilities": [],
                    "fields": [],
                }
            ],
            "status": "ok",
            "error": "",
        } == json.loads(json.dumps(attrs.asdict(info)))
        assert known.store_platform("good", {}) is not None

    def test_not_looked_for(self, install):
        """
        Without `load_entry_points` an installed plugin is not even imported.
        """
        install("sh_test_good", GOOD, dist="acme-good")

        known = registry(builtin)

        assert 1 == len(known.describe())
        assert "sh_test_good" not in sys.modules

    def test_installed_and_passed_counts_once(self, install):
        """
        A plugin that is installed and passed too is listed once, as installed.
        """
        install("sh_test_good", GOOD, dist="acme-good")
        import sh_test_good  # noqa: PLC0415 - exists only now

        known = installed_registry(sh_test_good)

        assert ["acme-good"] == [
            p.distribution for p in known.describe() if p.name.endswith("good")
        ]

    @pytest.mark.parametrize(
        ("source", "error"),
        [
            ("import no_such_module", "No module named 'no_such_module'"),
            ("raise SystemExit(3)", "SystemExit: 3"),
            ("syntax error", "SyntaxError"),
            ("", "implements no hook"),
            (
                GOOD.replace("return [", "raise OSError('down'); return ["),
                "sourcehere_store_platforms raised OSError: down",
            ),
            (
                GOOD.replace("return [", "raise SystemExit('no licence'); return ["),
                "sourcehere_store_platforms raised SystemExit: no licence",
            ),
            (
                GOOD.replace("store_platforms", "store_platfroms"),
                "there is no hook sourcehere_store_platfroms",
            ),
            (GOOD.replace('"A good shop"', "api=99"), "generation 99"),
            (
                GOOD.replace('"A good shop"', "makes=3"),
                "what good makes is no class",
            ),
        ],
    )
    def test_a_broken_one_is_a_fault(self, install, source, error):
        """
        Whatever is wrong with an installed plugin is recorded, and the others load.
        """
        install("sh_test_bad", source, dist="acme-bad", version="0.1")
        install("sh_test_good", GOOD, dist="acme-good")

        known = installed_registry(builtin)

        (fault,) = [f for f in known.faults if f.distribution == "acme-bad"]
        assert ("bad", "0.1") == (fault.name, fault.version)
        assert error in fault.error
        (told,) = [p for p in known.describe() if p.distribution == "acme-bad"]
        assert ("fault", fault.error) == (told.status, told.error)
        assert ((), ()) == (told.hooks, told.providers)
        offered = {p.name for p in known.providers("store platform")}
        assert {"file", "good"} <= offered

    def test_a_provider_of_a_broken_plugin(self, install):
        """
        A name that nobody offers points at the plugin that was set aside.
        """
        install("sh_test_sql", "import no_such_driver", dist="sourcehere-sql")

        with pytest.raises(UnknownProviderError) as ei:
            installed_registry(builtin).storage("sqlite:///a.db", ())

        assert (
            "the plugin sourcehere-sql 1.2 was set aside:"
            " ModuleNotFoundError: No module named 'no_such_driver'"
        ) == ei.value.advice
        assert "pip install" not in str(ei.value)

    @pytest.mark.parametrize("upgraded", [False, True])
    def test_a_plugin_that_was_installed_since(self, install, upgraded):
        """
        A process that runs does not know of it, and says that it has to start again.
        """
        if upgraded:
            install("sh_test_old", "", dist="acme-good", version="0.9")
        known = installed_registry(builtin)
        install("sh_test_good", GOOD, dist="acme-good", version="1.0")

        with pytest.raises(UnknownProviderError) as ei:
            known.store_platform("good", {})

        advice = "acme-good 1.0 was installed after this process began: start it again"
        assert advice == ei.value.advice
        assert installed_registry(builtin).store_platform("good", {})


class TestDisabled:
    """
    A plugin that is disabled in this environment is not imported.
    """

    @pytest.fixture(autouse=True)
    def listed(self, tmp_path, monkeypatch):
        """
        Keep the list in a file of the test's own.
        """
        path = tmp_path / "list" / "disabled.txt"
        monkeypatch.setenv("SOURCEHERE_DISABLED_PLUGINS", str(path))
        return path

    @pytest.mark.parametrize("name", ["good", "acme-good"])
    def test_it_is_listed_and_not_used(self, install, name):
        install("sh_test_good", GOOD, dist="acme-good")
        write_disabled({name})

        known = installed_registry(builtin)

        (told,) = [p for p in known.describe() if p.distribution == "acme-good"]
        assert (told.status, told.error, told.providers) == ("disabled", "", ())
        assert "sh_test_good" not in sys.modules
        with pytest.raises(UnknownProviderError) as ei:
            known.store_platform("good", {})
        assert ei.value.advice.endswith(
            "acme-good 1.2 is disabled: `sourcehere plugins enable good`"
        )

    def test_of_two_with_one_name_the_other_is_used(self, install):
        install("sh_test_one", GOOD, dist="acme-one")
        install("sh_test_two", GOOD, dist="acme-two")
        write_disabled({"two"})

        known = installed_registry(builtin)

        assert "good" in {info.name for info in known.providers("store platform")}

    def test_an_empty_list_disables_nothing(self, listed):
        assert disabled_plugins() == frozenset()
        write_disabled({"b", "a"})
        assert listed.read_text("utf-8") == "a\nb\n"
        write_disabled(())
        assert disabled_plugins() == frozenset()
