"""
Money as sellers see it: balances, the ledger, offers, payments, refunds.
"""

from collections.abc import Mapping
from datetime import datetime

from ...domain.freight.estimate import DaysSaved, compare
from ...domain.freight.handling import Source
from ...domain.freight.model import DeliveryEstimate
from ...domain.kernel.errors import SourceHereError
from ...domain.kernel.ids import CheckoutId, OrderId, RefundId, SellerId
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...domain.wallet.model import (
    LedgerEntry,
    OrderPlan,
    PlannedArrival,
    Refund,
    Wallet,
)
from ...services.paying import checkouts, paying
from .planned import ParcelPlan, parcel_plans_of


@frozen(kw_only=True)
class Balance:
    """
    What a seller's wallet holds.

    Attributes:
        available: What can be spent.

        held: On its way back to its source.

        debt: What the seller owes, such as after a chargeback: nothing is available
            then, and what arrives settles it first.
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
        debt=Money(-wallet.debt, wallet.currency),
    )


@frozen(kw_only=True)
class LedgerLine:
    """
    One side of a transaction in the ledger; the sides of one sum to zero.

    Attributes:
        account: Such as `wallet_available`, `goods` or `freight`.

        purpose: `top_up`, `capture` or `refund`; `supplement` where a paid order went
            to an address that its freight is dearer to; `withdrawal`, and how it ended:
            `withdrawn`, `withdrawal_failed`, `withdrawn_late` where it went after all,
            `withdrawal_bounced` where it did not arrive; `chargeback` and
            `chargeback_won`; `debt` where one was settled; `top_up_lowered` where less
            had arrived than was recorded; `paid_out` by a bank transfer; `goodwill`
            that staff gave, and `goodwill_taken_back`; `adjustment` where a repair took
            back a transaction that nothing explains.

        reference: The order, top-up, refund, attempt, chargeback, transfer, goodwill or
            transaction it is about.

        order_id: The order that a capture, a supplement, a refund or goodwill is about;
            of a refund the one whose units it is of, also where units from stock are
            paid back by the order that bought them. Empty where it is about none.
    """

    transaction_id: str
    entry: int
    account: str
    amount: Money
    purpose: str
    reference: str
    order_id: str
    booked_at: datetime


def ledger_line_of(entry: LedgerEntry, order_id: str) -> LedgerLine:
    """
    Return *entry* with its amount as money, and the order that it is about.
    """
    return LedgerLine(
        transaction_id=entry.transaction_id,
        entry=entry.entry,
        account=entry.account,
        amount=Money(entry.amount_minor, entry.currency),
        purpose=entry.purpose,
        reference=entry.reference,
        order_id=order_id,
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
class Arrival:
    """
    When an order arrives from one source, if it is paid on the day of the offer.

    Attributes:
        source: What it draws on: `cloud` for the seller's stock in the cloud warehouse,
            `direct` for goods that are bought for it, `partly` for both, which arrive
            with the slower part.

        country: Where the stock is; the origin (`Settings.origin`) for `direct`.

        method: How it travels from there.

        freight: What that costs.
    """

    source: Source
    country: str
    method: str
    freight: Money
    estimate: DeliveryEstimate


@frozen(kw_only=True)
class OfferedOrder:
    """
    One order of an offer: what it costs, how it travels, and when it arrives.

    Attributes:
        method: The shipping method; empty where nothing goes to a customer.

        connection: Name of the freight connection that offers it.

        days_min, days_max: On the way, as the carrier says.

        parcels: Where it travels in several, each with its price, which add up to the
            freight; empty where it travels in one.

        reasons: Item -> why the seller's stock does not serve it in full.

        arrival: When it arrives as it will be sent; None where nothing goes to a
            customer, or no estimate can be made (`calendar` is not installed).

        other_arrival: When it would arrive from the other source: all of it from the
            cloud warehouse, or, where that is offered, sourced directly. None where no
            cloud warehouse delivers to the country, or no carrier takes it from there.

        days_saved: How many days earlier all of it arrives from the cloud warehouse.
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
    parcels: tuple[ParcelPlan, ...]
    items: tuple[OfferedItem, ...]
    reasons: Mapping[str, str]
    connection: str
    arrival: Arrival | None
    other_arrival: Arrival | None
    days_saved: DaysSaved | None


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
    arrivals = [arrival_of(planned, currency) for planned in plan.arrivals]
    arrival, other, *_ = [*arrivals, None, None]
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
        parcels=parcel_plans_of(plan.contents.parcels, currency),
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
        arrival=arrival,
        other_arrival=other,
        days_saved=days_saved_by(arrival, other),
    )


def arrival_of(planned: PlannedArrival, currency: str) -> Arrival:
    """
    Return *planned* with its freight as money.
    """
    return Arrival(
        source=Source(planned.source),
        country=planned.country,
        method=planned.method,
        freight=Money(planned.freight_minor, currency),
        estimate=DeliveryEstimate(
            planned.earliest, planned.latest, planned.provisional
        ),
    )


def days_saved_by(arrival: Arrival | None, other: Arrival | None) -> DaysSaved | None:
    """
    Return how many days earlier that of the two from the cloud warehouse is.
    """
    if arrival is None or other is None:
        return None
    cloud, direct = arrival.estimate, other.estimate
    if arrival.source is not Source.CLOUD:
        cloud, direct = direct, cloud
    return compare(cloud=cloud, direct=direct).days_saved


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
    Money that went back, or will, as one of the orders lists that it counts for.

    Attributes:
        order_id: The order whose units it is of.

        state: Only `succeeded` counts.

        reason: `cancelled`, `short`, `units`, `written_off`, `dispute`, `address` ...

        dispute_id: The dispute it ends; empty where there is none.

        amount: All of it.

        amount_here: What counts as refunded of the order that lists it, and adds up to
            what that order says: of units from stock what they cost counts for the
            order that bought them, which lists the refund, too.

        freight: Freight and handling of the order whose units it is of; its story says
            how much is which.
    """

    refund_id: RefundId
    order_id: OrderId
    dispute_id: str
    state: str
    target: str
    reason: str
    amount: Money
    amount_here: Money
    freight: Money
    items: tuple[RefundedUnits, ...]
    decided_at: datetime


def refund_of(refund: Refund, listed_by: str) -> RefundView:
    """
    Return *refund* with its amounts as money, as the order *listed_by* shows it.
    """
    currency = refund.currency
    parts = (p.amount_minor for p in refund.items if p.captured_by == listed_by)
    freight = refund.freight_minor if refund.order_id == listed_by else 0
    return RefundView(
        refund_id=refund.refund_id,
        order_id=refund.order_id,
        dispute_id=refund.dispute_id,
        state=refund.state,
        target=refund.target,
        reason=refund.reason,
        amount=Money(refund.amount_minor, currency),
        amount_here=Money(sum(parts) + freight, currency),
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
