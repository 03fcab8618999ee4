"""
How a command is done once, however often it is sent: its answer is stored with it.
"""

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import attrs

from ...domain.kernel.checks import NOT_SHOWN
from ...domain.kernel.errors import (
    IdempotencyConflictError,
)
from ...domain.kernel.values import frozen
from ...unit.seller_unit import SellerUnit
from ...unit.tables.commands import CommandResult, PlatformCommandResult
from ...unit.text.codecs import dumper, loader

T = TypeVar("T")
# The metadata of a field of an answer in which is what somebody outside said, who may
# have named a buyer.
SAID_OUTSIDE: Mapping[str, object] = MappingProxyType({"is_said_outside": True})
_TYPE = re.compile(r"\w+Error: ")  # as `words_of` begins; other words are ours


@frozen
class Given:
    """
    A command as it was given: its id, and what it asks.

    Attributes:
        id: Empty where the caller does not care to repeat it safely.

        request: Everything that makes it this request and no other.
    """

    id: str
    name: str
    request: object

    def digest(self) -> str:
        """
        Return the hash by which an equal request is known.
        """
        text = f"{self.name} {self.request!r}"
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def check_same(known: CommandResult | PlatformCommandResult, digest: str) -> None:
    """
    Refuse a command id that was used for another request.

    Raises:
        IdempotencyConflictError: If the requests differ.
    """
    if known.request_hash != digest:
        raise IdempotencyConflictError(command_id=known.command_id, item=known.item)


def answer(
    unit: SellerUnit, given: Given, item: str, result: object, answers: object
) -> CommandResult:
    """
    Return what to keep of a command that was done: for ever, so that it has nothing of
    what was said outside.
    """
    return CommandResult(
        seller_id=unit.seller_id,
        command_id=given.id,
        item=item,
        request_hash=given.digest(),
        result=dumper(answers)(_kept(result)),
    )


def platform_answer(
    given: Given, item: str, result: object, answers: object
) -> PlatformCommandResult:
    """
    Return what to keep of a command of the platform's that was done, as `answer` does.
    """
    return PlatformCommandResult(
        command_id=given.id,
        item=item,
        request_hash=given.digest(),
        result=dumper(answers)(_kept(result)),
    )


def answer_of(known: CommandResult | PlatformCommandResult, answers: type[T]) -> T:
    """
    Read what a command answered the first time.
    """
    result: T = loader(answers)(known.result)
    return result


def _kept(result: Any) -> Any:
    if not attrs.has(type(result)):
        return result
    hidden = {
        field.name: _hidden(getattr(result, field.name))
        for field in attrs.fields(type(result))
        if "is_said_outside" in field.metadata
    }
    return attrs.evolve(result, **hidden) if hidden else result


def _hidden(said: Any) -> Any:
    """
    Return words by what they are about with the kind of failure alone, or as many as
    there were.
    """
    if isinstance(said, Mapping):
        return {name: without_words(words) for name, words in said.items()}
    return tuple(NOT_SHOWN for _ in said)


def without_words(words: str) -> str:
    """
    Return why something failed as it may be kept for ever: the kind of failure, where
    the words are an error's.
    """
    kind = _TYPE.match(words)
    return words if kind is None else f"{kind[0]}{NOT_SHOWN}"
