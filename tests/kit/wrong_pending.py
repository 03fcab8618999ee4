"""
The contract of payments that wait on every wrong gateway; `table.py` runs it.
"""

from many import on_each
from wrong_waiting import WRONG

from sourcehere.testing.kit import GatewayServer, PendingContract

globals().update(on_each(WRONG, PendingContract, make_lab=GatewayServer))
