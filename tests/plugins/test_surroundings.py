"""
What a provider may use of its surroundings, and when it is checked and closed.
"""

import logging
import threading
from datetime import timedelta

import pytest

from sourcehere import Settings
from sourcehere.domain.kernel.clock import ManualClock
from sourcehere.plugins import Registry
from sourcehere.plugins.limiting import TokenBucket
from sourcehere.ports.context import Context
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere.testing.factories import NOON, STAFF, nothing_moves, open_bench
from sourcehere.testing.fake_carrier import FakeCarrier, FakeCarriers


@pytest.fixture
def acme():
    """
    Return a carrier to tell what to do.
    """
    return FakeCarrier()


@pytest.fixture
def known(acme):
    """
    Return a registry that offers the carrier.
    """
    plugins = [FakeCarriers(acme=acme)]
    return Registry(plugins, load_entry_points=False, clock=ManualClock(NOON))


def made_for(known, connection):
    """
    Make the carrier for a connection.
    """
    return known.freight_provider(
        "fake_carrier", {"carrier": "acme"}, connection=connection
    )


class HalfCarrier(FakeCarrier):
    """
    A carrier that sells labels and takes none back.
    """

    def buy_label(self, request, /, *, idempotency_key):
        raise NotImplementedError

    def label_file(self, reference, /):
        raise NotImplementedError


def test_a_carrier_that_sells_labels_takes_them_back():
    """
    Else nobody would buy any, and nobody be told why.
    """
    plugins = [FakeCarriers(acme=HalfCarrier())]
    known = Registry(plugins, load_entry_points=False, clock=ManualClock(NOON))
    with pytest.raises(DeclinedError) as ei:
        made_for(known, "a")

    assert ei.value.detail == (
        "connection 'a' cannot be made: HalfCarrier has buy_label, label_file and lacks"
        " label_key_ttl, void_label: what sells labels has all of SupportsLabels"
    )


class Time:
    """
    A time that moves by sleeping.
    """

    def __init__(self):
        self.at = 100.0
        self.slept = []

    def now(self):
        return self.at

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.at += seconds


class TestContext:
    def test_it_names_the_connection(self, known, acme):
        """
        Each connection's provider is told its name and shares the plugin's logger.
        """
        for name in ("a", "b", "a"):
            made_for(known, name)

        assert ["a", "b"] == [context.connection for context in acme.contexts]
        logger = logging.getLogger("sourcehere.plugins.fake_carrier")
        assert [logger, logger] == [context.logger for context in acme.contexts]

    def test_a_connection_has_one_limiter(self, known, acme):
        """
        It outlives the provider; another connection has another.
        """
        made_for(known, "a")
        known.close()
        made_for(known, "a")
        made_for(known, "b")
        first, again, other = [context.limiter for context in acme.contexts]

        assert first is again
        assert first is not other

    def test_alone_it_limits_and_logs_nothing(self):
        """
        A provider made in a test by hand needs no registry.
        """
        context = Context(ManualClock(NOON))
        for _ in range(100):
            context.limiter.wait(per_second=0.001, burst=1)
        context.logger.info("made %s", "by hand")

        assert "" == context.connection
        assert context.limiter.acquire(per_second=0.001, burst=1)


class TestLimiter:
    def test_a_burst_passes_and_then_the_rate_holds(self):
        """
        Two calls go at once; each further one waits half a second.
        """
        time = Time()
        bucket = TokenBucket(now=time.now, sleep=time.sleep)
        for _ in range(4):
            bucket.wait(per_second=2, burst=2)

        assert [0.5, 0.5] == time.slept

    def test_time_that_passed_fills_it_no_further_than_the_burst(self):
        """
        After a long pause no more than the burst goes at once.
        """
        time = Time()
        bucket = TokenBucket(now=time.now, sleep=time.sleep)
        bucket.wait(per_second=2, burst=2)
        time.at += 60
        taken = [bucket.acquire(per_second=2, burst=2) for _ in range(3)]

        assert [True, True, False] == taken
        assert [] == time.slept

    @pytest.mark.parametrize(("per_second", "burst"), [(0, 1), (-1, 1), (1, 0)])
    def test_a_limit_that_lets_nothing_pass_is_a_mistake(self, per_second, burst):
        """
        It would wait for ever.
        """
        with pytest.raises(ValueError, match="positive rate"):
            TokenBucket().wait(per_second=per_second, burst=burst)


