"""
What a platform says when it connects Snail Post.
"""

import attrs


@attrs.frozen(kw_only=True)
class SnailConfig:
    """
    A contract with Snail Post.

    Attributes:
        account: Its secret number; give it as `{"$env": "SNAIL_ACCOUNT"}`.

        currency: What the contract is in.

        price_minor: Of every kilogram begun, in minor units.

        countries: Where it delivers.
    """

    account: str = attrs.field(repr=False, metadata={"secret": True})
    currency: str
    price_minor: int
    countries: tuple[str, ...]
