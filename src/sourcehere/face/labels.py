"""
Labels of all sellers: what is asked about again, and what only a person can end.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from ..domain.effects.labels import LabelDecision
from ..domain.kernel.checks import refuse
from ..domain.kernel.clock import day_at
from ..domain.kernel.errors import InvalidInputError
from ..domain.kernel.money import Money
from ..ports.labels import SoldLabel
from ..services.sending.labels import LabelsReport
from ..unit.tables.shipments import LABELS
from .exported import LABEL_COLUMNS, Cell, rows_of, whole
from .lists import Page
from .records.labels import LabelView, view_of_label
from .scope import STAFF, SYSTEM, Desk, command, reading

_OPERATORS = STAFF | SYSTEM


class LabelRunsDesk(Desk):
    """
    Asks about labels again of which it is not known what became of them.
    """

    @command(_OPERATORS, at_desk=True, outside=True)
    def run(
        self, *, stop: Callable[[], bool] | None = None, command_id: str = ""
    ) -> LabelsReport:
        """
        Ask about every label that is due: what nobody knows, what a process left that
        died, and what was bought and cannot be used, which is voided. Any number of
        workers may do it.

        Args:
            stop: Asked between two labels: whether to end here.
        """
        return self._app.labels.run(stop=stop, command_id=command_id)

    @reading(_OPERATORS)
    def open(self) -> tuple[LabelView, ...]:
        """
        List the labels of which it is not known what became of them, and those that
        were bought and cannot be used; those that wait for a person come first
        (`manual`, `stuck`).
        """
        return tuple(view_of_label(label) for label in self._app.labels.open())


class AllLabelsDesk(LabelRunsDesk):
    """
    Labels of all sellers, as staff end what only a person can, and what they cost.
    """

    @reading(STAFF)
    def list(self, *, after: str = "", limit: int = 50) -> Page[LabelView]:
        """
        List the labels of all sellers, seller by seller, oldest first; those that were
        not bought, too.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._everybodys(
            LABELS.primary, convert=view_of_label, after=after, limit=limit
        )

    @reading(STAFF)
    def export(
        self, *, first: date | None = None, last: date | None = None
    ) -> Iterator[Mapping[str, Cell]]:
        """
        Return the labels of all sellers as rows, column -> plain value, to hold against
        the bills of carriers; read as you go, so that many take no more memory.

        Args:
            first: Only what was asked for on that day or later, in the platform's zone.

            last: Only what was asked for on that day or before.

        Raises:
            InvalidInputError: If *last* is before *first*.
        """
        if first is not None and last is not None and last < first:
            refuse("last", str(last), f"a day not before {first}")
        zone = self._app.settings.zone
        begin, end = first or date.min, last or date.max
        asked_for = (
            label
            for label in whole(self.list)
            if begin <= day_at(label.planned_at, zone) <= end
        )
        return rows_of(asked_for, LABEL_COLUMNS)

    @command(STAFF, at_desk=True, outside=True)
    def resolve(
        self,
        seller_id: str,
        label_id: str,
        decision: LabelDecision,
        *,
        reference: str = "",
        carrier: str = "",
        tracking_number: str = "",
        price: Money | None = None,
        command_id: str = "",
    ) -> LabelView:
        """
        Keep what a person found out about a label at its carrier.

        Args:
            decision: `BOUGHT` sends its parcel, with the four that follow, which are
                given then and never else; where its order cannot leave any more, the
                label is voided. `NOT_BOUGHT` frees its units. `VOID` and `KEPT` end one
                that the carrier did not take back.

            reference: The carrier's own name for it.

            price: What it cost.

        Raises:
            NotFoundError: If the seller has no such label.

            CommandRefusedError: If its state is none that the decision ends.

            InvalidInputError: If what was bought is not said, or is said where nothing
                was.
        """
        sold = None
        if price is not None:
            sold = SoldLabel(
                reference=reference,
                carrier=carrier,
                tracking_number=tracking_number,
                price=price,
            )
        elif decision is LabelDecision.BOUGHT or reference or carrier:
            raise InvalidInputError(
                field="price", value=price, expected="what the label cost"
            )
        label = self._app.labels.resolve(
            seller_id,
            label_id,
            decision,
            sold=sold,
            by=self._by,
            command_id=command_id,
        )
        return view_of_label(label)
