"""
Which accounts a transaction moves, by what it is for.
"""

from .model import Account
from .purposes import (
    CHARGEBACK_WON,
    DEBT,
    GOODWILL,
    GOODWILL_TAKEN_BACK,
    OF_LOSSES,
    PAID_OUT,
    SUPPLEMENT,
    WITHDRAWAL,
    WITHDRAWAL_BOUNCED,
    WITHDRAWAL_FAILED,
    WITHDRAWN,
)

_AVAILABLE = Account.WALLET_AVAILABLE.value
_CLEARING = Account.PROVIDER_CLEARING.value
_HELD = Account.WALLET_HELD.value
_DEBT = Account.SELLER_DEBT.value
_GOODWILL = Account.GOODWILL.value
_EARNED = (Account.GOODS.value, Account.FREIGHT.value, Account.HANDLING.value)
# Purpose and account -> the sign of what is moved there.
MOVES: dict[tuple[str, str], int] = {
    ("top_up", _CLEARING): -1,
    ("top_up", _AVAILABLE): 1,
    ("capture", _AVAILABLE): -1,
    **{("capture", account): 1 for account in _EARNED},
    (SUPPLEMENT, _AVAILABLE): -1,
    (SUPPLEMENT, Account.FREIGHT.value): 1,
    ("refund", _AVAILABLE): 1,
    **{("refund", account): -1 for account in _EARNED},
    (WITHDRAWAL, _AVAILABLE): -1,
    (WITHDRAWAL, _HELD): 1,
    (WITHDRAWN, _HELD): -1,
    (WITHDRAWN, _CLEARING): 1,
    (WITHDRAWAL_FAILED, _HELD): -1,
    (WITHDRAWAL_FAILED, _AVAILABLE): 1,
    (WITHDRAWAL_BOUNCED, _CLEARING): -1,
    (WITHDRAWAL_BOUNCED, _AVAILABLE): 1,
    **{(lost, _AVAILABLE): -1 for lost in OF_LOSSES},
    **{(lost, _DEBT): -1 for lost in OF_LOSSES},
    **{(lost, _CLEARING): 1 for lost in OF_LOSSES},
    (CHARGEBACK_WON, _CLEARING): -1,
    (CHARGEBACK_WON, _AVAILABLE): 1,
    (PAID_OUT, _AVAILABLE): -1,
    (PAID_OUT, _CLEARING): 1,
    (GOODWILL, _GOODWILL): -1,
    (GOODWILL, _AVAILABLE): 1,
    (GOODWILL_TAKEN_BACK, _AVAILABLE): -1,
    (GOODWILL_TAKEN_BACK, _GOODWILL): 1,
    (DEBT, _AVAILABLE): -1,
    (DEBT, _DEBT): 1,
}
PURPOSES = frozenset(purpose for purpose, _ in MOVES)
