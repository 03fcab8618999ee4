"""
Mending what the audit names.
"""

from collections.abc import Callable

from ..domain.kernel.actor import Actor, Role
from ..domain.kernel.errors import ForbiddenError
from ..domain.kernel.ids import check_id
from ..services.repair.plan import RepairPlan, RepairReport
from ..unit.tables.repairs import REPAIRS, REPAIRS_OF, Repair
from .lists import Page
from .scope import STAFF, SYSTEM, Desk, command, reading

_OPERATORS = STAFF | SYSTEM


class RepairDesk(Desk):
    """
    Plans repairs, does them, and lists what was repaired.
    """

    @reading(_OPERATORS)
    def plan(
        self, *, seller_id: str = "", progress: Callable[[int], None] | None = None
    ) -> RepairPlan:
        """
        Run the audit with a replay, and say what can be mended, and what a person does
        about the rest; nothing is written, and nobody waits for it.

        Only that is planned after which the audit names less, and nothing new: what
        contradicts something else is left to a person.

        Args:
            seller_id: Whose rows; the catalogue, circuits and workers of the platform
                are planned with everybody's.

            progress: Called with how many orders were looked at, and how many
                aggregates made anew, so far; again and again.
        """
        return self._app.repairing.plan(seller_id=seller_id, progress=progress)

    @command(_OPERATORS, at_desk=True)
    def do(
        self, plan: RepairPlan, *, reason: str, by: str = "", command_id: str = ""
    ) -> RepairReport:
        """
        Write what *plan* says, one seller a commit.

        Events, entries, movements, calls, attempts, receipts and refunds are never
        changed: they are answered by new ones. Each row that is written is kept on
        record. A plan is done once, however often it is given; cut off, the rest is
        done by giving it again.

        Args:
            reason: Why, such as a ticket's number; it is kept, so no personal data.

            by: Who of the staff, where a host's own desk is asked.

        Raises:
            InvalidInputError: If *reason* is empty or longer than 200 characters, or
                *by* cannot be an id.

            RepairOutdatedError: If something is not as it was when the plan was made.
                Nothing of that seller was written, those before are done.

            ForbiddenError: If *by* is not whose desk it is.
        """
        return self._app.repairing.do(
            plan, reason=reason, by=self._who(by), command_id=command_id
        )

    def _who(self, name: str) -> Actor:
        if not name:
            return self._by
        check_id("by", name)
        actor = Actor(Role.STAFF, name)
        if self._by.role != Role.SYSTEM and actor != self._by:
            raise ForbiddenError(
                actor=self._by,
                action=f"repair as {name}",
                words="a desk is that of who sits there",
            )
        return actor

    @reading(_OPERATORS)
    def list(
        self, *, seller_id: str = "", after: str = "", limit: int = 50
    ) -> Page[Repair]:
        """
        List what was repaired, seller by seller, oldest first.

        Args:
            seller_id: Whose; everybody's, and the platform's, if not given.

            after: `Page.next` of the page before.

            limit: How many at most, 1 to 500.

        Raises:
            InvalidInputError: If *limit* is out of bounds.

            InvalidCursorError: If *after* is not from the same list.
        """
        way, prefix = (REPAIRS_OF, (seller_id,)) if seller_id else (REPAIRS.primary, ())
        return self._everybodys(
            way, *prefix, convert=lambda one: one, after=after, limit=limit
        )
