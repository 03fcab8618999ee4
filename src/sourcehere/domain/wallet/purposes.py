"""
What a transaction of the ledger is for, beside top-ups and refunds.
"""

CAPTURE = "capture"  # an order was paid
SUPPLEMENT = "supplement"  # and more of its freight, to a dearer address
WITHDRAWAL = "withdrawal"  # held, to go back to its source
WITHDRAWN = "withdrawn"  # it went
WITHDRAWAL_FAILED = "withdrawal_failed"  # it did not, and is available again
WITHDRAWN_LATE = "withdrawn_late"  # it went all the same
WITHDRAWAL_BOUNCED = "withdrawal_bounced"  # it went, and did not arrive
CHARGEBACK = "chargeback"  # the payer's bank took it back
CHARGEBACK_WON = "chargeback_won"  # and gave it back
DEBT = "debt"  # what arrived settled what was owed
TOP_UP_LOWERED = "top_up_lowered"  # less had arrived than was recorded
PAID_OUT = "paid_out"  # a bank transfer to the seller
GOODWILL = "goodwill"  # given of our own accord
GOODWILL_TAKEN_BACK = "goodwill_taken_back"

OF_ORDERS = frozenset({CAPTURE, SUPPLEMENT})  # their reference is the order
OF_WITHDRAWALS = frozenset(
    {WITHDRAWAL, WITHDRAWN, WITHDRAWAL_FAILED, WITHDRAWN_LATE, WITHDRAWAL_BOUNCED}
)
OF_GOODWILL = frozenset({GOODWILL, GOODWILL_TAKEN_BACK})
OF_CHARGEBACKS = frozenset({CHARGEBACK, CHARGEBACK_WON})
# Money that is gone, or never was; what was spent of it is owed.
OF_LOSSES = (CHARGEBACK, WITHDRAWN_LATE, TOP_UP_LOWERED)
