"""
One checkout's questions to all configured carriers and rate cards.
"""

from collections.abc import Mapping, Sequence
from functools import partial

import attrs

from ...domain.freight.codes import MethodKey
from ...domain.freight.errors import FreightUnavailableError
from ...domain.freight.model import FreightAnswer, FreightRequest, LeftOut
from ...domain.kernel.connections import ACTIVE, ConnectionTroubleError
from ...domain.kernel.errors import CallerError, SourceHereError
from ...domain.kernel.values import frozen, light
from ...doors.answers import Answerer, words_of
from ...doors.freight import quote_of
from ...ports.errors import (
    DeclinedError,
    ProtocolError,
    ThrottledError,
    UnauthorizedError,
)
from ...ports.freight import FreightProvider
from ...unit.tables.freight import ProviderConnection
from ..base.asking import ask_outside
from ..base.methods import listed_by
from ..base.ports import Ports
from ..base.resting import CarrierRestsError
from ..base.troubles import told_to_sellers

# These are about one question: the next may be answered.
_OF_ONE_QUESTION = (DeclinedError, ProtocolError)
_FAILED_IN_A_ROW_MAX = 3


@frozen
class Failure:
    """
    Why a connection did not answer.

    Attributes:
        words: What the error says, as it can be shown to staff: without secrets,
            whatever text a plugin raised.

        told: What sellers are told in its place.
    """

    error: SourceHereError
    words: str
    told: SourceHereError

    @property
    def told_words(self) -> str:
        """
        What sellers read, in a sentence about the connection; as it can be stored.
        """
        if not isinstance(self.told, ConnectionTroubleError):
            return self.words
        return f"{self.told.words}, or choose another method"


@light
class Quotes:
    """
    What all connections say to one question.

    Attributes:
        answer: The options of all, cheapest first; what is left out, connections that
            did not answer among it.

        failed: Connection -> why it did not answer.

        listed: The methods that connections list, asked or not.

        is_of_one: Whether there is one connection only, so that short codes are clear.

        promised: The methods that cost what was promised, and not what carriers want.
    """

    answer: FreightAnswer
    failed: Mapping[str, Failure]
    listed: tuple[MethodKey, ...]
    is_of_one: bool
    promised: frozenset[MethodKey] = frozenset()

    @property
    def methods(self) -> tuple[MethodKey, ...]:
        """
        Every method that is known of.
        """
        options, left_out = self.answer.options, self.answer.left_out
        return (
            *self.listed,
            *[(option.connection, option.method) for option in options],
            *[(out.connection, out.method) for out in left_out if out.method],
        )


@attrs.define
class _Carrier:
    """
    One connection, and how it has done so far.

    Attributes:
        provider: None where it could not be made.

        methods: What it lists; None where it cannot.

        out: Why it is not asked any more.

        failed_in_a_row: Questions that it did not answer since it last answered one.
    """

    who: Answerer
    provider: FreightProvider | None = None
    methods: tuple[str, ...] | None = None
    out: SourceHereError | None = None
    failed_in_a_row: int = 0

    @property
    def is_pure(self) -> bool:
        return getattr(self.provider, "is_pure", False) is True

    def quote(self, request: FreightRequest) -> FreightAnswer:
        assert self.provider is not None
        return quote_of(self.provider, request, self.who)

    def note(self, outcome: FreightAnswer | SourceHereError) -> None:
        """
        Do not ask again a carrier that is down: each question would cost the time
        limit, and one that throttles us would throttle us longer.
        """
        if isinstance(outcome, FreightAnswer):
            self.failed_in_a_row = 0
            return
        self.failed_in_a_row += 1
        may_be_asked = isinstance(outcome, _OF_ONE_QUESTION)
        if not may_be_asked or self.failed_in_a_row >= _FAILED_IN_A_ROW_MAX:
            self.out = outcome

    def failure(self, error: SourceHereError) -> Failure:
        is_ours = isinstance(error, CarrierRestsError)  # no riddle for sellers to read
        is_made = is_ours or self.provider is not None
        told = told_to_sellers(self.who.connection, error, is_made=is_made)
        return Failure(error, str(error) if is_ours else words_of(error), told)

    def left_out(self, failure: Failure, *, for_staff: bool) -> list[LeftOut]:
        name = self.who.connection
        said = failure.words if for_staff else failure.told_words
        words = f"{name} does not answer: {said}"
        code = _code_of(failure.error)
        return [LeftOut(method, code, words, name) for method in self.methods or ("",)]


