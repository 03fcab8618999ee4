"""
What has to be known to connect a shop on Corner.
"""

import attrs


@attrs.frozen(kw_only=True)
class CornerConfig:
    """
    One shop.

    Attributes:
        url: Where its API is.

        token: Its key; give it as `{"$env": "CORNER_TOKEN"}`.
    """

    url: str
    token: str = attrs.field(repr=False, metadata={"secret": True})
