"""
What is 17TRACK's own: registering, quotas, codes, its many words.
"""

import re
from datetime import UTC, datetime, timedelta, timezone

import httpx2
import pytest
from track17_lab import SHIPPED, Track17Lab, tracked
from track17_server import CHINA_POST, KEY, Track17Server

from sourcehere import IncidentReason, TrackingStatus
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ProviderError,
    SignatureError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere_17track import Track17Config

HOUR = timedelta(hours=1)


@pytest.fixture
def lab():
    """
    A service that nobody has asked yet.
    """
    return Track17Lab()


def paths(lab):
    """
    Return what was asked, by path.
    """
    return [path for path, _ in lab.server.requests]


class TestRegistering:
    def test_a_number_is_registered_once(self, lab):
        """
        By the first question, and asked for again at once; later ones only ask.
        """
        number = lab.announced(registered=False)
        lab.server.scanned(number.tracking_number, "Delivered_Other", SHIPPED + HOUR)
        for _ in range(2):
            ((fact,),) = lab.connect().track([number])
            assert TrackingStatus.DELIVERED is fact.status
        asked = ["gettrackinfo", "register", "gettrackinfo", "gettrackinfo"]
        assert asked == paths(lab)
        assert 999 == lab.server.quota

    def test_only_those_that_nobody_registered_are(self, lab):
        """
        In their places among the others.
        """
        numbers = [lab.announced(registered=n != 1) for n in range(3)]
        for hours, number in enumerate(numbers, start=1):
            at = SHIPPED + hours * HOUR
            lab.server.scanned(number.tracking_number, "InTransit_Other", at)
        told = lab.connect().track(numbers)
        times = [SHIPPED + hours * HOUR for hours in (1, 2, 3)]
        assert times == [facts[0].happened_at for facts in told]
        assert [{"number": numbers[1].tracking_number}] == lab.server.requests[1][1]

    def test_a_new_number_has_nothing_yet(self, lab):
        """
        Which is no failure.
        """
        assert [[]] == lab.connect().track([lab.announced(registered=False)])

    def test_a_code_says_whose_a_number_is(self):
        """
        Where the number alone does not; the carrier's name is read in any case.
        """
        lab = Track17Lab(codes={"China Post": CHINA_POST})
        number = tracked("4711", carrier="CHINA post ")
        assert [[]] == lab.connect().track([number])
        asked = {"number": "4711", "carrier": CHINA_POST}
        assert [[asked]] * 3 == [body for _, body in lab.server.requests]
        (told,) = Track17Lab().connect().track([number])
        assert isinstance(told, DeclinedError)
        assert "give a code for its carrier" in str(told)

    @pytest.mark.parametrize("told", [str(CHINA_POST), CHINA_POST, 0, "", None])
    def test_a_rejection_names_its_carrier_in_many_ways(self, told):
        """
        As a number, as a text, or not at all: the number is registered all the same.
        """
        lab = Track17Lab(codes={"China Post": CHINA_POST})
        handle = lab.server.handle

        def answered(request):
            said = handle(request).json()
            for one in said["data"]["rejected"]:
                one["carrier"] = told
            return httpx2.Response(200, json=said)

        number = tracked("4711", carrier="China Post")
        assert [[]] == lab.connect_by(httpx2.MockTransport(answered)).track([number])
        assert {"4711": CHINA_POST} == lab.server.registered

    @pytest.mark.parametrize("written", ["RR 000 000 000 CN", " RR000000000CN\n"])
    def test_a_number_may_be_written_in_groups(self, lab, written):
        """
        As it stands on a receipt; 17TRACK has it in one piece.
        """
        number = lab.announced()
        lab.server.scanned(number.tracking_number, "Delivered", SHIPPED + HOUR)
        (facts,) = lab.connect().track([tracked(written)])
        assert [TrackingStatus.DELIVERED] == [fact.status for fact in facts]

    def test_registering_can_be_left_to_others(self):
        """
        Then a number that nobody registered is not known.
        """
        lab = Track17Lab(registers=False)
        (told,) = lab.connect().track([lab.announced(registered=False)])
        assert isinstance(told, DeclinedError)
        assert ["gettrackinfo"] == paths(lab)

    def test_an_empty_quota_stops_only_what_is_new(self, lab):
        """
        It says so, and numbers that are followed are told.
        """
        lab.server.quota = 0
        old, new = lab.announced(), lab.announced(registered=False)
        lab.server.scanned(old.tracking_number, "InTransit_Other", SHIPPED + HOUR)
        first, second = lab.connect().track([old, new])
        assert 1 == len(first)
        assert isinstance(second, ThrottledError)
        assert "quota" in str(second)

    def test_a_failure_while_registering_is_one(self, lab):
        """
        And loses nothing: the next question goes on.
        """
        number = lab.announced(registered=False)
        lab.server.scanned(number.tracking_number, "Delivered", SHIPPED + HOUR)

        def fails(request):
            if request.url.path.endswith("register"):
                return httpx2.Response(503)
            return lab.server.handle(request)

        broken = lab.connect_by(httpx2.MockTransport(fails))
        with pytest.raises(UnknownOutcomeError):
            broken.track([number])
        ((fact,),) = lab.connect().track([number])
        assert TrackingStatus.DELIVERED is fact.status


