"""
A shop's stock in memory, and an adapter that passes the contract of stock.
"""

import json
import threading
from collections.abc import Callable, Mapping, Sequence

from ...ports.errors import DeclinedError
from ...ports.stock import ShopStock, SupportsStockPush
from .client import ServerClient
from .faults import FaultLine
from .server import Answer, through


class StockServer:
    """
    Counts the units of variants, each under an id of its own.
    """

    def __init__(self, adapter: "Callable[[StockServer], SupportsStockPush]") -> None:
        self._adapter = adapter
        self._units: dict[str, int] = {}
        self._lock = threading.Lock()
        self.line = FaultLine()

    def connect(self) -> SupportsStockPush:
        """
        Make a new adapter.
        """
        return self._adapter(self)

    def sells(self, sku: str, /) -> ShopStock:
        """
        Sell another variant.
        """
        name = f"{len(self._units) + 1}"
        self._units[name] = 0
        return ShopStock(
            sku=sku, external_variant_id=name, external_product_id="1", quantity=0
        )

    def gone(self) -> ShopStock:
        """
        Return a variant that was never sold.
        """
        return ShopStock(
            sku="GONE", external_variant_id="0", external_product_id="1", quantity=0
        )

    def customers_buy(self, variant: ShopStock, units: int, /) -> None:
        """
        Take units away.
        """
        self._units[variant.external_variant_id] -= units

    def stock(self, variant: ShopStock, /) -> int:
        """
        Return what is left.
        """
        return self._units[variant.external_variant_id]

    def request(self, levels: Mapping[str, int], *, adds: bool = False) -> Answer:
        """
        Set units by id, or add to them; answer which ids there are.

        Raises:
            ConnectionError: If the line breaks.
        """
        return through(self.line.meet(), lambda: self._answer(levels, adds=adds))

    def _answer(self, levels: Mapping[str, int], *, adds: bool) -> Answer:
        known = [name for name in sorted(levels) if name in self._units]
        with self._lock:
            for name in known:
                before = self._units[name] if adds else 0
                self._units[name] = before + levels[name]
        return Answer(200, json.dumps({"updated": known}))


class ServerStock(ServerClient):
    """
    Speaks to a `StockServer`; keeps nothing between two calls.
    """

    name = "server stock"

    def __init__(self, server: StockServer) -> None:
        self._server = server

    def push_stock(self, levels: Sequence[ShopStock], /) -> list[Exception | None]:
        """
        Set all at once.
        """
        wanted = {level.external_variant_id: level.quantity for level in levels}
        answer = self._asked(lambda: self._server.request(wanted))
        updated = set(self._object(answer, "updated")["updated"])
        return [
            None if level.external_variant_id in updated else self._gone(level)
            for level in levels
        ]

    def _gone(self, level: ShopStock) -> Exception | None:
        detail = f"no variant {level.external_variant_id}"
        return DeclinedError(provider=self.name, detail=detail)
