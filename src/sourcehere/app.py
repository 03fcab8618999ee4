"""
The composition root: storage, plugins and services put together.

A host holds the face (`sourcehere.open`), which is made of this.
"""

import logging
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Self

from . import builtin
from .builtin.calendars import CountryCalendars
from .domain.kernel.clock import Clock, SystemClock
from .plugins import Registry
from .plugins.allowed_secrets import NO_SECRETS, Secrets
from .ports.calendar import Calendar, Calendars
from .ports.providers import SchemaVersion
from .ports.storage import JoinsHost, Storage
from .services.base.ports import Ports
from .services.base.settings import Settings
from .services.base.watching import Watch
from .services.gateways.reconciling import Gateways
from .services.gateways.running import Payments
from .services.intake.cancelling import ShopCancelling
from .services.intake.forgetting import Forgetting
from .services.intake.inbox import Inbox
from .services.intake.missing import MissingOrders
from .services.intake.not_ours import NotOurSkus
from .services.intake.pulling import Pulling
from .services.intake.stock_telling import StockTelling
from .services.intake.stores import Stores
from .services.ordering.conversations import Conversations
from .services.ordering.drafts import Drafts
from .services.ordering.erasing import Erasing
from .services.ordering.local_stock import LocalStocks
from .services.ordering.orders import Orders
from .services.ordering.search import OrderSearching
from .services.outside.beating import Workers
from .services.outside.jobs import Jobs
from .services.outside.relay import Relay
from .services.outside.told_parcels import ToldParcels
from .services.pairing.connections import Pairing
from .services.pairing.quotes import Quotes
from .services.paying.at_once import PayingAtOnce
from .services.paying.freight import Freight
from .services.paying.modes import Modes
from .services.paying.previewing import Previewing
from .services.paying.wallets import Wallets
from .services.platform.catalog import Catalog
from .services.platform.clocks import Clocks
from .services.platform.lacking import Lacking
from .services.platform.queue_counts import QueueCounts
from .services.platform.queues import Queues
from .services.platform.salesmen import Salesmen
from .services.platform.sellers import Sellers
from .services.platform.upkeep import Upkeep
from .services.platform.upserting import Upserting
from .services.refunds.disputes import Disputes
from .services.sending.asking_carriers import CarrierAsking
from .services.sending.cloud import CloudWarehouses
from .services.sending.labels import Labels
from .services.sending.shipping import Shipping
from .unit.tables import TABLES
from .unit.units import Units

if TYPE_CHECKING:  # imported when the first audit is asked for
    from .services.audit.audit import Audit
    from .services.repair.repair import Repairing


