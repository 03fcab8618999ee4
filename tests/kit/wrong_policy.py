"""
The contract on every wrong policy; `table.py` runs it, and something of each fails.
"""

from many import on_each
from wrong_policies import WRONG

from sourcehere.testing.kit import PolicyContract

globals().update(on_each(WRONG, PolicyContract, make_policy=lambda wrong: wrong()))
