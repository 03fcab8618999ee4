"""
Secrets: which may be referred to, and that none is ever shown.
"""

import json
import traceback
from urllib.parse import quote_plus

import attrs
import pytest
from leaky import LeakyShop, file_config

from sourcehere import Address, InvalidInputError, Secrets, to_dict
from sourcehere.cli.opening import open_here, secrets_here
from sourcehere.domain.effects.model import Channel
from sourcehere.domain.freight.model import LeftOut
from sourcehere.plugins.guarding import guarded
from sourcehere.ports.errors import (
    ConfigError,
    DeclinedError,
    ProtocolError,
    UnauthorizedError,
)
from sourcehere.ports.platforms import OrderPage, SupportsBatchPush
from sourcehere.testing.factories import dump, nothing_moves, snapshot

TOKEN = "t0ken/of the shop"
REFERENCE = {"$env": "SHOP_demo_TOKEN"}


def texts(error):
    """
    Return all that a program or a log shows of an error.
    """
    shown = "".join(traceback.format_exception(error))
    return f"{error} {error!r} {vars(error)} {shown} {json.dumps(to_dict(error))}"


def problems(error):
    """
    Return field -> words of a refused configuration.
    """
    return {problem.field: problem.words for problem in error.problems}


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """
    Have a secret for each seller, one for all, and one of the host's own.
    """
    monkeypatch.setenv("SHOP_demo_TOKEN", TOKEN)
    monkeypatch.setenv("SHOP_other_TOKEN", "token of other")
    monkeypatch.setenv("SHARED", "shared token")
    monkeypatch.setenv("DATABASE_PASSWORD", "hunter2")


def connect(bench, token, seller="demo", url="https://shop", store="s"):
    """
    Connect a shop with a token.
    """
    return bench.sh.seller(seller).stores.connect(
        store,
        platform="leaky",
        config={"url": url, "token": token},
        allow_plain=True,
    )


class TestPlain:
    def test_a_secret_as_it_is_is_refused_unless_allowed(self, world):
        """
        It would be kept in the database and its copies; the error does not tell it.
        """
        stores = world.sh.seller("demo").stores
        config = {"url": "https://shop", "token": "s3cr3t"}
        with nothing_moves(world), pytest.raises(ConfigError) as ei:
            stores.connect("s", platform="leaky", config=config)
        assert ["token"] == [problem.field for problem in ei.value.problems]
        assert "s3cr3t" not in texts(ei.value)
        stores.connect("s", platform="leaky", config=config, allow_plain=True)
        with nothing_moves(world), pytest.raises(ConfigError):
            stores.change("s", config=config)

        stores.change("s", config=config, allow_plain=True)


class TestReferences:
    @pytest.mark.parametrize(
        ("token", "value"),
        [
            (REFERENCE, TOKEN),
            ({"$env": "SHARED"}, "shared token"),
            ({"$file": "token"}, "token-of-demo"),
        ],
    )
    def test_what_the_host_allowed_is_looked_up(self, world, leaky, token, value):
        """
        Environment variables and files that the host named stand for their values.
        """
        connect(world, token)

        assert value == leaky.made[-1].config.token

    @pytest.mark.parametrize(
        ("token", "named"),
        [
            ({"$env": "DATABASE_PASSWORD"}, "$env DATABASE_PASSWORD"),
            ({"$env": "SHOP_other_TOKEN"}, "$env SHOP_other_TOKEN"),
            ({"$file": "../other/token"}, "$file ../other/token"),
            ({"$file": "/etc/hostname"}, "$file /etc/hostname"),
        ],
    )
    def test_nothing_else_is(self, world, leaky, token, named):
        """
        The host's own secrets and another seller's are refused.
        """
        with nothing_moves(world), pytest.raises(ConfigError) as ei:
            connect(world, token)

        told = problems(ei.value)
        words = f"{named} is not among the secrets that the host allowed: Secrets("
        assert ["token"] == list(told)
        assert told["token"].startswith(words)
        assert told["token"].endswith(" at a shell")
        assert [] == leaky.made

    def test_a_link_out_of_the_folder_is_not_followed(self, world, tmp_path):
        """
        A link within the folder of secrets may lead to another of them only.
        """
        folder = tmp_path / "secrets" / "demo"
        (folder / "again").symlink_to("token")
        (folder / "away").symlink_to(tmp_path / "secrets" / "other" / "token")
        connect(world, {"$file": "again"})
        with pytest.raises(ConfigError, match="not among the secrets"):
            connect(world, {"$file": "away"}, store="t")

    def test_nothing_is_allowed_by_default(self, open_world):
        """
        A host that says nothing has given nothing away.
        """
        bench = open_world()
        for token in (REFERENCE, {"$file": "/etc/hostname"}):
            with nothing_moves(bench), pytest.raises(ConfigError, match="not among"):
                connect(bench, token)

    @pytest.mark.parametrize("reference", [{"$env": "SHARED"}, {"$file": "token"}])
    @pytest.mark.parametrize("field", ["path", "sent", "columns", "country_aliases"])
    def test_only_secret_fields_take_one(self, world, reference, field):
        """
        Elsewhere a reference is refused unread: an error could show what it names.
        """
        given = reference if field in ("path", "sent") else {"sku": reference}
        with nothing_moves(world), pytest.raises(ConfigError) as ei:
            world.sh.seller("demo").stores.connect(
                "file", platform="file", config=file_config(**{field: given})
            )

        assert "takes no reference; only a secret field does" in str(ei.value)
        assert "token-of-demo" not in texts(ei.value)
        assert "shared token" not in texts(ei.value)

    def test_one_name_is_no_list(self):
        """
        A text in place of a list would allow each of its letters.
        """
        with pytest.raises(InvalidInputError, match="env: 'SHOP'"):
            Secrets(env="SHOP")

    def test_the_command_allows_what_its_environment_says(self, monkeypatch, tmp_path):
        """
        At a shell nothing is allowed that two variables do not name.
        """
        monkeypatch.chdir(tmp_path)
        (tmp_path / "token").write_text("x")
        assert Secrets() == secrets_here()
        with open_here("memory://", upgrade=False) as sh:
            sh.staff("ann").sellers.register("demo", name="D", currency="USD")
            with pytest.raises(ConfigError, match="leads out of the folder"):
                sh.seller("demo").stores.connect(
                    "file", platform="file", config=file_config(path="/etc/hostname")
                )
        monkeypatch.setenv("SOURCEHERE_SECRETS_ENV", "SHOP_* SHARED")
        monkeypatch.setenv("SOURCEHERE_SECRETS_FILES", str(tmp_path))
        assert Secrets(env=["SHOP_*", "SHARED"], files=tmp_path) == secrets_here()


