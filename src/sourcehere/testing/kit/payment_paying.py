"""
The contract of a gateway: money is moved once, exactly, and never more than there is.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from ...domain.kernel.money import Money
from ...ports.errors import DeclinedError, ProviderError
from ...ports.payments import PaymentOutcome, PaymentProvider
from .lab_case import ALIKE
from .payment_base import PaymentCase, assert_done, give_back, reserve, state, take
from .payment_lab import PaymentLab

_AT_ONCE = 4


class PaymentPayingContract(PaymentCase):
    """
    What `authorize`, `capture`, `refund` and `find` promise.
    """

    def test_an_amount_is_reserved_and_not_taken(
        self, lab: PaymentLab, gateway: PaymentProvider
    ) -> None:
        """
        In every currency, to the minor unit.
        """
        for currency in self.currencies:
            for minor in (1, 29, 114_535):
                card, amount = lab.card(), Money(minor, currency)
                name = f"A{currency}{minor}"
                made = reserve(gateway, amount, card, name=name)
                assert_done(made, name, amount)
                assert self.authorized(amount) == lab.shown(card, currency)

    def test_what_is_taken_is_told_so(
        self, lab: PaymentLab, gateway: PaymentProvider
    ) -> None:
        """
        What is only reserved is not: it would be credited, and lapse.
        """
        amount = self.money(1_000)
        made = reserve(gateway, amount, lab.card())
        found = lab.connect().find("A")

        assert found is not None
        assert [self.takes_at_once] * 2 == [made.is_taken, found.is_taken]

    def test_what_is_taken_is_reserved_no_more(
        self, lab: PaymentLab, gateway: PaymentProvider
    ) -> None:
        """
        Part of it, and the rest is released.
        """
        card = lab.card()
        made = reserve(gateway, self.money(1_000), card)
        taken = take(gateway, made, self.money(700))

        assert_done(taken, "C", self.money(700))
        assert state(self.money(0), self.money(700)) == lab.shown(
            card, self.currencies[0]
        )

    def test_no_more_is_taken_than_was_reserved(
        self, lab: PaymentLab, gateway: PaymentProvider
    ) -> None:
        """
        A definite no, and nothing moved; what is right can be taken afterwards.
        """
        card = lab.card()
        made = reserve(gateway, self.money(1_000), card)
        with pytest.raises(DeclinedError):
            take(gateway, made, self.money(1_001))
        assert lab.shown(card, self.currencies[0]).taken == self.money(0)
        take(gateway, made, self.money(1_000), name="C2")
        assert lab.shown(card, self.currencies[0]).taken == self.money(1_000)

    def test_money_goes_back_to_its_source(
        self, lab: PaymentLab, gateway: PaymentProvider
    ) -> None:
        """
        In parts, and never more than was taken.
        """
        card = lab.card()
        taken = self.taken(gateway, card, self.money(900), of=self.money(1_000))
        for number, minor in enumerate((400, 500)):
            back = give_back(gateway, taken, self.money(minor), name=f"R{number}")
            assert_done(back, f"R{number}", self.money(minor))
        with pytest.raises(DeclinedError):
            give_back(gateway, taken, self.money(1), name="R9")
        assert state(self.money(0), self.money(0)) == lab.shown(
            card, self.currencies[0]
        )

    def test_a_refund_never_exceeds_its_capture(
        self, lab: PaymentLab, gateway: PaymentProvider
    ) -> None:
        """
        Not at once either.
        """
        card = lab.card()
        taken = self.taken(gateway, card, self.money(300), of=self.money(1_000))
        with pytest.raises(DeclinedError):
            give_back(gateway, taken, self.money(301))
        assert lab.shown(card, self.currencies[0]).taken == self.money(300)

    def test_a_card_that_is_declined_is_a_definite_no(
        self, lab: PaymentLab, gateway: PaymentProvider
    ) -> None:
        """
        Nothing is reserved, and looking for it finds nothing that succeeded.
        """
        card = lab.card(declines=True)
        with pytest.raises(DeclinedError):
            reserve(gateway, self.money(1_000), card)
        assert state(self.money(0), self.money(0)) == lab.shown(
            card, self.currencies[0]
        )
        found = gateway.find("A")
        assert found is None or found.outcome is PaymentOutcome.DECLINED

    def test_the_same_key_is_the_same_payment(
        self, lab: PaymentLab, gateway: PaymentProvider
    ) -> None:
        """
        Of each operation, also by another process.
        """
        card, amount = lab.card(), self.money(1_000)
        made = reserve(gateway, amount, card)
        assert made == reserve(lab.connect(), amount, card)
        taken = take(gateway, made, amount)
        assert taken == take(lab.connect(), made, amount)
        back = give_back(gateway, taken, self.money(400))
        assert back == give_back(lab.connect(), taken, self.money(400))
        assert state(self.money(0), self.money(600)) == lab.shown(
            card, self.currencies[0]
        )
        names = {"A", "R"} if self.takes_at_once else {"A", "C", "R"}
        assert dict(lab.operations()) == dict.fromkeys(names, 1)

    def test_names_are_told_apart_to_their_ends(
        self, lab: PaymentLab, gateway: PaymentProvider
    ) -> None:
        """
        Where a gateway's field is shorter, one payment would be found as another's.
        """
        amount = self.money(1_000)
        made = [reserve(gateway, amount, lab.card(), name=name) for name in ALIKE]
        assert list(ALIKE) == [one.reference for one in made]
        assert len({one.gateway_id for one in made}) == len(ALIKE)
        assert made == [lab.connect().find(name) for name in ALIKE]
        assert dict.fromkeys(ALIKE, 1) == dict(lab.operations())

    def test_a_key_with_another_amount_is_an_error(
        self, lab: PaymentLab, gateway: PaymentProvider
    ) -> None:
        """
        Never a second payment, and never the first one's answer for the second.
        """
        card = lab.card()
        reserve(gateway, self.money(1_000), card)
        with pytest.raises(ProviderError):
            reserve(gateway, self.money(2_000), card)
        assert self.authorized(self.money(1_000)) == lab.shown(card, self.currencies[0])

    def test_what_was_done_is_found(
        self, lab: PaymentLab, gateway: PaymentProvider
    ) -> None:
        """
        By our reference, as it was told; what was not done is None.
        """
        made = reserve(gateway, self.money(1_000), lab.card())
        taken = take(gateway, made, self.money(700))
        back = give_back(gateway, taken, self.money(200))
        other, names = lab.connect(), (made.reference, taken.reference, "R")

        assert names == (("A", "A", "R") if self.takes_at_once else ("A", "C", "R"))
        assert [made, taken, back] == [other.find(name) for name in names]
        for name in ("nothing", "a", "A ", "A%", "*", ""):
            assert other.find(name) is None, name

    def test_two_payments_of_one_card_are_two(
        self, lab: PaymentLab, gateway: PaymentProvider
    ) -> None:
        """
        Of the same amount, at the same time.
        """
        card, amount = lab.card(), self.money(500)
        first = reserve(gateway, amount, card, name="A1")
        second = reserve(gateway, amount, card, name="A2")

        assert first.gateway_id != second.gateway_id
        assert self.authorized(self.money(1_000)) == lab.shown(card, self.currencies[0])

    def test_no_two_captures_or_refunds_have_one_name(
        self, gateway: PaymentProvider, lab: PaymentLab
    ) -> None:
        """
        What has the name of another one is taken for it, and not booked.
        """
        card, amount = lab.card(), self.money(500)
        made = [reserve(gateway, amount, card, name=name) for name in ("A1", "A2")]
        taken = [take(gateway, one, amount, name=f"C{one.reference}") for one in made]
        some = self.money(100)
        back = [give_back(gateway, taken[0], some, name=name) for name in ("R1", "R2")]

        assert 2 == len({one.gateway_id for one in taken})
        assert 2 == len({one.gateway_id for one in back})

    def test_one_key_at_once_is_one_payment(self, lab: PaymentLab) -> None:
        """
        From several threads, each with an adapter of its own.
        """
        card, amount = lab.card(), self.money(1_000)
        gateways = [lab.connect() for _ in range(_AT_ONCE)]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            records = list(pool.map(lambda g: reserve(g, amount, card), gateways))

        assert 1 == len({record.gateway_id for record in records})
        assert self.authorized(amount) == lab.shown(card, self.currencies[0])

    def test_an_unknown_outcome_can_be_resolved(self, gateway: PaymentProvider) -> None:
        """
        By the key again, or by looking it up: one of them has to work.
        """
        assert isinstance(gateway.key_ttl, timedelta)
        assert gateway.key_ttl >= timedelta(0)
        assert gateway.key_ttl or gateway.finds_by_reference

    def test_what_is_none_is_declined(
        self, lab: PaymentLab, gateway: PaymentProvider
    ) -> None:
        """
        No capture of nothing, no refund of nothing, no unknown card.
        """
        amount = self.money(100)
        calls: list[Callable[[], object]] = [
            lambda: reserve(gateway, amount, "no-such-card", name="X1"),
            lambda: gateway.capture(
                "none", amount, reference="X2", idempotency_key="k2"
            ),
            lambda: gateway.refund(
                "none", amount, reference="X3", idempotency_key="k3"
            ),
        ]
        for call in calls:
            with pytest.raises(DeclinedError):
                call()
        assert not any(lab.operations().values())
