"""
A seller's money by month, for the accounts.
"""

from datetime import date

from ...domain.kernel.ids import SellerId
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...domain.wallet.months import MonthSums


@frozen(kw_only=True)
class WalletMonth:
    """
    What happened to a seller's money in one month.

    `opening + topped_up - goods - freight - handling + refunded + goodwill - withdrawn
    - taken_back + adjusted` is `closing`.

    Attributes:
        month: Its first day.

        opening, closing: What the platform owed the seller: what is available and what
            is held, less what the seller owes.

        goods, freight, handling: Paid for orders.

        refunded: Came back of these.

        goodwill: Given by the platform, less what it took back.

        withdrawn: Went back to its source, or out by a bank transfer.

        taken_back: By payers' banks, less what these gave back.

        adjusted: What repairs took back; below zero where the seller has less by it.
    """

    seller_id: SellerId
    month: date
    currency: str
    opening: Money
    topped_up: Money
    goods: Money
    freight: Money
    handling: Money
    refunded: Money
    goodwill: Money
    withdrawn: Money
    taken_back: Money
    adjusted: Money
    closing: Money


def wallet_month_of(sums: MonthSums) -> WalletMonth:
    """
    Return *sums* as money.
    """

    def money(minor: int) -> Money:
        return Money(minor, sums.currency)

    return WalletMonth(
        seller_id=sums.seller_id,
        month=sums.month,
        currency=sums.currency,
        opening=money(sums.opening),
        topped_up=money(sums.topped_up),
        goods=money(sums.goods),
        freight=money(sums.freight),
        handling=money(sums.handling),
        refunded=money(sums.refunded),
        goodwill=money(sums.goodwill),
        withdrawn=money(sums.withdrawn),
        taken_back=money(sums.taken_back),
        adjusted=money(sums.adjusted),
        closing=money(sums.closing),
    )
