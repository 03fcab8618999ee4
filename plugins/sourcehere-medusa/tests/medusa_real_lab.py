"""
A shop on a real Medusa from behind: nothing here goes through the adapter.
"""

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from uuid import uuid4

import httpx2
from medusa_process import RealMedusa

from sourcehere import SystemClock
from sourcehere.ports.context import Context
from sourcehere.ports.stock import ShopStock
from sourcehere.testing.kit import (
    FaultLine,
    ProductIds,
    ShopOrder,
    ShopProduct,
    ToldParcel,
)
from sourcehere_http.testing import BreakingTransport
from sourcehere_medusa import MedusaConfig, MedusaShop

_NO_OPTIONS = {"Default option": "Default option value"}
_PARCELS = "id,metadata,*fulfillments,*fulfillments.items,*fulfillments.labels"


class RealLab:
    """
    A server without orders, behind a line that breaks when it is told to.
    """

    def __init__(self, server: RealMedusa, **config: object) -> None:
        self.server = server
        self.line = FaultLine()
        self._config = {"url": server.url, "key": server.shop["key"], **config}
        self._orders: dict[str, ShopOrder] = {}
        server.door("reset")

    def connect(self, transport: httpx2.BaseTransport | None = None) -> MedusaShop:
        """
        Make a new adapter.
        """
        line = BreakingTransport(self.line, transport or self.server.transport)
        context = Context(SystemClock())
        return MedusaShop(MedusaConfig(**self._config), context, line)

    def place(self, order: ShopOrder, /) -> str:
        """
        Let a customer order.
        """
        told = {
            "currency": order.lines[0].price.currency.lower(),
            "country": order.country.lower(),
            "placed_at": order.placed_at.astimezone(UTC).isoformat(),
            "is_paid": order.is_paid,
            "lines": [
                {
                    "sku": line.sku,
                    "quantity": line.quantity,
                    "price": float(str(line.price).split(" ", 1)[0].replace(",", "")),
                }
                for line in order.lines
            ],
        }
        name = str(self.server.door("place", **told))
        self._orders[name] = order
        return name

    def change(self, external_id: str, order: ShopOrder, /) -> None:
        """
        Let an order be otherwise, as its merchant does.
        """
        before, self._orders[external_id] = self._orders[external_id], order
        units = {line.sku: line.quantity for line in order.lines}
        if units != {line.sku: line.quantity for line in before.lines}:
            self._edit(external_id, units)
        if before.is_paid and not order.is_paid:
            (collection,) = self._told(external_id, "id,*payment_collections")[
                "payment_collections"
            ]
            self.server.door("unpay", collection=collection["id"])
        if order.is_cancelled and not before.is_cancelled:
            self.server.admin("POST", f"/orders/{external_id}/cancel", {})

    def is_cancelled(self, external_id: str, /) -> bool:
        """
        Tell whether an order is cancelled.
        """
        return bool(self._told(external_id, "id,status")["status"] == "canceled")

    def parcels(self, external_id: str, /) -> list[ToldParcel]:
        """
        Return what left, and the numbers beside the order.
        """
        told = self._told(external_id, _PARCELS)
        sent = [
            ToldParcel(
                tracking_number=one["labels"][0]["tracking_number"],
                units={item["sku"]: item["quantity"] for item in one["items"]},
                carrier=one["metadata"]["carrier"],
            )
            for one in told["fulfillments"]
            if one["shipped_at"]
        ]
        notes = [
            ToldParcel(
                tracking_number=piece["tracking_number"],
                units={},
                carrier=piece["carrier"],
            )
            for name, piece in (told["metadata"] or {}).items()
            if name.startswith("sourcehere_parcel_")
        ]
        return sent + notes

    def _told(self, external_id: str, fields: str) -> dict[str, Any]:
        found: dict[str, Any] = self.server.admin(
            "GET", f"/orders/{external_id}", fields=fields
        )["order"]
        return found

    def _edit(self, external_id: str, units: Mapping[str, int]) -> None:
        """
        Edit an order as the dashboard does.
        """
        items = self._told(external_id, "id,*items")["items"]
        edits = f"/order-edits/{external_id}"
        self.server.admin("POST", "/order-edits", {"order_id": external_id})
        for item in items:
            quantity = units[item["variant_sku"]]
            if item["quantity"] != quantity:
                path = f"{edits}/items/item/{item['id']}"
                self.server.admin("POST", path, {"quantity": quantity})
        self.server.admin("POST", f"{edits}/confirm", {})


