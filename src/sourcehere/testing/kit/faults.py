"""
How a connection fails, as an adapter meets it.
"""

import enum


class WireFault(enum.Enum):
    """
    What happens to one request, on its way or in the shop.

    `AFTER` is the one that costs money: the request had its effect and its answer was
    lost, so that it must be told as unknown and never as refused.
    """

    BEFORE = "before"  # the line broke before the request had an effect
    AFTER = "after"  # it had its effect, and the line broke before the answer
    DOWN = "down"  # an answer such as 503, without effect
    THROTTLED = "throttled"  # an answer such as 429, without effect: come back later
    UNAUTHORIZED = "unauthorized"  # an answer such as 401, without effect
    GARBAGE = "garbage"  # it had its effect, and the answer makes no sense
    TRUNCATED = "truncated"  # it had its effect, and half of the answer came


# What had its effect although the caller learned nothing of it.
WITH_EFFECT = frozenset({WireFault.AFTER, WireFault.GARBAGE, WireFault.TRUNCATED})
