"""
A contract on many adapters, a test class each.
"""

from hypothesis import Phase, settings

# That one history fails is enough, however long it is.
settings.register_profile(
    "table", derandomize=True, phases=[Phase.generate], max_examples=30
)
settings.load_profile("table")


def on_each(wrongs, contract, **make):
    """
    Make the test classes, by name.

    Args:
        make: The contract's method -> what makes its answer of a wrong adapter.
    """
    ((method, made),) = make.items()

    def testing(wrong):
        # A few histories are enough to find what a whole contract looks for.
        own = {method: lambda _: made(wrong), "examples": 5}
        return type(f"Test{wrong.__name__}", (contract,), own)

    return {f"Test{wrong.__name__}": testing(wrong) for wrong in wrongs}
