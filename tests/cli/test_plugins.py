"""
`sourcehere plugins`: what is installed, what each can do, and which connections work.
"""

import json

import pytest

from sourcehere import SourceHereError
from sourcehere.ports.errors import UnauthorizedError


@pytest.fixture(autouse=True)
def listed(tmp_path, monkeypatch):
    """
    Keep the list of disabled plugins in a file of the test's own.
    """
    path = tmp_path / "disabled.txt"
    monkeypatch.setenv("SOURCEHERE_DISABLED_PLUGINS", str(path))
    return path


class TestShowing:
    def test_a_provider_says_what_it_can_do_and_needs(self, shell):
        (told,) = shell.json("plugins show shopify")
        (offer,) = told["providers"]
        assert {"tries credentials", "lists products", "takes webhooks"} <= set(
            offer["capabilities"]
        )
        fields = {field["name"]: field for field in offer["fields"]}
        assert fields["shop"]["required"]
        assert fields["token"]["secret"]
        assert fields["api_version"]["default"] == '"2026-07"'
        assert fields["webhook_secret"]["secret"]
        assert fields["webhook_secret"]["default"] == '""'  # nothing is hidden there

    def test_by_the_name_of_a_provider(self, shell):
        said = shell.ok("plugins show rate_card")
        assert "methods[].zones[].countries" in said

    def test_what_else_its_plugin_offers_is_not_shown(self, shell):
        """
        The one that was asked for stands alone; the plugin's own name shows all.
        """
        said = shell.ok("plugins show sandbox")
        assert "fee_minor" in said
        assert "rate_card" not in said
        (told,) = shell.json("plugins show sandbox")
        assert ["sandbox"] == [offer["name"] for offer in told["providers"]]
        assert "rate_card" in shell.ok("plugins show sourcehere.builtin")

    def test_one_that_is_none_says_where_to_look(self, shell):
        said = shell("plugins show nix")
        assert said.code == 2
        assert "`sourcehere plugins` lists them" in said.err


class TestHooks:
    @pytest.fixture(autouse=True)
    def snail(self, tmp_path, monkeypatch):
        """
        Install a carrier that also has a say in what ships.
        """
        (tmp_path / "snail_here.py").write_text(SNAIL)
        info = tmp_path / "snail_here-3.1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: snail-here\nVersion: 3.1\n"
        )
        (info / "entry_points.txt").write_text("[sourcehere]\nsnail = snail_here\n")
        monkeypatch.syspath_prepend(str(tmp_path))

    def test_who_has_a_say_is_listed(self, shell):
        """
        Also where the plugin offers a provider as well.
        """
        said = shell.ok("plugins")
        assert "3.1" in said
        assert "hooks: sourcehere_check_transition, sourcehere_event" in said

    def test_all_hooks_of_one_are_shown(self, shell):
        """
        Those of providers, too.
        """
        said = " ".join(shell.ok("plugins show snail").split())
        assert (
            "hooks sourcehere_check_transition, sourcehere_event,"
            " sourcehere_freight_providers"
        ) in said


class TestDisabling:
    def test_there_and_back(self, shell, listed):
        shell.ok("plugins disable shopify")
        assert listed.read_text("utf-8") == "shopify\n"
        (told,) = [p for p in shell.json("plugins") if p["name"] == "shopify"]
        assert (told["status"], told["providers"]) == ("disabled", [])
        assert "`sourcehere plugins enable shopify`" in shell.ok("plugins")
        shell.ok("plugins enable shopify")
        (told,) = [p for p in shell.json("plugins") if p["name"] == "shopify"]
        assert told["status"] == "ok"

    @pytest.mark.parametrize("words", ["disable nix", "enable shopify"])
    def test_what_is_not_so_is_refused(self, shell, words, listed):
        assert shell(f"plugins {words}").code == 2
        assert not listed.exists()

    def test_a_list_that_cannot_be_written_says_so(self, shell, tmp_path, monkeypatch):
        (tmp_path / "file").write_text("")
        path = tmp_path / "file" / "disabled.txt"
        monkeypatch.setenv("SOURCEHERE_DISABLED_PLUGINS", str(path))
        said = shell("plugins disable shopify")
        assert said.code == 2
        assert "cannot be written" in said.err


