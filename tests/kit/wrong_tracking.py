"""
The contract on every wrong tracker; `table.py` runs it, and something of each fails.
"""

from many import on_each
from wrong_trackers import WRONG

from sourcehere.testing.kit import TrackingContract, TrackingServer

globals().update(on_each(WRONG, TrackingContract, make_lab=TrackingServer))
