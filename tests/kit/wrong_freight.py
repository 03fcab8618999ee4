"""
The contract on every wrong carrier; `table.py` runs it, and something of each fails.
"""

from many import on_each
from wrong_carriers import WRONG

from sourcehere.testing.kit import CarrierServer, FreightContract

globals().update(on_each(WRONG, FreightContract, make_lab=CarrierServer))
