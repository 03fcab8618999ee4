"""
What every command is given: the open order core, whose shop it is, and who asks.
"""

import os
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Protocol, TypeVar

from cyclopts import Parameter

from ..domain.kernel.actor import Actor, Role
from ..domain.kernel.errors import ForbiddenError
from ..domain.kernel.ids import SellerId
from ..domain.kernel.values import frozen
from ..domain.sellers.model import Seller
from ..face.core import SourceHere
from ..ports.providers import SchemaState, SchemaVersion
from .errors import UsageError, failures, problems, worst
from .output import Result, Table, table, tell_progress
from .plain_text import plain

if TYPE_CHECKING:  # desks are imported when the first one is asked for
    from ..face.desks import SellerDesk, StaffDesk
    from ..face.results import OrderState, Report

DEFAULT_URL = "sqlite:///sourcehere.db"
# Who staff are, in what is stored, where `--as` does not name them.
STAFF_NAME = "cli"
_ROLES = (Role.SELLER, Role.STAFF)
_NAMED = 20  # sellers in a sentence
T = TypeVar("T")


@frozen(kw_only=True)
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
        Keep what was said; nothing is opened yet.

        Raises:
            UsageError: If `--as` names no role of a person.
        """
        if said.by and said.by.partition(":")[0] not in _ROLES:
            message = f"--as {said.by}: say seller or staff, or staff:NAME"
            raise UsageError(message)
        self.said = said
        # Order -> what it was called on the command line, where not by its id.
        self.called: dict[str, str] = {}
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
    def _place(self) -> str:
        return self.url.rpartition("@")[2]  # no password

    @property
    def sh(self) -> SourceHere:
        """
        The order core; an older database is refused, so that nothing upgrades silently.
        """
        if self._open is None:
            self._open = self._opener(self.url, upgrade=False)
        return self._open

    @property
    def platform(self) -> SourceHere:
        """
        The order core, for what the platform does by itself.

        Raises:
            ForbiddenError: If `--as` says seller.
        """
        self._require_staff()
        return self.sh

    @property
    def of_all(self) -> SourceHere:
        """
        The order core, for what the platform does for all sellers at once.

        Raises:
            ForbiddenError: If `--as` says seller.

            UsageError: If `--seller` names one.
        """
        self._require_for_all()
        return self.sh

    def _require_for_all(self) -> None:
        self._require_all("it is done for all sellers at once")
        self._require_staff()

    def _require_all(self, why: str) -> None:
        if self.said.seller:
            message = f"{why}: leave out --seller"
            raise UsageError(message)

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

    def copy_to(self, url: str) -> Mapping[str, int]:
        """
        Copy the whole database to the one at *url*; return the rows of each table.

        Raises:
            ForbiddenError: If `--as` says seller.

            UsageError: If `--seller` names one, or there is no database to copy.

            NotEmptyError: If anything is kept there, or written there meanwhile.
        """
        self._require_for_all()
        if self.look().state is SchemaState.EMPTY:
            message = f"{self._place} is no database yet; name the one to copy by --db"
            raise UsageError(message)
        source = self.sh
        target = self._opener(url, upgrade=False)
        try:
            return source.copy_to(target, progress=tell_progress)
        finally:
            target.close()

    def close(self) -> None:
        """
        Close what was opened.
        """
        if self._open is not None:
            self._open.close()

    @property
    def seller(self) -> Seller:
        """
        The seller it is about: as said, as the environment says, else the only one.

        Raises:
            NotFoundError: If nobody of that id is registered.

            UsageError: If it is not clear who is meant.
        """
        if self._seller is None:
            self._seller = self._find_seller()
        return self._seller

    def _find_seller(self) -> Seller:
        named = self.said.seller or os.environ.get("SOURCEHERE_SELLER", "")
        if named:
            return self.sh.seller(named).profile()
        known = self.sh.staff(STAFF_NAME).sellers.list(limit=_NAMED)
        if not known:
            message = (
                f"{self._place} has no seller yet; add one:"
                " sourcehere sellers add NAME --currency GBP"
            )
            raise UsageError(message)
        if len(known) > 1:
            names = ", ".join(seller.seller_id for seller in known)
            others = " and more" if known.next else ""
            message = (
                f"there are several sellers ({names}{others}); name one with --seller"
            )
            raise UsageError(message)
        return known.items[0]

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

    @property
    def shop(self) -> "SellerDesk":
        """
        The seller's desk for what sellers do: the seller sits there unless `--as` says
        staff.

        Raises:
            ForbiddenError: If `--as` says another seller.
        """
        return self.shop_for(Role.SELLER)

    @property
    def shop_by_staff(self) -> "SellerDesk":
        """
        The seller's desk for what staff do there: staff sit there unless `--as` says
        the seller.

        Raises:
            ForbiddenError: If `--as` says another seller.
        """
        return self.shop_for(Role.STAFF)

    def shop_for(self, usual: Role) -> "SellerDesk":
        """
        Return the seller's desk for whom `--as` says, else for who is *usual* there.

        Raises:
            ForbiddenError: If `--as` says another seller.
        """
        role, _, name = (self.said.by or usual.value).partition(":")
        return self.shop_of(Actor(Role(role), name))

    def shop_of(self, actor: Actor) -> "SellerDesk":
        """
        Return the seller's desk for *actor*; one without a name is the usual one.

        Raises:
            ForbiddenError: If it is another seller.
        """
        if actor.role == Role.STAFF:
            return self.sh.staff(actor.id or STAFF_NAME).seller(self.seller_id)
        if actor.role == Role.SELLER and not actor.id:
            return self.sh.seller(self.seller_id)
        return self.sh.seller(self.seller_id, by=actor)

    @property
    def staff(self) -> "StaffDesk":
        """
        The platform's desk, for `--as staff:NAME`, or under the command's own name.

        Raises:
            ForbiddenError: If `--as` says seller.
        """
        return self.sh.staff(self._require_staff() or STAFF_NAME)

    @property
    def staff_of_all(self) -> "StaffDesk":
        """
        The platform's desk, for lists of what is all sellers'.

        Raises:
            ForbiddenError: If `--as` says seller.

            UsageError: If `--seller` names one.
        """
        self._require_all("it lists what is all sellers'")
        return self.staff

    def _require_staff(self) -> str:
        role, _, name = self.said.by.partition(":")
        if role == Role.SELLER:
            raise ForbiddenError(
                actor=Actor(Role.SELLER, name),
                action="work at the platform's desk",
                words="it is for staff",
            )
        return name

    @property
    def desk(self) -> "SellerDesk | StaffDesk":
        """
        A desk for what everybody may read, such as the catalogue: the platform's, which
        needs no seller, unless `--as` says seller.
        """
        return self.shop if self.said.by.startswith(Role.SELLER) else self.staff

    def asks(self, question: str) -> str:
        """
        Ask the person at the terminal for a line; empty where there is none.
        """
        if self.said.as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return ""
        sys.stderr.write(f"{plain(question)}: ")
        sys.stderr.flush()
        return sys.stdin.readline().strip()

    def agrees(self, question: str) -> bool | None:
        """
        Ask the person at the terminal; None where there is none.
        """
        if self.said.as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return None
        sys.stderr.write(f"{plain(question)} [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().casefold() in ("y", "yes")


Ctx = Annotated[Context, Parameter(parse=False)]
# Choices are shown as the core names them, underscores included.
AS_NAMED = Parameter(name_transform=str.lower)


def states_of(report: "Report[OrderState]") -> Result:
    """
    Show what became of every order; a single one that failed raises its own error.
    """
    return reported(
        report,
        table(
            list(report.done.values()),
            {"order": lambda o: o.order_id, "state": lambda o: o.state},
        ),
    )


def reported(report: "Report[T]", shown: Table) -> Result:
    """
    Show a command about many; where there was one only, its failure is the command's.
    """
    if len(report.failed) == 1 and not report.done:
        raise next(iter(report.failed.values()))
    return Result(
        {"done": report.done, "failed": failures(report.failed)},
        (shown,),
        problems(report.failed),
        worst(report.failed),
    )