class App:
    """
    The services over one storage: one attribute per business process.
    """

    def __init__(
        self,
        storage: Storage,
        registry: Registry,
        *,
        clock: Clock,
        settings: Settings,
        calendars: Calendars,
        watch: Watch | None = None,
    ) -> None:
        """
        Build the services over *storage*, with the providers that *registry* offers.
        """
        self.storage = storage
        # What may yet be rolled back tells nobody outside.
        self.joins_host = isinstance(storage, JoinsHost) and storage.joins_host
        self.registry = registry
        self.clock = clock
        self.settings = settings
        self.calendars = calendars
        self._closes_providers = True
        self.watch = Watch(_logger_of) if watch is None else watch
        self.units = Units(storage, clock, registry.hooks, self.watch.traceparent)
        ports = Ports(
            self.units,
            clock,
            registry,
            registry.hooks,
            settings,
            calendars,
            self.watch,
            self.joins_host,
        )
        self._ports = ports
        self.sellers = Sellers(ports)
        self.salesmen = Salesmen(ports)
        self.catalog = Catalog(ports)
        self.upkeep = Upkeep(ports)
        self.upserting = Upserting(ports)
        self.freight = Freight(ports)
        self.stores = Stores(ports)
        self.reconciling = ShopCancelling(ports)
        self.missing_orders = MissingOrders(ports)
        self.pulling = Pulling(ports)
        self.inbox = Inbox(ports)
        self.forgetting = Forgetting(ports)
        self.pairing = Pairing(ports)
        self.not_ours = NotOurSkus(ports)
        self.listing = StockTelling(ports)
        self.previewing = Previewing(ports)
        self.quotes = Quotes(ports)
        self._add_ordering(ports)
        self._add_paying(ports)
        self.shipping = Shipping(ports)
        self.tracking = CarrierAsking(ports)
        self.labels = Labels(ports)
        self.cloud = CloudWarehouses(ports)
        self.disputes = Disputes(ports)
        self.conversations = Conversations(ports)
        self.queues = Queues(ports)
        self.queue_counts = QueueCounts(ports)
        self.lacking = Lacking(ports)
        jobs = Jobs(
            ports,
            self.pairing,
            self.not_ours,
            self.lacking,
            self.labels.forget_file,
        )
        self.relay = Relay(ports, jobs)
        self.told_parcels = ToldParcels(ports)
        self.clocks = Clocks(ports)
        self.workers = Workers(ports)

    def _add_ordering(self, ports: Ports) -> None:
        self.orders = Orders(ports)
        self.erasing = Erasing(ports)
        self.order_search = OrderSearching(ports)
        self.drafts = Drafts(ports)
        self.local_stock = LocalStocks(ports)

    def _add_paying(self, ports: Ports) -> None:
        self.checkouts = PayingAtOnce(ports, self.freight)
        self.modes = Modes(ports, self.freight)
        self.wallets = Wallets(ports)
        self.gateways = Gateways(ports)
        self.payments = Payments(ports, self.checkouts)

    @cached_property
    def audit(self) -> "Audit":
        """
        The checks of stored data: with the repair a twentieth of the time to start,
        which most programs never need.
        """
        home = import_module(".services.audit.audit", __package__)
        made: Audit = home.Audit(self._ports)
        return made

    @cached_property
    def repairing(self) -> "Repairing":
        """
        What mends that which the audit names.
        """
        home = import_module(".services.repair.repair", __package__)
        made: Repairing = home.Repairing(self._ports)
        return made

    def over(self, storage: Storage) -> "App":
        """
        Return the same app, with its plugins and settings, over another *storage*.

        Such as a host's open transaction (`SqlStorage.joined` of sourcehere-sql): what
        is done there commits with the host's own rows, or not at all. Closing it is
        not needed.
        """
        over = App(
            storage,
            self.registry,
            clock=self.clock,
            settings=self.settings,
            calendars=self.calendars,
            watch=self.watch,
        )
        over._closes_providers = False
        return over

    def close(self) -> None:
        """
        Close files and connections, those of providers too.
        """
        if self._closes_providers:
            self.registry.close()
        self.storage.close()

    def __enter__(self) -> Self:
        """
        Use it in a `with` block.
        """
        return self

    def __exit__(self, *_: object) -> None:
        """
        Close it.
        """
        self.close()


# Silent until the host says where logs go.
logging.getLogger("sourcehere").addHandler(logging.NullHandler())


def _logger_of(room: str) -> logging.Logger:
    return logging.getLogger(f"sourcehere.{room}")


def compose(
    url: str = "memory://",
    *,
    plugins: Sequence[object] = (),
    load_entry_points: bool = True,
    clock: Clock | None = None,
    settings: Settings | None = None,
    calendar: Calendar | None = None,
    calendars: Mapping[str, Calendar] | None = None,
    storage: Storage | None = None,
    upgrade: bool = True,
    secrets: Secrets = NO_SECRETS,
    folder: str = "",
    private_hosts: Sequence[str] = (),
) -> App:
    """
    Open the database at *url* and build the services over it, as `sourcehere.open`
    does.

    Args:
        upgrade: Whether an older database is brought up to date. If not, it is refused;
            a new one is created all the same.

        secrets: What the configurations of connections may refer to.

        folder: Below which shops' files stay; empty for none.

        private_hosts: Hosts that providers may call although they are not public.

    Raises:
        UnknownProviderError: If no plugin serves the URL's scheme.

        SchemaVersionError: If the database is newer than this release, or is older and
            *upgrade* is false.

        StorageUnavailableError: If the database cannot be reached.

        InvalidInputError: If *calendars* names what is no country.
    """
    now = SystemClock() if clock is None else clock
    chosen = Settings() if settings is None else settings
    origin = {} if calendar is None else {chosen.origin: calendar}
    by_country = CountryCalendars({**(calendars or {}), **origin})
    registry = Registry(
        [builtin, *plugins],
        load_entry_points=load_entry_points,
        clock=now,
        secrets=secrets,
        folder=folder,
        private_hosts=private_hosts,
    )
    if storage is None:
        storage = registry.storage(url, TABLES, upgrade=upgrade)
    return App(
        storage,
        registry,
        clock=now,
        settings=chosen,
        calendars=by_country,
    )


def schema_version(
    url: str, *, plugins: Sequence[object] = (), load_entry_points: bool = True
) -> SchemaVersion:
    """
    Read the version of the database at *url*, without creating or changing it.

    Raises:
        UnknownProviderError: If no plugin serves the URL's scheme.

        StorageUnavailableError: If the database cannot be reached.
    """
    registry = Registry(
        [builtin, *plugins], load_entry_points=load_entry_points, clock=SystemClock()
    )
    return registry.schema_version(url, TABLES)
