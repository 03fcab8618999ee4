"""
Refunds and cancellations by the merchant, as the dashboard asks for them.
"""

import pytest
from vendure_customer import Customer, merchant

from sourcehere.testing.kit.store_asking import fetched

MOVE = """
mutation ($id: ID!, $state: String!) {
  transitionOrderToState(id: $id, state: $state) {
    __typename ... on ErrorResult { message }
  }
}
"""
LOOK = """
query ($id: ID!) {
  order(id: $id) { lines { id productVariant { sku } } payments { id amount } }
}
"""
MODIFY = """
mutation ($input: ModifyOrderInput!) {
  modifyOrder(input: $input) { __typename ... on ErrorResult { message } }
}
"""
PAY = """
mutation ($id: ID!) {
  addManualPaymentToOrder(
    input: { orderId: $id, method: "card", transactionId: "T2", metadata: {} }
  ) { __typename ... on ErrorResult { message } }
}
"""
CANCEL = """
mutation ($input: CancelOrderInput!) {
  cancelOrder(input: $input) { __typename ... on ErrorResult { message } }
}
"""
REFUND = """
mutation ($input: RefundOrderInput!) {
  refundOrder(input: $input) { __typename ... on ErrorResult { message } }
}
"""


@pytest.fixture
def amended(lab, vendure, shop_is_set_up):
    """
    Return an order of two lamps, to which the merchant added three cups and a lamp that
    were paid for by a second payment.
    """
    del lab, shop_is_set_up
    return Amended(vendure)


class Amended:
    """
    An order with two payments, and its merchant.
    """

    def __init__(self, vendure):
        self.name, _ = Customer(vendure).orders(LAMP=2)
        self.merchant = merchant(vendure)
        self.ask(MOVE, id=self.name, state="Modifying")
        added = [
            {"productVariantId": vendure.door("variant", sku=sku), "quantity": n}
            for sku, n in (("CUP", 3), ("LAMP", 1))
        ]
        change = {"orderId": self.name, "dryRun": False, "addItems": added}
        self.ask(MODIFY, input=change)
        self.ask(MOVE, id=self.name, state="ArrangingAdditionalPayment")
        self.ask(PAY, id=self.name)
        self.ask(MOVE, id=self.name, state="PaymentSettled")
        told = self.ask(LOOK, id=self.name)["order"]
        self.lines = {one["productVariant"]["sku"]: one["id"] for one in told["lines"]}
        self.payments = [one["id"] for one in told["payments"]]

    def ask(self, text, **variables):
        """
        Run a document as the merchant.
        """
        return self.merchant.ask(text, **variables)

    def cancel(self, sku, quantity):
        """
        Cancel units.
        """
        lines = [{"orderLineId": self.lines[sku], "quantity": quantity}]
        self.ask(CANCEL, input={"orderId": self.name, "lines": lines, "reason": "no"})

    def refund(self, sku, quantity, payments):
        """
        Refund units out of some payments: the dashboard names them with each.
        """
        lines = [{"orderLineId": self.lines[sku], "quantity": quantity}]
        sums = {"amount": 50, "shipping": 0, "adjustment": 0, "reason": "no"}
        for payment in payments:
            wanted = {"lines": lines, "paymentId": payment, **sums}
            self.ask(REFUND, input=wanted)


def wanted_of(lab, order):
    """
    Return SKU -> units that are there, and that are to be sent.
    """
    lines = fetched(lab.connect(), order.name).lines
    return {line.sku: (line.quantity, line.quantity_wanted) for line in lines}


def test_units_that_were_added_and_cancelled_are_taken_off_once(lab, amended):
    """
    Vendure counts as placed what was ordered at first, and nothing that was added.

    Source: `orderPlacedQuantity`, written in `default-order-process.ts` only (3.6).
    """
    amended.cancel("CUP", 1)
    amended.refund("CUP", 1, amended.payments[:1])
    amended.cancel("LAMP", 1)
    amended.refund("LAMP", 1, amended.payments[:1])
    assert {"LAMP": (2, 2), "CUP": (2, 2)} == wanted_of(lab, amended)


def test_units_that_are_refunded_of_two_payments_are_taken_off_once(lab, amended):
    """
    Each payment gets a refund of its own, with the same lines.

    Source: `use-refund-order.ts` of the dashboard; `createRefund` in
    `payment.service.ts` does so too where one payment is too little (3.6).
    """
    amended.refund("CUP", 1, amended.payments)
    assert {"LAMP": (3, 3), "CUP": (3, 2)} == wanted_of(lab, amended)
    amended.cancel("CUP", 1)
    assert {"LAMP": (3, 3), "CUP": (2, 2)} == wanted_of(lab, amended)


def test_units_that_are_refunded_twice_of_one_payment_are_two(lab, amended):
    """
    A second refund of the same payment is another one.
    """
    amended.refund("CUP", 1, amended.payments[:1])
    amended.refund("CUP", 1, amended.payments[:1])
    assert {"LAMP": (3, 3), "CUP": (3, 1)} == wanted_of(lab, amended)
