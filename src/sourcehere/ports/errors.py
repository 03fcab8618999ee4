"""
How a provider says that it failed: whether anything happened, and when to come back.
"""

from datetime import timedelta

from ..kernel.errors import CounterpartyError


class ProviderError(CounterpartyError):
    """
    A provider failed; the subclass says what that means.
    """

    def __init__(self, *, provider: str, detail: str) -> None:
        super().__init__(f"{provider}: {detail}")
        self.provider = provider
        self.detail = detail


class DeclinedError(ProviderError):
    """
    A definite no: nothing happened, and asking again will not help.
    """


class UnknownOutcomeError(ProviderError):
    """
    It may have happened: ask again with the same key, or look it up.
    """


class ThrottledError(ProviderError):
    """
    Too many requests; nothing happened.

    Attributes:
        retry_after: How long to wait.
    """

    def __init__(self, *, provider: str, detail: str, retry_after: timedelta) -> None:
        super().__init__(provider=provider, detail=detail)
        self.retry_after = retry_after


class UnauthorizedError(ProviderError):
    """
    The credentials are refused; nothing happened, a person must act.
    """


class ProtocolError(ProviderError):
    """
    The answer made no sense; for a write the outcome is unknown.
    """
