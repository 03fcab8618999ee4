"""
The contract of a freight provider: subclass `FreightContract`, fill in one method.

```python
class TestMyCarrier(FreightContract):
    def make_lab(self):
        return MyLab()
```

A lab is a carrier with a back door (`FreightLab`). For a provider that only computes,
set `faults` to `()`.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import attrs
import pytest

from ...domain.freight.model import FreightAnswer, FreightRequest
from ...domain.kernel.money import Money
from ...doors.answers import Answerer
from ...doors.freight import BAD_ANSWER, quote_of
from ...ports.freight import FreightProvider, SupportsMethods
from ...ports.providers import SupportsClose
from .faults import WireFault
from .freight_lab import FreightLab
from .guard import Guarded
from .lab_case import LabCase, assert_told_as, failure_of

_AT_ONCE = 8
_WEIGHTS = (1, 499, 500, 501, 999, 1_000, 1_001, 1_999)
_ME = Answerer("carrier under test", "")


class FreightContract(LabCase[FreightLab], Guarded):
    """
    Every sentence of `sourcehere.ports.freight` that can be tried from outside.

    Attributes:
        faults: What the line can do; `()` for a provider that only computes.

        left_out: Name of a test -> why this carrier cannot pass it. Set the test to
            None in your class as well.
    """

    faults: ClassVar[Sequence[WireFault]] = tuple(WireFault)

    @pytest.fixture
    def carrier(self, lab: FreightLab) -> FreightProvider:
        """
        Return the adapter under test.
        """
        return lab.connect()

    def test_prices_are_the_carrier_s(
        self, lab: FreightLab, carrier: FreightProvider
    ) -> None:
        """
        To the minor unit, at every weight, for every method it takes and no other.
        """
        for grams in _WEIGHTS:
            request = lab.served(grams=grams)
            assert lab.prices(request) == _prices(_ask(carrier, request)), grams

    def test_an_answer_makes_sense(
        self, lab: FreightLab, carrier: FreightProvider
    ) -> None:
        """
        Nothing of it is left out for what it says: prices, days, names, parcels.
        """
        for request in (lab.served(grams=700), lab.unserved()):
            answer = _ask(carrier, request)
            wrong = [out for out in answer.left_out if out.code == BAD_ANSWER]
            assert wrong == []
        answer = _ask(carrier, lab.served(grams=700))
        assert answer.options
        codes = [option.method for option in answer.options]
        assert len(set(codes)) == len(codes)

    def test_what_is_not_taken_has_a_reason(
        self, lab: FreightLab, carrier: FreightProvider
    ) -> None:
        """
        Sellers read why no method fits.
        """
        answer = _ask(carrier, lab.unserved())

        assert answer.options == ()
        assert answer.left_out
        assert all(out.code and len(out.words.split()) > 1 for out in answer.left_out)

    def test_another_currency_is_not_priced(
        self, lab: FreightLab, carrier: FreightProvider
    ) -> None:
        """
        It is left out, never taken for the one that was asked, unless the carrier's
        counter has prices in it.
        """
        usual = lab.served(grams=700)
        other = "EUR" if usual.currency != "EUR" else "JPY"
        request = attrs.evolve(usual, currency=other)
        answer = _ask(carrier, request)

        assert lab.prices(request) == _prices(answer)
        assert answer.options or answer.left_out

    def test_every_method_is_offered_or_left_out(
        self, lab: FreightLab, carrier: FreightProvider
    ) -> None:
        """
        Of a provider that lists its methods, one of the two, whatever is asked.
        """
        if not isinstance(carrier, SupportsMethods):
            pytest.skip("it cannot list its methods")
        listed = set(carrier.methods())
        for request in (lab.served(grams=700), lab.unserved()):
            answer = _ask(carrier, request)
            offered = {option.method for option in answer.options}
            left_out = {out.method for out in answer.left_out}
            assert (offered | left_out, offered & left_out) == (listed, set())

    def test_methods_are_listed_without_asking(self, lab: FreightLab) -> None:
        """
        Within transactions, so that a broken line is no obstacle, the same each time.
        """
        carrier = lab.connect()
        if not isinstance(carrier, SupportsMethods):
            pytest.skip("it cannot list its methods")
        first = tuple(carrier.methods())
        if WireFault.BEFORE in self.faults:
            lab.line.fail(WireFault.BEFORE)
        assert tuple(carrier.methods()) == first

    def test_the_same_question_has_the_same_answer(
        self, lab: FreightLab, carrier: FreightProvider
    ) -> None:
        """
        From another adapter, too: a price can be checked.
        """
        request = lab.served(grams=700)
        answers = [_ask(one, request) for one in (carrier, carrier, lab.connect())]

        assert answers[0] == answers[1] == answers[2]

    def test_little_is_known_of_some_consignments(
        self, lab: FreightLab, carrier: FreightProvider
    ) -> None:
        """
        Optional fields may be empty: it answers, or says why not.
        """
        whole = lab.served(grams=700)
        bare = FreightRequest(
            country=whole.country, weight_grams=700, currency=whole.currency
        )
        answer = _ask(carrier, bare)
        assert answer.options or answer.left_out

    def test_threads_do_not_meet(
        self, lab: FreightLab, carrier: FreightProvider
    ) -> None:
        """
        Questions at the same time have each their own answer.
        """
        requests = [lab.served(grams=grams) for grams in _WEIGHTS]
        alone = [_ask(carrier, request) for request in requests]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for _ in range(_AT_ONCE):
                together = list(pool.map(lambda r: _ask(carrier, r), requests))
                assert alone == together

    @pytest.mark.parametrize("fault", WireFault, ids=lambda fault: fault.value)
    def test_a_failure_is_no_answer(
        self, lab: FreightLab, carrier: FreightProvider, fault: WireFault
    ) -> None:
        """
        No method is left out for it, which would blame the parcel; the next question
        is answered.
        """
        if fault not in self.faults:
            pytest.skip("its line cannot do that")
        request = lab.served(grams=700)
        lab.line.fail(fault)
        assert_told_as(fault, failure_of(lambda: carrier.quote(request)))
        assert _prices(_ask(carrier, request)) == lab.prices(request)

    def test_it_can_be_closed_twice(
        self, lab: FreightLab, carrier: FreightProvider
    ) -> None:
        """
        If it can be closed at all.
        """
        _ask(carrier, lab.served(grams=700))
        if isinstance(carrier, SupportsClose):
            carrier.close()
            carrier.close()


def _ask(carrier: FreightProvider, request: FreightRequest) -> FreightAnswer:
    """
    Ask as the core does: what makes no sense is left out with a reason.
    """
    return quote_of(carrier, request, _ME)


def _prices(answer: FreightAnswer) -> dict[str, Money]:
    return {option.method: option.price for option in answer.options}
