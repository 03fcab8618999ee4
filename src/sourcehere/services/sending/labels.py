"""
Labels of all sellers: what workers take up, and what only a person can decide.
"""

from collections.abc import Callable
from itertools import takewhile

import attrs

from ...domain.effects.labels import (
    DUE_STAGES,
    PERSONS_STAGES,
    Label,
    LabelDecision,
    LabelStage,
)
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import (
    Blocker,
    CommandRefusedError,
    InvalidInputError,
    SourceHereError,
)
from ...domain.kernel.ids import SellerId
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...doors.answers import words_of
from ...ports.errors import DeclinedError
from ...ports.labels import SoldLabel
from ...unit.platform_unit import PlatformUnit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.shipments import LABELS, LABELS_BY_STAGE
from ..base.commands import SAID_OUTSIDE, Given
from .correcting import require_tracking
from .label_buying import LabelBuying
from .label_endings import keep_moved, keep_void, keep_void_moved


@frozen(kw_only=True)
class LabelsReport:
    """
    What a round over labels did.

    Attributes:
        asked: Labels that were asked about.

        ended: Those of which it is known by now what became of them.

        failed: Label -> why it could not be asked about; it is asked again later.
    """

    asked: int = 0
    ended: int = 0
    failed: dict[str, str] = attrs.field(factory=dict, metadata=SAID_OUTSIDE)


# Decision -> stage -> what happens to the attempt.
_EVENTS: dict[LabelDecision, dict[LabelStage, tuple[str, ...]]] = {
    LabelDecision.BOUGHT: {LabelStage.UNKNOWN: (), LabelStage.MANUAL: ()},
    LabelDecision.NOT_BOUGHT: {
        LabelStage.PLANNED: ("send", "decline"),
        LabelStage.UNKNOWN: ("refute",),
        LabelStage.MANUAL: ("dismiss",),
    },
    LabelDecision.VOID: {LabelStage.STUCK: ()},
    LabelDecision.KEPT: {LabelStage.STUCK: ("dismiss",)},
}


class Labels(LabelBuying):
    """
    Buys labels, takes up what is not ended, and keeps what people decide.
    """

    def run(
        self, *, stop: Callable[[], bool] | None = None, command_id: str = ""
    ) -> LabelsReport:
        """
        Ask about every label that is due: what a dead process left, what nobody knows,
        what cannot be used and is to be voided.

        Args:
            stop: Asked between two labels: whether to end here.
        """
        is_over = stop or (lambda: False)
        return self._once_over_for_platform(
            Given(command_id, "run_labels", ()),
            lambda: self._run(is_over),
            LabelsReport,
            is_whole=lambda _: not is_over(),
        )

    def _run(self, is_over: Callable[[], bool]) -> LabelsReport:
        asked = ended = 0
        failed: dict[str, str] = {}
        for label in self._due():
            if is_over():
                break
            try:
                now = self.take_up(label.seller_id, label.label_id)
            except DeclinedError:
                asked, ended = asked + 1, ended + 1
            except SourceHereError as error:  # its rows are in use
                failed[label.label_id] = words_of(error)
            else:
                asked += now.epoch != label.epoch
                ended += now.stage not in (*DUE_STAGES, *PERSONS_STAGES)
        return LabelsReport(asked=asked, ended=ended, failed=failed)

    def _due(self) -> list[Label]:
        def work(unit: PlatformUnit) -> list[Label]:
            due: list[Label] = []
            for stage in DUE_STAGES:  # in each the first is asked about first
                known = unit.each(LABELS_BY_STAGE, stage.value)
                due += takewhile(lambda label: label.is_due(unit.now), known)
            return due

        return self._units.platform(work, read_only=True)

    def open(self) -> tuple[Label, ...]:
        """
        List the labels of which it is not known yet what became of them, and those that
        were bought for nothing; those first that only a person can end.
        """

        def work(unit: PlatformUnit) -> tuple[Label, ...]:
            return tuple(
                label
                for stage in (*PERSONS_STAGES, *DUE_STAGES)
                for label in unit.each(LABELS_BY_STAGE, stage.value)
            )

        return self._units.platform(work, read_only=True)

    def resolve(
        self,
        seller_id: str,
        label_id: str,
        decision: LabelDecision,
        *,
        sold: SoldLabel | None,
        by: Actor,
        command_id: str = "",
    ) -> Label:
        """
        Keep what a person found out about a label that is open.

        Args:
            sold: What the carrier sold; given with `LabelDecision.BOUGHT` and never
                else.

        Raises:
            NotFoundError: If the seller has no such label.

            CommandRefusedError: If it is not in a stage that such a decision ends.

            InvalidInputError: If it is not said what was bought, or said of a label
                that was not.
        """
        _require_sold(decision, sold)
        seller = SellerId(seller_id)
        given = Given(command_id, "resolve_label", (label_id, decision, sold))

        def end(unit: SellerUnit) -> str:
            about = unit.need(LABELS, label_id).order_id
            unit.orders.headers([about])  # locked before labels, as everywhere
            label = unit.need(LABELS, label_id, lock=True)
            events = _EVENTS[decision].get(label.stage)
            if events is None:
                raise _refused(label, decision)
            if decision is LabelDecision.NOT_BOUGHT:
                keep_moved(
                    unit, label, events, by=by, outcome="dismissed", next_at=unit.now
                )
            elif decision is LabelDecision.VOID:
                keep_void(unit, label, self._settings)
            elif decision is LabelDecision.KEPT:
                keep_void_moved(
                    unit, label, events, error=label.error, next_at=unit.now
                )
            return label_id

        self._once(seller, given, end, str)
        label = self.get(seller_id, label_id)
        return label if sold is None else self._sold(label, sold)


def _require_sold(decision: LabelDecision, sold: SoldLabel | None) -> None:
    if (decision is LabelDecision.BOUGHT) != (sold is not None):
        expected = "what was bought, with this decision and no other"
        raise InvalidInputError(field="sold", value=decision.value, expected=expected)
    if sold is None:
        return
    require_tracking(sold.carrier, sold.tracking_number)
    if not sold.reference.strip():
        expected = "the carrier's own name for the label"
        raise InvalidInputError(
            field="reference", value=sold.reference, expected=expected
        )
    if sold.price < Money(0, sold.price.currency):
        raise InvalidInputError(
            field="price", value=str(sold.price), expected="0 or more"
        )


def _refused(label: Label, decision: LabelDecision) -> CommandRefusedError:
    stages = ", ".join(stage.value for stage in _EVENTS[decision])
    words = f"it is {label.stage.value}; {decision.value} needs {stages}"
    blocker = Blocker("wrong_state", words, {"state": label.stage.value})
    return CommandRefusedError(
        kind="label", id=label.label_id, command="resolve_label", blockers=[blocker]
    )
