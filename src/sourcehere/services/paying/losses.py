"""
Money that the wallet has to give up.
"""

from ...domain.wallet.model import Account
from ...unit.seller_unit import SellerUnit


def take(unit: SellerUnit, minor: int, *, purpose: str, reference: str) -> int:
    """
    Take what is gone, or was never there, from the wallet; what was spent of it is
    owed.

    Returns:
        What was available of it.
    """
    there = max(min(unit.available(), minor), 0)
    unit.book(
        [
            (Account.WALLET_AVAILABLE, -there),
            (Account.SELLER_DEBT, there - minor),
            (Account.PROVIDER_CLEARING, minor),
        ],
        currency=unit.seller.currency,
        purpose=purpose,
        reference=reference,
    )
    return there
