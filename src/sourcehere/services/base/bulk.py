"""
Commands for many items: what became of each, and how one commit of them is done.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

import attrs

from ...domain.kernel.checks import NOT_SHOWN
from ...domain.kernel.errors import SourceHereError, StateError
from ...domain.kernel.values import frozen
from ...ports.errors import ProviderError
from ...unit.seller_unit import SellerUnit
from ...unit.tables.commands import (
    COMMANDS,
)
from .commands import Given, answer, answer_of, check_same
from .resting import ConnectionRestsError

T = TypeVar("T")
I = TypeVar("I")  # noqa: E741 - an item


@frozen
class BulkReport(Generic[T]):
    """
    What became of every item of a bulk command.

    Attributes:
        done: Item -> result, also of items done by an earlier run of the command.

        failed: Item -> why; nothing of such an item was changed.
    """

    done: Mapping[str, T]
    failed: Mapping[str, SourceHereError]


class FailedEarlierError(StateError):
    """
    An item that failed when this command was first given; ask for it by a new command.

    Attributes:
        item: What failed: an order, or a shop as its seller and store joined by `/`.

        error: The name of the error that it failed with, such as
            `CommandRefusedError`.

        words: What that error said.
    """

    def __init__(self, *, item: str, error: str, words: str) -> None:
        super().__init__(f"{item} failed when this was first asked: {words}")
        self.item = item
        self.error = error
        self.words = words


Failures = tuple[tuple[str, str, str], ...]
"""
Failures as a command's answer keeps them: the item, the error's name and its words.
"""


def kept(failed: Mapping[str, SourceHereError]) -> Failures:
    """
    Return *failed* as a command's answer keeps it.
    """
    return tuple((n, type(e).__name__, _kept_words(e)) for n, e in failed.items())


def _kept_words(error: SourceHereError) -> str:
    """
    Return what an error says that may be kept for ever: not what somebody outside said.
    """
    is_ours = isinstance(error, ConnectionRestsError)
    if isinstance(error, ProviderError) and not is_ours:
        return f"{error.provider}: {NOT_SHOWN}"
    return error.kept_words


def failed_earlier(failures: Failures) -> dict[str, SourceHereError]:
    """
    Return kept failures as errors again.
    """
    return {
        item: FailedEarlierError(item=item, error=error, words=words)
        for item, error, words in failures
    }


def do_items(
    unit: SellerUnit,
    given: Given,
    part: Sequence[tuple[str, I]],
    work: Callable[[SellerUnit, Sequence[tuple[str, I]]], Mapping[str, T]],
    answers: type[T],
) -> Mapping[str, T]:
    """
    Do a command for the items of one commit; those done before keep their answers.
    """
    unit.command_id = given.id
    if not given.id:
        return work(unit, part)
    requests = {
        name: attrs.evolve(given, request=(given.request, item)) for name, item in part
    }
    done: dict[str, T] = {}
    for known in unit.many(COMMANDS, [(given.id, name) for name, _ in part]):
        check_same(known, requests[known.item].digest())
        done[known.item] = answer_of(known, answers)
    fresh = work(unit, [pair for pair in part if pair[0] not in done])
    unit.insert(
        COMMANDS,
        *(
            answer(unit, requests[name], name, result, answers)
            for name, result in fresh.items()
        ),
    )
    return {**done, **fresh}
