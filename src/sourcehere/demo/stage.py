"""
Where the story plays: who is in it, its clock, and how it goes on where it was cut off.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from ..app import App
from ..domain.kernel.actor import Actor, Role
from ..domain.kernel.clock import ManualClock
from ..domain.kernel.values import frozen
from ..domain.orders.views import OrderView
from ..services.base.bulk import BulkReport
from .steps import Steps

SELLER_ID = "demo"
STORE_ID = "online-retail"
WAREHOUSE_ID = "CN-YIWU"
WORKER = "demo"
TOP_UP_MINOR = 1_000_000_000
SPLIT_EVERY = 50
DISPUTE_EVERY = 100

SELLER = Actor(Role.SELLER, SELLER_ID)
STAFF = Actor(Role.STAFF, "demo-staff")
CARRIER = Actor(Role.CARRIER, "demo-line")

T = TypeVar("T")
BEGIN = datetime(2011, 12, 1, 9, tzinfo=UTC)


@frozen
class Options:
    """
    Which file, and where fulfilments go.

    Attributes:
        chunk: Orders in one commit.
    """

    path: Path
    out: Path
    chunk: int = 200


class Stage:
    """
    What every step of the story stands on.
    """

    def __init__(self, sourcehere: App, clock: ManualClock, options: Options) -> None:
        self._sh = sourcehere
        self._clock = clock
        self._options = options
        self._steps = Steps()

    def _at(self, day: int, number: int = 0) -> None:
        self._clock.at = BEGIN + timedelta(days=day, milliseconds=number)

    def _in_chunks(
        self,
        day: int,
        orders: Sequence[tuple[int, str]],
        work: Callable[[Mapping[str, int], list[OrderView], int], None],
    ) -> None:
        """
        Do *work* for orders in the same chunks every time, however far they are.
        """
        for chunk in chunks(orders, self._options.chunk):
            first = chunk[0][0]
            self._at(day, first)
            numbers = {order_id: number for number, order_id in chunk}
            loaded = self._sh.orders.get_many(SELLER_ID, list(numbers))
            work(numbers, loaded, first)
            self._steps.advance(len(chunk))

    def _pay_list(self, order_ids: Sequence[str], name: str) -> None:
        offer = self._sh.checkouts.checkout(
            SELLER_ID, order_ids, by=SELLER, command_id=f"checkout:{name}"
        )
        self._sh.checkouts.pay(
            SELLER_ID,
            offer.checkout_id,
            expected_total=offer.total,
            by=SELLER,
            command_id=f"pay:{name}",
        )


def chunks(
    orders: Sequence[tuple[int, str]], size: int
) -> Iterator[Sequence[tuple[int, str]]]:
    """
    Split *orders* into runs of *size*, the same every time.
    """
    for start in range(0, len(orders), size):
        yield orders[start : start + size]


def all_done(report: BulkReport[T]) -> None:
    """
    Stop the story at the first item that failed: here none may.
    """
    for error in report.failed.values():
        raise error
