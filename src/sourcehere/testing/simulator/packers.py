"""
The platform's packers: they buy labels from carriers, void them, print them, and find
out what carriers do not say.
"""

from collections.abc import Sequence
from typing import Any

from ...app import App
from ...domain.effects.labels import (
    PERSONS_STAGES,
    Label,
    LabelDecision,
    LabelStage,
)
from ...domain.kernel.actor import Actor, Role
from ...ports.errors import DeclinedError
from ...services.base.resting import CarrierRestsError
from ...services.sending.label_plans import NewLabel
from .people import Act, Person
from .posts import POSTS
from .truth import KnownLabel
from .world import World


class Packer(Person):
    """
    Somebody who packs parcels and buys their labels, beside another who does.
    """

    likely = 0.5

    def __init__(self, world: World, place: int) -> None:
        super().__init__(world, f"packer{place}")
        self.by = Actor(Role.STAFF, self.name)
        self._mine: list[KnownLabel] = []

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do.
        """
        return (
            (4, self._wait),
            (16, self._buy),
            (8, self._look),
            (4, self._void),
            (5, self._replace),
            (2, self._print),
            (6, self._find_out),
        )

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _buy(self) -> None:
        header: Any = self.one(self.app.queues.orders_to_pick(limit=8))
        if header is None:
            return
        seller, order_id = header.seller_id, header.order_id
        units = self._some_units(seller, order_id) if self.chance(0.3) else None
        method = f"{self.one(POSTS)}:std"
        new = NewLabel(order_id=order_id, method=method, quantities=units)

        post = self.world.posts[method.partition(":")[0]]
        made = [""]  # as it was told first: it may be declined later

        def call(app: App, command: str) -> str:
            began = self.world.scheduler.steps
            try:
                label = app.labels.buy(seller, new, by=self.by, command_id=command)
            except CarrierRestsError:
                raise  # it is asked again
            except DeclinedError:
                return made[0]
            post.told_late(self.name, since=began)
            # One that was sold late has a label of its own.
            made[0] = made[0] or label.label_id
            return made[0]

        def answered(label_id: str) -> None:
            if label_id:
                self._mine.append(self.world.truth.has_bought(seller, label_id))

        self.command("buy_label", call, answered)

    def _some_units(self, seller: str, order_id: str) -> dict[str, int]:
        order = self.app.orders.get(seller, order_id)
        left = {str(i.item_id): i.quantity_left for i in order.items.values()}
        return {name: self.number(1, most) for name, most in left.items() if most}

    def _some_label(self) -> KnownLabel | None:
        found: KnownLabel | None = self.one(self._mine[-10:])
        return found

    def _look(self) -> None:
        known = self._some_label()
        if known is not None:
            look_at(self.world, self.app, known)

    def _void(self) -> None:
        known = self._some_label()
        if known is None or not known.parcel_id:
            return

        def call(app: App, command: str) -> str:
            try:
                app.labels.void(known.seller, known.parcel_id, command_id=command)
            except CarrierRestsError:
                raise
            except DeclinedError:  # at once, or after nobody knew for a while
                return known.label_id
            return known.label_id

        self.command("void_label", call)

    def _replace(self) -> None:
        """
        Send another parcel in place of one whose label is void.
        """
        known, number, truth = self._some_label(), self.new_name(), self.world.truth
        if known is None or not known.parcel_id:
            return
        parcel = truth.parcels[known.parcel_id]
        label = look_at(self.world, self.app, known)
        if parcel.is_replaced or label.stage is not LabelStage.VOID:
            return

        def answered(replacement: str) -> None:
            parcel.is_replaced = True
            truth.has_sent(parcel.seller, parcel.order_id, replacement, number)

        self.command(
            "replace_parcel",
            lambda app, command: app.shipping.void_parcel(
                parcel.seller,
                parcel.order_id,
                parcel.parcel_id,
                carrier="post",
                tracking_number=number,
                by=self.by,
                command_id=command,
            ),
            answered,
        )

    def _print(self) -> None:
        known = self._some_label()
        if known is not None and known.parcel_id:
            self.app.labels.file(known.seller, known.parcel_id)

    def _find_out(self) -> None:
        open_ones = self.app.labels.open()
        label = self.one([one for one in open_ones if one.stage in PERSONS_STAGES])
        if label is not None:
            self.command(
                "resolve_label",
                lambda app, command: find_out(
                    self.world, app, label, by=self.by, command_id=command
                ),
            )

    def look_at_all(self, app: App) -> None:
        """
        Look what became of all their labels.
        """
        for known in self._mine:
            look_at(self.world, app, known)


def look_at(world: World, app: App, known: KnownLabel) -> Label:
    """
    Look what became of a label, and keep which parcel left with it.
    """
    label = app.labels.get(known.seller, known.label_id)
    if label.parcel_id and not known.parcel_id:
        known.parcel_id = label.parcel_id
        sold = world.posts[label.connection].labels[label.reference].sold
        world.truth.has_sent(
            known.seller, label.order_id, label.parcel_id, sold.tracking_number
        )
    if label.stage is LabelStage.VOID and label.parcel_id:
        world.truth.has_voided(known, label.tracking_number, label.changed_at)
    return label


def find_out(
    world: World, app: App, label: Label, *, by: Actor, command_id: str = ""
) -> str:
    """
    End a label by what a person finds out at its carrier; return which it was.
    """
    post, sold = world.posts[label.connection], None
    if label.stage is LabelStage.STUCK:
        is_void = post.labels[label.reference].is_void
        decision = LabelDecision.VOID if is_void else LabelDecision.KEPT
    else:
        sold = post.looked_up(label.key)
        decision = LabelDecision.BOUGHT if sold else LabelDecision.NOT_BOUGHT
    ended = app.labels.resolve(
        label.seller_id,
        label.label_id,
        decision,
        sold=sold,
        by=by,
        command_id=command_id,
    )
    return ended.label_id
