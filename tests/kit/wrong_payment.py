"""
The contract on every wrong gateway; `table.py` runs it, and something of each fails.
"""

from many import on_each
from wrong_gateways import WRONG

from sourcehere.testing.kit import GatewayServer, PaymentContract

globals().update(on_each(WRONG, PaymentContract, make_lab=GatewayServer))
