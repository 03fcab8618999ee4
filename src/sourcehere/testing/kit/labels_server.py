"""
A carrier's server in memory that sells labels, and an adapter that passes the contract.
"""

import base64
import json
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import attrs

from ...domain.freight.model import FreightRequest
from ...domain.kernel.address import Address
from ...domain.kernel.money import Money
from ...ports.errors import DeclinedError
from ...ports.labels import PDF, LabelFile, LabelRequest, SoldLabel, SupportsLabels
from .client import ServerClient
from .faults import FaultLine
from .labels_lab import BookedLabel
from .server import Answer, through

_GRAMS_MAX = 20_000
_REFUSED = frozenset({404, 409, 422})


@attrs.define
class _Label:
    number: int
    key: str
    cents: int
    is_void: bool = False
    is_used: bool = False
    is_kept: bool = True

    @property
    def reference(self) -> str:
        return f"lbl_{self.number:04}"

    @property
    def tracking(self) -> str:
        return f"SP{self.number:08}"


class LabelsServer:
    """
    Labels by the key that they were bought with.
    """

    def __init__(self, adapter: "Callable[[LabelsServer], SupportsLabels]") -> None:
        self._adapter = adapter
        self._labels: list[_Label] = []
        self._lock = threading.Lock()
        self.line = FaultLine()

    def connect(self) -> SupportsLabels:
        """
        Make a new adapter.
        """
        return self._adapter(self)

    def sellable(self, *, grams: int) -> LabelRequest:
        """
        Return a parcel to London.
        """
        return _request("GB", grams)

    def unsellable(self) -> LabelRequest:
        """
        Return one that is too heavy.
        """
        return _request("GB", _GRAMS_MAX + 1)

    def books(self) -> Sequence[BookedLabel]:
        """
        List the labels.
        """
        return [
            BookedLabel(
                reference=label.reference,
                tracking_number=label.tracking,
                price=Money(label.cents, "EUR"),
                is_void=label.is_void,
            )
            for label in self._labels
        ]

    def use(self, reference: str, /) -> None:
        """
        Hand a parcel in.
        """
        for label in self._labels:
            if label.reference == reference:
                label.is_used = True

    def request(self, method: str, path: str, body: str = "") -> Answer:
        """
        Answer as a server does.

        Raises:
            ConnectionError: If the line breaks.
        """
        with self._lock:
            return through(self.line.meet(), lambda: self._answer(method, path, body))

    def _answer(self, method: str, path: str, body: str) -> Answer:
        match (method, path.strip("/").split("/")):
            case ("POST", ["labels"]):
                return self._sell(json.loads(body))
            case ("GET", ["labels", "by-key", key]):
                found = [label for label in self._labels if label.key == key]
                return _json({"labels": [_shown(label) for label in found]})
            case ("POST", ["labels", reference, "void"]):
                return self._void(reference)
            case ("GET", ["labels", reference, "file"]):
                return self._file(reference)
            case ("DELETE", ["labels", reference, "file"]):
                return self._forget(reference)
        return Answer(404, '{"error": "there is no such thing"}')

    def _sell(self, wanted: dict[str, Any]) -> Answer:
        for label in self._labels:
            if label.key == wanted["key"]:
                return _json(_shown(label))
        if wanted["grams"] > _GRAMS_MAX:
            return Answer(422, '{"error": "too heavy"}')
        cents = 395 + wanted["grams"] // 10
        self._labels.append(_Label(len(self._labels) + 1, wanted["key"], cents))
        return _json(_shown(self._labels[-1]))

    def _void(self, reference: str) -> Answer:
        for label in self._labels:
            if label.reference == reference:
                if label.is_used:
                    return Answer(409, '{"error": "it was handed in"}')
                # As servers do: the second time it says that it has nothing to do.
                status = "already_void" if label.is_void else "void"
                label.is_void = True
                return _json({"status": status})
        return Answer(404, '{"error": "no such label"}')

    def _file(self, reference: str) -> Answer:
        for label in self._labels:
            if label.reference == reference and label.is_kept:
                content = base64.b64encode(f"%PDF-1.4 {label.tracking}".encode())
                return _json({"type": PDF, "content": content.decode()})
        return Answer(404, '{"error": "no such label"}')

    def _forget(self, reference: str) -> Answer:
        for label in self._labels:
            if label.reference == reference and label.is_kept:
                label.is_kept = False
                return _json({"status": "deleted"})
        return Answer(404, '{"error": "no such file"}')


def _request(country: str, grams: int) -> LabelRequest:
    return LabelRequest(
        method="parcel",
        number="#1001",
        to=Address(country, name="Ann Ames", street="1 High St", city="London"),
        consignment=FreightRequest(
            country=country, origin="CN", weight_grams=grams, currency="USD"
        ),
    )


def _shown(label: _Label) -> dict[str, object]:
    return {
        "id": label.reference,
        "tracking": label.tracking,
        "charge": f"{label.cents / 100:.2f}",
        "currency": "EUR",
    }


def _json(value: object) -> Answer:
    return Answer(200, json.dumps(value))


class ServerLabels(ServerClient):
    """
    Speaks to a `LabelsServer`; keeps nothing between two calls.
    """

    name = "server labels"

    def __init__(self, server: LabelsServer) -> None:
        self._server = server

    def label_key_ttl(self) -> timedelta:
        """
        It keeps keys for a day.
        """
        return timedelta(days=1)

    def buy_label(self, request: LabelRequest, /, *, idempotency_key: str) -> SoldLabel:
        """
        Post what is wanted, under the key.
        """
        body = json.dumps(
            {"key": idempotency_key, "grams": request.consignment.weight_grams}
        )
        return self._sold(self._said("tracking", "POST", "/labels", body))

    def find_label(self, idempotency_key: str, /) -> SoldLabel | None:
        """
        Look for the key.
        """
        path = f"/labels/by-key/{idempotency_key}"
        found = self._said("labels", "GET", path)["labels"]
        return self._sold(found[0]) if found else None

    def void_label(self, reference: str, /, *, idempotency_key: str) -> None:
        """
        Void it; the server needs no key, since it is void once.
        """
        self._said("status", "POST", f"/labels/{reference}/void", idempotency_key)

    def label_file(self, reference: str, /) -> LabelFile:
        """
        Ask for the file, which is wrapped in JSON.
        """
        said = self._said("content", "GET", f"/labels/{reference}/file")
        return LabelFile(base64.b64decode(said["content"]), said["type"])

    def forget_label(self, reference: str, /) -> None:
        """
        Delete the file; there is none any more if it was deleted before.
        """
        with suppress(DeclinedError):
            self._said("status", "DELETE", f"/labels/{reference}/file")

    def _said(self, name: str, method: str, path: str, body: str = "") -> Any:
        answer = self._asked(lambda: self._server.request(method, path, body))
        if answer.status in _REFUSED:
            raise self._refused(answer)
        return self._object(answer, name)

    def _refused(self, answer: Answer) -> Exception:
        return DeclinedError(
            provider=self.name, detail=str(json.loads(answer.text)["error"])
        )

    def _sold(self, said: Any) -> SoldLabel:
        return SoldLabel(
            reference=said["id"],
            carrier="Server Post",
            tracking_number=said["tracking"],
            price=Money.parse(said["charge"], said["currency"]),
        )
