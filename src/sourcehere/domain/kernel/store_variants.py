"""
By what a variant that a shop sells is known: its SKU, or the shop's own ids.

A key is a SKU as it is compared, or one of the ids behind a word. No SKU is ever equal
to the latter: they begin with a space, and a SKU that is compared never does.

What has neither, such as an item that a merchant typed into one order, is a variant of
its own: its line's.
"""

import hashlib
from functools import lru_cache

from .skus import comparison_key

_VARIANT = " variant:"
_PRODUCT = " product:"
_OWN = "line:"
_ID_MAX = 200  # characters, as of any id of a shop's
_REMEMBERED = 4096  # an order's lines are asked for again and again


def variant_key(external_variant_id: str) -> str:
    """
    Return the key of the shop's id of a variant; empty where there is none.
    """
    return _VARIANT + external_variant_id if external_variant_id else ""


def product_key(external_product_id: str) -> str:
    """
    Return the key of all variants of the shop's product; empty where it has no id.
    """
    return _PRODUCT + external_product_id if external_product_id else ""


def own_variant_id(external_id: str, external_line_id: str) -> str:
    """
    Return by what a line of an order is known that has neither a SKU nor a variant's
    id: no line of another order has the same.
    """
    name = f"{_OWN}{external_id}/{external_line_id}"
    if len(name) <= _ID_MAX and name == name.strip():
        return name
    return _OWN + hashlib.sha256(name.encode()).hexdigest()


def known_as(sku: str, external_variant_id: str) -> str:
    """
    Return what a line is known by: its SKU as it is compared, else its variant's id.
    """
    return comparison_key(sku) or variant_key(external_variant_id)


def keys_of(
    sku_key: str, external_variant_id: str, external_product_id: str
) -> tuple[str, ...]:
    """
    List by what a line may be connected, the most exact first.
    """
    if not external_variant_id and not external_product_id:
        return (sku_key,)  # most shops, and asked for every line
    keys = (variant_key(external_variant_id), sku_key, product_key(external_product_id))
    return tuple(dict.fromkeys(key for key in keys if key))


@lru_cache(maxsize=_REMEMBERED)
def keys_of_line(
    sku: str, external_variant_id: str, external_product_id: str
) -> tuple[str, ...]:
    """
    List by what a line may be connected, the most exact first, as it is written.
    """
    key = known_as(sku, external_variant_id)
    return keys_of(key, external_variant_id, external_product_id)


def variant_id_in(key: str) -> str:
    """
    Return the shop's id of a variant that *key* has; empty where it has none.
    """
    return key.removeprefix(_VARIANT) if key.startswith(_VARIANT) else ""


def product_id_in(key: str) -> str:
    """
    Return the shop's id of a product that *key* has; empty where it has none.
    """
    return key.removeprefix(_PRODUCT) if key.startswith(_PRODUCT) else ""
