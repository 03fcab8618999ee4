"""
Money: the ledger balances and moves as its purpose says, the wallet is its sum, and
refunds are what was booked and what orders say.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from ...domain.wallet.adjusting import ADJUSTMENT
from ...domain.wallet.machine import SUCCEEDED
from ...domain.wallet.model import Account
from ...unit.tables.wallet import LEDGER, REFUNDS, TOP_UPS, WALLETS
from .rows import each_row
from .scope import Scope

_AVAILABLE = Account.WALLET_AVAILABLE.value
_GOODS = Account.GOODS.value
_FREIGHT = Account.FREIGHT.value
_HANDLING = Account.HANDLING.value
_EARNED = (_GOODS, _FREIGHT, _HANDLING)
# Purpose and account -> the sign of what is moved there.
MOVES: dict[tuple[str, str], int] = {
    ("top_up", Account.PROVIDER_CLEARING.value): -1,
    ("top_up", _AVAILABLE): 1,
    ("capture", _AVAILABLE): -1,
    **{("capture", account): 1 for account in _EARNED},
    ("refund", _AVAILABLE): 1,
    **{("refund", account): -1 for account in _EARNED},
}
PURPOSES = frozenset(purpose for purpose, _ in MOVES)


class EntryRow(NamedTuple):
    """
    What is looked at of an entry of the ledger.
    """

    transaction_id: str
    account: str
    currency: str
    amount_minor: int
    purpose: str
    reference: str


def check_ledger(scope: Scope) -> None:
    """
    Check every transaction, and the wallet against their sum.
    """
    findings = scope.findings
    accounts: dict[str, int] = {}
    entries = each_row(scope.unit, LEDGER, scope.seller_id, EntryRow)
    currency = scope.currency
    books = Books(scope)
    transactions_count = 0
    for name, group in groupby(entries, key=itemgetter(0)):
        transactions_count += 1
        transaction = list(group)
        balance: dict[str, int] = {}
        is_wrong = False
        _, _, _, _, why, about = transaction[0]
        for _, account, money, amount, purpose, reference in transaction:
            accounts[account] = accounts.get(account, 0) + amount
            balance[money] = balance.get(money, 0) + amount
            if (
                MOVES.get((purpose, account), 0) * amount <= 0
                or reference != about
                or purpose != why
            ):
                is_wrong = True
        if is_wrong or any(balance.values()):
            books.keep(name, transaction, balance, is_wrong=is_wrong)
        if len(balance) != 1 or currency not in balance:
            scope.check_currency(name, balance)
        _add_up(scope, transaction)
    for invariant in (
        "ledger_balanced",
        "ledger_moves_as_its_purpose",
        "money_is_the_seller_s_currency",
    ):
        findings.looked(invariant, transactions_count)
    books.tell()
    _check_wallet(scope, accounts)


class Books:
    """
    Transactions that are not as their purpose says, and those that answer them.

    An adjustment takes back exactly what such a transaction moved, and names it: then
    both are told no more. Where they stand in the ledger does not matter.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._wrong: dict[str, tuple[list[EntryRow], dict[str, int], bool]] = {}

    def keep(
        self,
        name: str,
        transaction: list[EntryRow],
        balance: dict[str, int],
        *,
        is_wrong: bool,
    ) -> None:
        """
        Keep a transaction that does not balance, or moves what it should not.
        """
        self._wrong[name] = (transaction, balance, is_wrong)

    def tell(self) -> None:
        """
        Tell of those that nothing answers.
        """
        answered: set[str] = set()
        for name, (transaction, _, _) in self._wrong.items():
            about = self._answered_by(transaction)
            if about and about not in answered:
                answered |= {name, about}
        for name, (transaction, balance, is_wrong) in self._wrong.items():
            if name in answered:
                continue
            if is_wrong:
                _tell_moves(self._scope, name, transaction)
            if any(balance.values()):
                words = f"entries sum to {balance}"
                found = self._scope.findings.found
                found("ledger_balanced", name, words, balance=balance)

    def _answered_by(self, transaction: list[EntryRow]) -> str:
        """
        Return the transaction that this one takes back; empty if it is no adjustment,
        or takes back something else.
        """
        about = transaction[0].reference
        first, _, _ = self._wrong.get(about, ([], {}, False))
        if any(e.purpose != ADJUSTMENT or e.reference != about for e in transaction):
            return ""
        if any(e.purpose in PURPOSES or e.purpose == ADJUSTMENT for e in first):
            return ""
        taken = sorted((e.account, e.currency, -e.amount_minor) for e in transaction)
        moved = sorted((e.account, e.currency, e.amount_minor) for e in first)
        return about if taken == moved else ""


