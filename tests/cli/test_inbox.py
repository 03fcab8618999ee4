"""
`sourcehere inbox` and `stores told`: what shops told, and what became of it.
"""

import json

import pytest

from sourcehere.cli.entry import run
from sourcehere.face.core import SourceHere
from sourcehere.ports.errors import DeclinedError
from sourcehere.testing.factories import open_bench, snapshot

OF_ALL = ("inbox run", "inbox list", "clocks forget")  # they take no --seller


@pytest.fixture
def bench():
    return open_bench()


@pytest.fixture
def ask(bench, capsys):
    """
    Run a command on the bench; return its exit code, its JSON, and what it said.
    """
    bench.app.close = lambda: None  # the next command goes on with it

    def call(words, code=0):
        given = ["--seller", "demo", *words.split()]
        if words.startswith(OF_ALL):
            del given[:2]
        assert code == run(given, opener=lambda *_, **__: SourceHere(bench.app))
        said = capsys.readouterr()
        return json.loads(said.out or said.err) if "--json" in given else said.out

    return call


def post(bench, event_id):
    hook = bench.shop.webhook("orders/create", "1001", event_id=event_id)
    bench.sh.inbox.receive("demo", "shop", headers=hook.headers, body=hook.body)


def test_from_dead_to_done(bench, ask):
    """
    It is listed while it waits and when it is dead; resent, it is followed.
    """
    bench.shop.put_silently(snapshot("1001", CUP=1))
    post(bench, "e1")
    bench.shop.fetch_error = DeclinedError(provider="fake", detail="not now")
    assert "e1" in ask("inbox list")
    assert {"done": 0, "postponed": 0, "dead": 1, "is_whole": True} == ask(
        "inbox run --json"
    )
    (dead,) = ask("inbox list --state dead --json")["items"]
    assert ("e1", "shop", ["1001"], "DeclinedError: fake: not now") == (
        dead["event_id"],
        dead["store_id"],
        dead["orders"],
        dead["error"],
    )
    bench.shop.fetch_error = None
    assert "event e1 waits" in ask("inbox resend shop e1")
    assert "done" in ask("inbox run")
    refused = ask("inbox resend shop e1 --json", code=3)
    assert "TransitionRefusedError" in json.dumps(refused)


def test_a_dead_one_is_given_up(bench, ask):
    """
    It is listed as discarded, and is not followed.
    """
    post(bench, "e1")
    bench.shop.fetch_error = DeclinedError(provider="fake", detail="not now")
    ask("inbox run")
    assert "event e1 is discarded" in ask("inbox discard shop e1")
    assert [] == ask("inbox list --state dead --json")["items"]
    (given_up,) = ask("inbox list --state discarded --json")["items"]
    assert "e1" == given_up["event_id"]
    refused = ask("inbox discard shop e1 --json", code=3)
    assert "TransitionRefusedError" in json.dumps(refused)


def test_what_a_shop_said(bench, ask):
    """
    In a table shortened, in JSON in full; by the number of an order.
    """
    bench.sync(snapshot("1001", CUP=1))
    post(bench, "e1")
    shown = ask("stores told shop --order #1001")
    assert "page" in shown
    assert "webhook" not in shown
    told = ask("stores told shop --order 1001 --json")["items"]
    assert ["webhook", "page"] == [one["how"] for one in told]
    assert "Ann Lee" in told[0]["raw"]
    assert "1001" in json.loads(told[1]["answer"])["orders"][0]["external_id"]
    assert 7 == ask("stores change shop --told-days 7 --json")["told_days"]
    assert "0 sayings of shops deleted" in ask("clocks forget")
