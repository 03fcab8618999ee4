"""
SKUs as they are compared.
"""

import unicodedata
from functools import lru_cache

_REMEMBERED = 4096  # an order's SKUs are asked for again and again


@lru_cache(maxsize=_REMEMBERED)
def comparison_key(sku: str) -> str:
    """
    Return *sku* as it is compared: identity keeps it verbatim, comparing ignores case.

    Accents may be written in one character or two; spaces around it, and characters
    without width, which come along when it is copied, make no difference.
    """
    if sku.isascii():
        return sku.strip().lower()
    kept = "".join([c for c in sku if unicodedata.category(c) != "Cf"])
    folded = unicodedata.normalize("NFC", kept).strip().casefold()
    return unicodedata.normalize("NFC", folded)
