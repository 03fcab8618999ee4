"""
What a gateway is asked for, and what can become of it.
"""

import enum


class PaymentStep(enum.StrEnum):
    """
    What a gateway is asked for: a top-up is authorized and then captured.
    """

    AUTHORIZE = "authorize"
    CAPTURE = "capture"
    REFUND = "refund"


class PaymentStage(enum.StrEnum):
    """
    What has become of an attempt.
    """

    PLANNED = "planned"  # nothing happened yet: the gateway asked for patience
    SENDING = "sending"  # the gateway is being asked
    UNKNOWN = "unknown"  # nobody knows what happened; it is asked again
    PENDING = "pending"  # the gateway waits for the payer, or the bank
    MANUAL = "manual"  # only a person can find out
    DECLINED = "declined"  # a definite no, or staff say so
    ABSENT = "absent"  # the gateway knows of none
    CAPTURED = "captured"  # the money is in the wallet, or has paid
    RETURNED = "returned"  # the money went back to its source


# Stages in which a worker has something to do; a capture may be taken back later.
DUE_STAGES = (
    PaymentStage.PLANNED,
    PaymentStage.SENDING,
    PaymentStage.UNKNOWN,
    PaymentStage.PENDING,
    PaymentStage.CAPTURED,
)
OPEN_STAGES = (
    PaymentStage.MANUAL,
    PaymentStage.PLANNED,
    PaymentStage.SENDING,
    PaymentStage.UNKNOWN,
    PaymentStage.PENDING,
)


class PaymentDecision(enum.StrEnum):
    """
    What a person found out about an attempt, at the gateway.
    """

    HAPPENED = "happened"  # the money moved, as much as is said
    DID_NOT_HAPPEN = "did_not_happen"  # it did not, and never will
