"""
Where a person finds an order: the tabs of the list, as the reference text names them.
"""

import enum

from .kinds import KINDS


class Tab(enum.StrEnum):
    """
    The tabs; every order is in ALL and in one other; REFUNDS is beside.
    """

    ALL = "all"
    UNRECOGNIZED = "unrecognized"
    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_SHIPPING = "awaiting_shipping"
    SHIPPED = "shipped"
    ABNORMAL = "abnormal"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    REFUNDS = "refunds"
    OTHER = "other"


TAB_OF_STATE: dict[str, Tab] = {
    "draft": Tab.OTHER,
    "ignored": Tab.OTHER,
    "unrecognized": Tab.UNRECOGNIZED,
    "awaiting_payment": Tab.AWAITING_PAYMENT,
    "awaiting_shipping": Tab.AWAITING_SHIPPING,
    "partially_shipped": Tab.AWAITING_SHIPPING,
    "shipped": Tab.SHIPPED,
    "receiving": Tab.SHIPPED,
    "fulfilled": Tab.FULFILLED,
    "cancelled": Tab.CANCELLED,
}

LABELS: dict[str, str] = {
    "all": "ALL",
    "unrecognized": "Unrecognized",
    "awaiting_payment": "Awaiting Payment",
    "awaiting_shipping": "Awaiting Shipping",
    "partially_shipped": "Partially Shipped",
    "shipped": "Shipped",
    "receiving": "Receiving",
    "abnormal": "Abnormal",
    "fulfilled": "Fulfilled",
    "cancelled": "Cancelled",
    "refunds": "Refunds",
    "other": "Other Orders",
    "draft": "Draft",
    "ignored": "Ignored",
    **{name: kind.label for name, kind in KINDS.items()},
}
