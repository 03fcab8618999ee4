"""
What goes wrong with a carrier or a gateway of the platform is told to sellers in words
that they can act on; how the platform is set up is told to its operator alone.
"""

import json
import logging
from datetime import timedelta

import attrs
import pytest

from sourcehere import (
    CounterpartyError,
    FreightRequest,
    Money,
    SourceHereError,
    to_dict,
)
from sourcehere.plugins import hookimpl
from sourcehere.plugins.allowed_secrets import Secrets
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere.ports.freight import FreightProvider
from sourcehere.ports.payments import PaymentProvider
from sourcehere.ports.providers import ProviderInfo
from sourcehere.testing.factories import STAFF, open_bench, snapshot
from sourcehere.testing.fake_carrier import FakeCarrier, answering, option
from sourcehere.testing.fake_gateway import FakeGateway

# Of the operator: a variable, a host and a path.
THEIRS = ("ACME_TOKEN", "acme.internal", "/srv/operator")
UNSET = "the environment variable ACME_TOKEN is not set"
TROUBLES = {
    "credentials": UnauthorizedError(
        provider="theirs", detail="acme.internal refuses ACME_TOKEN"
    ),
    "line": UnknownOutcomeError(provider="theirs", detail="no host acme.internal"),
    "shape": ProtocolError(provider="theirs", detail="acme.internal: no JSON"),
    "bug": FileNotFoundError(2, "No such file", "/srv/operator/rates.csv"),
}
FIFTY = Money(5_000, "USD")
REQUEST = FreightRequest(
    country="US", weight_grams=300, fields_given=("country",), currency="USD"
)


@attrs.frozen
class TheirConfig:
    """
    How to get in.
    """

    token: str = attrs.field(repr=False, metadata={"secret": True})


class Theirs:
    """
    The plugin that offers one carrier and one gateway, each with a secret.
    """

    def __init__(self):
        self.others = {}
        self.carrier, self.cards = FakeCarrier(), Cards()

    @hookimpl
    def sourcehere_freight_providers(self):
        """
        Offer the carrier.
        """
        make = self._carrier
        return [ProviderInfo[FreightProvider, TheirConfig]("theirs", TheirConfig, make)]

    @hookimpl
    def sourcehere_payment_providers(self):
        """
        Offer the gateway.
        """
        make = self._cards
        return [ProviderInfo[PaymentProvider, TheirConfig]("theirs", TheirConfig, make)]

    def _carrier(self, config, _context):
        if config.token in self.others:
            return self.others[config.token]
        if self.carrier.make_fault:
            raise self.carrier.make_fault
        return self.carrier

    def _cards(self, _config, _context):
        return self.cards


class Cards(FakeGateway):
    """
    A gateway that raises what it is told to.
    """

    trouble = None

    def authorize(self, *args, **more):
        """
        Raise, or reserve.
        """
        if self.trouble is not None:
            raise self.trouble
        return super().authorize(*args, **more)


@pytest.fixture
def theirs():
    """
    Return the plugin.
    """
    return Theirs()


@pytest.fixture
def bench(storage, theirs, monkeypatch):
    """
    A bench with the carrier alone and the gateway, whose secret is a variable.
    """
    monkeypatch.setenv("ACME_TOKEN", "s3cr3t")
    made = open_bench(
        storage=storage, plugins=[theirs], secrets=Secrets(env=["ACME_*"])
    )
    made.app.freight.move("card", "disconnect", by=STAFF)
    staff, config = made.sh.staff("ann"), {"token": {"$env": "ACME_TOKEN"}}
    staff.freight.connect("acme", provider="theirs", config=config)
    staff.gateways.connect("cards", provider="theirs", config=config)
    made.connect(made.rule("CUP"))
    yield made
    assert () == made.app.audit.run(replay=True).violations


def shown(*told):
    """
    Return all that is shown of errors and records.
    """
    words = [str(one) for one in told if isinstance(one, SourceHereError)]
    words += [one.kept_words for one in told if isinstance(one, SourceHereError)]
    return " ".join([*words, *(json.dumps(to_dict(one)) for one in told)])


def refused(call):
    """
    Return the error that a call raises.
    """
    with pytest.raises(SourceHereError) as ei:
        call()
    return ei.value


def everything(bench):
    """
    Return what a seller is told of freight that nobody quotes.
    """
    shop = bench.sh.seller("demo")
    (order_id,) = bench.sync(snapshot(CUP=1))
    offer = shop.checkouts.open([order_id], each=True, command_id="c")
    again = shop.checkouts.open([order_id], each=True, command_id="c")
    return (
        refused(lambda: shop.freight.quote(REQUEST)),
        refused(lambda: shop.freight.quote_with_arrivals(REQUEST)),
        refused(lambda: shop.checkouts.open([order_id])),
        *offer.refused.values(),
        *again.refused.values(),
        *shop.orders.why_not(order_id, "pay"),
    )