class TestWords:
    @pytest.mark.parametrize(
        ("word", "status", "incident"),
        [
            ("InTransit_Departure", TrackingStatus.IN_TRANSIT, None),
            ("InTransit_CustomsReleased", TrackingStatus.IN_TRANSIT, None),
            ("InTransit_SomethingNew", TrackingStatus.IN_TRANSIT, None),
            ("Delivered", TrackingStatus.DELIVERED, None),
            ("Delivered_SomethingNew", TrackingStatus.DELIVERED, None),
            ("Unheard_Of", TrackingStatus.IN_TRANSIT, None),
            ("", TrackingStatus.IN_TRANSIT, None),
            (
                "DeliveryFailure_Rejected",
                TrackingStatus.DELIVERY_FAILED,
                IncidentReason.RECIPIENT_REFUSED,
            ),
            ("Exception_Returned", TrackingStatus.RETURN_TO_SENDER, None),
            ("Exception_Lost", TrackingStatus.LOST, None),
            ("Exception_Destroyed", TrackingStatus.LOST, IncidentReason.DAMAGED),
            ("Exception_Cancel", TrackingStatus.CANCELLED, None),
            ("Exception_New", TrackingStatus.IN_TRANSIT, IncidentReason.OTHER),
        ],
    )
    def test_each_is_said_as_what_it_is_at_least(self, lab, word, status, incident):
        """
        One that is new by what is before its underline.
        """
        number = lab.announced()
        lab.server.scanned(number.tracking_number, word, SHIPPED + HOUR)
        ((fact,),) = lab.connect().track([number])
        assert (status, incident) == (fact.status, fact.incident)

    @pytest.mark.parametrize("word", ["NotFound_Other", "Expired_Other", "NotFound"])
    def test_what_says_nothing_is_left_out(self, lab, word):
        """
        It is no place of a parcel.
        """
        number = lab.announced()
        lab.server.scanned(number.tracking_number, word, SHIPPED + HOUR)
        assert [[]] == lab.connect().track([number])

    def test_a_stage_will_do(self, lab):
        """
        Where an event has no sub-status.
        """
        number = lab.announced()
        lab.server.scanned(
            number.tracking_number, None, SHIPPED + HOUR, stage="PickedUp"
        )
        ((fact,),) = lab.connect().track([number])
        assert TrackingStatus.PICKED_UP is fact.status

    def test_what_two_carriers_tell_is_one_fact(self, lab):
        """
        A parcel that changes hands is told by both.
        """
        number = lab.announced()
        for _ in range(2):
            lab.server.scanned(number.tracking_number, "Delivered", SHIPPED + HOUR)
        ((fact,),) = lab.connect().track([number])
        assert TrackingStatus.DELIVERED is fact.status

    def test_two_words_of_one_time_are_two_facts(self, lab):
        """
        By what the carrier says of them, of which the key keeps no word.
        """
        number = lab.announced()
        for says in ("Signed by Mrs Smith", "Left at the door"):
            at = SHIPPED + HOUR
            lab.server.scanned(number.tracking_number, "Delivered", at, says=says)
        (facts,) = lab.connect().track([number])
        assert 2 == len({fact.key for fact in facts})
        assert not [fact for fact in facts if "Smith" in repr(fact)]

    def test_an_event_without_a_zone_is_left_out(self, lab, caplog):
        """
        Nobody knows when that was; it is in the log.
        """
        number = lab.announced()
        lab.server.scanned(number.tracking_number, "Delivered", SHIPPED + HOUR)
        (event,) = lab.server.events[number.tracking_number]
        event.update(time_utc=None, time_iso="2026-03-02T08:00:00")
        assert [[]] == lab.connect().track([number])
        assert "no time with a zone" in caplog.text
        assert "say in the configuration, as `zone`" in caplog.text

    @pytest.mark.parametrize(
        "told",
        [
            {"time_iso": "2026-03-04T14:23:00"},
            {"time_raw": {"date": "2026-03-04", "time": "14:23:00", "timezone": None}},
            {"time_raw": {"date": "2026-03-04", "time": "14:23", "timezone": "?"}},
            {"time_raw": "2026-03-04 14:23:00"},
        ],
    )
    def test_it_is_by_the_clock_of_the_event_before_it(self, lab, told):
        """
        17TRACK tells a delivery mostly so; the carrier's other events have an offset.
        """
        number = lab.announced()
        lab.server.scanned(number.tracking_number, "OutForDelivery", SHIPPED + HOUR)
        lab.server.scanned(number.tracking_number, "Delivered_Other", SHIPPED + HOUR)
        event, _ = lab.server.events[number.tracking_number]
        event.update({"time_utc": None, "time_iso": None, **told})
        (facts,) = lab.connect().track([number])
        assert [TrackingStatus.OUT_FOR_DELIVERY, TrackingStatus.DELIVERED] == [
            fact.status for fact in facts
        ]
        east = timezone(8 * HOUR)  # as the server's carrier has it
        assert datetime(2026, 3, 4, 14, 23, tzinfo=east) == facts[1].happened_at

    @pytest.mark.parametrize(
        ("raw", "hour"),
        [
            ({"date": "2026-03-04", "time": "14:23:00", "timezone": "-03:00"}, 17),
            ({"date": "2026-03-04", "time": "14:23:00", "timezone": ""}, 6),
        ],
    )
    def test_it_is_by_the_clock_that_is_configured(self, raw, hour):
        """
        Where no other event says whose clock it was; what the event says itself goes
        before.
        """
        lab = Track17Lab(zone="Asia/Shanghai")
        number = lab.announced()
        lab.server.scanned(number.tracking_number, "Delivered_Other", SHIPPED + HOUR)
        (event,) = lab.server.events[number.tracking_number]
        event.update(time_utc=None, time_iso=None, time_raw=raw)
        ((fact,),) = lab.connect().track([number])
        assert datetime(2026, 3, 4, hour, 23, tzinfo=UTC) == fact.happened_at

    @pytest.mark.parametrize(
        "time", ["soon", "2026-13-40T00:00:00Z", 7, {"a": 1}, None]
    )
    def test_a_time_that_is_none_stops_no_other_event(self, lab, caplog, time):
        """
        What else happened to the parcel is told.
        """
        number = lab.announced()
        lab.server.scanned(number.tracking_number, "Delivered", SHIPPED + HOUR)
        lab.server.scanned(number.tracking_number, "InTransit_Other", SHIPPED + HOUR)
        event, _ = lab.server.events[number.tracking_number]
        event.update(time_utc=time, time_iso=time, time_raw=time)
        ((fact,),) = lab.connect().track([number])
        assert TrackingStatus.DELIVERED is fact.status
        assert "left out: 'InTransit_Other'" in caplog.text


