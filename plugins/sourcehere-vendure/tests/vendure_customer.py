"""
People in front of a shop on Vendure: a customer in its Shop API, and the merchant in
its Admin API. Nothing here goes through the adapter, or past Vendure.
"""

from typing import Any

import httpx2
from vendure_process import VendureServer

SET_UP = """
mutation {
  createCountry(input: {
    code: "GB", enabled: true, translations: [{languageCode: en, name: "Britain"}]
  }) { id }
  createShippingMethod(input: {
    code: "post", fulfillmentHandler: "manual-fulfillment"
    checker: {
      code: "default-shipping-eligibility-checker"
      arguments: [{name: "orderMinimum", value: "0"}]
    }
    calculator: {
      code: "default-shipping-calculator"
      arguments: [
        {name: "rate", value: "500"}, {name: "includesTax", value: "auto"}
        {name: "taxRate", value: "0"}
      ]
    }
    translations: [{languageCode: en, name: "Post", description: ""}]
  }) { id }
  createPaymentMethod(input: {
    code: "card", enabled: true
    handler: {
      code: "dummy-payment-handler"
      arguments: [{name: "automaticSettle", value: "true"}]
    }
    translations: [{languageCode: en, name: "Card", description: ""}]
  }) { id }
}
"""
ADD = """
mutation ($variant: ID!, $quantity: Int!) {
  addItemToOrder(productVariantId: $variant, quantity: $quantity) {
    __typename ... on Order { id code }
  }
}
"""
ADDRESS = """
mutation {
  setCustomerForOrder(input: {
    firstName: "Ann", lastName: "Lee", emailAddress: "ann@mail.example"
  }) { __typename }
  setOrderShippingAddress(input: {
    fullName: "Ann Lee", streetLine1: "1 High Street", city: "Leeds"
    postalCode: "LS1 1AA", countryCode: "GB"
  }) { __typename }
}
"""
METHOD = """
mutation ($method: ID!) {
  setOrderShippingMethod(shippingMethodId: [$method]) { __typename }
  transitionOrderToState(state: "ArrangingPayment") { __typename }
  addPaymentToOrder(input: {method: "card", metadata: {}}) {
    __typename ... on Order { id code state }
  }
}
"""
LOOK = """
query ($code: String!) {
  orderByCode(code: $code) {
    state
    fulfillments { state method trackingCode lines { quantity } }
  }
}
"""
CANCEL = """
mutation ($id: ID!) {
  cancelOrder(input: {orderId: $id, reason: "changed her mind"}) {
    __typename ... on ErrorResult { message }
  }
}
"""


class Person:
    """
    Somebody who asks one of the APIs, and stays logged in.
    """

    def __init__(self, server: VendureServer, api: str) -> None:
        url = server.url.replace("admin-api", api)
        self._client = httpx2.Client(transport=server.transport, timeout=60)
        self._url, self._token = url, ""

    def ask(self, text: str, **variables: object) -> Any:
        """
        Run a document, and return its data; whatever Vendure says no to fails.
        """
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        asked = {"query": text, "variables": variables}
        answer = self._client.post(self._url, json=asked, headers=headers)
        self._token = answer.headers.get("vendure-auth-token", self._token)
        said = answer.json()
        assert "errors" not in said, said["errors"]
        for one in said["data"].values():
            kind = one.get("__typename", "Order") if isinstance(one, dict) else "Order"
            assert kind in {"Order", "CurrentUser", "Refund"}, said
        return said["data"]


def merchant(server: VendureServer) -> Person:
    """
    Log the merchant in.
    """
    person = Person(server, "admin-api")
    person.ask(
        'mutation { login(username: "superadmin", password: "superadmin")'
        " { __typename } }"
    )
    return person


class Customer(Person):
    """
    Somebody who orders without an account.
    """

    def __init__(self, server: VendureServer) -> None:
        super().__init__(server, "shop-api")
        self._server = server

    def orders(self, **units: int) -> tuple[str, str]:
        """
        Put things into the basket, say where they go, and pay; return the order's id
        and code.
        """
        for sku, quantity in units.items():
            variant = str(self._server.door("variant", sku=sku))
            self.ask(ADD, variant=variant, quantity=quantity)
        self.ask(ADDRESS)
        (method,) = self.ask("{ eligibleShippingMethods { id } }")[
            "eligibleShippingMethods"
        ]
        order = self.ask(METHOD, method=method["id"])["addPaymentToOrder"]
        assert order["state"] == "PaymentSettled"
        return order["id"], order["code"]

    def looks(self, code: str) -> Any:
        """
        Return what the customer's page says of an order.
        """
        return self.ask(LOOK, code=code)["orderByCode"]
