"""
What every command is given: the open order core, whose shop it is, and who asks.
"""

import os
import sys
from collections.abc import Callable
from typing import Annotated, Protocol

import attrs
from cyclopts import Parameter

from ..app import App
from ..domain.kernel.actor import Actor, Role
from ..domain.kernel.ids import SellerId
from ..domain.sellers.model import Seller
from ..face.opening import SourceHere
from ..ports.providers import SchemaVersion
from ..services.base.bulk import BulkReport
from ..unit.units import Units
from .errors import UsageError, failures, problems, worst
from .output import Result, table

DEFAULT_URL = "sqlite:///sourcehere.db"
_ROLES = (Role.SELLER, Role.STAFF)


@attrs.frozen(kw_only=True)
class Globals:
    """
    What may be said with every command.

    Attributes:
        db, seller, by: Empty where it was not said.
    """

    db: str = ""
    seller: str = ""
    by: str = ""
    as_json: bool = False


class Opener(Protocol):
    """
    Opens the order core, as `sourcehere.open` does.
    """

    def __call__(self, url: str, /, *, upgrade: bool) -> SourceHere:
        """
        Open the database at *url*; an older one only if *upgrade* is true.
        """
        ...


Looker = Callable[[str], SchemaVersion]


class Context:
    """
    One run of the command; the database is opened when it is first asked for.
    """

    def __init__(self, said: Globals, opener: Opener, looker: Looker) -> None:
        """
        Take note of what was said; nothing is opened yet.

        Raises:
            UsageError: If `--as` names no role of a person.
        """
        if said.by and said.by.partition(":")[0] not in _ROLES:
            message = f"--as {said.by}: say seller or staff, or staff:NAME"
            raise UsageError(message)
        self.said = said
        self._opener = opener
        self._looker = looker
        self._open: SourceHere | None = None
        self._seller: Seller | None = None

    @property
    def url(self) -> str:
        """
        Where the data is: as said, as the environment says, else here.
        """
        return self.said.db or os.environ.get("SOURCEHERE_DB", "") or DEFAULT_URL

    @property
    def sh(self) -> App:
        """
        The order core; an older database is refused, so that nothing upgrades silently.
        """
        if self._open is None:
            self._open = self._opener(self.url, upgrade=False)
        return self._open._app  # noqa: SLF001 - until every command has its desk

    def look(self) -> SchemaVersion:
        """
        Read the version of the database, without making or changing it.
        """
        return self._looker(self.url)

    def upgrade(self) -> None:
        """
        Bring the database up to date.
        """
        self._opener(self.url, upgrade=True).close()

    @property
    def units(self) -> Units:
        """
        Transactions, for what no service lists.
        """
        return Units(self.sh.storage, self.sh.clock)

    def close(self) -> None:
        """
        Give back what was opened.
        """
        if self._open is not None:
            self._open.close()

    @property
    def seller(self) -> Seller:
        """
        The seller it is about: as said, as the environment says, else the only one.

        Raises:
            NotFoundError: If nobody of that id joined.

            UsageError: If it is not clear who is meant.
        """
        if self._seller is None:
            self._seller = self._find_seller()
        return self._seller

    def _find_seller(self) -> Seller:
        named = self.said.seller or os.environ.get("SOURCEHERE_SELLER", "")
        if named:
            return self.sh.sellers.get(named)
        known = self.sh.sellers.all()
        if not known:
            message = (
                f"{self.url.rpartition('@')[2]} has no seller yet; add one:"
                " sourcehere sellers add NAME --currency GBP"
            )
            raise UsageError(message)
        if len(known) > 1:
            names = ", ".join(seller.seller_id for seller in known)
            message = f"there are several sellers ({names}); name one with --seller"
            raise UsageError(message)
        return known[0]

    @property
    def seller_id(self) -> SellerId:
        """
        The id of the seller it is about.
        """
        return self.seller.seller_id

    @property
    def currency(self) -> str:
        """
        The settlement currency of the seller it is about.
        """
        return self.seller.currency

    def by(self, usual: Role) -> Actor:
        """
        Say who asks: as said with `--as`, else who usually does it.
        """
        role, _, name = (self.said.by or usual.value).partition(":")
        actor = Role(role)
        return Actor(actor, name or (self.seller_id if actor == Role.SELLER else ""))

    def agrees(self, question: str) -> bool | None:
        """
        Ask the person at the terminal; None where there is none.
        """
        if self.said.as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return None
        sys.stderr.write(f"{question} [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().casefold() in ("y", "yes")


Ctx = Annotated[Context, Parameter(parse=False)]
# Choices are shown as the core names them, underscores included.
AS_NAMED = Parameter(name_transform=str.lower)


def states_of(report: BulkReport[str], noun: str = "order") -> Result:
    """
    Show what became of every item; a single item that failed raises its own error.
    """
    if len(report.failed) == 1 and not report.done:
        raise next(iter(report.failed.values()))
    return Result(
        {"done": report.done, "failed": failures(report.failed)},
        (
            table(
                list(report.done.items()),
                {noun: lambda item: item[0], "state": lambda item: item[1]},
            ),
        ),
        problems(report.failed),
        worst(report.failed),
    )