class TestCodes:
    @pytest.mark.parametrize(
        ("code", "error"),
        [
            (-18010001, UnauthorizedError),
            (-18010002, UnauthorizedError),
            (-18010004, UnauthorizedError),
            (-18010005, UnauthorizedError),
            (-18010003, UnknownOutcomeError),
            (-18010014, ProtocolError),  # more than forty numbers
            (-18019907, ThrottledError),
            (-18010013, ProtocolError),
        ],
    )
    def test_a_code_of_all_is_an_error(self, lab, code, error):
        """
        With 200 as its status; `check` says the same.
        """
        number = lab.announced()
        lab.server.code = code
        for ask in (lambda c: c.track([number]), lambda c: c.check()):
            with pytest.raises(ProviderError) as found:
                ask(lab.connect())
            assert error is type(found.value)

    @pytest.mark.parametrize(
        ("code", "error", "words"),
        [
            (-18019911, ProtocolError, "takes no numbers of its carrier at the moment"),
            (-18010018, ProtocolError, "register it .*the country and the postcode"),
            (-18010019, ProtocolError, "register it .*with the postcode"),
            (-18010020, ProtocolError, "register it .*the phone number"),
            (-18010022, ProtocolError, "register it .*the day on which it was sent"),
            (-18010011, DeclinedError, "the number is none"),
        ],
    )
    def test_a_number_that_is_not_taken_says_why(self, code, error, words):
        """
        It is no number that is unknown while it is new, which nobody is told of. Its
        neighbour is followed. Royal Mail's numbers are among those.

        Source: 17TRACK's list of error codes (API v2.2).
        """
        lab = Track17Lab()
        refused, taken = [lab.announced(registered=False) for _ in range(2)]
        lab.server.unregistrable = {code: [refused.tracking_number]}
        why_not, facts = lab.connect().track([refused, taken])
        assert error is type(why_not)
        assert re.search(words, why_not.detail)
        assert [] == list(facts)

    def test_a_wrong_key_is_refused(self):
        """
        At once.
        """
        lab = Track17Lab(key="other")
        with pytest.raises(UnauthorizedError):
            lab.connect().check()

    def test_a_number_that_is_not_answered_is_no_unknown_one(self, lab):
        """
        Its neighbour has its answer.
        """
        first, second = lab.announced(), lab.announced()
        handle = lab.server.handle

        def forgets(request):
            said = handle(request).json()
            said["data"]["rejected"] = []
            return httpx2.Response(200, json=said)

        lab.server.scanned(first.tracking_number, "Delivered", SHIPPED + HOUR)
        told = lab.connect_by(httpx2.MockTransport(forgets)).track([first, second])
        assert 1 == len(told[0])
        assert isinstance(told[1], ProtocolError)

    def test_check_passes(self, lab, caplog):
        """
        And tells in the log what is left of the quota.
        """
        caplog.set_level("INFO")
        lab.connect().check()
        assert "1000 numbers are left" in caplog.text


