"""
The configured carriers and rate cards of the platform.
"""

import attrs

from ..records import Records


@attrs.frozen(kw_only=True)
class ProviderConnection:
    """
    A configured provider of the platform, such as a rate card.

    Attributes:
        kind: `freight`.
    """

    name: str
    kind: str
    provider: str
    config: dict[str, object] = attrs.field(repr=False)  # may hold a secret


PROVIDERS = Records("provider_connection", ProviderConnection, key=["name"])

RECORDS = (PROVIDERS,)
