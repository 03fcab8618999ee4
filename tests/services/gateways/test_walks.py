"""
On random work what a gateway did is what is booked, and no cent is lost or made.
"""

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from payment_world import (
    attempts,
    balances,
    gateways,
    offered,
    pay,
    resolve,
    top_up,
    wallet,
)

from sourcehere import Money, PaymentDecision, StateError
from sourcehere.ports.errors import DeclinedError
from sourcehere.testing.factories import NOON, dump, open_bench
from sourcehere.testing.fake_gateway import FakeGateway
from sourcehere.testing.fake_gateways import FakeGateways
from sourcehere.testing.fake_shop import Fault
from sourcehere.unit.tables.wallet import LEDGER

FAULTS = st.lists(st.none() | st.sampled_from(Fault), max_size=3)
AMOUNTS = st.integers(1, 200_00)
NUMBERS = st.integers(0, 10**6)
TOKENS = st.sampled_from(["tok_visa", "tok_visa", "tok_3ds", "tok_declined"])


class Walk(RuleBasedStateMachine):
    """
    A seller, a gateway that fails, banks that take back, and staff who may be wrong.
    """

    def __init__(self):
        super().__init__()
        self.cards = FakeGateway()
        plugins = [FakeGateways(cards=self.cards)]
        self.bench = open_bench(connected=("CUP",), plugins=plugins, top_up=1_00)
        gateways(self.bench).connect("cards", provider="fake_gateway", config={})
        self.offers = [offered(self.bench, str(n)) for n in range(3)]
        self.taken = {}

    def _try(self, call):
        """
        Do it, unless it cannot be done now.
        """
        try:
            return call()
        except (StateError, DeclinedError):
            return None
        finally:
            self.cards.faults = []

    def _attempts(self, *states):
        found = wallet(self.bench).attempts(limit=500).items
        return [one for one in found if not states or one.state in states]

    @rule(minor=AMOUNTS, faults=FAULTS, source=TOKENS)
    def charge(self, minor, faults, source):
        self.cards.faults = faults
        self._try(lambda: top_up(self.bench, Money(minor, "USD"), source))

    @rule(number=NUMBERS, faults=FAULTS, source=TOKENS, returns=st.booleans())
    def pay_by_card(self, number, faults, source, returns):
        self.cards.faults = faults
        offer = self.offers[number % len(self.offers)]
        self._try(lambda: pay(self.bench, offer, source, return_unpaid=returns))

    @rule(number=NUMBERS)
    def pay(self, number):
        desk = self.bench.sh.seller("demo").checkouts
        self._try(lambda: desk.pay(self.offers[number % len(self.offers)]))

    @rule(minor=AMOUNTS, faults=FAULTS)
    def give_back(self, minor, faults):
        self.cards.faults = faults
        self._try(lambda: wallet(self.bench).withdraw(Money(minor, "USD")))

    @rule(refuses=st.booleans())
    def close_cards(self, refuses):
        self.cards.refuses_refunds = refuses

    @rule(accepts=st.booleans())
    def decide(self, accepts):
        self.cards.decide(accepts=accepts)

    @rule(number=NUMBERS, minor=AMOUNTS, name=st.sampled_from("ab"))
    def take_back(self, number, minor, name):
        found = self._attempts("captured")
        if not found:
            return
        capture = found[number % len(found)]
        key, other = (
            f"{n}{capture.gateway_id}" for n in (name, "ba"["ab".index(name)])
        )
        minor = min(minor, capture.done.minor - self.taken.get(other, 0))
        self.cards.take_back(capture.gateway_id, Money(minor, "USD"), name=key, at=NOON)
        self.taken[key] = minor

    @rule(minutes=st.integers(1, 2_000), faults=FAULTS)
    def work(self, minutes, faults):
        self.cards.faults = faults
        self.bench.clock.advance(timedelta(minutes=minutes))
        self.bench.sh.attempts.run()
        self.cards.faults = []

    @rule(number=NUMBERS)
    def give_up(self, number):
        found = self._attempts("unknown", "pending", "manual", "planned")
        if found:
            one = found[number % len(found)]
            self._try(
                lambda: resolve(
                    self.bench, one.attempt_id, PaymentDecision.DID_NOT_HAPPEN
                )
            )

    @invariant()
    def books_add_up(self):
        assert () == self.bench.app.audit.run().violations
        assert min(balances(self.bench)) >= 0

    def teardown(self):
        """
        Let the gateway answer, and everything be asked about once more.
        """
        self.cards.refuses_refunds = False
        for _ in range(4):
            self.cards.decide()  # what was charged only now waits for its payer, too
            self.bench.clock.advance(timedelta(days=1))
            self.bench.sh.attempts.run()
        for one in self._attempts():
            self._try(
                lambda one=one: attempts(self.bench).take_up("demo", one.attempt_id)
            )
        assert () == attempts(self.bench).open()
        rows = dump(self.bench.app.storage, [LEDGER.table])[LEDGER.table.name]
        entries = [LEDGER.from_row(row) for row in rows]
        clearing = sum(
            e.amount_minor for e in entries if e.account == "provider_clearing"
        )
        taken = sum(self.taken.values())
        assert -clearing == 1_00 + self.cards.charged("USD") - taken
        self.books_add_up()


def test_no_cent_is_lost():
    """
    Whatever is charged, paid, returned, taken back, lost, or given up wrongly.
    """
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
