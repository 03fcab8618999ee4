"""
The contract on every wrong carrier; `table.py` runs it, and something of each fails.
"""

from wrong_carriers import WRONG

from sourcehere.testing.kit import FreightContract
from sourcehere.testing.kit.carrier_server import CarrierServer


def contract_on(wrong):
    """
    Make the test class of a wrong carrier.
    """
    make_lab = lambda _: CarrierServer(wrong)  # noqa: E731 - a method
    return type(f"Test{wrong.__name__}", (FreightContract,), {"make_lab": make_lab})


globals().update({f"Test{wrong.__name__}": contract_on(wrong) for wrong in WRONG})
