"""
The contract on every wrong adapter; `table.py` runs it, and something of each fails.
"""

from many import on_each
from wrong_stocks import WRONG

from sourcehere.testing.kit import StockContract, StockServer

globals().update(on_each(WRONG, StockContract, make_lab=StockServer))
