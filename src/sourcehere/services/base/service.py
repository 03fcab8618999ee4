"""
What every service is built with, and how a command is done once.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import attrs

from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.clock import Clock
from ...domain.kernel.errors import (
    Blocker,
    CommandRefusedError,
    IdempotencyConflictError,
    InvalidInputError,
    SourceHereError,
)
from ...domain.kernel.evolving import evolved
from ...domain.kernel.ids import SellerId
from ...domain.pairing.dictionary import NO_WORDS, OptionWords
from ...ports.calendar import Calendar
from ...ports.hooks import Hooks, Providers
from ...ports.storage import RowExistsError
from ...unit.platform_unit import PlatformUnit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.commands import (
    COMMANDS,
    PLATFORM_COMMANDS,
    CommandResult,
    PlatformCommandResult,
)
from ...unit.text.codecs import dumper, loader
from ...unit.units import Units

T = TypeVar("T")
BATCH = 200  # what is read at a time
I = TypeVar("I")  # noqa: E741 - an item


@attrs.frozen(kw_only=True)
class Settings:
    """
    What a platform may decide otherwise.

    Attributes:
        pay_within: From entering Awaiting Payment to expiry.

        checkout_valid: How long a checkout's prices hold.

        answer_within: How long a seller may take to answer in a dispute.

        deliver_after: From the last parcel to delivery by timer.

        allocation_policy: By name.

        lease: How long a worker may keep messages it claimed.

        deliveries_max: Tries before a message is dead.

        chunk: How many items of a bulk command share a commit.

        option_words: What the dictionary of suggestions knows beside its own words.
    """

    pay_within: timedelta = timedelta(days=14)
    checkout_valid: timedelta = timedelta(hours=1)
    answer_within: timedelta = timedelta(days=14)
    deliver_after: timedelta = timedelta(days=45)
    allocation_policy: str = "fill_available"
    lease: timedelta = timedelta(minutes=5)
    deliveries_max: int = 8
    retry_after: timedelta = timedelta(seconds=30)
    chunk: int = 100
    option_words: OptionWords = NO_WORDS


@attrs.frozen
class Ports:
    """
    Everything a service may reach.
    """

    units: Units
    clock: Clock
    providers: Providers
    hooks: Hooks
    settings: Settings
    calendar: Calendar


@attrs.frozen
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
        Give the hash by which an equal request is known.
        """
        text = f"{self.name} {self.request!r}"
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


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


