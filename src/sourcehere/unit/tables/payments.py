"""
Money that gateways move: attempts, what banks took back, and what gateways tell.
"""

from ...domain.effects.payment_facts import ChargebackTaken, PaymentHint
from ...domain.effects.payment_stages import PaymentStage
from ...domain.effects.payments import PaymentAttempt
from ...ports.storage import Check
from ..records import Records

PAYMENTS = Records(
    "payment_attempt",
    PaymentAttempt,
    key=["seller_id", "attempt_id"],
    derived=[("stage", PaymentStage)],
    checks=[Check(0, "returned_minor"), Check("returned_minor", "done_minor")],
)
PAYMENTS_OF = PAYMENTS.way("of_seller", equal=["seller_id"], order=["attempt_id"])
# Those that are to pay a checkout still, which are few.
PAYMENTS_PAYING = PAYMENTS.way(
    "paying", equal=["seller_id", "pays"], order=["attempt_id"]
)
PAYMENTS_BY_ID = PAYMENTS.way("by_id", equal=["attempt_id"])
PAYMENTS_BY_STAGE = PAYMENTS.way(
    "by_stage", equal=["stage"], order=["next_at", "seller_id", "attempt_id"]
)
PAYMENTS_BY_GATEWAY_ID = PAYMENTS.way(
    "by_gateway_id", equal=["connection", "gateway_id"], order=["attempt_id"]
)
# A return names its capture there.
PAYMENTS_BY_AUTHORIZATION = PAYMENTS.way(
    "by_authorization",
    equal=["connection", "authorization_id"],
    order=["attempt_id"],
    found_if="authorization_id",
)
CHARGEBACKS = Records("chargeback", ChargebackTaken, key=["seller_id", "chargeback_id"])
CHARGEBACKS_OF = CHARGEBACKS.way(
    "of_attempt", equal=["seller_id", "attempt_id"], order=["chargeback_id"]
)
CHARGEBACKS_BY_GATEWAY_ID = CHARGEBACKS.way(
    "by_gateway_id", equal=["connection", "gateway_id"], order=["chargeback_id"]
)
PAYMENT_HINTS = Records("payment_hint", PaymentHint, key=["connection", "reference"])
PAYMENT_HINTS_OF = PAYMENT_HINTS.way(
    "of_connection", equal=["connection"], order=["told_at", "reference"]
)

RECORDS = (PAYMENTS, CHARGEBACKS, PAYMENT_HINTS)
