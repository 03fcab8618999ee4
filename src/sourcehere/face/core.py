"""
The order core over one storage: desks, and what a host runs by itself.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ..app import App
from ..domain.kernel.actor import SYSTEM, Actor, Role
from ..domain.kernel.errors import ForbiddenError, InvalidInputError
from ..domain.kernel.ids import SellerId, check_id, check_name
from ..plugins import Registry
from ..ports.storage import Storage
from ..services.base.settings import Settings
from ..services.platform.copying import copy_rows
from .inbox import ReceivingDesk
from .labels import LabelRunsDesk
from .later import desks, metrics, tracing
from .operating import AuditDesk, ClocksDesk, PullsDesk, RelayDesk
from .payments import AttemptReceivingDesk
from .repairing import RepairDesk
from .scope import Desk, Scope
from .tracking import TrackingReceivingDesk
from .working import Worker

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter
    from opentelemetry.trace import Tracer

    from .desks import SellerDesk, StaffDesk
    from .metrics import Metrics
    from .tracing import Traces


class SourceHere:
    """
    The order core over one storage. `sourcehere.open` makes one; close it, or use it in
    a `with` block.

    Sellers and staff work at desks: `seller` and `staff` give them. What a host runs by
    itself is here: the relay, the clocks, the audit and the repair.

    Attributes:
        relay: What is owed to shops and plugins, and our own waiting jobs.

        pulls: The shops that are due to be read, of all sellers.

        inbox: What shops tell by webhook: received here, and followed.

        tracking: Where parcels are: carriers are asked, and their webhooks received.

        labels: What was bought of carriers, and is not known to be: asked again.

        attempts: What gateways were asked for, and is not known to be: asked again, and
            their webhooks received.

        clocks: The deadlines: unpaid orders expire, silent parcels arrive.

        audit: Every invariant, checked on the stored data.

        repair: What the audit names: planned, mended where it can be derived, recorded.
    """

    def __init__(self, app: App) -> None:
        """
        Offer *app* to a host.
        """
        self._app = app
        self._telling: list[Metrics | Traces] = []
        scope = Scope(app, SellerId(""), SYSTEM)
        self.relay = RelayDesk(scope)
        self.pulls = PullsDesk(scope)
        self.inbox = ReceivingDesk(scope)
        self.tracking = TrackingReceivingDesk(scope)
        self.labels = LabelRunsDesk(scope)
        self.attempts = AttemptReceivingDesk(scope)
        self.clocks = ClocksDesk(scope)
        self.audit = AuditDesk(scope)
        self.repair = RepairDesk(scope)

    @property
    def url(self) -> str:
        """
        Where the data is, without any password.
        """
        return self._app.storage.url

    @property
    def settings(self) -> Settings:
        """
        What the platform decides otherwise.
        """
        return self._app.settings

    @property
    def counters(self) -> Mapping[str, int]:
        """
        How often each thing was done by this process: `<room>.<command>.done` and
        `.failed`, and what came in and went out. They only grow.
        """
        return self._app.watch.counts()

    @property
    def registry(self) -> Registry:
        """
        The plugins that were found, and what is wrong with those that were not taken.
        """
        return self._app.registry

    def seller(self, seller_id: str, *, by: Actor | None = None) -> "SellerDesk":
        """
        Return the desk of one seller; everything done there is theirs.

        Args:
            by: Who asks: the seller if not given. Staff, or the host's own jobs
                (`SYSTEM`), may ask for any seller.

        Raises:
            ForbiddenError: If another seller asks.

            InvalidInputError: If *seller_id* cannot be the id of a seller.
        """
        check_id("seller_id", seller_id)
        actor = Actor(Role.SELLER, seller_id) if by is None else by
        if not isinstance(actor, Actor):
            raise InvalidInputError(field="by", value=by, expected="an Actor")
        if actor.id or actor.role != Role.SYSTEM:
            check_name("by.id", actor.id)
        if actor.role == Role.SELLER and actor.id != seller_id:
            raise ForbiddenError(
                actor=actor,
                action=f"act for seller:{seller_id}",
                words="a seller's desk is that seller's",
            )
        desk: SellerDesk = desks().SellerDesk(
            Scope(self._app, SellerId(seller_id), actor)
        )
        return desk

    def staff(self, name: str) -> "StaffDesk":
        """
        Return the desk of one of the platform's staff.

        Args:
            name: The host's own identifier of the person; no personal data, since
                events keep it.

        Raises:
            InvalidInputError: If *name* cannot be an id.
        """
        check_id("name", name)
        actor = Actor(Role.STAFF, name)
        desk: StaffDesk = desks().StaffDesk(Scope(self._app, SellerId(""), actor))
        return desk

    def worker(self, *, name: str, every: timedelta = timedelta(seconds=10)) -> Worker:
        """
        Return a worker, which does all that waits when it is run: shops that are due,
        messages, jobs, deadlines.

        Args:
            name: Unique among workers that live at the same time.

            every: From the end of a round to the beginning of the next.

        Raises:
            InvalidInputError: If *name* cannot be a name, or *every* is not positive.

            HostsTransactionError: Over a host's open transaction.
        """
        return Worker(self._app, name=name, every=every)

    def observe(
        self,
        meter: "Meter | None" = None,
        *,
        every: timedelta = timedelta(seconds=15),
    ) -> "Metrics":
        """
        Tell OpenTelemetry what there is to watch: `counters`, how the relay stands with
        each connection, and the workers' signs of life. Needs the extra `otel`.

        The counters are this process's. Everything else is read from the database, so
        that one process that tells it is enough.

        Args:
            meter: What makes the instruments; the global provider's, called
                `sourcehere`, if not given.

            every: The database is read no more often.

        Returns:
            The instruments, which tell until they are stopped or this is closed.

        Raises:
            InvalidInputError: If *meter* is none, or *every* no time.

            MetricsUnavailableError: If opentelemetry-api is not installed.
        """
        made: Metrics = metrics().Metrics(self._app, meter, every)
        self._telling.append(made)
        return made

    def trace(self, tracer: "Tracer | None" = None) -> "Traces":
        """
        Tell OpenTelemetry what is done, as spans: each command, and later, in whichever
        process, each call that it causes. Needs the extra `otel`.

        What a command owes keeps its `traceparent`, so that the call to a shop, carrier
        or gateway is its child wherever it is made; each process says so by itself.

        Args:
            tracer: What makes the spans, and no other any more; the global provider's,
                called `sourcehere`, if not given.

        Returns:
            What ends it; closing this does, too.

        Raises:
            InvalidInputError: If *tracer* is none.

            TracesUnavailableError: If opentelemetry-api is not installed.
        """
        made: Traces = tracing().Traces(self._app, tracer, self._parts)
        self._telling.append(made)
        return made

    def _parts(self) -> dict[type, str]:
        """
        Return what the parts of all desks are called, by their classes.
        """
        made, scope = desks(), Scope(self._app, SellerId(""), SYSTEM)
        return {
            type(part): name
            for desk in (made.SellerDesk(scope), made.StaffDesk(scope), self)
            for name, part in vars(desk).items()
            if isinstance(part, Desk)
        }

    def now(self) -> datetime:
        """
        Return the present, as the clock that it was opened with tells it.
        """
        return self._app.clock.now()

    @property
    def zone(self) -> str:
        """
        The IANA name of the platform's time zone (`Settings.zone`).
        """
        return self._app.settings.zone

    def over(self, storage: Storage) -> "SourceHere":
        """
        Return the same order core, with its plugins and settings, over another
        *storage*.

        Such as a host's open transaction (`SqlStorage.joined` of sourcehere-sql): what
        is done there commits with the host's own rows, or not at all. Closing it is
        not needed.

        Raises:
            InvalidInputError: If it is no storage.
        """
        if not callable(getattr(storage, "transact", None)):
            raise InvalidInputError(
                field="storage",
                value=type(storage).__name__,
                expected="a storage; `SqlStorage.joined(connection)` makes one",
            )
        return SourceHere(self._app.over(storage))

    def copy_to(
        self, other: "SourceHere", *, progress: Callable[[int], None] | None = None
    ) -> Mapping[str, int]:
        """
        Copy all rows, or none, into *other*; return how many each table has.

        Args:
            progress: Called with how many rows came so far, after some hundred each;
                they are counted anew where a lost connection is made again.

        Raises:
            NotEmptyError: If *other* keeps anything, or somebody else wrote into it
                meanwhile.

            InvalidInputError: If *other* is none, or over the same storage.
        """
        if not isinstance(other, SourceHere):
            raise InvalidInputError(field="other", value=other, expected="opened")
        source, target = self._app.storage, other._app.storage  # noqa: SLF001 - of this class
        return copy_rows(source, target, progress=progress)

    def close(self) -> None:
        """
        Close files and connections.
        """
        for made in self._telling:
            made.stop()
        self._app.close()

    def __enter__(self) -> Self:
        """
        Use it in a `with` block.
        """
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """
        Close it.
        """
        self.close()