FAULTS = {
    "declined": lambda: DeclinedError(provider="leaky", detail=f"no {TOKEN}"),
    "unauthorized": lambda: UnauthorizedError(
        provider="leaky", detail="https://shop/?k=t0ken%2Fof%20the%20shop"
    ),
    "foreign": lambda: RuntimeError(f"Authorization: {TOKEN}"),
    "a value": lambda: KeyError(TOKEN),
}


class TestShown:
    """
    A secret is in no message, row, repr or log, whoever says it.
    """

    @pytest.fixture
    def shop(self, world, leaky):
        """
        A connected shop, whose token is looked up.
        """
        connect(world, REFERENCE)
        return leaky.made[-1]

    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("token", [REFERENCE, TOKEN], ids=["reference", "literal"])
    def test_not_in_what_a_sync_raises(self, world, leaky, fault, token):
        """
        What the plugin raises is told without the token; its type says what to do.
        """
        connect(world, token)
        leaky.made[-1].fault = FAULTS[fault]()
        with pytest.raises((DeclinedError, UnauthorizedError, ProtocolError)) as ei:
            world.sh.seller("demo").stores.sync("s")

        assert "***" in str(ei.value)
        assert TOKEN not in texts(ei.value)
        assert "t0ken" not in str(ei.value)

    def test_not_in_what_caused_it(self, world, shop):
        """
        A cause that tells it is cut off; a log would show it.
        """
        shop.fault = DeclinedError(provider="leaky", detail="no")
        shop.fault.__cause__ = RuntimeError(f"GET /?token={TOKEN}")
        with pytest.raises(DeclinedError, match="leaky: no") as ei:
            world.sh.seller("demo").stores.sync("s")

        assert TOKEN not in texts(ei.value)

    def test_what_tells_nothing_is_left_as_it_is(self, world, shop):
        """
        An error without a secret keeps its cause, for whoever looks for the bug.
        """
        shop.fault = DeclinedError(provider="leaky", detail="no")
        shop.fault.__cause__ = cause = RuntimeError("timeout")
        with pytest.raises(DeclinedError) as ei:
            world.sh.seller("demo").stores.sync("s")

        assert shop.fault is ei.value
        assert cause is ei.value.__cause__

    @pytest.mark.parametrize("fault", FAULTS)
    def test_not_in_the_rows_of_a_push(self, world, leaky, shop, fault):
        """
        A push that fails leaves the token in no row: not in the message, nor in the
        attempt.
        """
        sh = world.sh
        shop.orders = (snapshot("1", CUP=3),)
        sh.seller("demo").stores.sync("s")
        sh.seller("demo").connections.connect("s", [world.rule("CUP")])
        world.app.relay.run()
        (order,) = sh.seller("demo").orders.list()
        sh.seller("demo").checkouts.pay(
            sh.seller("demo").checkouts.open([order.order_id])
        )
        sh.staff("ann").seller("demo").shipping.accept([order.order_id])
        world.ship(order.order_id)
        leaky.made[-1].fault = FAULTS[fault]()
        world.app.relay.run()

        waiting = (*world.app.relay.waiting(), *world.app.relay.dead())
        (message,) = [m for m in waiting if m.channel == Channel.STORE]
        assert "***" in message.error
        rows = repr(dump(world.app.storage))
        assert "t0ken" not in rows

    def test_not_when_the_provider_cannot_be_made(self, world):
        """
        An error of the factory is told without the token.
        """
        with nothing_moves(world), pytest.raises(DeclinedError) as ei:
            connect(world, REFERENCE, url="factory")

        assert "no ***" == ei.value.detail
        assert TOKEN not in texts(ei.value)

    def test_not_in_a_repr(self, world, shop):
        """
        Neither the provider nor the stored connection shows it.
        """
        connect(world, TOKEN, store="literal")
        made = world.app.stores
        stored = made.get("demo", "literal")

        assert TOKEN in repr(shop)
        assert "LeakyShop(***)" == repr(made.platform_of(stored))
        assert TOKEN not in repr(stored)
        assert TOKEN not in repr(world.sh.seller("demo").stores.list())
        assert TOKEN not in json.dumps(
            to_dict([stored, world.sh.seller("demo").stores.get("literal")])
        )

    @pytest.mark.parametrize(
        "token", ["t0ken\0", "t0ken\x1b", ["t0ken", object()], 10**30]
    )
    def test_not_when_the_value_cannot_be_kept(self, world, token):
        """
        What no configuration can hold is refused by its name alone.
        """
        with nothing_moves(world), pytest.raises(InvalidInputError) as ei:
            connect(world, token)

        assert ei.value.field.startswith("config: token")
        assert "t0ken" not in texts(ei.value)


