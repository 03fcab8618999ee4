"""
The contract on every wrong adapter; `table.py` runs it, and something of each fails.
"""

from hypothesis import Phase, settings
from wrong_shops import WRONG

from sourcehere.testing.kit import StoreContract
from sourcehere.testing.kit.server import ServerLab

# That one history fails is enough, however long it is.
settings.register_profile("table", derandomize=True, phases=[Phase.generate])
settings.load_profile("table")


def contract_on(wrong):
    """
    Make the test class of a wrong adapter.
    """
    make_lab = lambda _: ServerLab(wrong)  # noqa: E731 - a method
    return type(f"Test{wrong.__name__}", (StoreContract,), {"make_lab": make_lab})


globals().update({f"Test{wrong.__name__}": contract_on(wrong) for wrong in WRONG})
