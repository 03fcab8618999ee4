"""
The books: every entry moves an account that its purpose may move, the right way, in the
seller's currency; what was captured is split as the order says.
"""

from collections.abc import Iterable, Mapping

from ...domain.orders.order import Order
from ...domain.wallet.model import Account, LedgerEntry
from ...unit.base import Unit
from ...unit.tables.sellers import SELLERS
from ...unit.tables.wallet import CHECKOUTS, REFUNDS, TOP_UPS, WALLETS
from .findings import Findings

_EARNED = (Account.GOODS, Account.FREIGHT, Account.HANDLING)
# Purpose -> account -> the sign of what it moves there.
MOVES: dict[str, dict[str, int]] = {
    "top_up": {Account.PROVIDER_CLEARING: -1, Account.WALLET_AVAILABLE: 1},
    "capture": {Account.WALLET_AVAILABLE: -1, **dict.fromkeys(_EARNED, 1)},
    "refund": {Account.WALLET_AVAILABLE: 1, **dict.fromkeys(_EARNED, -1)},
}


def currency_of(unit: Unit, seller_id: str) -> str:
    """
    Return the seller's currency; empty where the seller's row is gone.
    """
    seller = unit.get(SELLERS, seller_id)
    return "" if seller is None else seller.currency


def check_transaction(
    name: str, entries: Iterable[LedgerEntry], currency: str, findings: Findings
) -> None:
    """
    Check what the entries of one transaction move, and in which currency.
    """
    about: set[tuple[str, str]] = set()
    currencies: set[str] = set()
    wrong: list[str] = []
    for entry in entries:
        about.add((entry.purpose, entry.reference))
        currencies.add(entry.currency)
        sign = MOVES.get(entry.purpose, {}).get(entry.account, 0)
        if sign * entry.amount_minor <= 0:
            moved = f"{entry.purpose} moves {entry.amount_minor} on {entry.account}"
            wrong.append(moved)
    findings.check(
        "ledger_moves_as_its_purpose",
        name,
        holds=not wrong and len(about) == 1,
        words=f"{'; '.join(wrong)} {sorted(about)}",
    )
    _check(name, currencies, currency, findings)


def check_currencies(unit: Unit, seller_id: str, findings: Findings) -> None:
    """
    Check that all of a seller's money is in the seller's currency.
    """
    currency = currency_of(unit, seller_id)
    wallet = unit.get(WALLETS, seller_id)
    if wallet is not None:
        _check(f"wallet {seller_id}", {wallet.currency}, currency, findings)
    for top_up in unit.each_of(TOP_UPS, seller_id):
        _check(f"top_up {top_up.reference}", {top_up.currency}, currency, findings)
    for checkout in unit.each_of(CHECKOUTS, seller_id):
        name = f"checkout {checkout.checkout_id}"
        _check(name, {checkout.currency}, currency, findings)
    for refund in unit.each_of(REFUNDS, seller_id):
        _check(f"refund {refund.refund_id}", {refund.currency}, currency, findings)


def _check(name: str, stored: set[str], currency: str, findings: Findings) -> None:
    findings.check(
        "money_is_the_seller_s_currency",
        name,
        holds=not currency or stored == {currency},
        words=f"in {', '.join(sorted(stored))}, the seller's is {currency}",
    )


def check_split(
    order: Order,
    *,
    goods: Mapping[str, int],
    freight: Mapping[str, int],
    handling: Mapping[str, int],
    findings: Findings,
) -> None:
    """
    Check that a capture went to the accounts that the order says.
    """
    name = order.order_id
    if name in goods or name in freight or name in handling or order.captured_minor:
        findings.equal(
            "capture_is_split_as_paid",
            name,
            stored=(order.goods_minor, order.freight_minor, order.handling_minor),
            computed=(goods.get(name, 0), freight.get(name, 0), handling.get(name, 0)),
        )