class TestStrict:
    def test_a_fault_is_exit_1(self, shell, monkeypatch):
        assert shell("plugins --strict").code == 0
        monkeypatch.setattr("importlib.metadata.EntryPoint.load", _fail, raising=True)
        assert shell("plugins").code == 0
        said = shell("plugins --strict")
        assert said.code == 1
        assert "boom" in said.out


def _fail(_self):
    msg = "boom"
    raise ImportError(msg)


class TestChecking:
    def test_every_connection_is_tried(self, shell):
        shell.ok("sellers add demo --name Demo --currency GBP")
        (shell.folder / "card.json").write_text(json.dumps(CARD))
        (shell.folder / "orders.csv").write_text(
            "order_number,sku,quantity,placed_at,country\n"
        )
        shell.ok("freight connect card --provider rate_card --config card.json")
        shell.ok("stores connect site --platform file --path orders.csv --yes")
        (carrier, shop) = sorted(shell.json("plugins check"), key=lambda t: t["kind"])
        assert carrier == {
            "kind": "carrier",
            "seller_id": "",
            "name": "card",
            "provider": "rate_card",
            "error": "",
            "is_tried": False,
        }
        assert (shop["kind"], shop["name"], shop["error"]) == ("shop", "site", "")

    def test_one_that_cannot_be_tried_is_not_said_to_be_fine(self, shell):
        self.test_every_connection_is_tried(shell)
        words = "was not tried: its provider has no check()"
        assert shell.ok("plugins check").count("can be used") == 0
        for command in ("plugins check", "stores check site", "freight check card"):
            assert words in " ".join(shell.ok(command).split())
        assert shell.json("stores check site") == {
            "store_id": "site",
            "is_tried": False,
        }

    def test_one_that_was_tried_can_be_used(self, shell, monkeypatch):
        self.test_every_connection_is_tried(shell)
        monkeypatch.setattr(
            "sourcehere.builtin.file_store.FileStore.check",
            lambda _: None,
            raising=False,
        )
        assert "can be used" in shell.ok("plugins check")
        assert "site can be used" in shell.ok("stores check site")

    def test_one_that_fails_is_exit_1(self, shell, monkeypatch):
        self.test_every_connection_is_tried(shell)

        def refuse(*_):
            raise UnauthorizedError(provider="file", detail="refused")

        monkeypatch.setattr("sourcehere.face.seller.stores.StoresDesk.check", refuse)
        said = shell("plugins check")
        assert said.code == 1
        assert "file: refused" in said.out
        assert issubclass(UnauthorizedError, SourceHereError)
        shell.ok("stores pause site")
        assert shell("plugins check").code == 0

    def test_gateways_are_tried_too(self, shell):
        """
        As they are by `gateways check`.
        """
        shell.ok("gateways connect cards --provider sandbox")
        assert shell.json("plugins check") == [
            {
                "kind": "gateway",
                "seller_id": "",
                "name": "cards",
                "provider": "sandbox",
                "error": "",
                "is_tried": True,
            }
        ]
        shell.ok("gateways pause cards moved")
        assert "no connection is in use" in shell.ok("plugins check")

    def test_no_connection_is_no_fault(self, shell):
        assert "no connection is in use" in shell.ok("plugins check")


SNAIL = """
import attrs
from sourcehere.plugins import hookimpl
from sourcehere.ports.providers import NoConfig, ProviderInfo

@hookimpl
def sourcehere_freight_providers():
    return [ProviderInfo("snail", NoConfig, lambda config, context: None)]

@hookimpl
def sourcehere_check_transition(transition):
    pass

@hookimpl
def sourcehere_event(event):
    pass
"""
CARD = {
    "currency": "GBP",
    "methods": [
        {
            "code": "std",
            "name": "Standard",
            "days_min": 5,
            "days_max": 9,
            "zones": [
                {
                    "countries": ["*"],
                    "breaks": [
                        {
                            "first_grams": 500,
                            "first_price": 250,
                            "additional_grams": 500,
                            "additional_price": 100,
                            "up_to_grams": None,
                        }
                    ],
                }
            ],
        }
    ],
}
