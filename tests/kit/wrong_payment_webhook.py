"""
The contract of payments' webhooks on every wrong adapter; `table.py` runs it.
"""

from many import on_each
from wrong_payment_webhooks import WRONG

from sourcehere.testing.kit import PaymentWebhookContract, PaymentWebhookServer

globals().update(on_each(WRONG, PaymentWebhookContract, make_lab=PaymentWebhookServer))
