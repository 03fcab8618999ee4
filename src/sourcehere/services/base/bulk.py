"""
Commands for many items: what became of each, and how one commit of them is done.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

import attrs

from ...domain.kernel.errors import (
    SourceHereError,
)
from ...unit.seller_unit import SellerUnit
from ...unit.tables.commands import (
    COMMANDS,
)
from .commands import Given, answer, answer_of, check_same

T = TypeVar("T")
I = TypeVar("I")  # noqa: E741 - an item


@attrs.frozen
class BulkReport(Generic[T]):
    """
    What became of every item of a bulk command.

    Attributes:
        done: Item -> result, also of items done by an earlier run of the command.

        failed: Item -> why; nothing of such an item was changed.
    """

    done: Mapping[str, T]
    failed: Mapping[str, SourceHereError]


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
