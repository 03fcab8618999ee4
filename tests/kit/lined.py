"""
A line before shops and gateways that have none of their own: in memory, or in files.
"""

from datetime import timedelta

from sourcehere.ports.errors import (
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere.testing.kit import WireFault
from sourcehere.testing.kit.faults import WITH_EFFECT


class Lined:
    """
    A shop of this process behind a line that can break.
    """

    def __init__(self, shop, line):
        self._shop, self._line = shop, line

    def pull_orders(self, cursor, /, *, limit):
        """
        Read a page.
        """
        return self._through(lambda: self._shop.pull_orders(cursor, limit=limit))

    def fetch_order(self, external_id, /):
        """
        Read one order.
        """
        return self._through(lambda: self._shop.fetch_order(external_id))

    def push_fulfilment(self, fulfilment, /):
        """
        Tell a parcel.
        """
        return self._through(lambda: self._shop.push_fulfilment(fulfilment))

    def push_tracking(self, notice, /):
        """
        Tell a number.
        """
        return self._through(lambda: self._shop.push_tracking(notice))

    def pull_products(self, cursor, /, *, limit):
        """
        Read a page of what is sold.
        """
        return self._through(lambda: self._shop.pull_products(cursor, limit=limit))

    def _through(self, ask):
        return through(self._line, ask)


class LinedGateway:
    """
    A payment gateway of this process behind a line that can break.
    """

    def __init__(self, gateway, line):
        self._gateway, self._line = gateway, line
        self.key_ttl = gateway.key_ttl
        self.finds_by_reference = gateway.finds_by_reference

    def authorize(self, amount, source, /, **names):
        """
        Reserve an amount.
        """
        return through(
            self._line, lambda: self._gateway.authorize(amount, source, **names)
        )

    def capture(self, authorization_id, amount, /, **names):
        """
        Take it.
        """
        return through(
            self._line, lambda: self._gateway.capture(authorization_id, amount, **names)
        )

    def refund(self, capture_id, amount, /, **names):
        """
        Return it.
        """
        return through(
            self._line, lambda: self._gateway.refund(capture_id, amount, **names)
        )

    def find(self, reference, /):
        """
        Look it up.
        """
        return through(self._line, lambda: self._gateway.find(reference))


def through(line, ask):
    """
    Ask, as far as the line lets it pass.
    """
    fault = line.meet()
    if fault is None:
        return ask()
    if fault in WITH_EFFECT:
        ask()
    raise ERRORS.get(fault, UNKNOWN)


UNKNOWN = UnknownOutcomeError(provider="fake", detail="nobody knows")
ERRORS = {
    WireFault.THROTTLED: ThrottledError(
        provider="fake", detail="slowly", retry_after=timedelta(seconds=7)
    ),
    WireFault.UNAUTHORIZED: UnauthorizedError(provider="fake", detail="no"),
}
