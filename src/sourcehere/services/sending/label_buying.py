"""
Labels: bought from a carrier, once, whatever happens on the way; voided, and printed.

What is to be bought is kept with its key before the carrier is asked, and binds its
units. The carrier is asked with no transaction open. What it says is kept together with
the parcel that leaves. Where nobody knows what became of a call, the same key is sent
again, or looked up; workers take up what a dead process left (`labels.py`).
"""

from datetime import timedelta

import attrs

from ...domain.effects.labels import DUE_STAGES, Label, LabelStage
from ...domain.effects.machine import PLANNED
from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.errors import (
    Blocker,
    CallerError,
    CommandRefusedError,
    NotFoundError,
    SourceHereError,
    StateError,
)
from ...domain.kernel.ids import SellerId
from ...doors.answers import words_of
from ...ports.errors import (
    DeclinedError,
    ProtocolError,
    ThrottledError,
    UnauthorizedError,
)
from ...ports.labels import LabelFile, SoldLabel
from ...unit.seller_unit import SellerUnit
from ...unit.tables.shipments import LABELS, LABELS_OF, LABELS_OF_PARCEL
from ..base.commands import Given, answer_of
from ..base.ports import Ports
from ..base.resting import CarrierRestsError
from ..base.service import Service
from .label_calls import KnowsOfNone, LabelCalls, NobodyCanTell, NotAsked, Said
from .label_endings import (
    keep_bought,
    keep_moved,
    keep_stray,
    keep_void,
    keep_void_moved,
)
from .label_plans import NewLabel, plan_label, request_of
from .label_sellers import method_meant

_REPEATED = (LabelStage.SENDING, LabelStage.UNKNOWN, LabelStage.VOIDING)
_LONGEST = timedelta(hours=1)
# Nothing happened for sure, and a later call may do better.
_LATER = (ThrottledError, UnauthorizedError)


