"""
Why an order is cancelled in the shop that it came from.
"""

import enum


class ShopCancelReason(enum.StrEnum):
    """
    What the shop is told of why; each platform has words for most of them.
    """

    CUSTOMER = "customer"  # changed their mind
    INVENTORY = "inventory"  # there is nothing to send
    FRAUD = "fraud"
    DECLINED = "declined"  # the payment was
    STAFF = "staff"  # somebody made a mistake
    OTHER = "other"
