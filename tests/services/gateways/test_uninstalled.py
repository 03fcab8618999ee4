"""
A gateway whose plugin is not installed any more is not asked, and everybody is told.
"""

from datetime import UTC, datetime, timedelta

import sourcehere
from sourcehere import ManualClock, Money
from sourcehere.testing import FakeGateway, FakeGateways, Fault


def test_what_was_asked_of_it_waits(tmp_path, caplog):
    """
    Rounds and workers count it as failed, each attempt says why, and what the gateway
    had done is found once it is there again.
    """
    clock = ManualClock(datetime(2030, 12, 1, tzinfo=UTC))
    url = f"sqlite:///{tmp_path}/orders.db"
    given = {"clock": clock}
    cards = FakeGateway(faults=[None, Fault.LOST_AFTER])
    fifty = Money.parse("50", "USD")
    with sourcehere.open(url, plugins=[FakeGateways(cards=cards)], **given) as sh:
        desk = sh.staff("ann")
        desk.gateways.connect("cards", provider="fake_gateway", config={})
        desk.sellers.register("demo", name="Demo", currency="USD")
        wallet = sh.seller("demo").wallet
        lost = wallet.top_up_by_card(fifty, source="tok_visa", gateway="cards")
        waits = wallet.top_up_by_card(fifty, source="tok_3ds", gateway="cards")
    assert ("unknown", "pending") == (lost.state, waits.state)

    clock.advance(timedelta(minutes=1))
    with sourcehere.open(url, **given) as sh:
        report = sh.attempts.run()
        assert (0, 0) == (report.asked, report.ended)
        assert {lost.attempt_id, waits.attempt_id} == set(report.failed)
        assert all(
            "no payment provider 'fake_gateway'" in w for w in report.failed.values()
        )
        assert "a gateway cannot be asked: gateway=cards" in caplog.text
        found = sh.staff("ann").attempts.open()
        assert ["unknown", "pending"] == [one.state for one in found]
        assert all("no payment provider 'fake_gateway'" in one.error for one in found)
        clock.advance(timedelta(days=1))
        assert 2 == sh.worker(name="w1").round().failed
        assert 0 == sh.worker(name="w2").round().failed  # nothing is due so soon

    clock.advance(timedelta(days=1))
    with sourcehere.open(url, plugins=[FakeGateways(cards=cards)], **given) as sh:
        assert 0 == len(sh.attempts.run().failed)
        assert fifty == sh.seller("demo").wallet.get().available
        assert sh.audit.run().is_clean
