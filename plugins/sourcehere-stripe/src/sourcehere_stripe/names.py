"""
What our references are called in the metadata of Stripe's objects, and ids.
"""

import re

from sourcehere.ports.errors import DeclinedError

PROVIDER = "stripe"
# Of an authorization in its payment intent, and of a refund.
REFERENCE = "sourcehere_reference"
# Of a capture, which has no object of its own: beside the other in the intent.
CAPTURE = "sourcehere_capture"
_ID = re.compile("[a-z]+_[A-Za-z0-9_]{1,250}")


def checked_id(text: str, *kinds: str) -> str:
    """
    Return an id if it begins with one of *kinds*, such as `ch_`.

    It is never shown: what somebody takes for an id may be the number of a card.

    Raises:
        DeclinedError: If it cannot be one.
    """
    if not _ID.fullmatch(text) or not text.startswith(kinds):
        detail = f"no id of Stripe: it has to begin with {' or '.join(kinds)}"
        raise DeclinedError(provider=PROVIDER, detail=detail)
    return text
