"""
The contract on every wrong policy; `table.py` runs it, and something of each fails.
"""

from hypothesis import Phase, settings
from wrong_policies import WRONG

from sourcehere.testing.kit import PolicyContract

# That one order fails is enough, however large it is.
settings.register_profile(
    "few", derandomize=True, phases=[Phase.generate], max_examples=30
)
settings.load_profile("few")


def contract_on(wrong):
    """
    Make the test class of a wrong policy.
    """
    make_policy = lambda _: wrong()  # noqa: E731 - a method
    return type(
        f"Test{wrong.__name__}", (PolicyContract,), {"make_policy": make_policy}
    )


globals().update({f"Test{wrong.__name__}": contract_on(wrong) for wrong in WRONG})
