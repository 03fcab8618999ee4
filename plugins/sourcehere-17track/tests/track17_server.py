"""
17TRACK in memory, after the description of its API v2.2: numbers have to be registered,
and answers are in no order.
"""

import hashlib
import json
import threading
from datetime import UTC, timedelta, timezone

import httpx2

from sourcehere import IncidentReason, TrackingStatus

KEY = "F00D"
MOST = 40
CHINA_POST = 3011
# What 17TRACK says where our contract lets something happen.
WORDS = {
    (TrackingStatus.PENDING, None): "InfoReceived",
    (TrackingStatus.PICKED_UP, None): "InTransit_PickedUp",
    (TrackingStatus.IN_TRANSIT, None): "InTransit_Other",
    (TrackingStatus.DELAYED, None): "Exception_Delayed",
    (TrackingStatus.CUSTOMS, None): "InTransit_CustomsProcessing",
    (TrackingStatus.OUT_FOR_DELIVERY, None): "OutForDelivery_Other",
    (TrackingStatus.DELIVERY_FAILED, None): "DeliveryFailure_Other",
    (TrackingStatus.READY_FOR_PICKUP, None): "AvailableForPickup_Other",
    (TrackingStatus.DELIVERED, None): "Delivered_Other",
    (TrackingStatus.RETURN_TO_SENDER, None): "Exception_Returning",
    (TrackingStatus.LOST, None): "Exception_Lost",
    (TrackingStatus.CANCELLED, None): "Exception_Cancel",
    (TrackingStatus.IN_TRANSIT, IncidentReason.DAMAGED): "Exception_Damage",
    (
        TrackingStatus.CUSTOMS,
        IncidentReason.CUSTOMS_PAPERS,
    ): "InTransit_CustomsRequiringInformation",
    (
        TrackingStatus.DELIVERY_FAILED,
        IncidentReason.RECIPIENT_ABSENT,
    ): "DeliveryFailure_NoBody",
    (
        TrackingStatus.DELIVERY_FAILED,
        IncidentReason.ADDRESS,
    ): "DeliveryFailure_InvalidAddress",
}
_NOT_REGISTERED = (-18019902, "does not register, please register first")
_ALREADY = (-18019901, "has been registered")
_NOTHING = (-18019909, "No tracking information at this time")
_NO_CARRIER = (-18019903, "Carrier cannot be detected")
_NO_QUOTA = (-18019908, "Quota is not enough for use")


class Track17Server:
    """
    Carriers' numbers and scans, and those of them that an account has registered.

    Attributes:
        events: Number -> what its carriers have, the newest first.

        registered: Number -> the carrier it was registered for.

        code: What it answers with instead, if it is not 0.

        unregistrable: Code -> the numbers that are not registered because of it.
    """

    def __init__(self):
        self.events, self.registered, self.requests = {}, {}, []
        self.quota, self.code = 1000, 0
        self.unregistrable = {}
        self._lock = threading.Lock()

    def handle(self, request):
        """
        Answer a request.
        """
        if request.headers.get("17token") != KEY:
            return httpx2.Response(401)
        path = request.url.path.rsplit("/", 1)[-1]
        body = json.loads(request.content)
        with self._lock:
            self.requests.append((path, body))
            if self.code:
                return _answer(self.code, {"errors": [{"code": self.code}]})
            if path == "getquota":
                return _answer(0, {"quota_total": 1000, "quota_remain": self.quota})
            if len(body) > MOST:
                return _answer(-18010014, {})
            take = {"register": self._register, "gettrackinfo": self._known}[path]
            told = [take(one) for one in body[::-1]]
        accepted = [one for one in told if "error" not in one]
        rejected = [one for one in told if "error" in one]
        return _answer(0, {"accepted": accepted, "rejected": rejected})

    def _register(self, one):
        number, carrier = one["number"], one.get("carrier", 0)
        if number in self.registered:
            return _rejected(one, _ALREADY)
        for code, numbers in self.unregistrable.items():
            if number in numbers:
                return _rejected(one, (code, "not at the moment"))
        if not carrier and number not in self.events:
            return _rejected(one, _NO_CARRIER)
        if not self.quota:
            return _rejected(one, _NO_QUOTA)
        self.quota -= 1
        self.registered[number] = carrier or CHINA_POST
        return {"origin": 1, "number": number, "carrier": self.registered[number]}

    def _known(self, one):
        number = one["number"]
        if number not in self.registered:
            return _rejected(one, _NOT_REGISTERED)
        if not self.events.get(number):
            return _rejected(one, _NOTHING)
        tracking = {"providers": [{"events": self.events[number]}]}
        info = {"latest_status": {"status": "InTransit"}, "tracking": tracking}
        carrier = self.registered[number]
        return {"number": number, "carrier": carrier, "track_info": info}

    def happens(self, number, scan):
        """
        Let a carrier scan a parcel.
        """
        word = WORDS[scan.status, scan.incident]
        self.scanned(number, word, scan.happened_at, place=scan.place)

    def scanned(self, number, word, at, *, place="", says="Scanned", stage=None):
        """
        Keep what a carrier says.
        """
        event = {
            "time_iso": at.astimezone(timezone(timedelta(hours=8))).isoformat(),
            "time_utc": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "description": says,
            "location": place or None,
            "stage": stage,
            "sub_status": word,
        }
        self.events[number].insert(0, event)

    @staticmethod
    def webhook(number, *, event="TRACKING_UPDATED", key=KEY):
        """
        Return the headers and the body of what it posts.
        """
        data = {"number": number, "carrier": CHINA_POST, "tag": None}
        body = json.dumps({"event": event, "data": data}).encode()
        signed = hashlib.sha256(body + f"/{key}".encode()).hexdigest()
        return {"Content-Type": "application/json", "sign": signed}, body


def _answer(code, data):
    return httpx2.Response(200, json={"code": code, "data": data})


def _rejected(one, why):
    code, message = why
    return {"number": one["number"], "error": {"code": code, "message": message}}
