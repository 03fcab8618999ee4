"""
Adapters of carriers that are wrong in one thing each, as real ones have been.
"""

import json
import time
from datetime import timedelta

import attrs

from sourcehere.domain.freight.model import FreightAnswer
from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ProviderError,
    ThrottledError,
)
from sourcehere.testing.kit.carrier_server import ServerCarrier

ME = "wrong carrier"


class FloatMoney(ServerCarrier):
    """
    Multiplies a binary fraction.
    """

    def _money(self, text, currency):
        return Money(int(float(text) * 100), currency)


class Kilograms(ServerCarrier):
    """
    Asks for whole kilograms.
    """

    def _grams(self, request):
        return request.weight_grams // 1_000 * 1_000


class AnyCurrency(ServerCarrier):
    """
    Takes an amount for one of the currency that was asked.
    """

    def quote(self, request, /):
        self._currency = request.currency
        return super().quote(attrs.evolve(request, currency="USD"))

    def _money(self, text, _):
        return super()._money(text, self._currency)


class NegativePrice(ServerCarrier):
    """
    Takes a discount off more than there is.
    """

    def _option(self, rate, request):
        option = super()._option(rate, request)
        return attrs.evolve(option, price=Money(-1, "USD"))


class DaysSwapped(ServerCarrier):
    """
    Tells the longest time first.
    """

    def _days(self, rate):
        return tuple(reversed(super()._days(rate)))


class NoWords(ServerCarrier):
    """
    Does not say why.
    """

    def _reason(self, rate, request):
        return attrs.evolve(super()._reason(rate, request), words="no")


class NothingLeftOut(ServerCarrier):
    """
    Forgets what it does not offer.
    """

    def quote(self, request, /):
        return FreightAnswer(super().quote(request).options, ())


class Cheapest(ServerCarrier):
    """
    Offers the cheapest only.
    """

    def quote(self, request, /):
        answer = super().quote(request)
        return attrs.evolve(answer, options=answer.options[:1])


class OldList(ServerCarrier):
    """
    Lists a method that there is no more.
    """

    def methods(self):
        return (*super().methods(), "telegram")


class AsksForMethods(ServerCarrier):
    """
    Asks the carrier within a transaction.
    """

    def methods(self):
        rates = self._json(self._send("/rates/GB/1"))["rates"]
        return tuple(rate["service"] for rate in rates)


class Counts(ServerCarrier):
    """
    Has a price that grows with each question.
    """

    asked = 0

    def _money(self, text, currency):
        Counts.asked += 1
        return Money(super()._money(text, currency).minor + Counts.asked, currency)


class PerAdapter(ServerCarrier):
    """
    Numbers its methods as it meets them.
    """

    made = 0

    def __init__(self, server):
        super().__init__(server)
        PerAdapter.made += 1
        self._number = PerAdapter.made

    def _option(self, rate, request):
        option = super()._option(rate, request)
        return attrs.evolve(option, name=f"{option.name} {self._number}")


class NeedsPostalCode(ServerCarrier):
    """
    Takes for granted what may be empty.
    """

    def quote(self, request, /):
        assert request.postal_code[0] or request.country != "GB"
        return super().quote(request)


class Shares(ServerCarrier):
    """
    Keeps the question where another thread finds it.
    """

    def quote(self, request, /):
        self._request = request
        time.sleep(0.0002)
        return super().quote(self._request)


class NoneOnError(ServerCarrier):
    """
    Takes a failure for a carrier without methods.
    """

    def quote(self, request, /):
        try:
            return super().quote(request)
        except ProviderError:
            return FreightAnswer((), ())


class RefusedByTimeout(ServerCarrier):
    """
    Takes a broken line for a refusal.
    """

    def _broken(self, words):
        return DeclinedError(provider=ME, detail=words)


class NoPause(ServerCarrier):
    """
    Says to come back at once.
    """

    def _throttled(self, _):
        return ThrottledError(provider=ME, detail="429", retry_after=timedelta(0))


class UnauthorizedIsNonsense(ServerCarrier):
    """
    Does not say that the token is refused.
    """

    def _unauthorized(self):
        return ProtocolError(provider=ME, detail="401")


class Crashes(ServerCarrier):
    """
    Lets the parser's own error through.
    """

    def _json(self, answer):
        return json.loads(answer.text)


class GoesEverywhere(ServerCarrier):
    """
    Does not look at the carrier's no.
    """

    def _is_offered(self, rate, request):
        return rate["currency"] == request.currency


class ClosesOnce(ServerCarrier):
    """
    Fails where it is closed already.
    """

    is_open = True

    def close(self):
        assert self.is_open
        self.is_open = False


class ShapeIsNothing(ServerCarrier):
    """
    Takes JSON of another shape for an answer in which nothing is.
    """

    def _object(self, answer, *names):
        told = self._json(answer)
        is_right = isinstance(told, dict) and told.keys() >= set(names)
        return told if is_right else dict.fromkeys(names, ())


WRONG = tuple(
    value
    for value in vars().values()
    if isinstance(value, type)
    and issubclass(value, ServerCarrier)
    and value is not ServerCarrier
)
