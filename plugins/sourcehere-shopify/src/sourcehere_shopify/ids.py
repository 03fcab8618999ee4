"""
Orders' ids: numbers here, and names of a whole world at Shopify.
"""

import re

from sourcehere.ports.errors import DeclinedError

from .client import PROVIDER

_ID = re.compile("[1-9][0-9]*")  # with zeros in front it would be another's


def is_id(external_id: str) -> bool:
    """
    Tell whether a text can be an order's id.
    """
    return _ID.fullmatch(external_id) is not None


def order_gid(external_id: str) -> str:
    """
    Return how Shopify calls an order.

    Raises:
        DeclinedError: If no order can have that id.
    """
    if not is_id(external_id):
        raise no_such_order(external_id)
    return f"gid://shopify/Order/{external_id}"


def no_such_order(external_id: str) -> DeclinedError:
    """
    Say that the shop has no such order.
    """
    return DeclinedError(provider=PROVIDER, detail=f"there is no order {external_id}")
