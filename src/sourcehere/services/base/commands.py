"""
How a command is done once, however often it is sent: its answer is stored with it.
"""

import hashlib
from typing import TypeVar

from ...domain.kernel.errors import (
    IdempotencyConflictError,
)
from ...domain.kernel.values import frozen
from ...unit.seller_unit import SellerUnit
from ...unit.tables.commands import CommandResult, PlatformCommandResult
from ...unit.text.codecs import dumper, loader

T = TypeVar("T")


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
    Return what to keep of a command that was done.
    """
    return CommandResult(
        seller_id=unit.seller_id,
        command_id=given.id,
        item=item,
        request_hash=given.digest(),
        result=dumper(answers)(result),
    )


def platform_answer(
    given: Given, item: str, result: object, answers: object
) -> PlatformCommandResult:
    """
    Return what to keep of a command of the platform's that was done.
    """
    return PlatformCommandResult(
        command_id=given.id,
        item=item,
        request_hash=given.digest(),
        result=dumper(answers)(result),
    )


def answer_of(known: CommandResult | PlatformCommandResult, answers: type[T]) -> T:
    """
    Read what a command answered the first time.
    """
    result: T = loader(answers)(known.result)
    return result
