"""
Gateways are connected as carriers are.
"""

import pytest
from payment_world import DAY, attempts, balances, charged, gateways, rounds, top_up

from sourcehere import (
    AlreadyExistsError,
    DisconnectedError,
    NotFoundError,
    SourceHereError,
)
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.ports.errors import (
    ConfigError,
    DeclinedError,
    ProtocolError,
    UnknownProviderError,
)
from sourcehere.testing.factories import nothing_moves
from sourcehere.testing.fake_shop import Fault

GIVEN = {"provider": "fake_gateway", "config": {}}


class TestConnect:
    def test_it_is_listed(self, bench):
        """
        Again, it changes nothing.
        """
        with nothing_moves(bench):
            gateways(bench).connect("cards", **GIVEN)
        (found,) = gateways(bench).list().items
        assert ("cards", "fake_gateway", "active") == (
            found.name,
            found.provider,
            found.state,
        )
        assert "cards" not in {
            c.name for c in bench.sh.staff("ann").freight.list().items
        }

    @pytest.mark.parametrize(
        ("name", "given", "error"),
        [
            ("card", GIVEN, AlreadyExistsError),
            ("cards", GIVEN | {"config": {"gateway": "other"}}, SourceHereError),
            ("a:b", GIVEN, InvalidInputError),
            ("new", GIVEN | {"provider": "none"}, UnknownProviderError),
            ("new", GIVEN | {"config": {"nothing": 1}}, ConfigError),
        ],
    )
    def test_what_does_not_fit_is_refused(self, bench, name, given, error):
        """
        A carrier's name, another configuration, no such provider.
        """
        with nothing_moves(bench), pytest.raises(error):
            gateways(bench).connect(name, **given)

    def test_one_that_cannot_be_trusted_is_refused(self, bench, cards):
        """
        It neither honours keys nor finds what it did.
        """
        cards.key_ttl *= 0
        cards.finds_by_reference = False
        with nothing_moves(bench), pytest.raises(ProtocolError):
            gateways(bench).connect("new", **GIVEN)

    def test_a_disconnected_one_is_followed_still(self, bench, cards):
        """
        Nothing new begins, and what was lost is found.
        """
        cards.faults = [None, Fault.LOST_AFTER]
        top_up(bench)
        gateways(bench).disconnect("cards")
        assert "disconnected" == gateways(bench).list().items[0].state
        with nothing_moves(bench), pytest.raises(DeclinedError):
            top_up(bench)
        rounds(bench)

        assert (51_00, 0, 0) == balances(bench)
        gateways(bench).connect("cards", **GIVEN)
        top_up(bench)
        assert 100_00 == charged(cards)

    def test_it_rests_after_trouble(self, bench, cards):
        """
        Nobody asks it meanwhile.
        """
        cards.next_fault = lambda: Fault.UNAUTHORIZED
        top_up(bench)
        asked = len(cards.keys)
        attempts(bench).run()
        assert asked == len(cards.keys)
        cards.next_fault = lambda: None
        rounds(bench, pause=DAY / 2)
        assert (51_00, 0, 0) == balances(bench)

    def test_a_disconnected_one_is_connected_again_first(self, bench):
        """
        It is known and shown in the list, so that it is not called unknown.
        """
        desk = gateways(bench)
        desk.disconnect("cards", why="fraud")
        words = "gateway cards is disconnected (fraud); connect it again first"
        for use in (desk.resume, desk.pause, desk.check):
            with nothing_moves(bench), pytest.raises(DisconnectedError) as ei:
                use("cards")
            assert words == str(ei.value)
            assert words.replace(" (fraud)", "") == ei.value.kept_words
        told = (ei.value.kind, ei.value.name, ei.value.why)
        assert ("gateway", "cards", "fraud") == told
        with nothing_moves(bench):
            desk.disconnect("cards")

        assert "moved" == desk.disconnect("cards", why="moved").why

    def test_the_newer_reason_is_kept(self, bench):
        """
        Pausing it again, with the same reason or none, changes nothing.
        """
        desk = gateways(bench)
        desk.pause("cards", why="fraud")
        with nothing_moves(bench):
            desk.pause("cards")
            desk.pause("cards", why="fraud")
        desk.pause("cards", why="holiday")

        assert ("paused", "holiday") == (
            desk.list().items[0].state,
            desk.list().items[0].why,
        )

    def test_nobody_s_is_not_found(self, bench):
        """
        Nor is a carrier.
        """
        for name in ("nobody", "card"):
            with pytest.raises(NotFoundError):
                gateways(bench).pause(name)
