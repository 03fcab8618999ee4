"""
Booking what comes into a wallet, or leaves it.
"""

import attrs

from ...domain.kernel.checks import require_trimmed
from ...domain.kernel.errors import CurrencyMismatchError, InvalidInputError
from ...domain.kernel.money import Money
from ...domain.wallet.model import Account, Wallet
from ...unit.seller_unit import SellerUnit


def credit(
    unit: SellerUnit,
    wallet: Wallet,
    minor: int,
    *,
    of: Account,
    purpose: str,
    reference: str,
) -> Wallet:
    """
    Book what comes into the wallet out of another account, and return the wallet as it
    is then: a debt is settled first.
    """
    moved = [(of, -minor), (Account.WALLET_AVAILABLE, minor)]
    unit.book(
        moved, currency=unit.seller.currency, purpose=purpose, reference=reference
    )
    settled = min(-wallet.debt, minor)
    left = wallet.available + minor - settled
    return attrs.evolve(wallet, available=left, debt=wallet.debt + settled)


def require_amount(amount: Money, reference: str, *, what: str) -> None:
    """
    Refuse an amount that moves nothing, and one that nobody could name again.

    Raises:
        InvalidInputError: If the amount is not positive, or there is no reference, or
            one that begins or ends with a blank: the same would count twice.
    """
    if amount.minor <= 0:
        raise InvalidInputError(field="amount", value=str(amount), expected="positive")
    if not reference.strip():
        raise InvalidInputError(field="reference", value=reference, expected=what)
    require_trimmed("reference", reference, what=what)


def require_currency(unit: SellerUnit, amount: Money) -> None:
    """
    Refuse money in another currency than the wallet's.

    Raises:
        CurrencyMismatchError: If it is.
    """
    currency = unit.seller.currency
    if amount.currency != currency:
        raise CurrencyMismatchError(left=currency, right=amount.currency)
