"""
The contract on every wrong adapter; `table.py` runs it, and something of each fails.
"""

from many import on_each
from wrong_cancels import WRONG

from sourcehere.testing.kit import CancelContract, ServerLab

globals().update(on_each(WRONG, CancelContract, make_lab=ServerLab))
