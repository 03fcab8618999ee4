"""
What a carrier's answer says of a label: whether it was sold, and whether it is void.
"""

from typing import Any

import attrs

from sourcehere import Money
from sourcehere.ports.errors import ProviderError
from sourcehere.ports.labels import SoldLabel

from .amounts import exact
from .asking import Told
from .config import KarrioConfig, Service
from .failures import failure_of, perhaps_done, refused, unread
from .own import Own

BUYING, VOIDING = "buying a label", "voiding it"
_SENSELESS = (ValueError, LookupError, TypeError, AttributeError)


class Answers:
    """
    Reads answers, by the carrier's own words where they are known.
    """

    def __init__(self, config: KarrioConfig, own: Own) -> None:
        self._config = config
        self._own = own

    def sold(self, service: Service, told: Told, quoted: Money | None) -> SoldLabel:
        """
        Return what was sold.

        Raises:
            DeclinedError: If nothing was, and nothing will be.

            ProviderError: Which kind says whether anything happened.
        """
        try:
            bought = self._own.bought(told.exchanges)
            if bought is not None:
                return SoldLabel(
                    carrier=service.carrier, **attrs.asdict(bought, recurse=False)
                )
            if _is_sold(told.details):
                return self._by_karrio(service, told.details, quoted)
        except _SENSELESS as error:
            raise unread(BUYING, f"what was sold makes no sense: {error}") from None
        raise self._not_sold(told)

    def _by_karrio(
        self, service: Service, details: Any, quoted: Money | None
    ) -> SoldLabel:
        name, number = details.shipment_identifier, details.tracking_number
        # A person finds it by this: it is paid for.
        if not number:
            words = f"label {name or 'without a name'} is sold, and its number is"
            raise unread(BUYING, f"{words} not told")
        called = f"label {name}, number {number}, is sold, and its"
        rate = details.selected_rate
        if rate is not None and rate.total_charge:
            try:
                price = exact(rate.total_charge, rate.currency or self._config.currency)
            except ValueError as error:
                words = f"{called} price makes no sense: {error}"
                raise unread(BUYING, words) from None
        elif quoted is not None:
            price = quoted
        else:
            words = f"{called} price is not told; price_from_quote asks before"
            raise unread(BUYING, words)
        return SoldLabel(
            reference=str(name or number),
            carrier=service.carrier,
            tracking_number=str(number),
            price=price,
        )

    def _not_sold(self, told: Told) -> ProviderError:
        failure = told.failed
        may_be_done = any(map(self._own.acts, told.exchanges))
        if failure is not None:
            words = self._own.refusal(told.exchanges) if told.is_unread else ""
            if words:
                return refused(BUYING, words)
            return perhaps_done(failure) if may_be_done else failure
        if told.words:
            no = failure_of(told.messages) or refused(BUYING, told.words)
            # A refusal behind a sale, such as of its file, is none of the sale.
            return perhaps_done(no) if told.is_refused and may_be_done else no
        return unread(BUYING, "there is neither a label nor a reason")

    def not_void(self, told: Told) -> ProviderError | None:
        """
        Return why a label is not void; None if it is.
        """
        if told.failed is not None:
            return told.failed
        if any(one.code in self._config.void_codes for one in told.messages):
            return None
        try:
            is_void = None if told.is_refused else self._own.is_void(told.exchanges)
        except _SENSELESS as error:
            return unread(VOIDING, f"the answer makes no sense: {error}")
        if is_void is None and (told.is_refused or told.messages):
            return failure_of(told.messages) or refused(VOIDING, told.words)
        if is_void is None:
            is_void = bool(getattr(told.details, "success", False))
        return (
            None if is_void else refused(VOIDING, "the carrier does not take it back")
        )


def _is_sold(details: Any) -> bool:
    """
    Tell whether karrio read a label of an answer: by its name, its number or its file,
    whatever messages stand beside it.
    """
    if details is None:
        return False
    docs = getattr(details, "docs", None)
    named = details.shipment_identifier or details.tracking_number
    return bool(named or getattr(docs, "label", None))
