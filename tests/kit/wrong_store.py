"""
The contract on every wrong adapter; `table.py` runs it, and something of each fails.
"""

from many import on_each
from wrong_shops import WRONG

from sourcehere.testing.kit import ServerLab, StoreContract

globals().update(on_each(WRONG, StoreContract, make_lab=ServerLab))
