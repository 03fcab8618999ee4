"""
A carrier's connection, changed while orders go on: as a shop's is.
"""

import pytest

from sourcehere import (
    AlreadyExistsError,
    CommandRefusedError,
    DisconnectedError,
    NotFoundError,
)
from sourcehere.ports.errors import ConfigError, UnauthorizedError
from sourcehere.testing.factories import RATE_CARD, nothing_moves, open_bench, snapshot
from sourcehere.testing.fake_carrier import FakeCarrier, FakeCarriers

OLD, NEW = {"carrier": "acme"}, {"carrier": "other"}


@pytest.fixture
def carriers():
    """
    Return the carriers by name.
    """
    return {name: FakeCarrier() for name in ("acme", "other")}


@pytest.fixture
def freight(storage, carriers):
    """
    Return the desk of staff, at which acme is connected.
    """
    bench = open_bench(storage=storage, plugins=[FakeCarriers(**carriers)])
    bench.connect(bench.rule("CUP"))
    desk = bench.sh.staff("ann").freight
    desk.connect("acme", provider="fake_carrier", config=OLD)
    desk.bench = bench
    return desk


def told(desk):
    """
    Return the state of acme and why.
    """
    ((state, why),) = [(c.state, c.why) for c in desk.list() if c.name == "acme"]
    return state, why


class TestChange:
    def test_the_new_configuration_is_tried_and_asked(self, freight, carriers):
        """
        The next checkout asks the carrier that it names now, and the old one no more.
        """
        bench = freight.bench
        made = freight.change("acme", config=NEW)
        bench.sh.seller("demo").checkouts.open(bench.sync(snapshot(CUP=1)))

        assert ("acme", "active") == (made.name, made.state)
        assert (1, 1) == (carriers["acme"].checked, carriers["other"].checked)
        assert (0, 1) == tuple(len(carriers[n].asked) for n in ("acme", "other"))
        assert freight.check("acme") is True
        assert (1, 2) == (carriers["acme"].checked, carriers["other"].checked)

    def test_what_is_refused_leaves_the_old_one(self, freight, carriers):
        """
        Credentials that the carrier refuses, and a configuration that does not fit.
        """
        refusal = UnauthorizedError(provider="other", detail="who are you")
        carriers["other"].check_fault = refusal
        with nothing_moves(freight.bench), pytest.raises(UnauthorizedError):
            freight.change("acme", config=NEW)
        with nothing_moves(freight.bench), pytest.raises(ConfigError):
            freight.change("acme", config={"carier": "other"})

        freight.change("acme", config=NEW, check=False)
        with pytest.raises(UnauthorizedError):
            freight.check("acme")

    def test_a_paused_one_stays_paused(self, freight):
        """
        It can be put right before it is asked again.
        """
        freight.pause("acme", why="strike")
        freight.change("acme", config=NEW)

        assert ("paused", "strike") == told(freight)

    @pytest.mark.parametrize(
        ("name", "error"), [("acme", DisconnectedError), ("nobody", NotFoundError)]
    )
    def test_what_is_not_connected_is_not_changed(self, freight, name, error):
        """
        A disconnected one is connected anew instead.
        """
        freight.disconnect("acme")
        with nothing_moves(freight.bench), pytest.raises(error):
            freight.change(name, config=NEW)

        freight.connect("acme", provider="fake_carrier", config=NEW)
        assert ("active", "") == told(freight)

    def test_the_same_command_is_done_once(self, freight, carriers):
        """
        Sent again it answers as it did, though the carrier refuses by now.
        """
        first = freight.change("acme", config=NEW, command_id="c")
        carriers["other"].check_fault = UnauthorizedError(provider="o", detail="no")
        with nothing_moves(freight.bench):
            assert first == freight.change("acme", config=NEW, command_id="c")

    def test_it_is_for_staff(self, freight):
        """
        Sellers read what there is.
        """
        with pytest.raises(CommandRefusedError):
            freight.bench.app.freight.change(
                "acme", config=NEW, by=freight.bench.sh.seller("demo").actor
            )


class TestConnect:
    def test_other_facts_under_a_known_name_are_refused(self, freight):
        """
        A name that was mistyped takes no carrier away.
        """
        for facts in (
            {"provider": "fake_carrier", "config": NEW},
            {"provider": "rate_card", "config": RATE_CARD},
        ):
            with nothing_moves(freight.bench), pytest.raises(AlreadyExistsError) as ei:
                freight.connect("acme", **facts)
            assert ("freight connection", "acme") == (ei.value.kind, ei.value.key)

    def test_the_same_facts_again_change_nothing(self, freight):
        """
        Nor do they take up one that is paused, or forget why it is.
        """
        freight.pause("acme", why="strike")
        with nothing_moves(freight.bench):
            freight.connect("acme", provider="fake_carrier", config=OLD)

        assert ("paused", "strike") == told(freight)
