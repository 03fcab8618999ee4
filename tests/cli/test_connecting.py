"""
A shop, a carrier or a gateway that has to know something is connected.
"""

import io
import sys

import pytest

SAID = (
    "stores connect site --platform shopify --set shop=lantern --env token=SHOP_TOKEN"
    " --unchecked"
)


@pytest.fixture(autouse=True)
def seller(on_disk, monkeypatch):
    """
    Register a seller, and allow one secret.
    """
    monkeypatch.setenv("SHOP_TOKEN", "shpat_0")
    monkeypatch.setenv("SOURCEHERE_SECRETS_ENV", "SHOP_TOKEN")
    on_disk.ok("sellers add demo --name Demo --currency USD")


class Terminal(io.StringIO):
    """
    A person who types.
    """

    def isatty(self):
        return True


def answer(monkeypatch, *lines):
    told = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))
    monkeypatch.setattr(sys, "stderr", told)
    return told


def test_fields_are_said(on_disk):
    on_disk.ok(SAID)
    (store,) = on_disk.json("stores list")["items"]
    assert (store["store_id"], store["platform"]) == ("site", "shopify")


def test_a_secret_as_it_is_is_refused_with_the_options_there_are(on_disk):
    """
    At a shell the words name the shell's options.
    """
    told = on_disk.refused(SAID.replace("--env token=SHOP_TOKEN", "--set token=x"), 2)

    assert "token: is a secret: " in told
    assert (
        "(--env FIELD=VARIABLE refers to one, and --allow-plain keeps it as it is)"
        in told
    )


def test_a_person_is_asked_for_what_is_missing(on_disk, monkeypatch):
    with monkeypatch.context() as at_a_terminal:
        told = answer(at_a_terminal, "lantern", "SHOP_TOKEN")
        on_disk("stores connect site --platform shopify --unchecked")
    assert told.getvalue() == (
        "shop: token, a secret: the environment variable that holds it: "
    )
    (store,) = on_disk.json("stores list")["items"]
    assert store["store_id"] == "site"


def test_nobody_is_asked_for_what_was_said(on_disk, monkeypatch):
    told = answer(monkeypatch)
    on_disk(SAID)
    assert told.getvalue() == ""


def test_without_a_terminal_it_says_what_is_missing(on_disk):
    said = on_disk("stores connect site --platform shopify --unchecked")
    assert said.code == 2
    assert "shop" in said.err
    assert "token" in said.err


def test_a_secret_that_the_host_did_not_allow_is_refused(on_disk):
    words = SAID.replace("SHOP_TOKEN", "HOME")
    said = on_disk(words)
    assert said.code == 2
    assert "$env HOME is not among the secrets that the host allowed" in said.err
    assert "SOURCEHERE_SECRETS_ENV at a shell" in said.err


@pytest.mark.parametrize(
    "word",
    ["--set shop", "--set =x", "--set :=1", "--set a:=", "--env token", "--env token="],
)
def test_what_is_no_field_is_refused(on_disk, word):
    said = on_disk(f"stores connect site --platform shopify {word}")
    assert said.code == 2
    assert "say FIELD=" in said.err


def test_a_carrier_is_connected_by_its_fields(on_disk):
    """
    What stands in the file is kept, and what is said goes before it.
    """
    on_disk.write("track.json", '{"url": "https://track.example"}')
    words = "--config track.json --env key=SHOP_TOKEN --unchecked"
    on_disk.ok(f"freight connect 17 --provider 17track {words}")
    (known,) = on_disk.json("freight list")["items"]
    assert ("17", "17track") == (known["name"], known["provider"])
    on_disk.ok("freight change 17 --env key=SHOP_TOKEN --unchecked")


@pytest.mark.parametrize("noun", ["freight", "gateways"])
def test_nothing_takes_the_place_of_no_configuration(on_disk, noun):
    said = on_disk(f"{noun} change post --unchecked")
    assert (2, "") == (said.code, said.out)
    assert "say the whole configuration" in said.err


def test_what_is_no_text_is_said_as_json(on_disk):
    """
    A number is one; said as a text it is refused with how it is said.
    """
    connect = "gateways connect cards --provider sandbox"
    refused = on_disk(f"{connect} --set fee_minor=30")
    assert (2, "") == (refused.code, refused.out)
    assert "fee_minor: is not a whole number" in refused.err
    assert "--set FIELD:=VALUE says a number" in refused.err

    on_disk.ok(f"{connect} --set fee_minor:=30 --set path=books.jsonl")
    on_disk.ok("wallet top-up 5 --card tok_visa --gateway cards")
    report = on_disk.json("gateways reconcile cards --since 2020-01-01")
    assert ["0.30"] == [fee["amount"] for fee in report["fees"]]
    twice = on_disk("gateways change cards --set fee_minor:=1 --set fee_minor=2")
    assert "fee_minor is said twice" in twice.err


@pytest.mark.parametrize("text", ["GB", "[1", '{"a": 1, "a": 2}'])
def test_what_is_no_json_is_refused(on_disk, text):
    """
    With what it looks like, and that a text needs none.
    """
    said = on_disk(f"gateways connect cards --provider sandbox --set 'path:={text}'")
    assert (2, "") == (said.code, said.out)
    assert f"--set path:={text}: behind := stands JSON" in said.err


@pytest.mark.parametrize("variable", ["SECRETS_ENV", "PRIVATE_HOSTS"])
def test_names_have_spaces_between(on_disk, monkeypatch, variable):
    """
    Commas are refused, since they would make one name of all.
    """
    monkeypatch.setenv(f"SOURCEHERE_{variable}", "SHOP_TOKEN,OTHER")
    said = on_disk(SAID)
    assert (2, "") == (said.code, said.out)
    assert (
        f"SOURCEHERE_{variable}: 'SHOP_TOKEN,OTHER' is not names with spaces between"
    ) in said.err
    monkeypatch.setenv(f"SOURCEHERE_{variable}", "SHOP_TOKEN OTHER")
    on_disk.ok("stores list")


def test_a_file_elsewhere(on_disk):
    """
    Most people's exports are among their downloads: which folder it is has to be said.
    """
    elsewhere = on_disk.folder.parent / "orders.csv"
    for words in ("stores preview", "stores connect mine --yes --path"):
        said = on_disk.refused(f"{words} {elsewhere}", 2)
        assert "path: leads out of the folder for shops' files" in said
        assert "the folder that SOURCEHERE_FOLDER names, or the present one" in said
