"""
A seller's money, one transaction after the other, as a bank would state it.
"""

from datetime import date, datetime

from ...domain.kernel.ids import SellerId
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...domain.wallet.statements import Change, Statement


@frozen(kw_only=True)
class StatementLine:
    """
    A transaction that changed what the platform owes a seller.

    Attributes:
        purpose: What it was for, such as `top_up`, `capture` or `refund`.

        reference: What it is about, as the ledger has it.

        order_id: The order that it is about; empty where it is about none.

        amount: What came; below zero, what went.

        balance: What was owed after it.
    """

    transaction_id: str
    booked_at: datetime
    purpose: str
    reference: str
    order_id: str
    amount: Money
    balance: Money


@frozen(kw_only=True)
class WalletStatement:
    """
    What happened to a seller's money from one day to another.

    Attributes:
        first, last: The days, in the platform's zone.

        opening, closing: What the platform owed the seller: what is available and what
            is held, less what the seller owes. The amounts of *lines* are between them.

        lines: The oldest first. What only moved within the wallet, such as money that
            is held until it is withdrawn, is none.
    """

    seller_id: SellerId
    first: date
    last: date
    currency: str
    opening: Money
    lines: tuple[StatementLine, ...]
    closing: Money


def statement_view_of(
    made: Statement, seller_id: SellerId, first: date, last: date
) -> WalletStatement:
    """
    Return a statement as money.
    """
    currency = made.currency
    return WalletStatement(
        seller_id=seller_id,
        first=first,
        last=last,
        currency=currency,
        opening=Money(made.opening, currency),
        lines=tuple(_line_of(change, currency) for change in made.changes),
        closing=Money(made.closing, currency),
    )


def _line_of(change: Change, currency: str) -> StatementLine:
    entry = change.entry
    return StatementLine(
        transaction_id=entry.transaction_id,
        booked_at=entry.booked_at,
        purpose=entry.purpose,
        reference=entry.reference,
        order_id=change.order_id,
        amount=Money(change.minor, currency),
        balance=Money(change.balance, currency),
    )
