"""
The contract of shops that tell of changes by themselves: subclass `WebhookContract`,
fill in one method.

```python
class TestMyWebhooks(WebhookContract):
    def make_lab(self):
        return MyWebhookLab()
```
"""

from collections.abc import Sequence
from typing import Protocol

import pytest

from ...doors.answers import Answerer
from ...doors.webhooks import checked_events
from ...ports.errors import ProtocolError
from ...ports.webhooks import SupportsWebhooks, Topic, WebhookEvent
from .guard import Guarded
from .signed_contract import Posted, SignedCase, SignedLab

_ME = Answerer("shop under test", "")


class WebhookLab(SignedLab, Protocol):
    """
    A shop that signs what it tells, from behind: nothing here goes through the adapter.
    """

    def connect(self) -> SupportsWebhooks:
        """
        Make a new adapter, with the secret that the shop signs with.
        """
        ...

    def changed(self, external_id: str, /, *, units: int = 1) -> Posted:
        """
        Return what the shop posts when an order changed to have so many units: with
        the same arguments the same event, told once more.
        """
        ...

    def signed(self, body: bytes, /, *, secret: str = "") -> Posted:
        """
        Return *body* as the shop would post it of a changed order, signed; with another
        secret if one is given.
        """
        ...


class WebhookContract(SignedCase[WebhookLab], Guarded):
    """
    Every sentence of `sourcehere.ports.webhooks` that can be tried from outside; not
    how a shop is subscribed to.

    Attributes:
        left_out: Name of a test -> why this shop cannot pass it. Set the test to None
            in your class as well.
    """

    @pytest.fixture
    def shop(self, lab: WebhookLab) -> SupportsWebhooks:
        """
        Return the adapter under test.
        """
        return lab.connect()

    def test_a_change_names_its_order(
        self, lab: WebhookLab, shop: SupportsWebhooks
    ) -> None:
        """
        By the id that the adapter reads it under, as a text.
        """
        (event,) = told(shop, lab.changed("1001"))
        assert (Topic.ORDER_CHANGED, ("1001",)) == (event.topic, event.orders)

    def test_what_is_told_twice_is_one_event(
        self, lab: WebhookLab, shop: SupportsWebhooks
    ) -> None:
        """
        Whoever verifies it, also another process.
        """
        posted = lab.changed("1001")
        events = [told(one, posted) for one in (shop, shop, lab.connect())]
        assert events[0] == events[1] == events[2]
        assert events[0] == told(shop, lab.changed("1001"))

    def test_another_change_is_another_event(
        self, lab: WebhookLab, shop: SupportsWebhooks
    ) -> None:
        """
        Of the same order, and of another one in the same moment.
        """
        posted = [
            lab.changed("1001"),
            lab.changed("1001", units=2),
            lab.changed("1002"),
        ]
        names = [told(shop, one)[0].event_id for one in posted]
        assert len(set(names)) == len(names), f"events have the same id: {names}"

    def genuine(self, lab: WebhookLab, name: str) -> Posted:
        """
        Post a change of an order.
        """
        return lab.changed(name)

    def verify(self, adapter: object, posted: Posted) -> object:
        """
        Let the shop's adapter verify it.
        """
        return _shop(adapter).verify(posted.body, posted.headers)

    def names_in(self, adapter: object, posted: Posted) -> Sequence[str]:
        """
        Return the orders of the one event that it tells.
        """
        (event,) = told(_shop(adapter), posted)
        return event.orders


def told(shop: SupportsWebhooks, posted: Posted) -> Sequence[WebhookEvent]:
    """
    Return what a webhook tells, as the core takes it in.
    """
    events: object = shop.verify(posted.body, posted.headers)
    try:
        return checked_events(_ME, events)
    except ProtocolError as error:
        msg = f"the core refuses what was told: {error.detail}"
        raise AssertionError(msg) from error


def _shop(adapter: object) -> SupportsWebhooks:
    assert isinstance(adapter, SupportsWebhooks), f"{adapter!r} has no `verify`"
    return adapter