class TestCarriers:
    def test_a_missing_secret_is_the_operators(self, bench, monkeypatch, caplog):
        """
        Its name is in the operator's log and at their desk, and nowhere else.
        """
        monkeypatch.delenv("ACME_TOKEN")
        with caplog.at_level(logging.WARNING):
            told = everything(bench)
        words = shown(*told)

        assert not any(word in words for word in THEIRS)
        assert (
            "no freight for any method: acme does not answer: it is not set up as it"
            " has to be; ask whoever runs the platform, or choose another method"
        ) in str(told[0])
        assert UNSET in caplog.text
        staff = bench.sh.staff("ann").freight
        assert UNSET in str(refused(lambda: staff.check("acme")))
        assert UNSET in str(refused(lambda: staff.quote(REQUEST)))

    @pytest.mark.parametrize("trouble", TROUBLES)
    def test_what_it_raises_is_the_operators(self, bench, theirs, trouble):
        """
        Sellers learn whether to try again or whom to ask.
        """
        theirs.carrier.answer = TROUBLES[trouble]
        told = everything(bench)
        words = shown(*told)

        assert not any(word in words for word in THEIRS)
        does = "ask whoever" if trouble == "credentials" else "try again later"
        assert does in str(told[0])
        staff = refused(lambda: bench.sh.staff("ann").freight.quote(REQUEST))
        assert any(word in str(staff) for word in THEIRS)

    def test_one_that_cannot_be_made_is_the_operators(self, bench, theirs, monkeypatch):
        """
        Its factory reads a file that is not there.
        """
        monkeypatch.setenv("ACME_TOKEN", "another")  # so that it is made anew
        theirs.carrier.make_fault = TROUBLES["bug"]
        told = everything(bench)

        assert not any(word in shown(*told) for word in THEIRS)
        assert "ask whoever runs the platform" in str(told[0])

    @pytest.mark.parametrize(
        "fault",
        [
            DeclinedError(provider="acme", detail="there is no such postal code"),
            ThrottledError(
                provider="acme", detail="slow down", retry_after=timedelta(minutes=1)
            ),
        ],
    )
    def test_what_a_seller_can_act_on_is_told(self, bench, theirs, fault):
        """
        A definite no is about the consignment; whoever is throttled waits.
        """
        theirs.carrier.answer = fault

        assert str(fault) in str(everything(bench)[0])

    def test_what_is_left_out_is_told_alike(self, bench, theirs):
        """
        Beside what another carrier offers.
        """
        card = FakeCarrier(answer=answering(option()))
        theirs.others["card2"] = card
        bench.app.freight.connect(
            "other", provider="theirs", config={"token": "card2"}, by=STAFF
        )
        theirs.carrier.answer = TROUBLES["line"]
        shop, staff = bench.sh.seller("demo"), bench.sh.staff("ann")
        (mine,) = shop.freight.quote(REQUEST).left_out
        (operators,) = staff.freight.quote(REQUEST).left_out

        assert (mine.method, mine.code, mine.connection) == (
            operators.method,
            operators.code,
            operators.connection,
        )
        assert "acme.internal" not in mine.words
        assert "acme.internal" in operators.words


class TestGateways:
    def test_a_missing_secret_is_the_operators(self, bench, monkeypatch, caplog):
        """
        Nothing begins, and the seller is told whom to ask.
        """
        monkeypatch.delenv("ACME_TOKEN")
        wallet = bench.sh.seller("demo").wallet
        with caplog.at_level(logging.WARNING):
            error = refused(
                lambda: wallet.top_up_by_card(FIFTY, source="tok_a", gateway="cards")
            )

        assert isinstance(error, CounterpartyError)
        assert not any(word in shown(error) for word in THEIRS)
        assert "ask whoever runs the platform" in str(error)
        assert UNSET in caplog.text
        assert () == wallet.attempts().items

    @pytest.mark.parametrize("trouble", TROUBLES)
    def test_what_it_raises_is_the_operators(self, bench, theirs, trouble):
        """
        A seller sees that it is not known yet, staff why.
        """
        theirs.cards.trouble = TROUBLES[trouble]
        wallet = bench.sh.seller("demo").wallet
        view = wallet.top_up_by_card(FIFTY, source="tok_a", gateway="cards")
        shown_now = shown(
            view, wallet.attempt(view.attempt_id), *wallet.attempts().items
        )

        assert not any(word in shown_now for word in THEIRS)
        assert view.error
        (staffs,) = bench.sh.staff("ann").attempts.open()
        assert any(word in staffs.error for word in THEIRS)
