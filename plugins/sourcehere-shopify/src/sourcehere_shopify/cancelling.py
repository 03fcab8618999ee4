"""
Cancelling an order in the shop, which Shopify does when it gets round to it.
"""

import time

from sourcehere.domain.stores.cancelling import ShopCancelReason
from sourcehere_http.cancelling import is_to_cancel

from .client import PROVIDER, Client
from .config import ShopifyConfig
from .ids import order_gid
from .orders import OrderReader

PAUSES_S = (0.2, 0.4, 0.8, 1.6, 3.2)


def cancel_order(
    client: Client,
    config: ShopifyConfig,
    orders: OrderReader,
    external_id: str,
    reason: ShopCancelReason,
) -> None:
    """
    Let an order of which nothing was sent be cancelled; its units are put back.

    It waits some seconds for Shopify to have done it. Whoever reads the order then sees
    whether it has.

    Raises:
        DeclinedError: If there is no such order, something of it was sent, or Shopify
            says no.
    """
    if not is_to_cancel(orders.one(external_id), external_id, provider=PROVIDER):
        return
    given = client.change(
        "cancel_order",
        "orderCancel",
        id=order_gid(external_id),
        reason=reason.name,
        notify=config.notifies_customers,
    )
    job = given["job"]
    for pause in PAUSES_S:
        if job is None or job["done"]:
            return
        time.sleep(pause)
        told = client.ask("job", id=given["job"]["id"])
        job = told["job"]
