"""
What a payment gateway cannot do.
"""

from ..kernel.errors import CallerError


class _UnsupportedError(CallerError):
    """
    A gateway whose provider lacks something.

    Attributes:
        connection: The gateway's name.

        provider: Its provider's.
    """

    lacks = ""

    def __init__(self, *, connection: str, provider: str) -> None:
        super().__init__(
            f"gateway {connection}: the provider {provider} {type(self).lacks}"
        )
        self.connection = connection
        self.provider = provider


class PaymentWebhooksUnsupportedError(_UnsupportedError):
    """
    A gateway that tells nothing by itself: it is asked.
    """

    lacks = "has no webhooks"


class PayoutsUnsupportedError(_UnsupportedError):
    """
    A gateway that cannot list what it sent to the platform's bank account.
    """

    lacks = "lists no payouts"
