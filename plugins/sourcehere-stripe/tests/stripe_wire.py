"""
What both servers of the tests have in common: forms, errors, and keys.
"""

import json
import re
import threading
from urllib.parse import parse_qsl

import httpx2

_STEP = re.compile(r"\[([^\]]*)\]")


def form_of(text):
    """
    Read `a[b][c]=1&d[0]=2` as `{"a": {"b": {"c": "1"}}, "d": {"0": "2"}}`.
    """
    found = {}
    for name, value in parse_qsl(
        text, keep_blank_values=True, strict_parsing=bool(text)
    ):
        first, *_ = name.partition("[")
        *path, last = [first, *_STEP.findall(name)]
        place = found
        for step in path:
            place = place.setdefault(step, {})
        place[last] = value
    return found


def answered(told, status=200, headers=None):
    """
    Answer with JSON.
    """
    return httpx2.Response(status, headers=headers, text=json.dumps(told))


def refused(status, kind, message, **more):
    """
    Answer with an error, as "Errors" in Stripe's API reference has it.
    """
    return answered({"error": {"type": kind, "message": message, **more}}, status)


def invalid(message, code="parameter_invalid", status=400):
    """
    Refuse a request.
    """
    return refused(status, "invalid_request_error", message, code=code)


def missing(what):
    """
    Say that there is no such thing.
    """
    return invalid(f"No such {what}", "resource_missing", 404)


class RefusedError(Exception):
    """
    What a request is refused with.
    """

    def __init__(self, answer):
        super().__init__(answer.text)
        self.answer = answer


class Keys:
    """
    Stripe's idempotency ("Idempotent requests" in its API reference): what a POST was
    answered, its refusals by a bank too, is kept under its key, and answered again;
    other arguments under the same key are an error. What was not begun, such as an
    invalid request, is not kept.

    One request after the other: Stripe answers 409 to one that comes while another with
    its key is under way, where this one waits.
    """

    def __init__(self, serve):
        self._serve, self._kept, self._lock = serve, {}, threading.Lock()

    def __call__(self, request):
        """
        Answer a request.
        """
        with self._lock:
            if request.method != "POST":
                return self._serve(request)
            key = request.headers["idempotency-key"]
            asked = (request.url.path, request.content)
            before, answer = self._kept.get(key, (asked, None))
            if before != asked:
                words = "Keys for idempotent requests can only be used with the same"
                return refused(400, "idempotency_error", f"{words} parameters")
            if answer is None:
                answer = self._serve(request)
                if answer.status_code in (200, 402):
                    self._kept[key] = asked, answer
            return httpx2.Response(answer.status_code, content=answer.content)


def page_of(items, asked, path):
    """
    Answer with a part of a list, newest first: "Pagination" in Stripe's API reference.

    Args:
        items: Oldest first.
    """
    found = list(reversed(items))
    for name in ("created", "arrival_date"):
        since = int(asked.get(name, {}).get("gte", 0))
        found = [one for one in found if one.get(name, since) >= since]
    limit = int(asked.get("limit", 10))
    assert 1 <= limit <= 100
    ids = [one["id"] for one in found]
    start = ids.index(asked["starting_after"]) + 1 if "starting_after" in asked else 0
    page = found[start : start + limit]
    more = start + limit < len(found)
    return answered({"object": "list", "url": path, "data": page, "has_more": more})
