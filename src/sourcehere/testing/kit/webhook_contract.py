"""
The contract of shops that tell of changes by themselves: subclass `WebhookContract`,
fill in one method.

```python
class TestMyWebhooks(WebhookContract):
    def make_lab(self):
        return MyWebhookLab()
```
"""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import pytest

from ...domain.kernel.values import frozen
from ...doors.answers import Answerer
from ...doors.webhooks import checked_events
from ...ports.errors import ProtocolError, SignatureError
from ...ports.webhooks import SupportsWebhooks, Topic, WebhookEvent
from .faults import FaultLine, WireFault
from .guard import Guarded
from .lab_case import LabCase

_ME = Answerer("shop under test", "")
_AT_ONCE = 4
_DEPTH = 100_000
_NONSENSE = (b"[]", b"null", b'"text"', b"{", b"\xff\xfe", b"<html></html>")


@frozen
class Posted:
    """
    A webhook as it is received.

    Attributes:
        headers: By their names in lower case.
    """

    body: bytes
    headers: Mapping[str, str]


class WebhookLab(Protocol):
    """
    A shop that signs what it tells, from behind: nothing here goes through the adapter.

    Attributes:
        line: Every request of the adapter asks it (`meet`) what it meets; a contract
            breaks it, since verifying asks nobody.
    """

    line: FaultLine

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


class WebhookContract(LabCase[WebhookLab], Guarded):
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

    def test_a_changed_byte_is_refused(
        self, lab: WebhookLab, shop: SupportsWebhooks
    ) -> None:
        """
        Wherever it is, and one more or less at the end.
        """
        posted = lab.changed("1001")
        body = posted.body
        step = max(1, len(body) // 40)
        changed = [
            body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
            for place in range(0, len(body), step)
        ]
        for other in (*changed, body + b" ", body[:-1], b""):
            refused(shop, Posted(other, posted.headers))

    def test_another_secret_is_refused(
        self, lab: WebhookLab, shop: SupportsWebhooks
    ) -> None:
        """
        That of another shop, or one that anybody could guess.
        """
        body = lab.changed("1001").body
        for secret in ("of another shop", "x", "0" * 64):
            refused(shop, lab.signed(body, secret=secret))

    def test_without_its_signature_it_is_refused(
        self, lab: WebhookLab, shop: SupportsWebhooks
    ) -> None:
        """
        Without each header that it needs, and with none.
        """
        posted = lab.changed("1001")
        refused(shop, Posted(posted.body, {}))
        refusing = 0
        for name in posted.headers:
            left = {n: v for n, v in posted.headers.items() if n != name}
            refusing += not _is_taken(shop, Posted(posted.body, left))
        assert refusing, "no header is needed: which one is the signature?"

    def test_a_signature_that_is_none_is_refused(
        self, lab: WebhookLab, shop: SupportsWebhooks
    ) -> None:
        """
        Empty, cut, of signs that no signature has, or another body's.
        """
        posted, other = lab.changed("1001"), lab.changed("1002")
        needed = [
            name
            for name in posted.headers
            if posted.headers[name] != other.headers.get(name)
            and not _is_taken(
                shop,
                Posted(
                    posted.body, {**posted.headers, name: other.headers.get(name, "")}
                ),
            )
        ]
        assert needed, "another body's headers are taken for this one's"
        for name in needed:
            right = posted.headers[name]
            for wrong in ("", right[:-2], f"{right}é", "é" * 40, "\x00", "=" * 44):
                refused(shop, Posted(posted.body, {**posted.headers, name: wrong}))

    @pytest.mark.parametrize("body", _NONSENSE, ids=repr)
    def test_nonsense_is_looked_at_only_if_it_is_signed(
        self, lab: WebhookLab, shop: SupportsWebhooks, body: bytes
    ) -> None:
        """
        What is signed and makes no sense is told as that; what is not signed is not
        even read.
        """
        refused(shop, Posted(body, lab.changed("1001").headers))
        with pytest.raises(ProtocolError):
            shop.verify(body, lab.signed(body).headers)

    def test_what_says_two_things_at_once_makes_no_sense(
        self, lab: WebhookLab, shop: SupportsWebhooks
    ) -> None:
        """
        A name that is there twice: which one would be believed differs by reader.
        """
        told_once = json.loads(lab.changed("1001").body)
        name = next(iter(told_once))
        twice = json.dumps({name: 7})[:-1] + ", " + json.dumps(told_once)[1:]
        with pytest.raises(ProtocolError):
            shop.verify(twice.encode(), lab.signed(twice.encode()).headers)

    def test_what_is_endlessly_deep_makes_no_sense(
        self, lab: WebhookLab, shop: SupportsWebhooks
    ) -> None:
        """
        And does not end the process.
        """
        body = b"[" * _DEPTH
        with pytest.raises(ProtocolError):
            shop.verify(body, lab.signed(body).headers)

    def test_it_asks_nobody(self, lab: WebhookLab, shop: SupportsWebhooks) -> None:
        """
        A receiver answers within a second, and the shop may be away.
        """
        lab.line.fail(WireFault.BEFORE)
        told(shop, lab.changed("1001"))
        refused(shop, Posted(lab.changed("1001").body, {}))
        assert not lab.line.heal(), "verifying sent a request"

    def test_it_can_be_verified_at_once(self, lab: WebhookLab) -> None:
        """
        From several threads; each gets the events of its own.
        """
        shop = lab.connect()
        names = [str(1_000 + number) for number in range(40)]
        posted = [lab.changed(name) for name in names]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            events = list(pool.map(lambda one: told(shop, one), posted))
        assert [(name,) for name in names] == [one[0].orders for one in events]


def told(shop: SupportsWebhooks, posted: Posted) -> Sequence[WebhookEvent]:
    """
    Return what a webhook tells, as the core takes it in.
    """
    events: Any = shop.verify(posted.body, posted.headers)
    try:
        return checked_events(_ME, events)
    except ProtocolError as error:
        msg = f"the core refuses what was told: {error.detail}"
        raise AssertionError(msg) from error


def refused(shop: SupportsWebhooks, posted: Posted) -> None:
    """
    Hold that a webhook's signature is refused.
    """
    with pytest.raises(SignatureError):
        shop.verify(posted.body, posted.headers)


def _is_taken(shop: SupportsWebhooks, posted: Posted) -> bool:
    try:
        shop.verify(posted.body, posted.headers)
    except SignatureError:
        return False
    except ProtocolError:
        return True  # its signature is right
    return True
