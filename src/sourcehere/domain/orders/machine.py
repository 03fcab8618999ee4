"""
Every state an order can have, and every move between them, one chart per kind.

Nothing outside this file decides which state follows which. Where the outcome depends
on facts there are two events, and the order chooses: `ship_some` or `ship_rest`.
"""

from ..kernel.machine import State, StateTable


class StoreOrderChart(StateTable):
    """
    An order a shopper placed in a connected store.
    """

    new = State(initial=True)
    unrecognized = State()
    ignored = State()
    awaiting_payment = State()
    awaiting_shipping = State()
    partially_shipped = State()
    shipped = State()
    fulfilled = State(final=True)
    cancelled = State(final=True)

    # The shop's order arrives; whether we can supply it is decided line by line.
    import_paired = new.to(awaiting_payment)
    import_unpaired = new.to(unrecognized)
    # Every line got a product or SKU connection.
    recognize = unrecognized.to(awaiting_payment)
    # The connection was removed, or the platform stopped selling the variant.
    unrecognize = awaiting_payment.to(unrecognized)
    # The seller supplies this one elsewhere, and may change their mind.
    ignore = unrecognized.to(ignored)
    restore = ignored.to(unrecognized)
    cancel = (
        unrecognized.to(cancelled)
        | awaiting_payment.to(cancelled)
        | ignored.to(cancelled)
    )
    # The seller has the goods at their own place: nothing is charged, nothing sent.
    serve = (
        unrecognized.to(cancelled)
        | awaiting_payment.to(cancelled)
        | ignored.to(cancelled)
    )
    # Nobody paid in time.
    expire = awaiting_payment.to(cancelled)
    # Money captured and stock allocated, in the same commit.
    pay = awaiting_payment.to(awaiting_shipping)
    # Whether anything is left to send is a fact, not a move.
    ship_some = awaiting_shipping.to(partially_shipped) | partially_shipped.to(
        partially_shipped
    )
    ship_rest = awaiting_shipping.to(shipped) | partially_shipped.to(shipped)
    # What cannot be sent is refunded.
    short_ship_rest = partially_shipped.to(shipped)
    # Everything is refunded before anything left.
    refund_all = awaiting_shipping.to(cancelled)
    # "Fulfilled" is the seller's word for: the customer has it.
    deliver = shipped.to(fulfilled)
    # Everything was lost on the way, and refunded.
    give_up = shipped.to(cancelled)


class ManualOrderChart(StateTable):
    """
    An order the seller writes: samples, or goods of their own.
    """

    new = State(initial=True)
    draft = State()
    awaiting_payment = State()
    awaiting_shipping = State()
    partially_shipped = State()
    shipped = State()
    fulfilled = State(final=True)
    cancelled = State(final=True)

    # The seller writes it down, then means it.
    create = new.to(draft)
    # A dispute ends with sending units again: nothing is to be paid.
    reship = new.to(awaiting_shipping)
    place = draft.to(awaiting_payment)
    cancel = draft.to(cancelled) | awaiting_payment.to(cancelled)
    expire = awaiting_payment.to(cancelled)
    pay = awaiting_payment.to(awaiting_shipping)
    ship_some = awaiting_shipping.to(partially_shipped) | partially_shipped.to(
        partially_shipped
    )
    ship_rest = awaiting_shipping.to(shipped) | partially_shipped.to(shipped)
    short_ship_rest = partially_shipped.to(shipped)
    refund_all = awaiting_shipping.to(cancelled)
    deliver = shipped.to(fulfilled)
    give_up = shipped.to(cancelled)


class CloudOrderChart(StateTable):
    """
    Goods bought in bulk for the seller's own stock.
    """

    new = State(initial=True)
    draft = State()
    awaiting_payment = State()
    awaiting_shipping = State()
    shipped = State()
    receiving = State()
    fulfilled = State(final=True)
    cancelled = State(final=True)

    create = new.to(draft)
    place = draft.to(awaiting_payment)
    cancel = draft.to(cancelled) | awaiting_payment.to(cancelled)
    expire = awaiting_payment.to(cancelled)
    pay = awaiting_payment.to(awaiting_shipping)
    # The goods are on their way to the cloud warehouse: stock is incoming.
    dispatch = awaiting_shipping.to(shipped)
    # A receipt counted some of them; good units are lots from now on.
    receive_some = shipped.to(receiving) | receiving.to(receiving)
    receive_rest = shipped.to(fulfilled) | receiving.to(fulfilled)
    # What never came is refunded.
    write_off_rest = shipped.to(fulfilled) | receiving.to(fulfilled)
    refund_all = awaiting_shipping.to(cancelled)
    give_up = shipped.to(cancelled)


# States that code outside the charts names one by one.
NEW: str = StoreOrderChart.new.value
UNRECOGNIZED: str = StoreOrderChart.unrecognized.value
AWAITING_PAYMENT: str = StoreOrderChart.awaiting_payment.value
AWAITING_SHIPPING: str = StoreOrderChart.awaiting_shipping.value
PARTIALLY_SHIPPED: str = StoreOrderChart.partially_shipped.value
SHIPPED: str = StoreOrderChart.shipped.value
FULFILLED: str = StoreOrderChart.fulfilled.value
CANCELLED: str = StoreOrderChart.cancelled.value

# States in which a store order can still change with the shop and its connections.
UNPAID_STATES = frozenset({"unrecognized", "awaiting_payment", "ignored"})

# States in which units can still leave in a parcel.
SENDING_STATES = frozenset({AWAITING_SHIPPING, PARTIALLY_SHIPPED})

# States in which goods are on their way to a cloud warehouse, which counts them.
COUNTING_STATES = frozenset({"shipped", "receiving"})

# States in which nothing more happens to an order by itself.
ENDED_STATES = frozenset({FULFILLED, CANCELLED})

# States in which the seller's money has been captured.
PAID_STATES = frozenset(
    {
        "awaiting_shipping",
        "partially_shipped",
        "shipped",
        "receiving",
        "fulfilled",
    }
)
