"""
Contracts for whoever connects something: subclass one, fill in one method, and run it.
"""

from .cancel_contract import CancelContract, CancelLab
from .carrier_server import CarrierServer, ServerCarrier
from .fake_store import ServerShop
from .faults import FaultLine, WireFault
from .freight_contract import FreightContract
from .freight_lab import FreightLab
from .gateway_server import GatewayServer, ServerGateway
from .labels_contract import LabelsContract
from .labels_lab import BookedLabel, LabelsLab
from .labels_server import LabelsServer, ServerLabels
from .payment_contract import PaymentContract
from .payment_lab import CardState, PaymentLab
from .payment_webhook_contract import PaymentWebhookContract, PaymentWebhookLab
from .payment_webhook_server import PaymentWebhookServer, ServerPaymentWebhooks
from .pending_contract import PendingContract, PendingLab
from .policy_contract import PolicyContract
from .products_contract import ProductsContract
from .products_lab import ProductIds, ProductsLab, ShopProduct, ShopVariant
from .products_server import ProductServer, ServerProducts
from .server import ServerLab, ShopServer
from .signed_contract import Posted, SignedLab
from .stock_contract import StockContract, StockLab
from .stock_server import ServerStock, StockServer
from .store_contract import StoreContract
from .store_lab import ShopLine, ShopOrder, StoreLab, ToldParcel
from .tracking_contract import TrackingContract
from .tracking_lab import HintingLab, Scan, TrackingLab
from .tracking_server import ServerTracker, TrackingServer
from .tracking_webhook_contract import TrackingWebhookContract, TrackingWebhookLab
from .webhook_contract import WebhookContract, WebhookLab
from .webhook_server import ServerWebhooks, WebhookServer

__all__ = [
    "BookedLabel",
    "CancelContract",
    "CancelLab",
    "CardState",
    "CarrierServer",
    "FaultLine",
    "FreightContract",
    "FreightLab",
    "GatewayServer",
    "HintingLab",
    "LabelsContract",
    "LabelsLab",
    "LabelsServer",
    "PaymentContract",
    "PaymentLab",
    "PaymentWebhookContract",
    "PaymentWebhookLab",
    "PaymentWebhookServer",
    "PendingContract",
    "PendingLab",
    "PolicyContract",
    "Posted",
    "ProductIds",
    "ProductServer",
    "ProductsContract",
    "ProductsLab",
    "Scan",
    "ServerCarrier",
    "ServerGateway",
    "ServerLab",
    "ServerLabels",
    "ServerPaymentWebhooks",
    "ServerProducts",
    "ServerShop",
    "ServerStock",
    "ServerTracker",
    "ServerWebhooks",
    "ShopLine",
    "ShopOrder",
    "ShopProduct",
    "ShopServer",
    "ShopVariant",
    "SignedLab",
    "StockContract",
    "StockLab",
    "StockServer",
    "StoreContract",
    "StoreLab",
    "ToldParcel",
    "TrackingContract",
    "TrackingLab",
    "TrackingServer",
    "TrackingWebhookContract",
    "TrackingWebhookLab",
    "WebhookContract",
    "WebhookLab",
    "WebhookServer",
    "WireFault",
]
