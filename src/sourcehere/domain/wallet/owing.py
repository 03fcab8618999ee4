"""
What the platform owes a seller: what is available and what is held, less what the
seller owes.
"""

from .model import Account, Wallet

# The accounts that sum to it.
OF_WALLET = frozenset(
    {Account.WALLET_AVAILABLE, Account.WALLET_HELD, Account.SELLER_DEBT}
)


def owed_to(wallet: Wallet) -> int:
    """
    Return what the platform owes a seller, in minor units; below zero where the seller
    owes more.
    """
    return wallet.available + wallet.held + wallet.debt
