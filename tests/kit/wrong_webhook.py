"""
The contract on every wrong adapter; `table.py` runs it, and something of each fails.
"""

from many import on_each
from wrong_webhooks import WRONG

from sourcehere.testing.kit import WebhookContract, WebhookServer

globals().update(on_each(WRONG, WebhookContract, make_lab=WebhookServer))