class TestClose:
    def test_closing_the_app_closes_providers(self, acme):
        """
        Each provider that can be closed is, once; an app over it closes nothing.
        """
        bench = open_bench(plugins=[FakeCarriers(acme=acme)])
        bench.app.freight.connect(
            "acme", provider="fake_carrier", config={"carrier": "acme"}, by=STAFF
        )
        bench.app.over(bench.app.storage).close()
        assert 0 == acme.closed
        bench.app.close()
        bench.app.close()

        assert 1 == acme.closed

    def test_what_is_dropped_is_closed(self, known, acme):
        """
        The 257th provider closes the one that was not used for longest.
        """
        for n in range(257):
            made_for(known, str(n))

        assert 1 == acme.closed

    def test_what_cannot_be_closed_is_logged(self, known, acme, monkeypatch, caplog):
        """
        The others are closed all the same.
        """
        other = FakeCarrier()
        plugins = [FakeCarriers(acme=acme, other=other)]
        known = Registry(plugins, load_entry_points=False, clock=ManualClock(NOON))
        made_for(known, "a")
        known.freight_provider("fake_carrier", {"carrier": "other"})
        monkeypatch.setattr(FakeCarrier, "close", fail_for(acme, FakeCarrier.close))
        known.close()

        assert ["a provider could not be closed"] == caplog.messages
        assert 1 == other.closed


def fail_for(broken, close):
    """
    Return a `close` that fails for one carrier.
    """

    def closing(carrier):
        if carrier is broken:
            raise KeyError(1)
        close(carrier)

    return closing


@pytest.fixture
def hanging():
    """
    Return an event that is set when the test ends.
    """
    end = threading.Event()
    yield end
    end.set()


class TestCheck:
    @pytest.fixture
    def bench(self, storage, acme):
        """
        A bench with the carrier, not connected; clean when the test ends.
        """
        made = open_bench(
            storage=storage,
            plugins=[FakeCarriers(acme=acme)],
            settings=Settings(freight_within=timedelta(milliseconds=50)),
        )
        yield made
        assert () == made.app.audit.run(replay=True).violations

    def connect(self, bench, **options):
        return bench.sh.staff("ann").freight.connect(
            "acme", provider="fake_carrier", config={"carrier": "acme"}, **options
        )

    def test_credentials_are_tried_before_they_are_kept(self, bench, acme):
        """
        What the provider refuses is not stored, and its error says why.
        """
        acme.check_fault = UnauthorizedError(provider="acme", detail="who are you")

        with nothing_moves(bench), pytest.raises(UnauthorizedError) as ei:
            self.connect(bench)
        assert acme.check_fault is ei.value

    def test_a_raw_error_is_typed(self, bench, acme):
        """
        A check that raises what it likes is told with plugin and connection.
        """
        acme.check_fault = KeyError("token")

        with nothing_moves(bench), pytest.raises(ProtocolError) as ei:
            self.connect(bench)
        assert ("fake_carrier", "acme") == (ei.value.provider, ei.value.connection)
        assert "KeyError: 'token'" == ei.value.detail

    def test_a_check_that_hangs_ends_in_time(self, bench, monkeypatch, hanging):
        """
        Connecting never waits longer than a quote may take.
        """
        monkeypatch.setattr(FakeCarrier, "check", lambda _: hanging.wait())

        with nothing_moves(bench), pytest.raises(UnknownOutcomeError):
            self.connect(bench)

    def test_it_can_be_left_out(self, bench, acme):
        """
        With `check=False` a carrier that is down can be connected for later.
        """
        acme.check_fault = UnauthorizedError(provider="acme", detail="who are you")
        self.connect(bench, check=False)
        names = [p.name for p in bench.sh.staff("ann").freight.list().items]

        assert ["acme", "card"] == names
        assert 0 == acme.checked

    def test_a_repeated_command_is_not_checked_again(self, bench, acme):
        """
        It gets its first answer, even where the carrier is down by then.
        """
        first = self.connect(bench, command_id="c")
        acme.check_fault = UnauthorizedError(provider="acme", detail="who are you")

        assert first == self.connect(bench, command_id="c")
        assert 1 == acme.checked
