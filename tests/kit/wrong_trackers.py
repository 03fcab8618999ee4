"""
Adapters that tell where parcels are, wrong in one thing each, as real ones have been.
"""

import json
import time
from datetime import UTC, datetime

from sourcehere import IncidentReason, TrackingStatus
from sourcehere.ports.errors import DeclinedError, ProviderError
from sourcehere.testing.kit.tracking_server import ServerTracker


class Places(ServerTracker):
    """
    Makes keys of where a scan stands in the answer: the next one moves all.
    """

    def _facts(self, scans):
        return [self._fact(scan | {"id": at}) for at, scan in enumerate(scans)]


class OneKeyAStatus(ServerTracker):
    """
    Takes two scans of one status for one.
    """

    def _key(self, scan):
        return scan["stage"]


class OneKeyATime(ServerTracker):
    """
    Takes two scans of one time for one.
    """

    def _key(self, scan):
        return scan["time"]


class LatestOnly(ServerTracker):
    """
    Tells the last scan that came, and forgets those before.
    """

    def _facts(self, scans):
        return super()._facts(scans[:1])


class ServersOrder(ServerTracker):
    """
    Returns answers in the order in which the server has them.
    """

    def track(self, numbers, /):
        """
        Ask for all numbers at once.
        """
        ordered = sorted(numbers, key=lambda n: n.tracking_number, reverse=True)
        return super().track(ordered)


class DropsZone(ServerTracker):
    """
    Takes the clock of the place for UTC.
    """

    def _time(self, scan):
        return super()._time(scan).replace(tzinfo=UTC)


class DaysOnly(ServerTracker):
    """
    Cuts the hour off.
    """

    def _time(self, scan):
        return super()._time(scan).replace(hour=0, minute=0)


class NaiveTime(ServerTracker):
    """
    Tells a time without a zone.
    """

    def _time(self, scan):
        return super()._time(scan).replace(tzinfo=None)


class FiveStatuses(ServerTracker):
    """
    Has no word for what is seldom, and says that it is in transit.
    """

    def _status(self, scan):
        said = super()._status(scan)
        usual = {TrackingStatus.DELIVERED, TrackingStatus.PENDING}
        return said if said in usual else TrackingStatus.IN_TRANSIT


class NoReasons(ServerTracker):
    """
    Does not say why.
    """

    def _incident(self, _):
        return None


class ReasonForAll(ServerTracker):
    """
    Has a reason for what is no incident.
    """

    def _incident(self, scan):
        return super()._incident(scan) or IncidentReason.OTHER


class NoPlaces(ServerTracker):
    """
    Does not say where.
    """

    def _fact(self, scan):
        return super()._fact(scan | {"place": ""})


class UnknownIsNothing(ServerTracker):
    """
    Tells a number that is not known as one to which nothing has happened.
    """

    def _unknown(self, _):
        return []


class UnknownFailsAll(ServerTracker):
    """
    Lets one number that is not known spoil the others.
    """

    def _unknown(self, number):
        raise super()._unknown(number)


class FailureIsUnknown(ServerTracker):
    """
    Takes a broken line for numbers that are not known.
    """

    def track(self, numbers, /):
        """
        Ask, and say that nobody knows.
        """
        try:
            return super().track(numbers)
        except ProviderError as error:
            refused = DeclinedError(provider=self.name, detail=error.detail)
            return [refused for _ in numbers]


class ThrottledIsDown(ServerTracker):
    """
    Does not say when to come back.
    """

    def _throttled(self, answer):
        return self._down(answer)


class AnnouncedFails(ServerTracker):
    """
    Stumbles over a parcel to which nothing has happened.
    """

    def _facts(self, scans):
        if not scans:
            return self._broken("there is no scan")
        return super()._facts(scans)


class FirstTen(ServerTracker):
    """
    Asks for no more than the service takes in its smallest plan.
    """

    def track(self, numbers, /):
        """
        Ask for ten.
        """
        answers = list(super().track(numbers[:10]))
        return answers + [self._unknown("?") for _ in numbers[10:]]


class Shared(ServerTracker):
    """
    Keeps the question of the last caller.
    """

    def track(self, numbers, /):
        """
        Ask what was asked last.
        """
        self._last = numbers
        time.sleep(0.001)
        return super().track(self._last)


class AsksForCarriers(ServerTracker):
    """
    Asks the service for its carriers.
    """

    def carriers(self):
        """
        Ask, then list.
        """
        self._asked(lambda: self._server.request([]))
        return super().carriers()


class AnySignature(ServerTracker):
    """
    Believes whoever posts.
    """

    def verify_tracking(self, body, _, /):
        """
        Read the number.
        """
        return [json.loads(body)["number"]]


class SignatureOfText(ServerTracker):
    """
    Checks the signature of what it has parsed and written again.
    """

    def verify_tracking(self, body, headers, /):
        """
        Write it again.
        """
        again = json.dumps(json.loads(body)).encode()
        return super().verify_tracking(again, headers)


class WebhookAsks(ServerTracker):
    """
    Asks the service whether a webhook is its own.
    """

    def verify_tracking(self, body, headers, /):
        """
        Ask, then check.
        """
        self._asked(lambda: self._server.request([]))
        return super().verify_tracking(body, headers)


class ClosedOnce(ServerTracker):
    """
    Closes what is closed.
    """

    def close(self):
        """
        Take the server away.
        """
        del self._server


class NowIsWhen(ServerTracker):
    """
    Takes the time at which it asks for the time of the scan.
    """

    def _time(self, _):
        return datetime.now(UTC)


class ShapeIsNothing(ServerTracker):
    """
    Takes JSON of another shape for an answer in which nothing is.
    """

    def _object(self, answer, *names):
        told = self._json(answer)
        is_right = isinstance(told, dict) and told.keys() >= set(names)
        return told if is_right else dict.fromkeys(names, ())


WRONG = (
    Places,
    OneKeyAStatus,
    OneKeyATime,
    LatestOnly,
    ServersOrder,
    DropsZone,
    DaysOnly,
    NaiveTime,
    FiveStatuses,
    NoReasons,
    ReasonForAll,
    NoPlaces,
    UnknownIsNothing,
    UnknownFailsAll,
    FailureIsUnknown,
    ThrottledIsDown,
    AnnouncedFails,
    FirstTen,
    Shared,
    AsksForCarriers,
    AnySignature,
    SignatureOfText,
    WebhookAsks,
    ClosedOnce,
    NowIsWhen,
    ShapeIsNothing,
)
