"""
The two desks: one seller's, and the platform's staff's.
"""

from ..domain.kernel.actor import Actor
from ..domain.kernel.ids import SellerId, check_id
from ..domain.sellers.model import Salesman, Seller
from .inbox import InboxDesk
from .labels import AllLabelsDesk
from .operating import AuditDesk, ClocksDesk, PullsDesk, RelayDesk
from .payments import AllAttemptsDesk
from .repairing import RepairDesk
from .scope import Scope
from .seller.catalog import CatalogReadingDesk
from .seller.checkouts import CheckoutsDesk
from .seller.cloud import CloudDesk
from .seller.connections import ConnectionsDesk
from .seller.conversations import ConversationsDesk
from .seller.disputes import DisputesDesk
from .seller.drafts import DraftsDesk
from .seller.labels import LabelsDesk
from .seller.local_stock import LocalStockDesk
from .seller.orders import OrdersDesk
from .seller.parcels import ParcelsDesk
from .seller.quotes import QuotesDesk
from .seller.refunds import RefundsDesk
from .seller.shipping import ShippingDesk
from .seller.stores import StoresDesk
from .seller.suggestions import SuggestionsDesk
from .seller.wallet import WalletDesk
from .seller.warehouses import WarehousesReadingDesk
from .staff.catalog import CatalogDesk
from .staff.freight import FreightDesk, FreightReadingDesk
from .staff.gateways import GatewaysDesk
from .staff.orders import AllOrdersDesk
from .staff.parcels import AllParcelsDesk
from .staff.queues import QueuesDesk
from .staff.sellers import SellersDesk
from .staff.warehouses import WarehousesDesk
from .tracking import TrackingDesk


class SellerDesk:
    """
    Everything about one seller, for whoever asks: one attribute per part of the
    business.
    """

    def __init__(self, scope: Scope) -> None:
        """
        Bind every part to the seller and the actor of *scope*.
        """
        self._scope = scope
        self.wallet = WalletDesk(scope)
        self.stores = StoresDesk(scope)
        self.connections = ConnectionsDesk(scope)
        self.suggestions = SuggestionsDesk(scope)
        self.quotes = QuotesDesk(scope)
        self.orders = OrdersDesk(scope)
        self.drafts = DraftsDesk(scope)
        self.checkouts = CheckoutsDesk(scope)
        self.shipping = ShippingDesk(scope)
        self.labels = LabelsDesk(scope)
        self.parcels = ParcelsDesk(scope)
        self.refunds = RefundsDesk(scope)
        self.disputes = DisputesDesk(scope)
        self.conversations = ConversationsDesk(scope)
        self.cloud = CloudDesk(scope)
        self.local_stock = LocalStockDesk(scope)
        self.catalog = CatalogReadingDesk(scope)
        self.freight = FreightReadingDesk(scope)
        self.warehouses = WarehousesReadingDesk(scope)

    @property
    def seller_id(self) -> SellerId:
        """
        The seller it is about.
        """
        return self._scope.seller_id

    @property
    def actor(self) -> Actor:
        """
        Who asks for something to be done.
        """
        return self._scope.by

    def profile(self) -> Seller:
        """
        Return the seller's own facts: name, currency, since when.

        Raises:
            NotFoundError: If the seller is not registered.
        """
        return self._scope.app.sellers.get(self._scope.seller_id)

    def salesman(self) -> Salesman | None:
        """
        Return who of the staff serves the seller, and where they are reached; None for
        nobody yet.

        Raises:
            NotFoundError: If the seller is not registered.
        """
        return self._scope.app.salesmen.of(self._scope.seller_id)


class StaffDesk:
    """
    Everything of the platform, for one of its staff.
    """

    def __init__(self, scope: Scope) -> None:
        """
        Bind every part to the actor of *scope*.
        """
        self._scope = scope
        self.sellers = SellersDesk(scope)
        self.catalog = CatalogDesk(scope)
        self.warehouses = WarehousesDesk(scope)
        self.freight = FreightDesk(scope)
        self.gateways = GatewaysDesk(scope)
        self.orders = AllOrdersDesk(scope)
        self.parcels = AllParcelsDesk(scope)
        self.queues = QueuesDesk(scope)
        self.relay = RelayDesk(scope)
        self.pulls = PullsDesk(scope)
        self.inbox = InboxDesk(scope)
        self.tracking = TrackingDesk(scope)
        self.labels = AllLabelsDesk(scope)
        self.attempts = AllAttemptsDesk(scope)
        self.clocks = ClocksDesk(scope)
        self.audit = AuditDesk(scope)
        self.repair = RepairDesk(scope)

    @property
    def actor(self) -> Actor:
        """
        Who asks for something to be done.
        """
        return self._scope.by

    def seller(self, seller_id: str) -> SellerDesk:
        """
        Return a seller's desk, at which this member of staff works.

        Raises:
            InvalidInputError: If *seller_id* cannot be the id of a seller.
        """
        check_id("seller_id", seller_id)
        scope = Scope(self._scope.app, SellerId(seller_id), self._scope.by)
        return SellerDesk(scope)