class TestGuarded:
    """
    A provider with a secret is used as if it were handed out itself.
    """

    @pytest.fixture
    def pair(self, world, leaky):
        """
        The provider as the plugin made it, and as services get it.
        """
        connect(world, TOKEN)
        made = world.app.stores
        return leaky.made[-1], made.platform_of(made.get("demo", "s"))

    def test_it_is_what_it_is(self, pair):
        """
        It is of the plugin's class, and has the abilities that this class has.
        """
        inner, outer = pair

        assert isinstance(outer, type(inner))
        assert isinstance(outer, SupportsBatchPush)
        assert not isinstance(outer, str)
        inner.orders = ("changed",)
        inner.later = 5
        assert (("changed",), 5) == (outer.orders, outer.later)

    def test_errors_that_are_returned_are_blanked(self, pair):
        """
        A push of many returns errors; each is told without the secret.
        """
        inner, outer = pair
        inner.fault = DeclinedError(provider="leaky", detail=f"no {TOKEN}")
        (outcome,) = outer.push_fulfilments([None])

        assert "no ***" == outcome.detail
        assert TOKEN not in texts(outcome)

    @pytest.mark.parametrize(
        ("answer", "shown"),
        [
            (f"a {TOKEN} b", "a *** b"),
            (f"?t={quote_plus(TOKEN)}&u=1", "?t=***&u=1"),
            ([1, (TOKEN, {"k": {TOKEN}})], [1, ("***", {"k": {"***"}})]),
            ({TOKEN: TOKEN}, {"***": "***"}),
            (
                OrderPage((), (), (), f"next?{TOKEN}", False),
                OrderPage((), (), (), "next?***", False),
            ),
            (Address("US", street=f"{TOKEN} 5"), Address("US", street="*** 5")),
            (LeftOut("std", "no", TOKEN), LeftOut("std", "no", "***")),
        ],
    )
    def test_values_are_blanked_all_the_way_down(self, pair, answer, shown):
        """
        Whatever the port makes of it later: a title, a reason, a reference, a cursor.
        """
        _, outer = pair

        assert shown == outer.say(answer)
        assert type(shown) is type(outer.say(answer))

    def test_what_tells_nothing_is_the_very_same(self, pair):
        """
        Nothing is copied where nothing is to be blanked.
        """
        _, outer = pair
        for answer in (snapshot("1", CUP=2), [object()], {"a": 1}, None, 5, "t0ken"):
            assert answer is outer.say(answer)

    def test_an_object_of_the_plugins_own_is_shown_without_it(self, pair):
        """
        What no port knows is refused, and what is said of it tells nothing.
        """
        inner, outer = pair

        assert "LeakyShop(***)" == outer.say(inner)

    def test_a_short_one_stays_in_answers(self):
        """
        Five characters could be anything; errors are blanked all the same.
        """
        outer = guarded(LeakyShop(None), name="p", secrets=["CUP-1"])
        error = DeclinedError(provider="p", detail="CUP-1")

        assert "CUP-1" == outer.say("CUP-1")
        assert "***" == outer.say(error).detail

    def test_a_shop_s_facts_are_kept_without_it(self, world, leaky):
        """
        An order whose title tells the token is imported, and no row holds it.
        """
        connect(world, REFERENCE)
        desk = world.sh.seller("demo").stores
        line = attrs.evolve(snapshot(CUP=1).lines[0], title=f"Cup {TOKEN}")
        leaky.made[-1].orders = (attrs.evolve(snapshot("1"), lines=(line,)),)
        desk.sync("s")
        (order,) = world.sh.seller("demo").orders.list()

        found = world.sh.seller("demo").orders.get(order.order_id)
        assert "Cup ***" == found.lines[0].title
        assert TOKEN not in repr(dump(world.app.storage))

    def test_without_a_secret_it_is_handed_out_itself(self):
        """
        A provider that has none costs nothing more.
        """
        provider = object()

        assert provider is guarded(provider, name="p", secrets=[""])
