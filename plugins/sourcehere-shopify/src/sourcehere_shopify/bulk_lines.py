"""
The lines of a bulk operation's file, put together again: orders with what they have.
"""

import json
from collections.abc import Iterator
from typing import Any

from .snapshots import LIVE

Group = dict[str, Any]


class UselessBulkError(Exception):
    """
    Nothing will come of an operation, or nothing that can be read: its orders are read
    page by page instead.
    """


def whole_groups(
    piece: bytes, limit: int, *, is_end: bool
) -> tuple[tuple[Group, ...], int]:
    """
    Return at most *limit* orders of a piece, and how many bytes they are; each has its
    `lines`, and where in the piece it begins.

    An order is whole once another one begins behind it, or the file ends.

    Raises:
        UselessBulkError: If it is not what the operation was to write.
    """
    groups: list[Group] = []
    begin = used = 0
    for end, line in _lines(piece, is_end=is_end):
        told = _read(line)
        if "__parentId" in told:
            if not groups or told["__parentId"] != groups[-1]["id"]:
                raise UselessBulkError  # it stands beside an order that is not its own
            groups[-1]["lines"].append(told)
        else:
            used = begin
            if len(groups) == limit:
                return tuple(groups), used
            groups.append(told | {"lines": [], "begin": begin})
        begin = end
    if is_end:
        return tuple(groups), len(piece)
    return tuple(groups[:-1]), used


def as_read(group: Group) -> dict[str, Any] | None:
    """
    Return an order as it would have been read alone; None if it has to be, since a file
    does not tell which units were refunded.

    Neither does it tell what is in which fulfilment. What is not there any more of the
    current units has left.
    """
    if group["refunds"]:
        return None
    lines = group["lines"]
    sent = [
        {
            "quantity": max(line["currentQuantity"] - line["unfulfilledQuantity"], 0),
            "lineItem": {"id": line["id"]},
        }
        for line in lines
    ]
    made = {"status": LIVE, "fulfillmentLineItems": _page(sent)}
    return group | {"lineItems": _page(lines), "fulfillments": [made]}


def _page(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    return {"nodes": nodes, "pageInfo": {"hasNextPage": False}}


def _lines(piece: bytes, *, is_end: bool) -> Iterator[tuple[int, bytes]]:
    """
    Return whole lines, each with where it ends; the last one of a file may lack its
    end.
    """
    begin = 0
    while (end := piece.find(b"\n", begin)) >= 0:
        yield end + 1, piece[begin:end]
        begin = end + 1
    if is_end and piece[begin:].strip():
        yield len(piece), piece[begin:]


def _read(line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UselessBulkError from error
    if not isinstance(told, dict) or "id" not in told:
        raise UselessBulkError
    return told