def _tell_moves(scope: Scope, name: str, transaction: Sequence[EntryRow]) -> None:
    about = sorted({(entry.purpose, entry.reference) for entry in transaction})
    wrong = [
        f"{e.purpose} moves {e.amount_minor} on {e.account}"
        for e in transaction
        if MOVES.get((e.purpose, e.account), 0) * e.amount_minor <= 0
    ]
    scope.findings.found(
        "ledger_moves_as_its_purpose",
        name,
        f"{'; '.join(wrong)} {about}",
        moves=wrong,
        about=about,
    )


def _add_up(scope: Scope, transaction: Sequence[EntryRow]) -> None:
    """
    Tell what a transaction moved to the sums of its order, refund or top-up.
    """
    tallies = scope.tallies
    moved: dict[str, dict[str, int]] = {}
    for _, account, _, amount, purpose, about in transaction:
        if purpose == "capture":
            sums = moved.setdefault(about, {})
            sums[account] = sums.get(account, 0) + amount
        elif purpose == "refund":
            if account == _AVAILABLE:
                tallies.refunds.compute(about, amount)
            elif account in (_FREIGHT, _HANDLING):
                freight, handling = scope.freight_of.get(about, (0, 0))
                if account == _FREIGHT:
                    freight -= amount
                else:
                    handling -= amount
                scope.freight_of[about] = (freight, handling)
        elif purpose == "top_up" and account == _AVAILABLE:
            tallies.top_ups.compute(about, amount)
    # Of entries that say another order, to the sums of that one.
    for order, sums in moved.items():
        tallies.captures.compute(order, -sums.pop(_AVAILABLE, 0))
        if sums:
            get = sums.get
            tallies.splits.compute(
                order, get(_GOODS, 0), get(_FREIGHT, 0), get(_HANDLING, 0)
            )


def _check_wallet(scope: Scope, accounts: dict[str, int]) -> None:
    findings, seller_id = scope.findings, scope.seller_id
    wallet = scope.unit.need(WALLETS, seller_id)
    scope.check_currency(f"wallet {seller_id}", [wallet.currency])
    stored = (wallet.available, wallet.held, wallet.debt)
    computed = tuple(
        accounts.get(name.value, 0)
        for name in (
            Account.WALLET_AVAILABLE,
            Account.WALLET_HELD,
            Account.SELLER_DEBT,
        )
    )
    findings.equal("wallet_is_its_entries", seller_id, stored=stored, computed=computed)
    findings.check(
        "wallet_not_negative",
        seller_id,
        holds=min(wallet.available, wallet.held) >= 0,
        words=f"available {wallet.available}, held {wallet.held}",
        available=wallet.available,
        held=wallet.held,
    )


def check_top_ups(scope: Scope) -> None:
    """
    Check that what was paid in was booked.
    """
    for top_up in scope.unit.each_of(TOP_UPS, scope.seller_id):
        scope.tallies.top_ups.store(top_up.reference, top_up.amount_minor)
        scope.check_currency(f"top_up {top_up.reference}", [top_up.currency])


def check_refunds(scope: Scope) -> None:
    """
    Check that refunds are the sum of their parts, and add up what they gave.
    """
    tallies, findings = scope.tallies, scope.findings
    for refund in scope.unit.each_of(REFUNDS, scope.seller_id):
        name, order = refund.refund_id, refund.order_id
        scope.check_currency(f"refund {name}", [refund.currency])
        if refund.state != SUCCEEDED:
            continue
        tallies.refunds.store(name, refund.amount_minor)
        parts = sum(item.amount_minor for item in refund.items)
        findings.equal(
            "refund_is_its_parts",
            name,
            stored=refund.amount_minor,
            computed=parts + refund.freight_minor,
        )
        _add_freight(scope, order, name, refund.freight_minor)
        if refund.freight_minor:
            tallies.given_back.compute(order, refund.freight_minor)
        for part in refund.items:
            if part.amount_minor:
                tallies.given_back.compute(part.captured_by, part.amount_minor)
            if part.lot_id and part.captured_by != order:
                drawn = f"{order}/{part.item_id}/{part.lot_id}"
                tallies.sent_back.compute(drawn, part.quantity)


def _add_freight(scope: Scope, order: str, name: str, said: int) -> None:
    booked = scope.freight_of.pop(name, None)
    if booked is None and not said:
        return
    freight, handling = booked or (0, 0)
    before = scope.freight_back.get(order, (0, 0, 0))
    scope.freight_back[order] = (
        before[0] + freight,
        before[1] + handling,
        before[2] + said,
    )
