"""
Why an order cannot go by the method that was chosen for it.
"""

from collections.abc import Mapping, Sequence

from ..kernel.errors import CallerError, CounterpartyError, SourceHereError


class UnknownMethodError(CallerError):
    """
    A shipping method that no connection has.

    Attributes:
        known: The full codes of those there are.
    """

    def __init__(self, *, method: str, known: Sequence[str]) -> None:
        listed = ", ".join(known) or "none"
        super().__init__(f"no shipping method {method!r}; there is: {listed}")
        self.method = method
        self.known = tuple(known)


class AmbiguousMethodError(CallerError):
    """
    A short code that methods of several connections have; only a full code tells which.

    Attributes:
        codes: The full codes that it may mean.

        order_id: The order that it was chosen for earlier, while it was clear; empty
            where it is being chosen.
    """

    def __init__(
        self, *, method: str, codes: Sequence[str], order_id: str = ""
    ) -> None:
        about = f"order {order_id}: " if order_id else ""
        super().__init__(
            f"{about}shipping method {method!r} may mean {' or '.join(codes)};"
            " choose one of these"
        )
        self.method = method
        self.codes = tuple(codes)
        self.order_id = order_id


class FreightUnavailableError(CounterpartyError):
    """
    A consignment that cannot be priced, because a carrier it needs does not answer.

    Nothing was changed; trying later may help, and so may another method.

    Attributes:
        order_id: Empty where no order was asked about.

        method: The method that was chosen; empty where any would have done.

        errors: Connection -> what went wrong there. The first one is the cause, too.

        words: Connection -> the same as a sentence holds it.
    """

    def __init__(
        self,
        *,
        method: str,
        errors: Mapping[str, SourceHereError],
        words: Mapping[str, str],
        order_id: str = "",
    ) -> None:
        assert errors
        about = f"order {order_id}: " if order_id else ""
        wanted = f"method {method!r}" if method else "any method"
        why = "; ".join(f"{name} does not answer: {w}" for name, w in words.items())
        super().__init__(f"{about}no freight for {wanted}: {why}")
        self.order_id = order_id
        self.method = method
        self.errors = dict(errors)
        self.words = dict(words)

    @property
    def kept_words(self) -> str:
        """
        The same without why a carrier rests, which somebody typed.
        """
        text = str(self)
        for name, error in self.errors.items():
            if error.kept_words != str(error):
                text = text.replace(self.words[name], error.kept_words)
        return text


class LabelsUnsupportedError(CallerError):
    """
    A freight connection whose provider sells no labels: type the number in by hand.

    Attributes:
        connection: Its name; empty where no connection sells any.

        provider: Its name.
    """

    def __init__(self, *, connection: str = "", provider: str = "") -> None:
        super().__init__(
            f"freight connection {connection}: the provider {provider} sells no labels"
            if connection
            else "no freight connection sells labels"
        )
        self.connection = connection
        self.provider = provider


class TrackingWebhooksUnsupportedError(CallerError):
    """
    A freight connection whose provider tells nothing by itself: it is asked.

    Attributes:
        provider: Its name.
    """

    def __init__(self, *, connection: str, provider: str) -> None:
        super().__init__(
            f"freight connection {connection}: the provider {provider} has no webhooks"
        )
        self.connection = connection
        self.provider = provider
