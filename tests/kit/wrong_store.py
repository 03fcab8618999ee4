"""
The contract on every wrong adapter; `table.py` runs it, and something of each fails.
"""

import wrong_correctors
import wrong_readers
import wrong_tellers
from many import on_each

from sourcehere.testing.kit import ServerLab, StoreContract

WRONG = (*wrong_readers.WRONG, *wrong_tellers.WRONG, *wrong_correctors.WRONG)
globals().update(on_each(WRONG, StoreContract, make_lab=ServerLab))