class LabelBuying(Service):
    """
    Buys labels, voids them, and gets their files.
    """

    def __init__(self, ports: Ports) -> None:
        super().__init__(ports)
        self._calls = LabelCalls(ports)

    def buy(
        self, seller_id: str, new: NewLabel, *, by: Actor, command_id: str = ""
    ) -> Label:
        """
        Buy a label, and send its parcel with the number that the carrier says.

        The same command again asks no second time for what was bought: it goes on where
        it was.

        Returns:
            The label; its `stage` says what became of it. Where nobody knows yet, it is
            asked again by itself.

        Raises:
            CommandRefusedError: If the order cannot leave now, or a label is being
                bought for its units already.

            LabelsUnsupportedError: If no connection, or not the one named, sells any.

            UnknownMethodError: If none has such a method.

            AmbiguousMethodError: If several have it.

            DeclinedError: If the carrier does not sell it; its units are free again.
        """
        seller, given = SellerId(seller_id), Given(command_id, "buy_label", new)
        known = self._answered(seller, given)
        made: list[Label] = []
        if known is None:
            key = method_meant(
                self._ports.providers, self._calls.connections(), new.method
            )
            self._calls.seller(key[0]).key_ttl()
            if self._calls.rests(key[0]):
                raise CarrierRestsError(key[0], "resting", "it did not answer well")

            def work(unit: SellerUnit) -> str:
                label = plan_label(unit, new, key, self._settings, by=by)
                made[:] = [label]
                return label.label_id

            label_id = self._once(seller, given, work, str)
        else:
            label_id = answer_of(known, str)
        if made and made[0].label_id == label_id:
            label = self._go_on(made[0], is_first=True)
        else:
            label = self.take_up(seller_id, label_id, is_asked_for=True)
        if label.stage is LabelStage.DECLINED:
            raise DeclinedError(provider=label.connection, detail=label.error)
        return label

    def void(self, seller_id: str, parcel_id: str, *, command_id: str = "") -> Label:
        """
        Void the label that a parcel left with. The parcel is then not carried: its
        order is held until staff replace it (`Shipping.void_parcel`).

        Raises:
            NotFoundError: If no label was bought for such a parcel.

            CommandRefusedError: If it is void already, or being voided.

            DeclinedError: If the carrier does not take it back; nothing changed.
        """
        given = Given(command_id, "void_label", parcel_id)
        made: list[Label] = []

        def work(unit: SellerUnit) -> str:
            label = self._of_parcel(unit, parcel_id, lock=True)
            if label.stage is not LabelStage.BOUGHT:
                raise _not_bought(label, "void_label")
            mine = attrs.evolve(label, traceparent=unit.traceparent)
            asked = self._void_asked(unit, mine)
            made[:] = [asked]
            return asked.label_id

        label_id = self._once(SellerId(seller_id), given, work, str)
        if made and made[0].label_id == label_id:
            label = self._go_on_voiding(made[0])
        else:
            label = self.take_up(seller_id, label_id, is_asked_for=True)
        if label.stage is LabelStage.BOUGHT:
            raise DeclinedError(provider=label.connection, detail=label.error)
        return label

    def file(self, seller_id: str, parcel_id: str) -> LabelFile:
        """
        Return what is printed on a parcel.

        Raises:
            NotFoundError: If no label was bought for such a parcel.

            CommandRefusedError: If it is void.

            ProviderError: If the carrier has none, or does not answer.
        """
        label = self._read(
            SellerId(seller_id), lambda unit: self._of_parcel(unit, parcel_id)
        )
        if label.stage is LabelStage.VOID:
            raise _not_bought(label, "print_label")
        return self._calls.file(label)

    def forget_file(self, seller_id: str, label_id: str) -> None:
        """
        Have what a carrier's plugin keeps of a label removed: its recipient was
        forgotten.

        Raises:
            NotFoundError: If the seller has none of that id.

            ProviderError: If it is not removed for sure.
        """
        self._calls.forget(self.get(seller_id, label_id))

    def get(self, seller_id: str, label_id: str) -> Label:
        """
        Return one label.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._read(SellerId(seller_id), lambda unit: unit.need(LABELS, label_id))

    def of_order(self, seller_id: str, order_id: str) -> tuple[Label, ...]:
        """
        List the labels of an order, oldest first; those that were not bought, too.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: tuple(unit.find(LABELS_OF, [(order_id,)])),
        )

    def take_up(
        self, seller_id: str, label_id: str, *, is_asked_for: bool = False
    ) -> Label:
        """
        Ask about a label again, if it is due and its connection does not rest; else
        return it as it is.

        Args:
            is_asked_for: Whether somebody waits for it: it is due at once where the
                same call again does no harm, even while another makes it.
        """
        label = self.get(seller_id, label_id)
        if label.stage not in DUE_STAGES or self._calls.rests(label.connection):
            return label
        is_at_once = is_asked_for and self._may_repeat(label)
        found: list[bool] = []

        def work(unit: SellerUnit) -> Label:
            found.clear()
            label = unit.need(LABELS, label_id, lock=True)
            is_due = label.is_due(unit.now)
            if not is_due and not (is_at_once and label.stage in _REPEATED):
                return label
            found.append(label.state == PLANNED)
            if not label.is_live:
                return self._void_asked(unit, label)
            asked = label.asked(now=unit.now, within=self._settings.lease)
            unit.put(LABELS, asked)
            return asked

        label = self._units.seller(SellerId(seller_id), work)
        if not found:
            return label
        with self._watch.under(label.traceparent):
            if not label.is_live:
                return self._go_on_voiding(label)
            return self._go_on(label, is_first=found[0])

    def _go_on(self, asked: Label, *, is_first: bool) -> Label:
        """
        Ask the carrier, and keep what it says.
        """
        try:
            request = self._read(asked.seller_id, lambda unit: request_of(unit, asked))
        except NotFoundError as error:
            said: Said = NotAsked(error)
        else:
            said = self._calls.bought(asked, request, is_first=is_first)
        if isinstance(said, SoldLabel):
            try:
                return self._sold(asked, said)
            except ProtocolError as error:  # it is another parcel's
                said = error
        return self._not_sold(asked, said, is_first=is_first)

    def _sold(self, asked: Label, sold: SoldLabel) -> Label:
        settings, seller = self._settings, asked.seller_id
        try:
            label = self._units.seller(
                seller, lambda unit: keep_bought(unit, asked, sold, settings)
            )
        except (CallerError, StateError) as error:
            # It is paid for, whatever became of its order meanwhile.
            why = error.kept_words
            label = self._units.seller(
                seller, lambda unit: keep_stray(unit, asked, sold, why)
            )
            self._watch.log(self._room).warning(
                "a label was bought and cannot be used: label=%s", asked.label_id
            )
        self._watch.count(f"sending.labels.{label.stage}", 1)
        return label

    def _not_sold(self, asked: Label, said: Said, *, is_first: bool) -> Label:
        events, error = self._ending(asked, said, is_first=is_first)
        next_at = self._ports.clock.now() + self._rest(asked, asked.sends)
        by = Actor(Role.STAFF, asked.bought_by)
        label = self._units.seller(
            asked.seller_id,
            lambda unit: keep_moved(
                unit, asked, events, by=by, error=error, next_at=next_at
            ),
        )
        self._watch.count(f"sending.labels.{label.stage}", 1)
        return label

    def _ending(
        self, asked: Label, said: Said, *, is_first: bool
    ) -> tuple[tuple[str, ...], str]:
        """
        Return what happens to an attempt that did not succeed, and why.
        """
        match said:
            case KnowsOfNone():
                return ("lose", "miss"), "the carrier knows of none"
            case NobodyCanTell():
                return ("lose", "hand_over"), "the carrier cannot be asked any more"
            case NotAsked():
                error = said.error.kept_words
                return ("postpone" if is_first else "lose",), error
            case DeclinedError():
                return ("decline",), said.detail
            case SourceHereError() if is_first and isinstance(said, _LATER):
                return ("postpone",), words_of(said)
        is_last = asked.sends >= self._settings.deliveries_max
        words = words_of(said) if isinstance(said, Exception) else str(said)
        return (("lose", "hand_over") if is_last else ("lose",)), words

    def _go_on_voiding(self, asked: Label) -> Label:
        """
        Have a label taken back, and keep what the carrier says.
        """
        seller, settings = asked.seller_id, self._settings
        said = self._calls.voided(asked)
        if said is None:
            label = self._units.seller(
                seller, lambda unit: keep_void(unit, asked, settings)
            )
        else:
            events, error = self._void_ending(asked, said)
            next_at = self._ports.clock.now() + self._rest(asked, asked.void_sends)
            label = self._units.seller(
                seller,
                lambda unit: keep_void_moved(
                    unit, asked, events, error=error, next_at=next_at
                ),
            )
        self._watch.count(f"sending.labels.{label.stage}", 1)
        return label

    def _void_ending(
        self, asked: Label, said: NotAsked | SourceHereError
    ) -> tuple[tuple[str, ...], str]:
        error = said.error.kept_words if isinstance(said, NotAsked) else words_of(said)
        if isinstance(said, DeclinedError) and asked.parcel_id:
            return ("decline",), said.detail
        is_over = isinstance(said, DeclinedError)
        if is_over or asked.void_sends >= self._settings.deliveries_max:
            return ("lose", "hand_over"), error
        return ("lose",), error

    def _void_asked(self, unit: SellerUnit, label: Label) -> Label:
        """
        Keep that a label is to be voided, with a key that was kept before, unless that
        was refused.
        """
        is_new = label.stage is not LabelStage.VOIDING
        key = f"{label.key}:void:{label.void_sends + 1}" if is_new else label.void_key
        asked = label.void_asked(key, now=unit.now, within=self._settings.lease)
        unit.put(LABELS, asked)
        return asked

    def _rest(self, asked: Label, sends: int) -> timedelta:
        """
        Return how long a label is left alone: longer each time.

        A carrier that was asked may still be at it, unless it honours the key; to be
        sure that there is none, it is looked up only when that is over.
        """
        doubled = self._settings.retry_after * (1 << min(max(sends - 1, 0), 20))
        rest = min(doubled, _LONGEST)
        return rest if self._may_repeat(asked) else max(rest, self._settings.lease)

    def _may_repeat(self, label: Label) -> bool:
        """
        Tell whether the call in hand may be made twice at the same time.
        """
        if not label.is_live:
            return True  # what is void already is what is wanted
        try:
            return self._calls.honours(self._calls.seller(label.connection), label)
        except SourceHereError:
            return False

    def _of_parcel(
        self, unit: SellerUnit, parcel_id: str, *, lock: bool = False
    ) -> Label:
        found = unit.find(LABELS_OF_PARCEL, [(parcel_id,)], lock=lock)
        if not parcel_id or not found:
            raise NotFoundError(kind="label of parcel", id=parcel_id)
        return found[-1]


def _not_bought(label: Label, command: str) -> CommandRefusedError:
    stage = label.stage.value
    blocker = Blocker("wrong_state", f"it is {stage}", {"state": stage})
    return CommandRefusedError(
        kind="label", id=label.label_id, command=command, blockers=[blocker]
    )
