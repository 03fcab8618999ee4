"""
Why a wallet does not pay.
"""

from collections.abc import Mapping
from datetime import datetime

from ..kernel.errors import StateError
from ..kernel.money import Money


class InsufficientFundsError(StateError):
    """
    The wallet does not hold what is due; top it up.

    Attributes:
        missing: What has to arrive before it can be paid.
    """

    def __init__(self, *, available: Money, needed: Money) -> None:
        missing = needed - available
        super().__init__(
            f"the wallet holds {available}, and {needed} is needed: {missing} is"
            " missing; top it up and try again"
        )
        self.available = available
        self.needed = needed
        self.missing = missing


class SellerDebtError(StateError):
    """
    The seller owes money, such as after a chargeback: nothing is spent before it is
    settled, which the next money that arrives does first.

    Attributes:
        missing: What has to arrive before it can be paid: the debt is settled first.
    """

    def __init__(self, *, debt: Money, needed: Money) -> None:
        missing = debt + needed
        super().__init__(
            f"{debt} is owed, and {needed} is needed: {missing} is missing; top up the"
            " wallet and try again"
        )
        self.debt = debt
        self.needed = needed
        self.missing = missing


class TransferOfAnotherError(StateError):
    """
    A bank transfer that was recorded for another seller: the same money counts once.
    """

    def __init__(self, *, reference: str, seller_id: str, amount: Money) -> None:
        super().__init__(
            f"{reference!r} is a transfer of {amount} that was recorded for seller"
            f" {seller_id}; correct that one to 0 if it is not theirs, or call another"
            " transfer by another reference"
        )
        self.reference = reference
        self.seller_id = seller_id
        self.amount = amount


class CheckoutExpiredError(StateError):
    """
    A checkout whose time is over; check out again.
    """

    def __init__(self, *, checkout_id: str, expired_at: datetime) -> None:
        super().__init__(
            f"checkout {checkout_id} expired at {expired_at.isoformat()};"
            " check out again"
        )
        self.checkout_id = checkout_id
        self.expired_at = expired_at


class SpendLimitError(StateError):
    """
    Paying would cost more than was allowed; nothing was paid.

    Attributes:
        total: What it costs now.

        limit: What it may cost.
    """

    def __init__(self, *, total: Money, limit: Money) -> None:
        super().__init__(f"it costs {total}, and may cost {limit} at most")
        self.total = total
        self.limit = limit


class SpendGuardError(StateError):
    """
    Paying now would cost something else than was agreed; nothing was paid.

    Attributes:
        differences: Order id -> (total agreed, total now), in minor units.
    """

    def __init__(
        self, *, differences: Mapping[str, tuple[int, int]], currency: str
    ) -> None:
        listed = "; ".join(
            f"{name}: {Money(agreed, currency)} -> {Money(now, currency)}"
            for name, (agreed, now) in differences.items()
        )
        super().__init__(f"prices or stock have changed: {listed}; check out again")
        self.differences = dict(differences)
        self.currency = currency
