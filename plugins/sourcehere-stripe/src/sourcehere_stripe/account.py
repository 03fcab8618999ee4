"""
All that needs the SDK, in one place, so that it is imported once it is needed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx2

from sourcehere.ports.context import Context
from sourcehere.ports.errors import UnauthorizedError
from sourcehere.ports.payments import Chargeback, Payout

from .client import Client
from .config import StripeConfig
from .disputes import chargebacks
from .finding import Finder
from .names import PROVIDER
from .paying import Payer
from .payouts import payouts


class Account:
    """
    What one account can be asked.
    """

    def __init__(
        self,
        config: StripeConfig,
        context: Context,
        transport: httpx2.BaseTransport | None,
    ) -> None:
        self._client = Client(config, context, transport)
        self.payer = Payer(self._client, config)
        self.finder = Finder(self._client, timedelta(days=config.looks_back_days))

    def check(self) -> None:
        """
        Read one of everything.

        Raises:
            UnauthorizedError: If the key is refused; names what it may not read.
        """
        v1 = self._client.v1
        for what, listed in (
            ("payment intents", v1.payment_intents.list),
            ("charges", v1.charges.list),
            ("refunds", v1.refunds.list),
            ("disputes", v1.disputes.list),
            ("payouts", v1.payouts.list),
            ("balance transactions", v1.balance_transactions.list),
        ):
            try:
                self._client.read(
                    what,
                    lambda ask=listed: ask({"limit": 1}).data,  # type: ignore[misc]  # bound now
                )
            except UnauthorizedError as error:
                detail = f"reading {what}: {error.detail}"
                raise UnauthorizedError(provider=PROVIDER, detail=detail) from error

    def chargebacks(self, capture_id: str) -> Sequence[Chargeback]:
        """
        List what was taken back of a charge.
        """
        return chargebacks(self._client, capture_id)

    def payouts(self, since: datetime) -> Sequence[Payout]:
        """
        List the payouts that arrived at or after *since*.
        """
        return payouts(self._client, since)

    def close(self) -> None:
        """
        Close the connections.
        """
        self._client.close()
