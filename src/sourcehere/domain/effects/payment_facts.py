"""
What gateways tell beside the answers to what they are asked for.
"""

from datetime import datetime

from ..kernel.ids import PaymentAttemptId, SellerId
from ..kernel.values import frozen


@frozen(kw_only=True)
class ChargebackTaken:
    """
    Money of a capture that the payer's bank took back.

    Attributes:
        chargeback_id: Of our own making: the connection, and the gateway's names of the
            capture and of it, which may be unique within the capture only.

        amount_minor: What is gone now; nothing once the bank gave it back.
    """

    seller_id: SellerId
    chargeback_id: str
    attempt_id: PaymentAttemptId
    connection: str
    gateway_id: str
    amount_minor: int
    currency: str
    taken_at: datetime
    told_at: datetime
    changed_at: datetime


@frozen(kw_only=True)
class PaymentHint:
    """
    A payment of which a gateway said by itself that something happened: asked next.

    Attributes:
        told_at: When it said so; where it did not answer when it was asked, when it is
            asked again.
    """

    connection: str
    reference: str
    told_at: datetime
