"""
Money: wallets, the ledger, checkouts, refunds.
"""

from ...domain.wallet.goodwill import Goodwill
from ...domain.wallet.model import (
    Checkout,
    LedgerEntry,
    OrderPlan,
    PayOut,
    Refund,
    TopUp,
    Wallet,
)
from ...ports.storage import Check
from ..records import Records

WALLETS = Records(
    "wallet",
    Wallet,
    key=["seller_id"],
    checks=[Check(0, "available"), Check(0, "held")],
)
LEDGER = Records(
    "ledger_entry", LedgerEntry, key=["seller_id", "transaction_id", "entry"]
)
LEDGER_OF = LEDGER.way(
    "of_seller", equal=["seller_id"], order=["transaction_id", "entry"]
)
TOP_UPS = Records("top_up", TopUp, key=["seller_id", "reference"])
TOP_UPS_NAMED = TOP_UPS.way("named", equal=["reference"], order=["seller_id"])
PAY_OUTS = Records("pay_out", PayOut, key=["seller_id", "reference"])
PAY_OUTS_NAMED = PAY_OUTS.way("named", equal=["reference"], order=["seller_id"])
GOODWILLS = Records("goodwill", Goodwill, key=["seller_id", "reference"])
GOODWILLS_OF = GOODWILLS.way(
    "of_seller", equal=["seller_id"], order=["given_at", "reference"]
)
GOODWILLS_OF_ORDER = GOODWILLS.way(
    "of_order", equal=["seller_id", "order_id"], order=["given_at", "reference"]
)
CHECKOUTS = Records("checkout", Checkout, key=["seller_id", "checkout_id"])
CHECKOUTS_DUE = CHECKOUTS.way("due", equal=["state"], order=["expires_at"])
ORDER_PLANS = Records(
    "checkout_order", OrderPlan, key=["seller_id", "checkout_id", "position"]
)
PLANS_OF = ORDER_PLANS.way(
    "of_checkout", equal=["seller_id", "checkout_id"], order=["position"]
)
REFUNDS = Records("refund", Refund, key=["seller_id", "refund_id"])
REFUNDS_OF = REFUNDS.way(
    "of_order", equal=["seller_id", "order_id"], order=["refund_id"]
)

RECORDS = (
    WALLETS,
    LEDGER,
    TOP_UPS,
    PAY_OUTS,
    GOODWILLS,
    CHECKOUTS,
    ORDER_PLANS,
    REFUNDS,
)
