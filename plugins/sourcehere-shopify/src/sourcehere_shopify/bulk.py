"""
The first reading of a large shop: Shopify writes all of its orders into one file.

The file has a line for each order, and behind it one for each of its lines, with
`__parentId`. It is read piece by piece, each from where the one before ended, so that
whoever goes on after a crash needs to know the operation and a place in the file only.
"""

from datetime import timedelta

import attrs
import httpx2

from sourcehere.ports.context import Context
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ThrottledError,
    UnauthorizedError,
)
from sourcehere_http import Api

from .bulk_lines import Group, UselessBulkError, whole_groups
from .client import PROVIDER, Client
from .documents import document

_PIECE = 4 * 2**20  # bytes of the file at a time
_PIECE_MAX = 32 * 2**20  # what the client reads of one answer
_AT_WORK = frozenset({"CREATED", "RUNNING"})
# Shopify runs few at a time; the other one may be ours, from before a crash.
_BUSY = frozenset({"OPERATION_IN_PROGRESS", "LIMIT_REACHED"})
_PAUSE = timedelta(seconds=30)
_WHOLE = 200  # the whole file came, although a part was asked for


@attrs.frozen
class BulkPart:
    """
    Some orders of a file.

    Attributes:
        groups: Each an order with its lines.

        offset: Where the next one begins.

        is_end: Whether there is none.

        begun_at: When the operation began; what changed since is not in the file.
    """

    groups: tuple[Group, ...]
    offset: int
    is_end: bool
    begun_at: str


class BulkReader:
    """
    Reads a shop's orders by bulk operations.

    Args:
        orders_from: With how many orders it is worth it; 0 for never.
    """

    def __init__(
        self,
        client: Client,
        context: Context,
        transport: httpx2.BaseTransport | None,
        orders_from: int,
    ) -> None:
        self._client = client
        self._from = orders_from
        # Files lie somewhere else, where our token is nobody's business.
        self._files = Api(
            provider=PROVIDER, base_url="", context=context, transport=transport
        )

    def begin(self, query: str | None) -> str:
        """
        Let Shopify write the orders of *query* into a file, if there are many.

        Returns:
            The operation's id; empty where there are few.

        Raises:
            ThrottledError: If Shopify writes another file now.
        """
        if not self._from:
            return ""
        counted = self._client.ask("orders_count", query=query, limit=self._from)
        if counted["ordersCount"]["count"] < self._from:
            return ""
        asked = document("bulk_orders")
        if query is not None:
            asked = asked.replace("orders {", f'orders(query: "{query}") {{', 1)
        told = self._client.ask("run_bulk", query=asked)["bulkOperationRunQuery"]
        if any(error["code"] in _BUSY for error in told["userErrors"]):
            words = "it writes another file into which orders would come"
            raise _later(words)
        if told["userErrors"]:
            words = "; ".join(error["message"] for error in told["userErrors"])
            detail = f"bulkOperationRunQuery: {words}"
            raise DeclinedError(provider=PROVIDER, detail=detail[:500])
        return str(told["bulkOperation"]["id"])

    def read(self, operation: str, offset: int, limit: int) -> BulkPart:
        """
        Read at most *limit* orders from a place in the file on.

        Raises:
            ThrottledError: If Shopify still writes the file.

            UselessBulkError: If nothing comes of it.
        """
        told = self._client.ask("bulk", id=operation)["node"]
        if not told:
            raise UselessBulkError
        if told["status"] in _AT_WORK:
            words = "it writes all of its orders into a file"
            raise _later(words)
        if told["status"] != "COMPLETED":
            raise UselessBulkError
        if not told["url"]:  # there was nothing to write
            return BulkPart((), offset, is_end=True, begun_at=told["createdAt"])
        size, length = int(told["fileSize"]), _PIECE
        while True:
            piece = self._piece(told["url"], offset, length, size)
            is_end = offset + len(piece) >= size
            groups, used = whole_groups(piece, limit, is_end=is_end)
            if groups or is_end or length >= _PIECE_MAX:
                break
            length *= 2
        if not groups and not is_end:
            raise UselessBulkError  # one order of that many lines
        is_last = is_end and used == len(piece)
        return BulkPart(groups, offset + used, is_last, told["createdAt"])

    def close(self) -> None:
        """
        Close the connections.
        """
        self._files.close()

    def _piece(self, url: str, offset: int, length: int, size: int) -> bytes:
        """
        Read a piece of the file.

        Raises:
            UselessBulkError: If it is not there any more.
        """
        last = min(offset + length, size) - 1
        if last < offset:
            return b""
        wanted = {"Range": f"bytes={offset}-{last}", "Accept-Encoding": "identity"}
        try:
            reply = self._files.send("GET", url, headers=wanted)
        except (UnauthorizedError, ProtocolError) as error:
            # Its address holds for some days only; or it comes whole, and is too long.
            raise UselessBulkError from error
        if reply.is_refusal:
            raise UselessBulkError
        whole = reply.status == _WHOLE
        found = reply.body[offset : last + 1] if whole else reply.body
        if len(found) != last + 1 - offset:
            detail = f"the file of orders: {len(found)} bytes of {wanted['Range']}"
            raise ProtocolError(provider=PROVIDER, detail=detail)
        return found


def _later(words: str) -> ThrottledError:
    return ThrottledError(provider=PROVIDER, detail=words, retry_after=_PAUSE)
