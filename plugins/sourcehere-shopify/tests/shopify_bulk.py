"""
Bulk operations of a shop on Shopify in memory: a query is executed whole, and its
answer written as lines, each list's behind the thing that has it.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC

import attrs
import httpx2

HOST = "files.example"
_RANGE = re.compile(r"bytes=(\d+)-(\d+)")


@attrs.define
class Operation:
    """
    An operation and its file.
    """

    text: bytes
    begun_at: str
    turns: int
    status: str = "COMPLETED"


class Bulk:
    """
    The operations of one shop.

    Attributes:
        turns: How often it is asked for an operation until that is done.

        status: What becomes of it then.

        is_busy: Whether there is room for no other.

        takes_parts: Whether the files can be read in parts.
    """

    def __init__(self, server) -> None:
        self._server = server
        self.operations: dict[str, Operation] = {}
        self.turns = 0
        self.status = "COMPLETED"
        self.is_busy = False
        self.takes_parts = True
        self.reads: list[str] = []

    def begin(self, _info, query, groupObjects):  # noqa: N803
        assert groupObjects
        if self.is_busy:
            error = {
                "code": "OPERATION_IN_PROGRESS",
                "field": None,
                "message": "A bulk query operation for this app is already in progress",
            }
            return {"bulkOperation": None, "userErrors": [error]}
        done = self._server.run(query)
        assert not done.errors, done.errors
        (items,) = done.data.values()
        lines = [json.dumps(one) for one in _flat(items["edges"], None)]
        text = "".join(f"{line}\n" for line in lines).encode()
        name = f"gid://shopify/BulkOperation/{self._server.new_id()}"
        at = self._server.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.operations[name] = Operation(text, at, self.turns, self.status)
        return {"bulkOperation": {"id": name}, "userErrors": []}

    def told(self, name):
        one = self.operations.get(name)
        if one is None:
            return None
        one.turns, turns = max(one.turns - 1, 0), one.turns
        status = "RUNNING" if turns else one.status
        has_file = status == "COMPLETED" and one.text
        url = f"https://{HOST}/{name.rpartition('/')[2]}?signature=abc"
        return {
            "__typename": "BulkOperation",
            "status": status,
            "errorCode": "TIMEOUT" if status == "FAILED" else None,
            "createdAt": one.begun_at,
            "fileSize": len(one.text) if has_file else None,
            "url": url if has_file else None,
        }

    def file(self, request: httpx2.Request) -> httpx2.Response:
        """
        Answer as the place does where files lie.
        """
        assert "x-shopify-access-token" not in request.headers
        name = f"gid://shopify/BulkOperation/{request.url.path.strip('/')}"
        one = self.operations.get(name)
        if one is None or not one.text:
            return httpx2.Response(403, text="<Error>ExpiredToken</Error>")
        if not self.takes_parts:
            return httpx2.Response(200, content=one.text)
        found = _RANGE.fullmatch(request.headers["range"])
        assert found
        self.reads.append(found[0])
        begin, last = int(found[1]), int(found[2])
        assert begin < len(one.text)
        return httpx2.Response(206, content=one.text[begin : last + 1])


def _flat(edges, parent) -> Iterator[dict]:
    """
    Write things as lines; the lists that they have become lines behind them.
    """
    for edge in edges:
        node = edge["node"]
        lists = {n: v for n, v in node.items() if isinstance(v, dict) and "edges" in v}
        own = {name: value for name, value in node.items() if name not in lists}
        yield own | ({} if parent is None else {"__parentId": parent})
        for one in lists.values():
            yield from _flat(one["edges"], node["id"])
