"""
What runs by itself: workers, readers of shops, carriers, and time.
"""

from collections.abc import Sequence
from datetime import timedelta

from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.errors import SourceHereError
from ...domain.shipments.model import IncidentReason, TrackingStatus
from ...services.sending.tracking import TrackingFact
from ...unit.tables.stores import STORE_ORDERS
from ..rows import dump
from .people import Act, Person
from .world import STORE, World
from .wrong import WrongError

_PAYABLE = ("unrecognized", "awaiting_payment")
CARRIER = Actor(Role.CARRIER, "post")


class Reader(Person):
    """
    Reads the shop of a seller, beside another who does.
    """

    def __init__(self, world: World, seller: str, place: int) -> None:
        super().__init__(world, f"reader-{seller}-{place}")
        self.seller = seller

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what it does.
        """
        return (
            (3, self._wait),
            (8, self._read),
            (1, self._reconcile),
            (3, self._look),
            (2, self._look_back),
        )

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _read(self) -> None:
        orders = self.world.shops[self.seller].orders
        over = [(self.seller, n) for n, order in orders.items() if order.cancelled]
        self.world.let_in(self.app, self.seller)
        self.app.stores.sync(self.seller, STORE)
        self.world.truth.has_cancelled(over, step=self.world.scheduler.steps)

    def _look(self) -> None:
        """
        Look whether what the shop told to be cancelled stays so.

        Raises:
            WrongError: If it can be paid again.
        """
        known = [
            name for seller, name in self.world.truth.cancelled if seller == self.seller
        ]
        parts = self.app.orders.find_external(self.seller, STORE, known[-6:])
        names = [name for found in parts.values() for name in found]
        for order in self.app.orders.get_many(self.seller, names):
            if order.state in _PAYABLE:
                told = f"order {order.order_id} is {order.state}, and was cancelled"
                raise WrongError(told)

    def _look_back(self) -> None:
        """
        Look whether what is kept of the shop's orders is as new as it was.

        Raises:
            WrongError: If an older version was taken in over a newer one.
        """
        rows = dump(self.world.storage, [STORE_ORDERS.table])[STORE_ORDERS.table.name]
        for record in map(STORE_ORDERS.from_row, rows):
            self.world.truth.has_kept(
                record.seller_id, record.external_id, record.version
            )

    def _reconcile(self) -> None:
        self.world.let_in(self.app, self.seller)
        self.app.reconciling.reconcile(self.seller, STORE, limit=5)


class WorkerProcess(Person):
    """
    Delivers what is owed, asks about what is open, does jobs and fires deadlines.
    """

    def begin(self) -> None:
        """
        Take back what the process before left, as a worker of the same name does.
        """
        try:
            self.app.relay.recover(worker=self.name)
        except SourceHereError:
            self.world.refusals += 1  # leases end by themselves

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what it does.
        """
        return (
            (6, self._wait),
            (6, self._deliver),
            (3, self._follow),
            (2, self._ask_gateways),
            (2, self._take_up_labels),
            (1, self._ask_carriers),
            (1, self._fire),
        )

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _deliver(self) -> None:
        self.app.relay.run(worker=self.name, limit=self.number(1, 12))

    def _follow(self) -> None:
        self.app.inbox.run()

    def _ask_gateways(self) -> None:
        self.app.payments.run()

    def _take_up_labels(self) -> None:
        self.app.labels.run()

    def _ask_carriers(self) -> None:
        self.app.tracking.run()

    def _fire(self) -> None:
        self.app.clocks.fire()


class Watchman(Person):
    """
    Takes back again and again what has been in hand for too long, whose worker may be
    dead, or about to end it.
    """

    likely = 0.5

    def __init__(self, world: World) -> None:
        super().__init__(world, "watchman")

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do.
        """
        return ((1, self._wait), (3, self._take_back))

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _take_back(self) -> None:
        self.app.relay.recover()


class Receiver(Person):
    """
    Receives what a shop tells by webhook: late, twice, in the wrong order, or never.
    """

    likely = 0.3

    def __init__(self, world: World, seller: str) -> None:
        super().__init__(world, f"receiver-{seller}")
        self.seller = seller

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what it does.
        """
        return ((3, self._wait), (4, self._receive))

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _receive(self) -> None:
        shop = self.world.shops[self.seller]
        last = shop.change_count - 1
        if last < 0:
            return
        body = shop.webhook(self.number(max(last - 8, 0), last))
        self.app.inbox.receive(self.seller, STORE, headers={}, body=body)


class Carrier(Person):
    """
    Says where parcels are; late, twice and out of order.
    """

    likely = 0.6

    def __init__(self, world: World) -> None:
        super().__init__(world, "carrier")
        self._facts = 0

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what it does.
        """
        return ((3, self._wait), (4, self._tell))

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _tell(self) -> None:
        live = self.world.truth.live_parcels()
        parcel = self.one(live[-25:])
        if parcel is None:
            return
        self._facts += 1
        number = parcel.number
        status = self.one(list(TrackingStatus))
        incident = self.one([None, None, None, *IncidentReason])
        happened_at = self.world.clock.now() - timedelta(minutes=self.number(0, 600))
        fact = TrackingFact(
            parcel_id=parcel.parcel_id,
            key=f"k{self._facts}",
            status=status,
            happened_at=happened_at,
            carrier="post",
            tracking_number=number,
            incident=incident,
        )

        def answered(_: object) -> None:
            parcel.facts.append((number, status, happened_at))

        self.command(
            "track",
            lambda app, command: app.tracking.record(
                parcel.seller, [fact], by=CARRIER, command_id=command
            ),
            answered,
            under=fact.key,
        )


class Time(Person):
    """
    Lets time pass, mostly little of it.
    """

    likely = 0.1

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what it does.
        """
        return (
            (40, self._wait),
            (40, self._minutes),
            (3, self._hours),
            (1, self._days),
        )

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _minutes(self) -> None:
        self.world.clock.advance(timedelta(seconds=self.number(5, 900)))

    def _hours(self) -> None:
        self.world.clock.advance(timedelta(hours=self.number(1, 30)))

    def _days(self) -> None:
        self.world.clock.advance(timedelta(days=self.number(2, 16)))
