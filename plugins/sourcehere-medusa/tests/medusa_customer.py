"""
People in front of a shop on Medusa: a customer in its Store API, and the merchant in
its Admin API. Nothing here goes through the adapter, or past Medusa.
"""

from typing import Any

from medusa_process import RealMedusa

_ADDRESS = {
    "first_name": "Ann",
    "last_name": "Lee",
    "address_1": "1 High Street",
    "city": "Leeds",
    "postal_code": "LS1 1AA",
    "country_code": "gb",
}
# Labels are not told to customers; what a fulfilment has beside it is.
_PARCELS = "status,*fulfillments,*items"


class Customer:
    """
    Somebody who orders without an account.
    """

    def __init__(self, server: RealMedusa) -> None:
        self._server = server

    def orders(self, units: dict[str, int], *codes: str) -> str:
        """
        Put variants into the basket, say where they go, and authorize the payment;
        return the order's id.
        """
        ask = self._server.store
        items = [{"variant_id": name, "quantity": n} for name, n in units.items()]
        given = {
            "region_id": self._server.shop["region"],
            "email": "ann@mail.example",
            "items": items,
            "shipping_address": _ADDRESS,
        }
        cart = ask("POST", "/carts", given)["cart"]["id"]
        if codes:
            ask("POST", f"/carts/{cart}/promotions", {"promo_codes": codes})
        ways = ask("GET", f"/shipping-options?cart_id={cart}")["shipping_options"]
        way = {"option_id": ways[0]["id"]}
        ask("POST", f"/carts/{cart}/shipping-methods", way)
        paying = ask("POST", "/payment-collections", {"cart_id": cart})
        path = f"/payment-collections/{paying['payment_collection']['id']}"
        ask("POST", f"{path}/payment-sessions", {"provider_id": "pp_system_default"})
        done = ask("POST", f"/carts/{cart}/complete")
        assert done["type"] == "order", done
        return str(done["order"]["id"])

    def looks(self, order: str) -> dict[str, Any]:
        """
        Return what the customer's page can show of an order.
        """
        found: dict[str, Any] = self._server.store(
            "GET", f"/orders/{order}?fields={_PARCELS}"
        )["order"]
        return found


class Merchant:
    """
    Whoever runs the shop.
    """

    def __init__(self, server: RealMedusa) -> None:
        self._server = server

    def sells(self, sku: str, *, is_managed: bool = False) -> str:
        """
        Sell a product for 12.34; return the id of its variant.
        """
        made = self._server.door("product", sku=sku, price=12.34, is_managed=is_managed)
        return str(made["variant"])

    def promotes(self, code: str, percent: int) -> None:
        """
        Take a part off whatever is ordered with a code.
        """
        how = {
            "type": "percentage",
            "target_type": "items",
            "allocation": "across",
            "value": percent,
            "currency_code": "usd",
        }
        given = {"code": code, "type": "standard", "status": "active"}
        self._server.admin("POST", "/promotions", given | {"application_method": how})

    def captures(self, order: str) -> str:
        """
        Take the money; return which payment it was.
        """
        fields = "id,*payment_collections.payments"
        told = self._server.admin("GET", f"/orders/{order}", fields=fields)["order"]
        (payment,) = told["payment_collections"][0]["payments"]
        self._server.admin("POST", f"/payments/{payment['id']}/capture", {})
        return str(payment["id"])

    def refunds(self, payment: str, amount: float) -> None:
        """
        Pay money back.
        """
        self._server.admin("POST", f"/payments/{payment}/refund", {"amount": amount})

    def takes_back(self, order: str, units: dict[str, int]) -> None:
        """
        Take units back that were sent.
        """
        made = self._server.admin("POST", "/returns", {"order_id": order})
        path = f"/returns/{made['return']['id']}"
        items = {"items": [{"id": name, "quantity": n} for name, n in units.items()]}
        for step, body in (
            ("/request-items", items),
            ("/request", {}),
            ("/receive", {}),
            ("/receive-items", items),
            ("/receive/confirm", {}),
        ):
            self._server.admin("POST", path + step, body)

    def cancels(self, order: str) -> None:
        """
        Cancel an order; what was captured is given back by it.
        """
        self._server.admin("POST", f"/orders/{order}/cancel", {})
