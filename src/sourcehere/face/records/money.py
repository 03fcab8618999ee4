"""
Money as sellers see it: balances, the ledger, offers, payments, refunds.
"""

from collections.abc import Mapping
from datetime import datetime

from ...domain.kernel.errors import SourceHereError
from ...domain.kernel.ids import CheckoutId, OrderId, RefundId, SellerId
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...domain.wallet.model import LedgerEntry, OrderPlan, Refund, Wallet
from ...services.paying import checkouts, paying


@frozen(kw_only=True)
class Balance:
    """
    What a seller's wallet holds.

    Attributes:
        available: What can be spent.

        held: Refunds to a source that are on their way.

        debt: What the seller owes, such as after a chargeback.
    """

    seller_id: SellerId
    currency: str
    available: Money
    held: Money
    debt: Money


def balance_of(wallet: Wallet) -> Balance:
    """
    Return the balances of *wallet* as money.
    """
    return Balance(
        seller_id=wallet.seller_id,
        currency=wallet.currency,
        available=Money(wallet.available, wallet.currency),
        held=Money(wallet.held, wallet.currency),
        debt=Money(wallet.debt, wallet.currency),
    )


@frozen(kw_only=True)
class LedgerLine:
    """
    One side of a transaction in the ledger; the sides of one sum to zero.

    Attributes:
        account: Such as `wallet_available`, `goods` or `freight`.

        purpose: `top_up`, `capture` or `refund`; `adjustment` where a repair took back
            a transaction that nothing explains.

        reference: The order, top-up, refund or transaction it is about.
    """

    transaction_id: str
    entry: int
    account: str
    amount: Money
    purpose: str
    reference: str
    booked_at: datetime


def ledger_line_of(entry: LedgerEntry) -> LedgerLine:
    """
    Return *entry* with its amount as money.
    """
    return LedgerLine(
        transaction_id=entry.transaction_id,
        entry=entry.entry,
        account=entry.account,
        amount=Money(entry.amount_minor, entry.currency),
        purpose=entry.purpose,
        reference=entry.reference,
        booked_at=entry.booked_at,
    )


@frozen(kw_only=True)
class OfferedItem:
    """
    What one item of an offered order costs, and how much of it is in stock.
    """

    item_id: str
    unit_price: Money
    quantity: int
    quantity_from_lots: int


@frozen(kw_only=True)
class OfferedOrder:
    """
    One order of an offer: what it costs, and how it travels.

    Attributes:
        method: The shipping method; empty where nothing goes to a customer.

        connection: Name of the freight connection that offers it.

        days_min, days_max: On the way, as the carrier says.

        reasons: Item -> why the seller's stock does not serve it in full.
    """

    order_id: OrderId
    goods: Money
    freight: Money
    handling: Money
    total: Money
    method: str
    days_min: int
    days_max: int
    chargeable_grams: int
    items: tuple[OfferedItem, ...]
    reasons: Mapping[str, str]
    connection: str


@frozen(kw_only=True)
class Offer:
    """
    What orders cost together, and until when; pass it to `checkouts.pay` to agree.

    Attributes:
        orders: In the order asked.

        refused: Order -> why it could not be priced; only where asked per order.
    """

    checkout_id: CheckoutId
    currency: str
    total: Money
    expires_at: datetime
    orders: tuple[OfferedOrder, ...]
    refused: Mapping[str, SourceHereError]


def offer_of(offer: checkouts.Offer) -> Offer:
    """
    Return *offer* with its amounts as money.
    """
    return Offer(
        checkout_id=offer.checkout_id,
        currency=offer.currency,
        total=Money(offer.total_minor, offer.currency),
        expires_at=offer.expires_at,
        orders=tuple(_offered(plan, offer.currency) for plan in offer.plans),
        refused=offer.refused,
    )


def _offered(plan: OrderPlan, currency: str) -> OfferedOrder:
    return OfferedOrder(
        order_id=plan.order_id,
        goods=Money(plan.goods_minor, currency),
        freight=Money(plan.freight_minor, currency),
        handling=Money(plan.handling_minor, currency),
        total=Money(plan.total_minor, currency),
        method=plan.method,
        days_min=plan.days_min,
        days_max=plan.days_max,
        chargeable_grams=plan.chargeable_grams,
        items=tuple(
            OfferedItem(
                item_id=item.item_id,
                unit_price=Money(item.unit_minor, currency),
                quantity=item.quantity,
                quantity_from_lots=item.quantity_from_lots,
            )
            for item in plan.items
        ),
        reasons=plan.reasons,
        connection=plan.connection,
    )


@frozen(kw_only=True)
class Payment:
    """
    What was paid.

    Attributes:
        paid: Order -> what was captured for it.

        failed: Order -> why it was not paid; only where asked per order.
    """

    checkout_id: CheckoutId
    total: Money
    paid: Mapping[str, Money]
    failed: Mapping[str, SourceHereError]


def payment_of(
    payment: paying.Payment, checkout_id: CheckoutId, currency: str
) -> Payment:
    """
    Return *payment* with its amounts as money.
    """
    return Payment(
        checkout_id=checkout_id,
        total=Money(payment.total_minor, currency),
        paid={name: Money(minor, currency) for name, minor in payment.paid.items()},
        failed=payment.failed,
    )


@frozen(kw_only=True)
class RefundedUnits:
    """
    Units that were refunded, and against which order's payment.

    Attributes:
        captured_by: The order whose payment pays them back: this one, or the
            cloud-warehouse order that bought the stock.
    """

    item_id: str
    quantity: int
    amount: Money
    captured_by: OrderId
    lot_id: str


@frozen(kw_only=True)
class RefundView:
    """
    Money that went back, or will.

    Attributes:
        state: Only `succeeded` counts.

        reason: `cancelled`, `short`, `units`, `written_off`, `dispute` ...

        dispute_id: The dispute it ends; empty where there is none.
    """

    refund_id: RefundId
    order_id: OrderId
    dispute_id: str
    state: str
    target: str
    reason: str
    amount: Money
    freight: Money
    items: tuple[RefundedUnits, ...]
    decided_at: datetime


def refund_of(refund: Refund) -> RefundView:
    """
    Return *refund* with its amounts as money.
    """
    currency = refund.currency
    return RefundView(
        refund_id=refund.refund_id,
        order_id=refund.order_id,
        dispute_id=refund.dispute_id,
        state=refund.state,
        target=refund.target,
        reason=refund.reason,
        amount=Money(refund.amount_minor, currency),
        freight=Money(refund.freight_minor, currency),
        items=tuple(
            RefundedUnits(
                item_id=item.item_id,
                quantity=item.quantity,
                amount=Money(item.amount_minor, currency),
                captured_by=item.captured_by,
                lot_id=item.lot_id,
            )
            for item in refund.items
        ),
        decided_at=refund.decided_at,
    )
