"""
Money: the ledger balances, the wallet is its sum, orders got what they say.
"""

from collections.abc import Mapping
from itertools import groupby

import attrs

from ...domain.kernel.values import frozen
from ...domain.wallet.machine import SUCCEEDED
from ...domain.wallet.model import Account, LedgerEntry
from ...unit.base import Unit
from ...unit.tables.orders import ORDERS
from ...unit.tables.wallet import LEDGER, REFUNDS, TOP_UPS, WALLETS
from ...unit.tables.warehouse import ALLOCATIONS
from .books import check_currencies, check_split, check_transaction, currency_of
from .findings import Findings
from .freight import check_freight


def check_money(unit: Unit, seller_id: str, findings: Findings) -> None:
    """
    Check wallets, ledger, captures, refunds and top-ups.
    """
    sums = _read_ledger(unit, seller_id, findings)
    top_ups = sums.of_purpose("top_up")
    _check_wallet(unit, seller_id, sums.accounts, findings)
    _check_orders(unit, seller_id, sums, findings)
    _check_refunds(unit, seller_id, sums.of_purpose("refund"), findings)
    check_freight(
        unit,
        seller_id,
        freight=sums.of_purpose("refund", Account.FREIGHT),
        handling=sums.of_purpose("refund", Account.HANDLING),
        findings=findings,
    )
    recorded = {t.reference: t.amount_minor for t in unit.each_of(TOP_UPS, seller_id)}
    for reference in sorted(recorded.keys() | top_ups.keys()):
        findings.equal(
            "top_up_booked",
            reference,
            stored=recorded.get(reference, 0),
            computed=top_ups.get(reference, 0),
        )
    check_currencies(unit, seller_id, findings)


Sums = dict[str, int]


@frozen
class _LedgerSums:
    """
    What the ledger adds up to.

    Attributes:
        accounts: Account -> its balance.

        references: (purpose, account) -> reference -> what was moved for it.
    """

    accounts: Sums = attrs.field(factory=dict)
    references: dict[tuple[str, str], Sums] = attrs.field(factory=dict)

    def add(self, entry: LedgerEntry) -> None:
        """
        Count *entry*.
        """
        account, amount = entry.account, entry.amount_minor
        self.accounts[account] = self.accounts.get(account, 0) + amount
        sums = self.references.setdefault((entry.purpose, account), {})
        sums[entry.reference] = sums.get(entry.reference, 0) + amount

    def of_purpose(
        self, purpose: str, account: str = Account.WALLET_AVAILABLE
    ) -> Mapping[str, int]:
        """
        Return what was moved on *account* for each reference.
        """
        return self.references.get((purpose, account), {})


def _read_ledger(unit: Unit, seller_id: str, findings: Findings) -> _LedgerSums:
    sums = _LedgerSums()
    currency = currency_of(unit, seller_id)
    entries = unit.each_of(LEDGER, seller_id)
    for name, group in groupby(entries, key=lambda entry: entry.transaction_id):
        balance: Sums = {}
        transaction = list(group)
        check_transaction(name, transaction, currency, findings)
        for entry in transaction:
            now = balance.get(entry.currency, 0) + entry.amount_minor
            balance[entry.currency] = now
            sums.add(entry)
        findings.check(
            "ledger_balanced",
            name,
            holds=not any(balance.values()),
            words=f"entries sum to {balance}",
        )
    return sums


def _check_wallet(
    unit: Unit, seller_id: str, accounts: Mapping[str, int], findings: Findings
) -> None:
    wallet = unit.need(WALLETS, seller_id)
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
    )


def _check_orders(
    unit: Unit, seller_id: str, sums: _LedgerSums, findings: Findings
) -> None:
    captures = sums.of_purpose("capture")
    goods = sums.of_purpose("capture", Account.GOODS)
    freight = sums.of_purpose("capture", Account.FREIGHT)
    handling = sums.of_purpose("capture", Account.HANDLING)
    seen: set[str] = set()
    for order in unit.each_of(ORDERS, seller_id):
        name = order.order_id
        findings.check(
            "refunded_within_captured",
            name,
            holds=0 <= order.refunded_minor <= order.captured_minor,
            words=f"captured {order.captured_minor}, refunded {order.refunded_minor}",
        )
        findings.check(
            "paid_state_is_captured",
            name,
            holds=not order.is_paid or order.captured_minor >= order.due_minor,
            words=f"{order.state}: due {order.due_minor}, got {order.captured_minor}",
        )
        findings.equal(
            "capture_booked",
            name,
            stored=order.captured_minor,
            computed=-captures.get(name, 0),
        )
        check_split(
            order, goods=goods, freight=freight, handling=handling, findings=findings
        )
        seen.add(name)
    for stray in sorted(captures.keys() - seen):
        words = f"the ledger captured {-captures[stray]} for no order"
        findings.check("capture_booked", stray, holds=False, words=words)


def _check_refunds(
    unit: Unit, seller_id: str, booked: Mapping[str, int], findings: Findings
) -> None:
    given: Sums = {}
    sent_back: dict[tuple[str, str, str], int] = {}
    stray = dict(booked)
    for refund in unit.each_of(REFUNDS, seller_id):
        if refund.state != SUCCEEDED:
            continue
        stray.pop(refund.refund_id, None)
        findings.equal(
            "refund_booked",
            refund.refund_id,
            stored=refund.amount_minor,
            computed=booked.get(refund.refund_id, 0),
        )
        parts = sum(item.amount_minor for item in refund.items)
        findings.equal(
            "refund_is_its_parts",
            refund.refund_id,
            stored=refund.amount_minor,
            computed=parts + refund.freight_minor,
        )
        freight = given.get(refund.order_id, 0) + refund.freight_minor
        given[refund.order_id] = freight
        for part in refund.items:
            given[part.captured_by] = given.get(part.captured_by, 0) + part.amount_minor
            if part.lot_id and part.captured_by != refund.order_id:
                drawn = (refund.order_id, part.item_id, part.lot_id)
                sent_back[drawn] = sent_back.get(drawn, 0) + part.quantity
    for name in sorted(stray):
        words = f"the ledger gave back {stray[name]} by no refund that succeeded"
        findings.check("refund_booked", name, holds=False, words=words)
    _check_sent_back(unit, seller_id, sent_back, findings)
    for order in unit.each_of(ORDERS, seller_id):
        findings.equal(
            "order_refunds_add_up",
            order.order_id,
            stored=order.refunded_minor,
            computed=given.get(order.order_id, 0),
        )


def _check_sent_back(
    unit: Unit,
    seller_id: str,
    sent_back: Mapping[tuple[str, str, str], int],
    findings: Findings,
) -> None:
    for allocation in unit.each_of(ALLOCATIONS, seller_id):
        drawn = (allocation.order_id, allocation.item_id, allocation.lot_id)
        findings.equal(
            "allocation_refunds_add_up",
            "/".join(drawn),
            stored=allocation.quantity_refunded,
            computed=sent_back.get(drawn, 0),
        )
