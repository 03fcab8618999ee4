"""
What a gateway calls what it reserved or moved: what has the name of another attempt's
was reserved or moved for that one, and does not count once more.
"""

from collections.abc import Iterable

from ...domain.effects.payment_stages import PaymentStep
from ...domain.effects.payments import PaymentAttempt
from ...ports.errors import ProtocolError
from ...unit.base import Unit
from ...unit.tables.payments import PAYMENTS_BY_AUTHORIZATION, PAYMENTS_BY_GATEWAY_ID


class NamedTwiceError(ProtocolError):
    """
    A gateway says that it reserved or moved what it did for another attempt, by its
    name.
    """

    def __init__(self, attempt: PaymentAttempt, gateway_id: str) -> None:
        super().__init__(
            provider=attempt.connection,
            field="payment.gateway_id",
            value=gateway_id,
            detail=f"{gateway_id!r} is the name of another payment",
        )
        self.connection = attempt.connection


def require_its_own(unit: Unit, attempt: PaymentAttempt, gateway_id: str) -> None:
    """
    Refuse to count for an attempt what is another's by the gateway's name.

    Raises:
        NamedTwiceError: If it is.
    """
    if namesake(unit, attempt, gateway_id) is not None:
        raise NamedTwiceError(attempt, gateway_id)


def namesake(
    unit: Unit, attempt: PaymentAttempt, gateway_id: str
) -> PaymentAttempt | None:
    """
    Return the other attempt of which a gateway said that this is its name, whoever's it
    is; None where there is none.
    """
    is_reserved = attempt.step is PaymentStep.AUTHORIZE
    by_name = PAYMENTS_BY_AUTHORIZATION if is_reserved else PAYMENTS_BY_GATEWAY_ID
    found = unit.find(by_name, [(attempt.connection, gateway_id)])
    return next(iter(_others(attempt, found)), None)


def _others(
    attempt: PaymentAttempt, found: Iterable[PaymentAttempt]
) -> list[PaymentAttempt]:
    """
    Return those of *found* that moved money in the same direction: a gateway may call a
    return as it calls the capture.
    """
    is_return = attempt.step is PaymentStep.REFUND
    return [
        other
        for other in found
        if other.attempt_id != attempt.attempt_id
        and (other.step is PaymentStep.REFUND) is is_return
    ]
