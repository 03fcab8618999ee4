"""
A process that works for a seller while its database fails: it asks again for whatever
it was not told, and says what it was told.

Told the URL, its own number, and how many orders to make.
"""

import json
import sys
import time

from sourcehere import CounterpartyError, Money
from sourcehere.app import compose
from sourcehere.domain.kernel.errors import ConflictError
from sourcehere.services.ordering.drafts import Wanted
from sourcehere.services.sending.shipping import NewParcel
from sourcehere.testing.factories import (
    HOME,
    NOON,
    SELLER,
    STAFF,
    FakePlatforms,
    ManualClock,
)


class Work:
    """
    Commands, each given again with its id until it is answered.
    """

    def __init__(self, app, name):
        self.app = app
        self.name = name
        self.again = 0

    def asked(self, call):
        while True:
            try:
                return call()
            except (CounterpartyError, ConflictError):
                self.again += 1
                time.sleep(0.05)

    def order(self, number, variant):
        app, key = self.app, f"{self.name}-{number}"
        self.asked(
            lambda: app.wallets.top_up(
                "demo", Money(1, "USD"), reference=key, by=STAFF, command_id=key
            )
        )
        order_id = self.asked(
            lambda: app.drafts.create_manual(
                "demo", [Wanted(variant, 1)], HOME, by=SELLER, command_id=f"{key}-make"
            )
        )
        self.asked(
            lambda: app.drafts.place(
                "demo", order_id, by=SELLER, command_id=f"{key}-place"
            )
        )
        offer = self.asked(
            lambda: app.checkouts.checkout(
                "demo", [order_id], by=SELLER, command_id=f"{key}-offer"
            )
        )
        payment = self.asked(
            lambda: app.checkouts.pay(
                "demo",
                offer.checkout_id,
                expected_total=offer.total,
                by=SELLER,
                command_id=f"{key}-pay",
            )
        )
        self.all_of(
            lambda: app.shipping.accept(
                "demo", [order_id], by=STAFF, command_id=f"{key}-accept"
            )
        )
        parcel = NewParcel(order_id=order_id, carrier="post", tracking_number=key)
        parcel_id = self.asked(
            lambda: app.shipping.ship(
                "demo", parcel, by=STAFF, command_id=f"{key}-ship"
            )
        )
        return {"order": order_id, "paid": payment.paid[order_id], "parcel": parcel_id}

    def all_of(self, call):
        while True:
            report = self.asked(call)
            if not report.failed:
                return report
            for error in report.failed.values():
                if not isinstance(error, CounterpartyError | ConflictError):
                    raise error
            self.again += 1
            time.sleep(0.05)


def opened(url):
    """
    Open the database, as soon as it lets us.
    """
    while True:
        try:
            return compose(url, plugins=[FakePlatforms()], clock=ManualClock(NOON))
        except CounterpartyError:
            time.sleep(0.05)


def main():
    url, name, orders = sys.argv[1], sys.argv[2], int(sys.argv[3])
    app = opened(url)
    work = Work(app, name)
    found = work.asked(lambda: app.catalog.find_by_sku(["cup"]))
    variant = found["cup"].variant_id
    told = [work.order(number, variant) for number in range(orders)]
    app.close()
    json.dump({"told": told, "again": work.again}, sys.stdout)


if __name__ == "__main__":
    main()
