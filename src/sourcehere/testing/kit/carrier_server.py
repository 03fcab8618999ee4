"""
A carrier's server in memory, and an adapter that passes the contract of carriers.
"""

import json
from collections.abc import Callable
from typing import Any

from ...domain.freight.model import (
    FreightAnswer,
    FreightOption,
    FreightRequest,
    LeftOut,
)
from ...domain.kernel.money import Money
from ...ports.freight import FreightProvider
from .client import ServerClient
from .faults import FaultLine
from .server import Answer, through

_GRAMS_MAX = {"letter": 1_000, "parcel": 20_000}
_FIRST, _MORE = {"letter": 129, "parcel": 435}, {"letter": 35, "parcel": 115}
_STEP = 500
_SERVED = frozenset({"GB", "US", "FR"})


class CarrierServer:
    """
    Two methods, priced by each 500 g begun.
    """

    def __init__(self, adapter: "Callable[[CarrierServer], FreightProvider]") -> None:
        self._adapter = adapter
        self.line = FaultLine()

    def connect(self) -> FreightProvider:
        """
        Make a new adapter.
        """
        return self._adapter(self)

    def served(self, *, grams: int) -> FreightRequest:
        """
        Return a consignment to Great Britain.
        """
        return FreightRequest(
            country="GB",
            postal_code="SE1 7PB",
            city="London",
            weight_grams=grams,
            currency="USD",
            fields_given=frozenset({"country", "postal_code", "city"}),
        )

    def unserved(self) -> FreightRequest:
        """
        Return one to where it does not go.
        """
        return FreightRequest(country="AQ", weight_grams=700, currency="USD")

    def prices(self, request: FreightRequest, /) -> dict[str, Money]:
        """
        Return what its counter says, which takes dollars only.
        """
        if request.currency != "USD":
            return {}
        return {
            method: Money(_price(method, request.weight_grams), "USD")
            for method, most in _GRAMS_MAX.items()
            if request.weight_grams <= most and request.country in _SERVED
        }

    def request(self, path: str) -> Answer:
        """
        Answer `/rates/COUNTRY/GRAMS`.

        Raises:
            ConnectionError: If the line breaks.
        """
        return through(self.line.meet(), lambda: self._answer(path))

    def _answer(self, path: str) -> Answer:
        _, country, grams = path.strip("/").split("/")
        rates = [
            {
                "service": method,
                "amount": f"{_price(method, int(grams)) / 100:.2f}",
                "currency": "USD",
                "days": [2, 5] if method == "parcel" else [3, 9],
                "error": _error(country, int(grams), most),
            }
            for method, most in _GRAMS_MAX.items()
        ]
        return Answer(200, json.dumps({"rates": rates}))


def _error(country: str, grams: int, most: int) -> str:
    if country not in _SERVED:
        return f"does not go to {country}"
    return "" if grams <= most else f"{grams} g, carries up to {most} g"


def _price(method: str, grams: int) -> int:
    return _FIRST[method] + _MORE[method] * (max(grams - 1, 0) // _STEP)


class ServerCarrier(ServerClient):
    """
    Speaks to a `CarrierServer`; keeps nothing between two calls.
    """

    name = "server carrier"

    def __init__(self, server: CarrierServer) -> None:
        self._server = server

    def methods(self) -> tuple[str, ...]:
        """
        List the two there are.
        """
        return ("letter", "parcel")

    def quote(self, request: FreightRequest, /) -> FreightAnswer:
        """
        Ask the server for its rates.
        """
        path = f"/rates/{request.country}/{self._grams(request)}"
        rates = self._object(self._send(path), "rates")["rates"]
        options = [
            self._option(rate, request)
            for rate in rates
            if self._is_offered(rate, request)
        ]
        left_out = [
            self._reason(rate, request)
            for rate in rates
            if not self._is_offered(rate, request)
        ]
        return FreightAnswer(tuple(options), tuple(left_out))

    def close(self) -> None:
        """
        Nothing is open.
        """

    def _grams(self, request: FreightRequest) -> int:
        return request.weight_grams

    def _is_offered(self, rate: Any, request: FreightRequest) -> bool:
        return not rate["error"] and rate["currency"] == request.currency

    def _option(self, rate: Any, request: FreightRequest) -> FreightOption:
        days_min, days_max = self._days(rate)
        return FreightOption(
            rate["service"],
            rate["service"].title(),
            self._money(rate["amount"], rate["currency"]),
            days_min,
            days_max,
            request.weight_grams,
        )

    def _money(self, text: str, currency: str) -> Money:
        return Money.parse(text, currency)

    def _days(self, rate: Any) -> tuple[int, int]:
        return rate["days"][0], rate["days"][1]

    def _reason(self, rate: Any, request: FreightRequest) -> LeftOut:
        if rate["currency"] != request.currency:
            words = f"priced in {rate['currency']}, wanted in {request.currency}"
            return LeftOut(rate["service"], "other_currency", words)
        return LeftOut(rate["service"], "not_carried", rate["error"])

    def _send(self, path: str) -> Answer:
        return self._asked(lambda: self._server.request(path))
