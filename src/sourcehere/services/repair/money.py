"""
Money: the ledger is the history. A wallet is set to its sums, and a transaction that
nothing explains is answered by one that takes it back.
"""

from ...domain.kernel.ids import CheckoutId
from ...domain.wallet.adjusting import ADJUSTMENT, adjustment_of
from ...domain.wallet.machine import OPEN, PAID, CheckoutChart
from ...domain.wallet.model import Account, Wallet, wallet_change
from ...domain.wallet.moves import PURPOSES
from ...unit.tables.orders import ORDERS
from ...unit.tables.sellers import SELLERS
from ...unit.tables.wallet import CHECKOUTS, LEDGER, LEDGER_OF, PLANS_OF, WALLETS
from ..audit.findings import Violation
from .draft import Draft

# Where one of these is named, the ledger itself is not whole.
_LEDGER = (
    "ledger_balanced",
    "ledger_moves_as_its_purpose",
    "capture_booked",
    "capture_is_split_as_paid",
    "refund_booked",
    "top_up_booked",
    "goodwill_booked",
    "withdrawal_booked",
    "chargeback_booked",
)


def _sums(draft: Draft) -> dict[str, int]:
    """
    Add up the ledger, by account.
    """
    stored = draft.once(
        "ledger",
        lambda unit: unit.session.totals(
            LEDGER_OF.index, (draft.seller_id,), by=["account"], column="amount_minor"
        ),
    )
    sums = {str(account): amount for (account,), amount in stored.items()}
    for entry in draft.put_into(LEDGER):
        sums[entry.account] = sums.get(entry.account, 0) + entry.amount_minor
    return sums


def set_wallet(draft: Draft, _: Violation) -> None:
    """
    Set the wallet to the sums of a ledger that is whole.
    """
    if draft.names(*_LEDGER):
        return
    sums = _sums(draft)
    draft.change(
        WALLETS,
        (),
        available=sums.get(Account.WALLET_AVAILABLE, 0),
        held=sums.get(Account.WALLET_HELD, 0),
        debt=sums.get(Account.SELLER_DEBT, 0),
    )


def make_wallet(draft: Draft, _: Violation) -> None:
    """
    Make a wallet that is gone, of the ledger; whether the ledger is whole is seen when
    there is one.
    """
    seller = draft.mine(SELLERS)
    if seller is None or draft.mine(WALLETS) is not None:
        return
    sums = _sums(draft)
    draft.put(
        WALLETS,
        Wallet(
            seller_id=draft.seller_id,
            currency=seller.currency,
            available=sums.get(Account.WALLET_AVAILABLE, 0),
            held=sums.get(Account.WALLET_HELD, 0),
            debt=sums.get(Account.SELLER_DEBT, 0),
        ),
    )


def take_back(draft: Draft, violation: Violation) -> None:
    """
    Answer a transaction of no known purpose by one that takes it back, in the wallet
    too where it was there.
    """
    name = violation.subject
    entries = draft.all_under(LEDGER, name)
    known = {*PURPOSES, ADJUSTMENT}
    if not entries or any(entry.purpose in known for entry in entries):
        return
    made = adjustment_of(entries, at=draft.unit.now)
    wallet = draft.mine(WALLETS)
    booked = _sums(draft).get(Account.WALLET_AVAILABLE, 0)
    change = wallet_change(made)
    after = booked + change.get("available", 0)
    if wallet is None or wallet.available not in (booked, after) or after < 0:
        return  # it was spent, or nobody knows: a person asks for it
    for entry in made:
        draft.put(LEDGER, entry)
    if wallet.available != after:
        columns = {n: getattr(wallet, n) + amount for n, amount in change.items()}
        draft.change(WALLETS, (), **columns)


def set_currency(draft: Draft, violation: Violation) -> None:
    """
    Set the currency of a wallet or a checkout to that of everything else.
    """
    kind, _, name = violation.subject.partition(" ")
    seller = draft.mine(SELLERS)
    if seller is None:
        return
    used = draft.unit.session.totals(
        LEDGER_OF.index, (draft.seller_id,), by=["currency"], column=""
    )
    if used.keys() - {(seller.currency,)}:
        return
    if kind == "wallet":
        draft.change(WALLETS, (), currency=seller.currency)
    elif kind == "checkout":
        draft.change(CHECKOUTS, (name,), currency=seller.currency)


def follow_orders(draft: Draft, violation: Violation) -> None:
    """
    Set the state of a checkout to how far its orders are paid by it.
    """
    name = CheckoutId(violation.subject)
    checkout = draft.mine(CHECKOUTS, name)
    plans = draft.all_of(PLANS_OF, name)
    if checkout is None or not plans or checkout.orders != len(plans):
        return
    paid = 0
    for plan in plans:
        order = draft.mine(ORDERS, plan.order_id)
        if order is None:
            return
        draft.rely(ORDERS, plan.order_id)
        paid += order.checkout_id == name
    state = PAID if paid == len(plans) else OPEN
    if state == OPEN and checkout.expires_at < draft.unit.now:
        state = CheckoutChart.expired.value
    draft.change(CHECKOUTS, (name,), state=state)


def add_up_plans(draft: Draft, violation: Violation) -> None:
    """
    Set the total of a checkout to that of its orders, where all of these are there.
    """
    checkout = draft.mine(CHECKOUTS, violation.subject)
    plans = draft.all_of(PLANS_OF, violation.subject)
    if checkout is None or checkout.orders != len(plans):
        return
    if draft.names("paid_is_what_was_offered"):
        return
    draft.change(
        CHECKOUTS, (violation.subject,), total_minor=sum(p.total_minor for p in plans)
    )