class TestWebhooks:
    @pytest.mark.parametrize("event", ["TRACKING_UPDATED", "TRACKING_STOPPED"])
    def test_it_names_its_number(self, lab, event):
        """
        Whatever happened.
        """
        headers, body = Track17Server.webhook("RR1CN", event=event)
        assert ("RR1CN",) == lab.connect().verify_tracking(body, headers)

    def test_another_key_signs_nothing(self, lab):
        """
        Nor does the key alone, or nothing.
        """
        _, body = Track17Server.webhook("RR1CN")
        other, _ = Track17Server.webhook("RR1CN", key="other")
        for headers in (other, {"sign": KEY}, {"sign": ""}, {}):
            with pytest.raises(SignatureError):
                lab.connect().verify_tracking(body, headers)

    @pytest.mark.parametrize("number", [None, "", 7, ["RR1CN"]])
    def test_one_without_a_number_makes_no_sense(self, lab, number):
        """
        Though it is signed.
        """
        headers, body = Track17Server.webhook(number)
        with pytest.raises(ProtocolError):
            lab.connect().verify_tracking(body, headers)


class TestConfig:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"key": ""},
            {"key": "k\n"},
            {"url": "http://api.17track.net/track/v2.2"},
            {"url": "https://"},
            {"codes": {"Post": 0}},
            {"codes": {" ": 3011}},
            {"zone": "Asia/Nowhere"},
            {"zone": "../UTC"},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, wrong):
        """
        Before anybody is asked.
        """
        with pytest.raises(ValueError, match="should be"):
            Track17Config(**{"key": KEY, **wrong})

    def test_the_key_is_not_shown(self):
        """
        In a log, or an error.
        """
        assert KEY not in repr(Track17Config(key=KEY))
