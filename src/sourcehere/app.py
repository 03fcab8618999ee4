"""
The composition root: storage, plugins and services put together behind one object.
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from . import builtin
from .builtin.calendars import ChineseCalendar
from .domain.kernel.clock import Clock, SystemClock
from .plugins import Registry
from .ports.calendar import Calendar
from .ports.storage import Storage
from .services.audit.audit import Audit
from .services.base.ports import Ports
from .services.base.settings import Settings
from .services.intake.stores import Stores
from .services.ordering.drafts import Drafts
from .services.ordering.orders import Orders
from .services.outside.jobs import Jobs
from .services.outside.relay import Relay
from .services.pairing.connections import Pairing
from .services.pairing.quotes import Quotes
from .services.paying.checkouts import Checkouts
from .services.paying.freight import Freight
from .services.paying.wallets import Wallets
from .services.platform.catalog import Catalog
from .services.platform.clocks import Clocks
from .services.platform.queues import Queues
from .services.platform.sellers import Sellers
from .services.refunds.disputes import Disputes
from .services.sending.cloud import CloudWarehouses
from .services.sending.shipping import Shipping
from .services.sending.tracking import Tracking
from .unit.tables import TABLES
from .unit.units import Units


class SourceHere:
    """
    The order core over one storage: one attribute per business process.

    Use `sourcehere.open` to make one, and close it, or use it in a `with` block.
    """

    def __init__(
        self,
        storage: Storage,
        registry: Registry,
        *,
        clock: Clock,
        settings: Settings,
        calendar: Calendar,
    ) -> None:
        """
        Put services over *storage*; what they are made of is *registry*'s to find.
        """
        self.storage = storage
        self.registry = registry
        self.clock = clock
        self.settings = settings
        self.calendar = calendar
        units = Units(storage, clock, registry.hooks)
        ports = Ports(units, clock, registry, registry.hooks, settings, calendar)
        self.sellers = Sellers(ports)
        self.catalog = Catalog(ports)
        self.freight = Freight(ports)
        self.stores = Stores(ports)
        self.pairing = Pairing(ports)
        self.quotes = Quotes(ports)
        self.orders = Orders(ports)
        self.drafts = Drafts(ports)
        self.checkouts = Checkouts(ports, self.freight)
        self.wallets = Wallets(ports)
        self.shipping = Shipping(ports)
        self.tracking = Tracking(ports)
        self.cloud = CloudWarehouses(ports)
        self.disputes = Disputes(ports)
        self.queues = Queues(ports)
        self.relay = Relay(ports, Jobs(ports, self.pairing))
        self.clocks = Clocks(ports)
        self.audit = Audit(ports)

    def over(self, storage: Storage) -> "SourceHere":
        """
        Give the same app, with its plugins and settings, over another *storage*.

        Such as a host's open transaction (`SqlStorage.joined` of sourcehere-sql): what
        is done there commits with the host's own rows, or not at all. Closing it is
        not needed.
        """
        return SourceHere(
            storage,
            self.registry,
            clock=self.clock,
            settings=self.settings,
            calendar=self.calendar,
        )

    def close(self) -> None:
        """
        Give back files and connections.
        """
        self.storage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open(
    url: str = "memory://",
    *,
    plugins: Sequence[object] = (),
    load_entry_points: bool = True,
    clock: Clock | None = None,
    settings: Settings | None = None,
    calendar: Calendar | None = None,
    storage: Storage | None = None,
) -> SourceHere:
    """
    Open the order core on the database at *url*; it is made or upgraded where needed.

    Args:
        url: `memory://`, `sqlite:///orders.db`, `postgresql+psycopg://...`.

        plugins: Plugin objects to use beside the installed ones.

        load_entry_points: Whether to use installed plugins at all.

        clock: Where the present comes from; the wall clock if not given.

        settings: What the platform decides otherwise.

        calendar: The working days that delivery estimates count; the Chinese ones if
            not given.

        storage: An open storage, used instead of *url*.

    Raises:
        UnknownProviderError: If no plugin serves the URL's scheme.

        SchemaVersionError: If the database is newer than this release.

        StorageUnavailableError: If the database cannot be reached.
    """
    now = SystemClock() if clock is None else clock
    registry = Registry(
        [builtin, *plugins], load_entry_points=load_entry_points, clock=now
    )
    opened = registry.storage(url, TABLES) if storage is None else storage
    return SourceHere(
        opened,
        registry,
        clock=now,
        settings=Settings() if settings is None else settings,
        calendar=ChineseCalendar() if calendar is None else calendar,
    )
