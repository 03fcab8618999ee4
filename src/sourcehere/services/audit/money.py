"""
Money: the ledger balances and moves as its purpose says, the wallet is its sum, and
refunds are what was booked and what orders say.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from ...domain.effects.payment_stages import PaymentStage
from ...domain.effects.payments import attempt_of
from ...domain.wallet.adjusting import ADJUSTMENT
from ...domain.wallet.machine import SUCCEEDED
from ...domain.wallet.model import Account, TopUp
from ...domain.wallet.moves import MOVES, PURPOSES
from ...domain.wallet.purposes import (
    GOODWILL_TAKEN_BACK,
    OF_CHARGEBACKS,
    OF_GOODWILL,
    OF_ORDERS,
    OF_WITHDRAWALS,
    PAID_OUT,
    SUPPLEMENT,
    TOP_UP_LOWERED,
)
from ...unit.tables.payments import PAYMENTS
from ...unit.tables.wallet import LEDGER, PAY_OUTS, REFUNDS, TOP_UPS, WALLETS
from ..base.batches import batches
from .rows import each_plain
from .scope import Scope

_AVAILABLE = Account.WALLET_AVAILABLE.value
_GOODS = Account.GOODS.value
_FREIGHT = Account.FREIGHT.value
_HANDLING = Account.HANDLING.value
_CLEARING = Account.PROVIDER_CLEARING.value
_HELD = Account.WALLET_HELD.value
_DEBT = Account.SELLER_DEBT.value
_GOODWILL = Account.GOODWILL.value
_TARGET = "wallet"  # all that there is
_TRANSFERS = frozenset({"top_up", TOP_UP_LOWERED, PAID_OUT})
_SIGNS = {
    purpose: {account: sign for (of, account), sign in MOVES.items() if of == purpose}
    for purpose in PURPOSES
}


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
    seller_id: str
    entry: int


def check_ledger(scope: Scope) -> None:
    """
    Check every transaction, and the wallet against their sum.
    """
    findings = scope.findings
    accounts: dict[str, int] = {}
    entries = each_plain(scope.unit, LEDGER, scope.seller_id, EntryRow._fields)
    books = Books(scope)
    transactions_count = 0
    for _, group in groupby(entries, key=itemgetter(0)):
        transactions_count += 1
        transaction = tuple(group)
        _, _, money, _, why, about, *_ = transaction[0]
        moved: dict[str, int] = {}
        is_plain = money == scope.currency
        signs = _SIGNS.get(why, {})
        for _, account, currency, amount, purpose, reference, _, _ in transaction:
            moved[account] = moved.get(account, 0) + amount
            if (
                signs.get(account, 0) * amount <= 0
                or currency != money
                or purpose != why
                or reference != about
            ):
                is_plain = False
        for account, amount in moved.items():
            accounts[account] = accounts.get(account, 0) + amount
        if is_plain and not sum(moved.values()):
            _add(scope, why, about, moved)
        else:
            _look_closely(scope, books, [EntryRow._make(row) for row in transaction])
    for invariant in (
        "ledger_balanced",
        "ledger_moves_as_its_purpose",
        "money_is_the_seller_s_currency",
    ):
        findings.looked(invariant, transactions_count)
    books.tell()
    _check_wallet(scope, accounts)


def _look_closely(scope: Scope, books: "Books", transaction: list[EntryRow]) -> None:
    """
    Keep a transaction that is not as its purpose says, and add up what it moved.
    """
    first = transaction[0]
    name, why, about = first.transaction_id, first.purpose, first.reference
    balance: dict[str, int] = {}
    is_wrong = False
    for entry in transaction:
        money, amount = entry.currency, entry.amount_minor
        balance[money] = balance.get(money, 0) + amount
        if (
            MOVES.get((entry.purpose, entry.account), 0) * amount <= 0
            or entry.reference != about
            or entry.purpose != why
        ):
            is_wrong = True
    if is_wrong or any(balance.values()):
        books.keep(name, transaction, balance, is_wrong=is_wrong)
    if len(balance) != 1 or scope.currency not in balance:
        scope.check_currency(name, balance)
    # Of entries that say another purpose or order, to the sums of that one.
    moved: dict[tuple[str, str], dict[str, int]] = {}
    for entry in transaction:
        sums = moved.setdefault((entry.purpose, entry.reference), {})
        sums[entry.account] = sums.get(entry.account, 0) + entry.amount_minor
    for (purpose, reference), of_it in moved.items():
        _add(scope, purpose, reference, of_it)


def _add(scope: Scope, purpose: str, about: str, moved: Mapping[str, int]) -> None:
    """
    Add what a transaction moved, by account, to the sums of its order, refund or
    top-up.
    """
    tallies, get = scope.tallies, moved.get
    if purpose in OF_ORDERS:
        _add_paid(scope, purpose, about, moved)
    elif purpose == "refund":
        _add_refunded(scope, about, moved)
    elif purpose in _TRANSFERS:
        name = paid_out(about) if purpose == PAID_OUT else about
        tallies.top_ups.compute(name, get(_AVAILABLE, 0) + get(_DEBT, 0))
    elif purpose in OF_WITHDRAWALS:
        tallies.withdrawals.compute(about, get(_HELD, 0), get(_CLEARING, 0))
    elif purpose in OF_GOODWILL:
        back = get(_GOODWILL, 0) if purpose == GOODWILL_TAKEN_BACK else 0
        tallies.goodwill.compute(about, back - get(_GOODWILL, 0), back)
    elif purpose in OF_CHARGEBACKS:
        tallies.chargebacks.compute(about, get(_CLEARING, 0))


def _add_paid(scope: Scope, purpose: str, about: str, moved: Mapping[str, int]) -> None:
    tallies, get = scope.tallies, moved.get
    if purpose == SUPPLEMENT:
        before = scope.supplements.get(about, 0)
        scope.supplements[about] = before + get(_FREIGHT, 0)
    tallies.captures.compute(about, -get(_AVAILABLE, 0))
    if len(moved) > (_AVAILABLE in moved):
        split = get(_GOODS, 0), get(_FREIGHT, 0), get(_HANDLING, 0)
        tallies.splits.compute(about, *split)


def _add_refunded(scope: Scope, about: str, moved: Mapping[str, int]) -> None:
    if _AVAILABLE in moved:
        scope.tallies.refunds.compute(about, moved[_AVAILABLE])
    if _FREIGHT in moved or _HANDLING in moved:
        freight, handling = scope.freight_of.get(about, (0, 0))
        scope.freight_of[about] = (
            freight - moved.get(_FREIGHT, 0),
            handling - moved.get(_HANDLING, 0),
        )


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
    findings.check(
        "debt_is_settled_first",
        seller_id,
        holds=wallet.debt == 0 or (wallet.debt < 0 and wallet.available <= 0),
        words=f"debt {wallet.debt}, and available {wallet.available}",
        debt=wallet.debt,
        available=wallet.available,
    )


def paid_out(reference: str) -> str:
    """
    Return by what a transfer to a seller is named beside transfers from them.
    """
    return f"{PAID_OUT} {reference}"


def check_top_ups(scope: Scope) -> None:
    """
    Check that what was paid in, or out by a bank, was booked, and captured where a
    gateway says so.
    """
    for pay_out in scope.unit.each_of(PAY_OUTS, scope.seller_id):
        name = paid_out(pay_out.reference)
        scope.tallies.top_ups.store(name, -pay_out.amount_minor)
        scope.check_currency(name, [pay_out.currency])
    for top_ups in batches(scope.unit.each_of(TOP_UPS, scope.seller_id)):
        _check_captured(scope, top_ups)
        for top_up in top_ups:
            scope.tallies.top_ups.store(top_up.reference, top_up.amount_minor)
            scope.check_currency(f"top_up {top_up.reference}", [top_up.currency])


def _check_captured(scope: Scope, top_ups: Sequence[TopUp]) -> None:
    told = [t for t in top_ups if t.is_of_gateway]
    keys = sorted({(scope.seller_id, attempt_of(t.reference)) for t in told})
    captures = {a.reference: a for a in scope.unit.many(PAYMENTS, keys)}
    for top_up in told:
        capture = captures.get(top_up.reference)
        scope.findings.check(
            "top_up_was_captured",
            top_up.reference,
            holds=capture is not None
            and capture.stage is PaymentStage.CAPTURED
            and capture.done_minor == top_up.amount_minor,
            words=f"no attempt captured {top_up.amount_minor}",
            stored=top_up.amount_minor,
        )


def check_refunds(scope: Scope) -> None:
    """
    Check that refunds are the sum of their parts, and add up what they gave.
    """
    tallies, findings = scope.tallies, scope.findings
    for refund in scope.unit.each_of(REFUNDS, scope.seller_id):
        name, order = refund.refund_id, refund.order_id
        scope.check_currency(f"refund {name}", [refund.currency])
        if refund.target != _TARGET:
            words = f"it says that it goes to {refund.target!r}"
            findings.found(
                "refund_booked",
                name,
                words,
                stored=refund.target,
                computed=_TARGET,
            )
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