class Service:
    """
    A business process over *ports*.
    """

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        self.units = ports.units
        self.settings = ports.settings

    def read(self, seller_id: SellerId, work: Callable[[SellerUnit], T]) -> T:
        """
        Run *work* without changing anything.
        """
        return self.units.seller(seller_id, work, read_only=True)

    def parts(self, items: Sequence[I]) -> Iterator[Sequence[I]]:
        """
        Part *items* into those that share a commit.
        """
        size = self.settings.chunk
        for start in range(0, len(items), size):
            yield items[start : start + size]

    def once(
        self,
        seller_id: SellerId,
        given: Given,
        work: Callable[[SellerUnit], T],
        answers: type[T],
    ) -> T:
        """
        Do a command, or give the answer it got the first time.

        Raises:
            IdempotencyConflictError: If the id was used for another request.
        """

        def checked(unit: SellerUnit) -> T:
            unit.command_id = given.id
            if not given.id:
                return work(unit)
            known = unit.get(COMMANDS, given.id, "")
            if known is not None:
                check_same(known, given.digest())
                return answer_of(known, answers)
            result = work(unit)
            unit.insert(COMMANDS, answer(unit, given, "", result, answers))
            return result

        try:
            return self.units.seller(seller_id, checked)
        except SourceHereError:
            # Another run of the same command may have been faster: then its answer
            # counts, and what it left behind is why this one was refused.
            known = self._answered(seller_id, given)
            if known is None:
                raise
            return answer_of(known, answers)

    def _answered(self, seller_id: SellerId, given: Given) -> CommandResult | None:
        if not given.id:
            return None
        known = self.read(seller_id, lambda unit: unit.get(COMMANDS, given.id, ""))
        if known is not None:
            check_same(known, given.digest())
        return known

    def once_for_platform(
        self, given: Given, work: Callable[[PlatformUnit], str]
    ) -> str:
        """
        Do a command of the platform's, or give the answer it got the first time.

        Raises:
            IdempotencyConflictError: If the id was used for another request.
        """

        def checked(unit: PlatformUnit) -> str:
            if not given.id:
                return work(unit)
            known = unit.get(PLATFORM_COMMANDS, given.id, "")
            if known is not None:
                if known.request_hash != given.digest():
                    raise IdempotencyConflictError(command_id=given.id, item="")
                return known.result
            result = work(unit)
            unit.insert(
                PLATFORM_COMMANDS,
                PlatformCommandResult(
                    command_id=given.id,
                    item="",
                    request_hash=given.digest(),
                    result=result,
                ),
            )
            return result

        try:
            return self.units.platform(checked)
        except RowExistsError:
            return self.units.platform(checked)  # another run may have been faster

    def each(
        self,
        seller_id: SellerId,
        given: Given,
        items: Sequence[tuple[str, I]],
        work: Callable[[SellerUnit, Sequence[tuple[str, I]]], Mapping[str, T]],
        answers: type[T],
    ) -> BulkReport[T]:
        """
        Do a command for many items, in chunks of one commit each.

        A chunk that fails is done again item by item; a bad item is reported and the
        rest go on. Items done by an earlier run of the command are not done again.
        """
        done: dict[str, T] = {}
        failed: dict[str, SourceHereError] = {}

        def commit(part: Sequence[tuple[str, I]]) -> Mapping[str, T]:
            return self.units.seller(
                seller_id, lambda unit: _do_items(unit, given, part, work, answers)
            )

        for part in self.parts(items):
            try:
                done.update(commit(part))
            except SourceHereError:
                for item in part:
                    try:
                        done.update(commit([item]))
                    except SourceHereError as error:
                        failed[item[0]] = error
        return BulkReport(done, failed)


def _do_items(
    unit: SellerUnit,
    given: Given,
    part: Sequence[tuple[str, I]],
    work: Callable[[SellerUnit, Sequence[tuple[str, I]]], Mapping[str, T]],
    answers: type[T],
) -> Mapping[str, T]:
    unit.command_id = given.id
    if not given.id:
        return work(unit, part)
    requests = {
        name: evolved(given, request=(given.request, item)) for name, item in part
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


def check_same(known: CommandResult, digest: str) -> None:
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
    Give what to keep of a command that was done.
    """
    return CommandResult(
        seller_id=unit.seller_id,
        command_id=given.id,
        item=item,
        request_hash=given.digest(),
        result=dumper(answers)(result),
    )


def answer_of(known: CommandResult, answers: type[T]) -> T:
    """
    Read what a command answered the first time.
    """
    result: T = loader(answers)(known.result)
    return result


def require_staff(by: Actor, command: str) -> None:
    """
    Refuse anybody but staff.

    Raises:
        CommandRefusedError: If *by* is not staff.
    """
    if by.role != Role.STAFF:
        words = f"{command} is for staff, not for {by.role}"
        raise CommandRefusedError(
            kind="platform",
            id="",
            command=command,
            blockers=[Blocker("role_not_allowed", words, {"role": by.role})],
        )


def require_zone(field: str, at: datetime) -> None:
    """
    Refuse a time that does not say whose clock it is told by.

    Raises:
        InvalidInputError: If *at* has no time zone; it names *field*.
    """
    if at.utcoffset() is None:
        raise InvalidInputError(
            field=field, value=at.isoformat(), expected="a time with its zone"
        )


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """
    Part *items* into lists of *size*.
    """
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def unique(items: Iterable[str]) -> list[str]:
    """
    Drop repetitions, keeping the order.
    """
    return list(dict.fromkeys(items))
