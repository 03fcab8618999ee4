"""
Asking those outside, side by side and never longer than a time limit.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from datetime import timedelta
from functools import partial
from typing import TypeVar

from ...doors.answers import Answerer
from ...doors.failures import checked_failure
from ...ports.errors import TimedOutError, UnknownOutcomeError
from ...ports.providers import SupportsCheck
from .ports import Ports
from .threads import start_thread
from .tracing import Step
from .watching import Watch

T = TypeVar("T")


def ask_side_by_side(
    calls: Sequence[tuple[Answerer, Callable[[], T]]], *, within: timedelta
) -> list[T | Exception]:
    """
    Call all of *calls* at the same time, each in a thread of its own; what is in this
    process is called here.

    Returns:
        In the order of *calls*: what each returned or raised; for one that has done
        neither within the time, a `TimedOutError`. Such a call goes on by
        itself, and the process may end meanwhile.
    """
    started = [(who, _begun(who, call)) for who, call in calls]
    waited_for = [begun for _, begun in started if isinstance(begun, Future)]
    wait(waited_for, timeout=within.total_seconds())
    outcomes: list[T | Exception] = []
    for who, begun in started:
        if isinstance(begun, Future):
            told = _outcome(who, begun, within)
        else:
            (told,) = begun
        outcomes.append(told)
    return outcomes


def ask_one(who: Answerer, call: Callable[[], T], *, within: timedelta) -> T:
    """
    Make a call in a thread of its own, and return what it returned.

    Raises:
        Exception: What it raised.

        TimedOutError: If it did neither within the time.
    """
    (outcome,) = ask_side_by_side([(who, call)], within=within)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def read_webhook(who: Answerer, read: Callable[[], T]) -> T:
    """
    Let a plugin verify and read what came as a webhook, in this thread.

    Raises:
        ProviderError: If it is not signed, or makes no sense.
    """
    told = ask_here(who, read)
    if isinstance(told, Exception):
        raise checked_failure(who, told) from told
    return told


def ask_here(who: Answerer, call: Callable[[], T]) -> T | Exception:
    """
    Make a call in this thread, and return what it returned or raised.

    Raises:
        KeyboardInterrupt: If whoever waits for one in this process will not any more.
    """
    try:
        return call()
    except BaseException as error:
        if who.is_local and isinstance(error, KeyboardInterrupt):
            raise
        return _as_answer(who, error)  # a plugin may raise SystemExit


def ask_outside(
    watch: Watch,
    name: str,
    calls: Sequence[tuple[Answerer, Callable[[], T]]],
    *,
    within: timedelta,
    about: Mapping[str, str | int] | None = None,
) -> list[T | Exception]:
    """
    Do as `ask_side_by_side` does, and tell whoever traces of each call.

    Args:
        name: What they are called there, such as `labels.buy`.

        about: What is said of each, beside the connection.
    """
    if watch.spans is None:
        return ask_side_by_side(calls, within=within)
    begun = [
        watch.begin(
            partial(_step, name, {"connection": who.connection, **(about or {})})
        )
        for who, _ in calls
    ]
    outcomes = ask_side_by_side(
        [
            (who, partial(b.run, call))
            for (who, call), b in zip(calls, begun, strict=True)
        ],
        within=within,
    )
    for (who, _), doing, outcome in zip(calls, begun, outcomes, strict=True):
        doing.end(
            [checked_failure(who, outcome)]
            if isinstance(outcome, Exception)
            else [None]
        )
    return outcomes


def _step(name: str, about: Mapping[str, str | int]) -> list[Step]:
    return [Step(name=name, about=about)]


def _begun(who: Answerer, call: Callable[[], T]) -> "Future[T] | tuple[T | Exception]":
    """
    Start a call, or make it if it is to be made here: then it is over.
    """
    return (ask_here(who, call),) if who.is_local else _start(call)


def _start(call: Callable[[], T]) -> "Future[T]":
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - a plugin may raise SystemExit
            future.set_exception(error)

    # An executor's threads would be waited for when the process ends.
    start_thread(run, name="sourcehere-asking")
    return future


def _outcome(who: Answerer, future: "Future[T]", within: timedelta) -> T | Exception:
    if not future.done():
        return TimedOutError(provider=who.provider, within=within)
    error = future.exception()
    return future.result() if error is None else _as_answer(who, error)


def _as_answer(who: Answerer, error: BaseException) -> Exception:
    if isinstance(error, Exception):
        return error
    # What would end a process ends nothing but this answer.
    return UnknownOutcomeError(provider=who.provider, detail=type(error).__name__)


def check_credentials(
    provider: object, who: Answerer, ports: Ports, *, within: timedelta
) -> bool:
    """
    Let *provider* try its credentials, if it can.

    Returns:
        Whether they were tried; False where it cannot.

    Raises:
        HostsTransactionError: If it can, and a host's transaction is open.

        UnauthorizedError: If they are refused.

        ProviderError: If it fails otherwise, or does not answer within the time.
    """
    if not isinstance(provider, SupportsCheck):
        return False
    ports.require_no_host("trying credentials")
    check = provider.check
    call = (who, lambda: who.ask(check))
    (outcome,) = ask_outside(ports.watch, "credentials.check", [call], within=within)
    if isinstance(outcome, Exception):
        raise outcome
    return True
