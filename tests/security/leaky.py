"""
A shop platform whose plugin says too much, and the words of a shop that is a file.
"""

import attrs

from sourcehere.plugins import hookimpl
from sourcehere.ports.errors import DeclinedError
from sourcehere.ports.platforms import OrderPage, StorePlatform
from sourcehere.ports.providers import ProviderInfo


@attrs.frozen
class LeakyConfig:
    """
    Where a shop is, and how to get in.
    """

    url: str
    token: str = attrs.field(repr=False, metadata={"secret": True})


class LeakyShop:
    """
    A shop that puts its token into whatever it says.

    Attributes:
        config: As the registry made it.

        orders: What it has.

        fault: What its calls raise.
    """

    def __init__(self, config):
        self.config = config
        self.fault = None
        self.orders = ()

    def __repr__(self):
        """
        Show what should not be shown.
        """
        return f"LeakyShop({self.config.token})"

    def _check(self):
        if self.fault is not None:
            raise self.fault

    def pull_orders(self, cursor, /, *, limit):
        """
        Raise what was told, or return all orders.
        """
        del limit
        self._check()
        return OrderPage(self.orders if not cursor else (), (), (), "1", False)

    def fetch_order(self, external_id, /):
        """
        Raise what was told.
        """
        del external_id
        self._check()

    def push_fulfilment(self, fulfilment, /):
        """
        Raise what was told, or take it.
        """
        self._check()
        return fulfilment.idempotency_key

    push_tracking = push_fulfilment

    def say(self, answer):
        """
        Return whatever was told.
        """
        return answer

    def push_fulfilments(self, fulfilments, /):
        """
        Return what was told once for each.
        """
        return [self.fault or f.idempotency_key for f in fulfilments]


class Leaky:
    """
    The plugin that offers such shops.

    Attributes:
        made: In order.
    """

    def __init__(self):
        self.made = []

    @hookimpl
    def sourcehere_store_platforms(self):
        """
        Offer `leaky`.
        """
        return [
            ProviderInfo[StorePlatform, LeakyConfig]("leaky", LeakyConfig, self._make)
        ]

    def _make(self, config, _):
        if config.url == "factory":
            raise DeclinedError(provider="leaky", detail=f"no {config.token}")
        self.made.append(LeakyShop(config))
        return self.made[-1]


def file_config(path="orders.csv", sent="sent.csv", **more):
    """
    Return the configuration of a shop that is a file.
    """
    return {"path": path, "fulfilments_path": sent, "currency": "USD", **more}
