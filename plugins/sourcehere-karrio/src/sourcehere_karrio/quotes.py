"""
A carrier's rates become options at our methods' codes, or reasons why there are none.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sourcehere.domain.freight.model import (
    FreightAnswer,
    FreightOption,
    FreightRequest,
    LeftOut,
)
from sourcehere.domain.kernel.countries import UNKNOWN_COUNTRY

from .amounts import exact
from .asking import RATES, Asker, Told
from .config import KarrioConfig, Service
from .consignments import rates_of
from .failures import unread

_DOING = "asking for rates"


class Quotes:
    """
    Prices consignments by what a carrier says.
    """

    def __init__(self, config: KarrioConfig, asker: Asker) -> None:
        self._config = config
        self._asker = asker

    def quote(self, request: FreightRequest) -> FreightAnswer:
        """
        Ask for all services at once; for none that is not worth it.
        """
        reasons = {one.code: self._beforehand(one, request) for one in self._services}
        wanted = [one for one in self._services if reasons[one.code] is None]
        left_out = [reason for reason in reasons.values() if reason is not None]
        if not wanted:
            return FreightAnswer((), tuple(left_out))
        options: list[FreightOption] = []
        told = self._rates(request)
        for service in wanted:
            made = _made(self._config, service, told, request)
            if isinstance(made, LeftOut):
                left_out.append(made)
            else:
                options.append(made)
        return FreightAnswer(tuple(options), tuple(left_out))

    def check(self) -> None:
        """
        Ask for the price of a kilogram to where it leaves from; what the carrier says
        of it does not matter, as long as it answers.

        Raises:
            ProviderError: If it does not, or refuses the credentials.
        """
        if not self._asker.offers(RATES):
            return
        origin, currency = self._config.origin, self._config.currency
        self._rates(
            FreightRequest(
                country=origin.country,
                postal_code=origin.postal_code,
                region=origin.region,
                city=origin.city,
                weight_grams=1_000,
                currency=currency,
            )
        )

    @property
    def _services(self) -> tuple[Service, ...]:
        return self._config.services

    def _rates(self, request: FreightRequest) -> Told:
        told = self._asker.ask(RATES, rates_of(self._config, request))
        trouble = told.trouble()
        if trouble is not None:
            raise trouble
        if not isinstance(told.details or [], list | tuple):
            raise unread(_DOING, "rates are no list")
        # A package that computes may say nothing; one that asked has an answer to read.
        if told.exchanges and not told.details and not told.words:
            raise unread(_DOING, "there is neither a rate nor a reason")
        return told

    def _beforehand(self, service: Service, request: FreightRequest) -> LeftOut | None:
        """
        Return why the carrier need not be asked.
        """
        config = self._config
        if request.country == UNKNOWN_COUNTRY:
            words = "the country is not known"
            return LeftOut(service.code, "address_incomplete", words)
        if request.origin and request.origin != config.origin.country:
            words = f"it takes parcels in {config.origin.country} only"
            return LeftOut(service.code, "origin_not_served", words)
        if request.currency != config.currency:
            return _other_currency(service, config.currency, request)
        refused = sorted(request.attributes.intersection(service.refuses))
        if refused:
            words = f"it takes no {', '.join(refused)}"
            return LeftOut(service.code, "restricted", words)
        return None


def _made(
    config: KarrioConfig, service: Service, told: Told, request: FreightRequest
) -> FreightOption | LeftOut:
    rate = rate_of(told.details or (), service)
    if rate is None:
        words = told.words or "the carrier does not offer it for this parcel"
        return LeftOut(service.code, "not_offered", words)
    currency = rate.currency or config.currency
    if currency != request.currency:
        return _other_currency(service, str(currency)[:3], request)
    try:
        price = exact(rate.total_charge, currency)
    except ValueError as error:
        return LeftOut(service.code, "bad_answer", f"its price: {error}")
    days_min, days_max = _days(rate.transit_days, service)
    return FreightOption(
        service.code, service.name, price, days_min, days_max, request.weight_grams
    )


def rate_of(rates: Iterable[Any], service: Service) -> Any:
    """
    Return the rate of a service: the first, which is the one that is bought.
    """
    return next((rate for rate in rates if rate.service == service.service), None)


def _days(told: object, service: Service) -> Sequence[int]:
    if isinstance(told, int | float) and float(told).is_integer() and told >= 0:
        return int(told), int(told)
    return service.days_min, service.days_max


def _other_currency(
    service: Service, currency: str, request: FreightRequest
) -> LeftOut:
    words = f"priced in {currency}, wanted in {request.currency}"
    return LeftOut(service.code, "other_currency", words)
