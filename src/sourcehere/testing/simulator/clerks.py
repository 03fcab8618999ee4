"""
The platform's people: what they accept, send, put right, receive and decide.
"""

from collections.abc import Sequence
from typing import Any

from ...app import App
from ...domain.effects.model import Channel
from ...domain.kernel.actor import Actor, Role
from ...domain.orders.kinds import KINDS
from ...domain.orders.tabs import Tab
from ...services.sending.shipping import NewParcel
from .people import Act, Person
from .truth import KnownParcel
from .world import World


class Clerk(Person):
    """
    One of the warehouse's people. Each puts right only the parcels they sent.
    """

    def __init__(self, world: World, name: str) -> None:
        super().__init__(world, name)
        self.by = Actor(Role.STAFF, name)
        self._mine: list[KnownParcel] = []

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do.
        """
        return (
            (25, self._accept),
            (36, self._ship),
            (10, self._correct),
            (5, self._void),
            (3, self._refund),
            (2, self._short_ship),
            (2, self._reject),
            (18, self._release),
            (2, self._resend),
            (2, self._discard),
        )

    def _accept(self) -> None:
        seller = self.one(self.world.sellers)
        page = self.app.orders.page(seller, tab=Tab.AWAITING_SHIPPING, limit=25)
        names = [
            o.order_id
            for o in page.orders
            if o.accepted_at is None and not KINDS[o.kind].ends_in_stock
        ]
        if names:
            self.command(
                "accept",
                lambda app, command: app.shipping.accept(
                    seller, names[:4], by=self.by, command_id=command
                ),
            )

    def _some_to_pick(self) -> Any:
        return self.one(self.app.queues.orders_to_pick(limit=8))

    def _ship(self) -> None:
        header = self._some_to_pick()
        if header is None:
            return
        order = self.app.orders.get(header.seller_id, header.order_id)
        left = {i.item_id: i.quantity_left for i in order.items.values()}
        chosen = {
            n: self.number(0, q) if self.chance(0.3) else q for n, q in left.items()
        }
        units = {str(n): q for n, q in chosen.items() if q}
        if not units:
            return
        number = self.new_name()
        parcel = NewParcel(
            order_id=order.order_id,
            carrier="post",
            tracking_number=number,
            quantities=units,
        )
        seller = header.seller_id

        def answered(parcel_id: str) -> None:
            self._has_sent(seller, order.order_id, parcel_id, number)

        self.command(
            "ship",
            lambda app, command: app.shipping.ship(
                seller, parcel, by=self.by, command_id=command
            ),
            answered,
            under=number,
        )

    def _some_parcel(self) -> KnownParcel | None:
        live = [parcel for parcel in self._mine[-12:] if not parcel.is_replaced]
        found: KnownParcel | None = self.one(live)
        return found

    def _correct(self) -> None:
        self._put_right(void=False)

    def _void(self) -> None:
        self._put_right(void=True)

    def _put_right(self, *, void: bool) -> None:
        parcel, number = self._some_parcel(), self.new_name()
        if parcel is None:
            return

        def call(app: App, command: str) -> object:
            shipping = app.shipping
            act = shipping.void_parcel if void else shipping.correct_tracking
            return act(
                parcel.seller,
                parcel.order_id,
                parcel.parcel_id,
                carrier="post",
                tracking_number=number,
                by=self.by,
                command_id=command,
            )

        def answered(replacement: str) -> None:
            if not void:
                parcel.number = number
                return
            parcel.is_replaced = True
            self._has_sent(parcel.seller, parcel.order_id, replacement, number)

        name = "void_parcel" if void else "correct_tracking"
        self.command(name, call, answered, under=number)

    def _has_sent(
        self, seller: str, order_id: str, parcel_id: str, number: str
    ) -> None:
        truth = self.world.truth
        truth.has_sent(seller, order_id, parcel_id, number)
        self._mine.append(truth.parcels[parcel_id])

    def _refund(self) -> None:
        header = self._some_to_pick()
        if header is None:
            return
        order = self.app.orders.get(header.seller_id, header.order_id)
        item = self.one([i for i in order.items.values() if i.quantity_left])
        if item is None:
            return
        units = {item.item_id: self.number(1, item.quantity_left)}
        self.command(
            "refund_units",
            lambda app, command: app.orders.refund_units(
                header.seller_id,
                header.order_id,
                units,
                by=self.by,
                command_id=command,
            ),
        )

    def _short_ship(self) -> None:
        header = self._some_to_pick()
        if header is not None:
            self.command(
                "short_ship_rest",
                lambda app, command: app.shipping.short_ship_rest(
                    header.seller_id,
                    header.order_id,
                    by=self.by,
                    command_id=command,
                ),
            )

    def _reject(self) -> None:
        header = self._some_to_pick()
        if header is not None:
            self.command(
                "reject",
                lambda app, command: app.orders.reject(
                    header.seller_id,
                    [header.order_id],
                    "We do not have it.",
                    by=self.by,
                    command_id=command,
                ),
            )

    def _release(self) -> None:
        seller = self.one(self.world.sellers)
        page = self.app.orders.page(seller, tab=Tab.ABNORMAL, limit=6)
        order = self.one(page.orders)
        hold = self.one(order.holds) if order is not None else None
        if hold is None:
            return
        # Who placed it may be told later that it is there.
        shelves = self.world.truth.shelves
        shelves.releasing.add(hold.hold_id)
        self.command(
            "release_hold",
            lambda app, command: app.orders.release_hold(
                seller,
                order.order_id,
                hold.hold_id,
                by=self.by,
                command_id=command,
            ),
            lambda _: shelves.released.add(hold.hold_id),
        )

    def _resend(self) -> None:
        message = self.one(self.app.relay.dead())
        if message is not None:
            self.command(
                "resend",
                lambda app, command: app.relay.resend(
                    message.seller_id,
                    message.message_id,
                    by=self.by,
                    command_id=command,
                ),
            )

    def _discard(self) -> None:
        """
        Give up what a shop refused: it need not be told of that number.
        """
        dead = self.app.relay.dead()
        message = self.one([m for m in dead if m.channel == Channel.STORE])
        known = message and self.world.truth.parcels.get(message.subject)
        if message is None or known is None:
            return
        number = str(message.payload["tracking_number"])
        self.command(
            "discard",
            lambda app, command: app.relay.discard(
                message.seller_id,
                message.message_id,
                by=self.by,
                command_id=command,
            ),
            lambda _: known.untold.add(number),
        )
