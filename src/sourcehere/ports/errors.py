"""
How a provider says that it failed: whether anything happened, and when to come back.

And why there is no provider at all: nobody offers it, or its configuration is wrong.
"""

from collections.abc import Sequence
from datetime import timedelta

from ..domain.kernel.errors import CallerError, CounterpartyError
from ..domain.kernel.values import frozen


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


class TimedOutError(UnknownOutcomeError):
    """
    It did not answer within the time; it may have happened, or happen yet.

    Attributes:
        within: How long it was waited for.
    """

    def __init__(self, *, provider: str, within: timedelta) -> None:
        detail = f"no answer within {within.total_seconds():g} s"
        super().__init__(provider=provider, detail=detail)
        self.within = within


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


class SignatureError(ProviderError):
    """
    What came as a webhook is not signed by the shop, or was changed on its way:
    nothing of it is kept.
    """


class ProtocolError(ProviderError):
    """
    The answer made no sense; for a write the outcome is unknown.

    Attributes:
        connection: Which connection answered: a store's id, a freight connection's
            name; empty where the plugin itself says so.

        field: What of the answer is wrong; empty where all of it is.

        value: As much of it as an error shows.
    """

    def __init__(
        self,
        *,
        provider: str,
        detail: str,
        connection: str = "",
        field: str = "",
        value: object = None,
    ) -> None:
        super().__init__(
            provider=f"{provider} {connection!r}" if connection else provider,
            detail=detail,
        )
        self.provider = provider
        self.connection = connection
        self.field = field
        self.value = value


class UnknownProviderError(CallerError):
    """
    A provider that no plugin offers.

    Attributes:
        kind: Such as `storage` or `store platform`.

        known: The names there are, sorted.

        advice: What to do about it; empty where nothing is known.
    """

    def __init__(
        self, *, kind: str, name: str, known: Sequence[str], advice: str
    ) -> None:
        listed = ", ".join(known) or "none"
        super().__init__(
            f"no {kind} {name!r} (there is: {listed})"
            + (f"; {advice}" if advice else "")
        )
        self.kind = kind
        self.name = name
        self.known = tuple(known)
        self.advice = advice


@frozen
class ConfigProblem:
    """
    One thing that is wrong with a configuration; never tells a secret.

    Attributes:
        field: The path to it, such as `methods[0].code`; empty for the whole.

        words: What is wrong, to be read behind the field's name.
    """

    field: str
    words: str

    def __str__(self) -> str:
        """
        Put both into one line.
        """
        return f"{self.field}: {self.words}" if self.field else self.words


class ConfigError(CallerError):
    """
    A configuration that does not fit its provider, with everything wrong about it.

    Attributes:
        problems: Never empty.
    """

    def __init__(self, *, provider: str, problems: Sequence[ConfigProblem]) -> None:
        assert problems
        listed = "; ".join(str(problem) for problem in problems)
        super().__init__(f"configuration of {provider}: {listed}")
        self.provider = provider
        self.problems = tuple(problems)