class RealStockLab(RealLab):
    """
    A shop with products whose stock is managed.
    """

    def __init__(self, server: RealMedusa, **config: object) -> None:
        super().__init__(server, **config)
        server.door("clear_products")

    def sells(self, sku: str, /) -> ShopStock:
        """
        Sell another variant.
        """
        made = self.server.door("product", sku=sku, price=12.34, is_managed=True)
        return ShopStock(
            sku=sku,
            external_variant_id=made["variant"],
            external_product_id=made["product"],
            quantity=0,
        )

    def gone(self) -> ShopStock:
        """
        Return a variant that was deleted.
        """
        made = self.sells("GONE")
        self.server.admin("DELETE", f"/products/{made.external_product_id}")
        return made

    def customers_buy(self, variant: ShopStock, units: int, /) -> None:
        """
        Let a customer order.
        """
        self.server.door("reserve", variant=variant.external_variant_id, units=units)

    def stock(self, variant: ShopStock, /) -> int:
        """
        Return how many units customers can buy.
        """
        (told,) = self.server.admin(
            "GET",
            "/product-variants",
            id=variant.external_variant_id,
            fields="id,*inventory_items.inventory.location_levels",
        )["variants"]
        (item,) = told["inventory_items"]
        (level,) = item["inventory"]["location_levels"]
        return int(level["available_quantity"])


class RealProductsLab(RealLab):
    """
    A shop whose merchant adds products.
    """

    def __init__(self, server: RealMedusa, **config: object) -> None:
        super().__init__(server, **config)
        server.door("clear_products")

    def add(self, product: ShopProduct, /) -> ProductIds:
        """
        Add one.
        """
        told = _told(product) | {
            "handle": f"thing-{uuid4().hex}",
            "shipping_profile_id": self.server.shop["profile"],
            "sales_channels": [{"id": self.server.shop["channel"]}],
        }
        made = self.server.admin("POST", "/products", told)["product"]
        by_title = {one["title"]: one["id"] for one in made["variants"]}
        names = tuple(by_title[one["title"]] for one in told["variants"])
        return ProductIds(product_id=made["id"], variant_ids=names)

    def change(self, ids: ProductIds, product: ShopProduct, /) -> None:
        """
        Let one be otherwise, with the options that it has.
        """
        told, path = _told(product), f"/products/{ids.product_id}"
        own = {name: told[name] for name in ("title", "status")}
        self.server.admin("POST", path, own)
        for name, variant in zip(ids.variant_ids, told["variants"], strict=True):
            del variant["prices"]
            self.server.admin("POST", f"{path}/variants/{name}", variant)

    def remove(self, ids: ProductIds, /) -> None:
        """
        Delete one.
        """
        self.server.admin("DELETE", f"/products/{ids.product_id}")


def _told(product: ShopProduct) -> dict[str, Any]:
    """
    Return a product as the dashboard tells it: one without options has a default one.
    """
    given = [dict(one.options) or dict(_NO_OPTIONS) for one in product.variants]
    return {
        "title": product.title,
        "status": "published" if product.is_sold else "draft",
        "options": [
            {"title": name, "values": [options[name] for options in given]}
            for name in given[0]
        ],
        "variants": [
            {
                "title": " / ".join(variant.options.values()) or "Default variant",
                "sku": variant.sku or None,
                "barcode": variant.barcode or None,
                "options": options,
                "manage_inventory": False,
                "prices": [{"currency_code": "usd", "amount": 12.34}],
            }
            for variant, options in zip(product.variants, given, strict=True)
        ],
    }
