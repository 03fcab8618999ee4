"""
Whose data a desk is about, and who asks: said once, and true for every call.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast, overload

from ..app import App
from ..domain.kernel.actor import Actor, Role
from ..domain.kernel.clock import end_of_day
from ..domain.kernel.errors import ForbiddenError, in_words
from ..domain.kernel.ids import SellerId
from ..domain.kernel.values import frozen
from ..ports.storage import HostsTransactionError, Key, Value
from ..unit.records import Way
from .arguments import check_arguments
from .lists import Cursor, Found, Page, check_limit, paged

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
D = TypeVar("D", bound="Desk")

SELLER, STAFF = frozenset({Role.SELLER}), frozenset({Role.STAFF})
PEOPLE = SELLER | STAFF
CARRIER, SYSTEM = frozenset({Role.CARRIER}), frozenset({Role.SYSTEM})
READERS = PEOPLE | SYSTEM
_ACCESS = "__sourcehere_access__"


@frozen
class Scope:
    """
    The app, the seller (empty for the platform's own desks), and who asks.
    """

    app: App
    seller_id: SellerId
    by: Actor


@frozen
class Access:
    """
    Who may call a method of a desk.

    Attributes:
        is_command: Whether it changes something.

        at_desk: Whether the desk refuses others; else the domain does.

        outside: Whether it has something done outside, or works through what waits: a
            host's transaction is no place for it.
    """

    roles: frozenset[Role]
    is_command: bool
    at_desk: bool
    outside: bool = False


class Desk:
    """
    One part of what a seller or staff can do, bound to whom it is for and who asks.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._app = scope.app
        self._seller_id = scope.seller_id
        self._by = scope.by

    def admit(self, access: Access, name: str) -> None:
        """
        Refuse whoever has none of the roles that *access* names.

        Raises:
            ForbiddenError: If the desk's actor has another role.
        """
        if self._by.role not in access.roles:
            listed = ", ".join(sorted(access.roles))
            raise ForbiddenError(
                actor=self._by,
                action=f"{type(self).__name__}.{name}",
                words=f"it is for {listed}",
                shown=in_words(name),
            )

    def require_no_host(self, name: str) -> None:
        """
        Refuse what asks somebody outside while a host's transaction is open.

        Raises:
            HostsTransactionError: If it is.
        """
        if self._app.joins_host:
            raise HostsTransactionError(action=f"{type(self).__name__}.{name}")

    def span_of(self, name: str) -> AbstractContextManager[None] | None:
        """
        Return what tells of a command that is done within it; None where nobody traces.
        """
        spans = self._app.watch.spans
        if spans is None:
            return None
        return spans.command(type(self), name, self._seller_id)

    @overload
    def _until(self, said: date | datetime) -> datetime: ...

    @overload
    def _until(self, said: None) -> None: ...

    def _until(self, said: date | datetime | None) -> datetime | None:
        """
        Return the instant until which something lasts: a day lasts until its end in the
        platform's zone.
        """
        if said is None or isinstance(said, datetime):
            return said
        return end_of_day(said, self._app.settings.zone)

    def _mine(
        self,
        way: Way[T],
        *prefix: Value,
        convert: Callable[[T], R],
        after: str,
        limit: int,
        descending: bool = False,
    ) -> Page[R]:
        """
        List what *way* finds among this seller's records.
        """
        check_limit(limit)
        turned = ("descending",) if descending else ()
        about = (type(self).__name__, self._seller_id, *prefix, *turned)
        cursor = Cursor(about, way.index)

        def read(key: Key | None) -> Found[T]:
            return self._app.units.seller(
                self._seller_id,
                lambda unit: unit.slice(
                    way, *prefix, after=key, limit=limit, descending=descending
                ),
                read_only=True,
            )

        return paged(read, convert, cursor, after=after)

    def _everybodys(
        self,
        way: Way[T],
        *prefix: Value,
        convert: Callable[[T], R],
        after: str,
        limit: int,
    ) -> Page[R]:
        """
        List what *way* finds across the platform.
        """
        check_limit(limit)
        cursor = Cursor((type(self).__name__, *prefix), way.index)

        def read(key: Key | None) -> Found[T]:
            return self._app.units.platform(
                lambda unit: unit.slice(way, *prefix, after=key, limit=limit),
                read_only=True,
            )

        return paged(read, convert, cursor, after=after)


def access_of(method: object) -> Access | None:
    """
    Return who may call *method*; None where it is no public method of a desk.
    """
    return cast("Access | None", getattr(method, _ACCESS, None))


def reading(
    *roles: frozenset[Role], outside: bool = False
) -> Callable[[Callable[Concatenate[D, P], R]], Callable[Concatenate[D, P], R]]:
    """
    Mark a method that changes nothing here, for *roles*; for seller, staff and host if
    none.

    Args:
        outside: It asks somebody outside; refused within a host's transaction.
    """
    allowed = frozenset[Role]().union(*roles) or READERS
    return _guarded(Access(allowed, is_command=False, at_desk=True, outside=outside))


def command(
    *roles: frozenset[Role], at_desk: bool = False, outside: bool = False
) -> Callable[[Callable[Concatenate[D, P], R]], Callable[Concatenate[D, P], R]]:
    """
    Mark a method that changes something, for *roles* only.

    Args:
        at_desk: Refuse others here. Where the domain has a rule of its own it refuses,
            with every other reason beside.

        outside: It asks somebody outside, or works through what waits; refused within a
            host's transaction.
    """
    allowed = frozenset[Role]().union(*roles)
    return _guarded(Access(allowed, is_command=True, at_desk=at_desk, outside=outside))


def _guarded(
    access: Access,
) -> Callable[[Callable[Concatenate[D, P], R]], Callable[Concatenate[D, P], R]]:
    def mark(
        method: Callable[Concatenate[D, P], R],
    ) -> Callable[Concatenate[D, P], R]:
        @wraps(method)
        def call(desk: D, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if access.at_desk:
                desk.admit(access, method.__name__)
            if access.outside:
                desk.require_no_host(method.__name__)
            check_arguments(method, args, kwargs)
            return method(desk, *args, **kwargs)

        made = _traced(call) if access.is_command else call
        setattr(made, _ACCESS, access)
        return made

    return mark


def _traced(
    command: Callable[Concatenate[D, P], R],
) -> Callable[Concatenate[D, P], R]:
    """
    Let a command be a span where somebody traces, also one that is refused.
    """

    @wraps(command)
    def call(desk: D, /, *args: P.args, **kwargs: P.kwargs) -> R:
        span = desk.span_of(command.__name__)
        if span is None:
            return command(desk, *args, **kwargs)
        with span:
            return command(desk, *args, **kwargs)

    return call
