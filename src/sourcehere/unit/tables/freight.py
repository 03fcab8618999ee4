"""
The configured carriers, rate cards and payment gateways of the platform.
"""

import attrs

from ...domain.kernel.connections import ACTIVE
from ...domain.kernel.values import frozen
from ..records import Records


@frozen(kw_only=True)
class ProviderConnection:
    """
    A configured provider of the platform, such as a rate card or a gateway.

    Attributes:
        kind: `freight` or `payment`.

        state: `active`, `paused` or `disconnected`.

        why: Why it rests, for people.
    """

    name: str
    kind: str
    provider: str
    config: dict[str, object] = attrs.field(repr=False)  # may hold a secret
    state: str = ACTIVE
    why: str = ""


PROVIDERS = Records("provider_connection", ProviderConnection, key=["name"])
PROVIDERS_OF = PROVIDERS.way("of_kind", equal=["kind"], order=["name"])

RECORDS = (PROVIDERS,)
