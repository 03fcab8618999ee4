"""
A process that dies while it pays order by order leaves nothing half done.
"""

import contextlib

import pytest

from sourcehere.services.base.settings import Settings
from sourcehere.testing.factories import SELLER, open_bench, snapshot
from sourcehere.unit.tables.wallet import CHECKOUTS


class DiedError(BaseException):
    """
    The process is gone.
    """


@pytest.mark.parametrize("commits", range(1, 7))
def test_a_checkout_is_as_far_as_its_orders(commits, monkeypatch):
    """
    Wherever it dies, the checkout says what was paid; the same command pays the rest
    once.
    """
    bench = open_bench(settings=Settings(chunk=1))
    bench.connect(bench.rule("CUP"))
    orders = [bench.sync(snapshot(number, CUP=1))[0] for number in "123"]
    offer = bench.app.checkouts.checkout("demo", orders, by=SELLER)
    storage = bench.app.storage
    transact, left = storage.transact, [commits]

    def dying(work, *, read_only):
        if not left[0]:
            raise DiedError
        left[0] -= 1
        return transact(work, read_only=read_only)

    def pay():
        return bench.app.checkouts.pay(
            "demo",
            offer.checkout_id,
            expected_total=offer.total,
            each=True,
            command_id="c",
            by=SELLER,
        )

    monkeypatch.setattr(storage, "transact", dying)
    with contextlib.suppress(DiedError):
        pay()
    monkeypatch.undo()
    assert () == bench.app.audit.run(replay=True).violations
    assert sorted(orders) == sorted(pay().paid)

    paid = bench.app.units.seller(
        "demo", lambda unit: unit.need(CHECKOUTS, offer.checkout_id), read_only=True
    )
    assert "paid" == paid.state
    assert () == bench.app.audit.run(replay=True).violations
    spent = bench.app.wallets.get("demo")
    pay()
    assert spent == bench.app.wallets.get("demo")
