"""
The contract of carriers that tell by themselves that something happened to a parcel:
subclass `TrackingWebhookContract`, fill in one method.

```python
class TestMyTrackingWebhooks(TrackingWebhookContract):
    def make_lab(self):
        return MyTrackingWebhookLab()
```
"""

from collections.abc import Sequence
from typing import Protocol

from ...doors.answers import Answerer
from ...doors.tracking import hinted_numbers
from ...ports.errors import ProtocolError
from ...ports.tracking import SupportsTrackingWebhooks
from .guard import Guarded
from .signed_contract import Posted, SignedCase, SignedLab

_ME = Answerer("carrier under test", "")


class TrackingWebhookLab(SignedLab, Protocol):
    """
    A carrier that signs what it posts, from behind: nothing here goes through the
    adapter.
    """

    def told(self, number: str, /) -> Posted:
        """
        Return what is posted once something happened to the parcel of a number.
        """
        ...

    def ping(self) -> Posted:
        """
        Return what is posted that is about no parcel, such as a test of the address.
        """
        ...


class TrackingWebhookContract(SignedCase[TrackingWebhookLab], Guarded):
    """
    What `sourcehere.ports.tracking.SupportsTrackingWebhooks` promises.

    Attributes:
        left_out: Name of a test -> why this carrier cannot pass it. Set the test to
            None in your class as well.
    """

    def test_a_webhook_names_its_parcel(self, lab: TrackingWebhookLab) -> None:
        """
        By its number, to the letter.
        """
        for number in ("RM123456785GB", "0012", "1Z 999 AA1", "ab-7"):
            assert (number,) == tuple(self.names_in(lab.connect(), lab.told(number)))

    def test_what_is_told_twice_is_told_alike(self, lab: TrackingWebhookLab) -> None:
        """
        Nothing is kept of the first time, and another process says the same.
        """
        posted, adapter = lab.told("1001"), lab.connect()
        found = [self.names_in(one, posted) for one in (adapter, adapter)]
        found.append(self.names_in(lab.connect(), posted))
        assert [("1001",)] * 3 == [tuple(one) for one in found]

    def test_a_ping_is_about_none(self, lab: TrackingWebhookLab) -> None:
        """
        It is no mistake: the carrier would give the address up.
        """
        assert () == tuple(self.names_in(lab.connect(), lab.ping()))

    def genuine(self, lab: TrackingWebhookLab, name: str) -> Posted:
        """
        Post that something happened to a parcel.
        """
        return lab.told(name)

    def verify(self, adapter: object, posted: Posted) -> object:
        """
        Let the carrier's adapter verify it.
        """
        words = f"{adapter!r} has no `verify_tracking`"
        assert isinstance(adapter, SupportsTrackingWebhooks), words
        return adapter.verify_tracking(posted.body, posted.headers)

    def names_in(self, adapter: object, posted: Posted) -> Sequence[str]:
        """
        Return the numbers that it is about, as the core takes them in.
        """
        found = self.verify(adapter, posted)
        try:
            return hinted_numbers(found, _ME)
        except ProtocolError as error:
            msg = f"the core refuses what was told: {error.detail}"
            raise AssertionError(msg) from error
