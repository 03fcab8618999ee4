"""
What is read of a carrier's own answers, where karrio's reading of them is not enough.
"""

import re
from collections.abc import Sequence
from http import HTTPStatus

import attrs

from sourcehere import Money, TrackingStatus

from .wire import Exchange

# What only opens the door: a failure behind it is no failure behind a sale.
_OPENS = re.compile(r"oauth|token|login|session", re.IGNORECASE)


@attrs.frozen
class Bought:
    """
    A label, by the carrier's own answer.
    """

    reference: str
    tracking_number: str
    price: Money


class Own:
    """
    A carrier of which nothing is known but what karrio says.
    """

    def acts(self, exchange: Exchange) -> bool:
        """
        Tell whether a label may have been sold by it.
        """
        return (
            exchange.method != "GET"
            and exchange.status < HTTPStatus.BAD_REQUEST
            and not _OPENS.search(exchange.path)
        )

    def bought(self, exchanges: Sequence[Exchange]) -> Bought | None:
        """
        Return what was sold; None where the answers do not say.

        Raises:
            ValueError, LookupError, TypeError: If they make no sense.
        """
        del exchanges
        return None

    def refusal(self, exchanges: Sequence[Exchange]) -> str:
        """
        Return why nothing was sold, where karrio's own words are no refusal; empty
        where they do not say.
        """
        del exchanges
        return ""

    def is_void(self, exchanges: Sequence[Exchange]) -> bool | None:
        """
        Tell whether a label is void; None where karrio is believed.

        Raises:
            ValueError, LookupError, TypeError: If the answers make no sense.
        """
        del exchanges
        return None

    def statuses(self) -> dict[str, TrackingStatus | None]:
        """
        Return the carrier's own words for where a parcel is, before karrio's; None for
        one that says nothing.
        """
        return {}
