"""
A carrier in memory that answers whatever it is told to, and the plugin that offers it.
"""

from collections.abc import Callable, Sequence

import attrs

from ..domain.freight.model import FreightAnswer, FreightOption, FreightRequest
from ..domain.kernel.money import Money
from ..domain.kernel.values import frozen
from ..plugins import hookimpl
from ..ports.freight import FreightProvider
from ..ports.providers import Context, ProviderInfo


def option(
    method: str = "std", minor: int = 100, /, **changes: object
) -> FreightOption:
    """
    Return an option that makes sense, but for *changes*.
    """
    made = FreightOption(method, method.title(), Money(minor, "USD"), 5, 9, 300)
    # Set as a plugin in another language might: without our checks.
    for name, value in changes.items():
        object.__setattr__(made, name, value)
    return made


def answering(*options: object) -> FreightAnswer:
    """
    Return the answer that offers *options* and leaves nothing out.
    """
    return FreightAnswer(options, ())  # type: ignore[arg-type]  # may make no sense


@attrs.define
class FakeCarrier:
    """
    A carrier that says and does what a test tells it to.

    Attributes:
        answer: What `quote` returns; an exception is raised, and a function is asked.

        listed: What it lists as its methods; None if it cannot.

        asked: Every request, in order.

        check_fault: Raised by `check`.

        checked, closed: How often it was.

        contexts: What it was made with, each time.

        make_fault: Raised instead of making it.
    """

    answer: object = attrs.field(factory=lambda: answering(option()))
    listed: Sequence[str] | None = None
    asked: list[FreightRequest] = attrs.field(factory=list)
    check_fault: Exception | None = None
    make_fault: Exception | None = None
    checked: int = 0
    closed: int = 0
    contexts: list[Context] = attrs.field(factory=list)

    def quote(self, request: FreightRequest, /) -> FreightAnswer:
        """
        Say what was told.
        """
        self.asked.append(request)
        answer = self.answer
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer = answer(request)
        return answer  # type: ignore[return-value]  # it may be anything

    def check(self) -> None:
        """
        Fail if told to.
        """
        self.checked += 1
        if self.check_fault is not None:
            raise self.check_fault

    def close(self) -> None:
        """
        Count.
        """
        self.closed += 1


class ListingCarrier(FakeCarrier):
    """
    The same, for a carrier that lists its methods.
    """

    def methods(self) -> Sequence[str]:
        """
        List what was told.
        """
        assert self.listed is not None
        return self.listed


@frozen
class FakeCarrierConfig:
    """
    Which carrier it is.
    """

    carrier: str
    token: str = attrs.field(default="none", repr=False, metadata={"secret": True})


class FakeCarriers:
    """
    A plugin that offers carriers in memory, each by its name, as `fake_carrier`.

    Attributes:
        carriers: Name -> carrier; put yours there before you connect it.
    """

    def __init__(self, **carriers: FakeCarrier) -> None:
        self.carriers = carriers

    @hookimpl
    def sourcehere_freight_providers(
        self,
    ) -> list[ProviderInfo[FreightProvider, FakeCarrierConfig]]:
        """
        Offer them.
        """
        make: Callable[[FakeCarrierConfig, Context], FreightProvider] = self._make
        return [ProviderInfo("fake_carrier", FakeCarrierConfig, make)]

    def _make(self, config: FakeCarrierConfig, context: Context) -> FreightProvider:
        carrier = self.carriers[config.carrier]
        carrier.contexts.append(context)
        if carrier.make_fault is not None:
            raise carrier.make_fault
        return carrier
