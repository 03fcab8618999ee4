"""
An attempt after its gateway was asked, and what is left to do.
"""

from ...domain.effects.payments import PaymentAttempt
from ...domain.kernel.values import frozen


@frozen
class TakenUp:
    """
    An attempt that was asked about, or not.

    Attributes:
        is_heard: Whether nothing that its gateway told of it is left to ask: it said
            what there is, or it is asked again by itself.

        failed: Why the gateway said nothing that counts; empty where it did.
    """

    attempt: PaymentAttempt
    is_heard: bool = True
    failed: str = ""


@frozen
class Kept:
    """
    An attempt, as what was said of it is kept.

    Attributes:
        is_begun: Whether that began its next step: who kept it goes on, nobody else.
    """

    attempt: PaymentAttempt
    is_begun: bool = False
