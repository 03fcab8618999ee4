"""
The contract on every wrong adapter; `table.py` runs it, and something of each fails.
"""

import wrong_listers
import wrong_variants
from many import on_each

from sourcehere.testing.kit import ProductsContract, ProductServer

WRONG = (*wrong_listers.WRONG, *wrong_variants.WRONG)
globals().update(on_each(WRONG, ProductsContract, make_lab=ProductServer))
