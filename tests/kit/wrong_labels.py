"""
The contract on every wrong seller of labels; `table.py` runs it, and something of each
fails.
"""

from many import on_each
from wrong_label_sellers import WRONG

from sourcehere.testing.kit import LabelsContract, LabelsServer

globals().update(on_each(WRONG, LabelsContract, make_lab=LabelsServer))
