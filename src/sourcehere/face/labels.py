"""
Labels of all sellers: what is asked about again, and what only a person can end.
"""

from collections.abc import Callable

from ..domain.effects.labels import LabelDecision
from ..domain.kernel.errors import InvalidInputError
from ..domain.kernel.money import Money
from ..ports.labels import SoldLabel
from ..services.sending.labels import LabelsReport
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
    Labels of all sellers, as staff end what only a person can.
    """

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
