"""
EasyPost in memory, by its API reference: shipments, labels, refunds and trackers.
"""

import base64
import json
import threading

import attrs
import httpx2

KEY = "EZTK-4711"
HOST = "api.easypost.com"
FILES = "files.easypost.example"
SERVED = ("US", "GB", "DE")
GRAMS_MAX = 20_000
_GRAMS_AN_OUNCE = 28.349523125
# Service -> cents for any parcel, grams for one cent more, days.
TARIFF = {"Priority": (395, 10, 2), "Express": (2_395, 5, None)}
_FORMATS = {
    "PDF": ("application/pdf", b"%PDF-1.4 "),
    "PNG": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "ZPL": ("application/zpl", b"^XA "),
}


@attrs.define
class Shipment:
    """
    A shipment; it costs nothing until a rate of it is bought.
    """

    name: str
    asked: dict
    grams: int
    rates: list[dict]
    number: str = ""
    bought: dict | None = None
    refund: str | None = None
    is_used: bool = False


def cents(service: str, grams: int) -> int:
    """
    Return the price of a service, by the carrier's own counter.
    """
    least, step, _ = TARIFF[service]
    return least + grams // step


class EasyPostServer:
    """
    One account.

    Attributes:
        requests: What was asked, in order: method and path.

        own: Path's end -> an answer of the test's own, for odd cases.
    """

    def __init__(self) -> None:
        self.shipments: dict[str, Shipment] = {}
        self.trackers: dict[str, list[dict]] = {}
        self.requests: list[tuple[str, str]] = []
        self.own: dict[str, httpx2.Response] = {}
        self._lock = threading.Lock()

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        """
        Answer a request.
        """
        path = request.url.raw_path.decode()
        with self._lock:
            self.requests.append((request.method, path))
            for end, answer in self.own.items():
                if path.endswith(end):
                    return httpx2.Response(
                        answer.status_code,
                        headers=answer.headers,
                        content=answer.read(),
                    )
            if request.url.host == FILES:
                return self._file(path)
            given = request.headers.get("authorization", "")
            if given != "Basic " + base64.b64encode(f"{KEY}:".encode()).decode():
                return _error(401, "APIKEY.INACTIVE", "This api key is not active.")
            return self._answer(request, path.split("/")[2:])

    def _answer(self, request: httpx2.Request, path: list[str]) -> httpx2.Response:
        told = json.loads(request.content or b"{}")
        match (request.method, path):
            case ("POST", ["shipments"]):
                return self._made(told["shipment"])
            case ("POST", ["shipments", name, what]) if name in self.shipments:
                shipment = self.shipments[name]
                if what == "buy":
                    return self._bought(shipment, told["rate"]["id"])
                return self._refunded(shipment)
            case ("POST", ["trackers"]):
                return self._tracked(told)
        return _error(404, "NOT_FOUND", "The requested resource could not be found.")

    def _made(self, asked: dict) -> httpx2.Response:
        grams = round(asked["parcel"]["weight"] * _GRAMS_AN_OUNCE)
        country = asked["to_address"].get("country")
        messages: list[dict] = []
        if country not in SERVED:
            messages = [_message(f"no service to {country}")]
        elif grams > GRAMS_MAX:
            messages = [_message("the parcel is too heavy")]
        name = f"shp_{len(self.shipments) + 1:04}"
        rates = [] if messages else [_rate(name, one, grams) for one in TARIFF]
        self.shipments[name] = Shipment(name, asked, grams, rates)
        return _json({**self._shown(self.shipments[name]), "messages": messages})

    def _bought(self, shipment: Shipment, rate: str) -> httpx2.Response:
        if shipment.bought is not None:
            return _error(422, "SHIPMENT.POSTAGE.EXISTS", "It is bought already.")
        (shipment.bought,) = (r for r in shipment.rates if r["id"] == rate)
        shipment.number = f"94{len(self.shipments):08}"
        return _json(self._shown(shipment))

    def _refunded(self, shipment: Shipment) -> httpx2.Response:
        if shipment.is_used:
            return _json({**self._shown(shipment), "refund_status": "rejected"})
        shipment.refund = "submitted"
        return _json(self._shown(shipment))

    def _shown(self, shipment: Shipment) -> dict:
        shown = {
            "id": shipment.name,
            "object": "Shipment",
            "reference": shipment.asked.get("reference"),
            "status": "unknown",
            "rates": shipment.rates,
            "messages": [_message("another account of yours has no rates")],
            "selected_rate": shipment.bought,
            "refund_status": shipment.refund,
        }
        if shipment.bought is not None:
            media_type, _ = self._format(shipment)
            shown["tracking_code"] = shipment.number
            shown["tracker"] = {"id": "trk_1", "public_url": "https://track.example/1"}
            shown["postage_label"] = {
                "id": f"pl_{shipment.name}",
                "label_url": f"https://{FILES}/{shipment.name}",
                "label_file_type": media_type,
            }
        return shown

    def _format(self, shipment: Shipment) -> tuple[str, bytes]:
        options = shipment.asked.get("options") or {}
        return _FORMATS[options.get("label_format") or "PDF"]

    def _file(self, path: str) -> httpx2.Response:
        shipment = self.shipments[path.strip("/")]
        media_type, beginning = self._format(shipment)
        content = beginning + shipment.number.encode()
        return httpx2.Response(
            200, headers={"Content-Type": media_type}, content=content
        )

    def _tracked(self, told: dict) -> httpx2.Response:
        number = told["tracking_code"]
        if number not in self.trackers or told.get("carrier") != "USPS":
            words = f"We couldn't find {number} at the carrier."
            return _error(422, "TRACKER.CREATE.ERROR", words)
        details = self.trackers[number]
        status = details[-1]["status"] if details else "unknown"
        return _json(
            {
                "id": "trk_1",
                "object": "Tracker",
                "tracking_code": number,
                "status": status,
                "carrier": "USPS",
                "tracking_details": details,
            }
        )


def _rate(shipment: str, service: str, grams: int) -> dict:
    price = cents(service, grams)
    return {
        "id": f"rate_{shipment}_{service}",
        "carrier": "USPS",
        "service": service,
        "rate": f"{price // 100}.{price % 100:02}",
        "currency": "USD",
        "delivery_days": TARIFF[service][2],
    }


def _message(words: str) -> dict:
    return {"carrier": "USPS", "type": "rate_error", "message": words}


def _json(told: object) -> httpx2.Response:
    return httpx2.Response(200, json=told)


def _error(status: int, code: str, words: str) -> httpx2.Response:
    told = {"error": {"code": code, "message": words, "errors": []}}
    return httpx2.Response(status, json=told)
