"""
The contract of tracking's webhooks on every wrong adapter; `table.py` runs it.
"""

from many import on_each
from wrong_hinters import WRONG

from sourcehere.testing.kit import TrackingServer, TrackingWebhookContract

globals().update(on_each(WRONG, TrackingWebhookContract, make_lab=TrackingServer))