class FreightDesk:
    """
    Asks all connections, side by side, and remembers what they answered.

    An equal question is asked once. A carrier that is down, throttled, unauthorised or
    too slow is not asked again; one that fails at a question is asked the next, until
    it has failed at three in a row.

    Args:
        for_staff: Whether staff ask: they are told what a carrier in trouble says, and
            sellers what they can do about it.
    """

    def __init__(
        self,
        ports: Ports,
        connections: Sequence[ProviderConnection],
        *,
        for_staff: bool = False,
    ) -> None:
        self._carriers = [_carrier_of(ports, c) for c in connections]
        self._ports = ports
        self._for_staff = for_staff
        self._known: dict[FreightRequest, list[Quotes]] = {}
        self._listed = tuple(
            (carrier.who.connection, method)
            for carrier in self._carriers
            for method in carrier.methods or ()
        )

    @property
    def is_pure(self) -> bool:
        """
        Whether nobody is asked outside: all that may be asked only compute.
        """
        return all(carrier.is_pure for carrier in self._carriers if carrier.out is None)

    def ask(self, request: FreightRequest) -> Quotes:
        """
        Return what all connections say to *request*, and which did not answer.

        Raises:
            HostsTransactionError: If one has to be asked outside, and a host's
                transaction is open.
        """
        known = self._known.setdefault(request, [])  # a long key, looked at once
        if not known:
            known.append(self._ask(request))
        return known[0]

    def quote(self, request: FreightRequest) -> FreightAnswer:
        """
        List every way to send *request*, cheapest first, and why others are left out.

        Raises:
            FreightUnavailableError: If there is no way, and a connection that might
                have had one does not answer.
        """
        quotes = self.ask(request)
        if quotes.failed and not quotes.answer.options:
            raise unavailable(quotes.failed, for_staff=self._for_staff)
        return quotes.answer

    def _ask(self, request: FreightRequest) -> Quotes:
        outcomes = self._outcomes(request)
        options = [
            option
            for outcome in outcomes
            if isinstance(outcome, FreightAnswer)
            for option in outcome.options
        ]
        options.sort(key=lambda o: (o.price.minor, o.method, o.connection))
        left_out: list[LeftOut] = []
        failed: dict[str, Failure] = {}
        for carrier, outcome in zip(self._carriers, outcomes, strict=True):
            if isinstance(outcome, FreightAnswer):
                left_out += outcome.left_out
            else:
                failure = carrier.failure(outcome)
                failed[carrier.who.connection] = failure
                left_out += carrier.left_out(failure, for_staff=self._for_staff)
        answer = FreightAnswer(tuple(options), tuple(left_out))
        return Quotes(answer, failed, self._listed, len(self._carriers) == 1)

    def _outcomes(
        self, request: FreightRequest
    ) -> list[FreightAnswer | SourceHereError]:
        """
        Ask those that may be asked; whoever only computes is asked on this thread.
        """
        asked = [c for c in self._carriers if c.out is None]
        waiting = [c for c in asked if not c.is_pure]
        found = self._asked_outside(waiting, request) if waiting else {}
        for carrier in asked:
            if carrier.is_pure:
                found[carrier.who.connection] = _tried(carrier, request)
        for carrier in asked:
            carrier.note(found[carrier.who.connection])
        return [
            found[c.who.connection] if c.who.connection in found else _reason_of(c)
            for c in self._carriers
        ]

    def _asked_outside(
        self, waiting: Sequence[_Carrier], request: FreightRequest
    ) -> dict[str, FreightAnswer | SourceHereError]:
        calls = [(c.who, partial(c.quote, request)) for c in waiting]
        self._ports.require_no_host(
            "pricing freight by a carrier that does not compute"
        )
        watch, within = self._ports.watch, self._ports.settings.freight_within
        answers = ask_outside(watch, "freight.quote", calls, within=within)
        return {
            c.who.connection: _told(a) for c, a in zip(waiting, answers, strict=True)
        }


def unavailable(
    failed: Mapping[str, Failure],
    *,
    method: str = "",
    order_id: str = "",
    for_staff: bool = False,
) -> FreightUnavailableError:
    """
    Return the error for what those who failed would be needed for.
    """
    error = FreightUnavailableError(
        method=method,
        errors={n: one.error if for_staff else one.told for n, one in failed.items()},
        words={
            n: one.words if for_staff else one.told_words for n, one in failed.items()
        },
        order_id=order_id,
    )
    error.__cause__ = next(iter(failed.values())).error
    return error


def _carrier_of(ports: Ports, connection: ProviderConnection) -> _Carrier:
    provider, name, config = connection.provider, connection.name, connection.config
    carrier, make = _Carrier(Answerer(provider, name)), ports.providers.freight_provider
    try:
        carrier.provider = make(provider, config, connection=name)
    except SourceHereError as error:
        carrier.out = error
        log = ports.watch.log("paying")
        log.warning("the carrier %s cannot be made: %s", name, words_of(error))
    else:
        carrier.methods = listed_by(carrier.provider, carrier.who)
    if connection.state != ACTIVE:
        carrier.out = CarrierRestsError(provider, connection.state, connection.why)
    return carrier


def _reason_of(carrier: _Carrier) -> SourceHereError:
    assert carrier.out is not None
    return carrier.out


def _tried(
    carrier: _Carrier, request: FreightRequest
) -> FreightAnswer | SourceHereError:
    try:
        return carrier.quote(request)
    except SourceHereError as error:
        return error


def _told(outcome: FreightAnswer | Exception) -> FreightAnswer | SourceHereError:
    if isinstance(outcome, FreightAnswer | SourceHereError):
        return outcome
    raise outcome  # ours: `Answerer.ask` lets nothing else of a provider's through


def _code_of(error: SourceHereError) -> str:
    if isinstance(error, ThrottledError):
        return "throttled"
    if isinstance(error, UnauthorizedError):
        return "unauthorized"
    return "misconfigured" if isinstance(error, CallerError) else "no_answer"
