"""
What the contracts of webhooks have in common, whoever posts them: only what is signed
is believed, and what makes no sense is told as that.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

import pytest

from ...domain.kernel.values import frozen
from ...ports.errors import ProtocolError, SignatureError
from .faults import FaultLine, WireFault
from .lab_case import LabCase

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


class SignedLab(Protocol):
    """
    Whoever signs what they post, from behind: nothing here goes through the adapter.

    Attributes:
        line: Every request of the adapter asks it (`meet`) what it meets; a contract
            breaks it, since verifying asks nobody.
    """

    line: FaultLine

    def connect(self) -> object:
        """
        Make a new adapter, with the secret that is signed with.
        """
        ...

    def signed(self, body: bytes, /, *, secret: str = "") -> Posted:
        """
        Return *body* as it would be posted, signed; with another secret if one is
        given.
        """
        ...


S = TypeVar("S", bound=SignedLab)


class SignedCase(LabCase[S]):
    """
    A test class on one fresh lab per test; what it holds of every webhook.
    """

    def genuine(self, lab: S, name: str) -> Posted:
        """
        Return what is posted of the order, or the payment, of a name.
        """
        raise NotImplementedError

    def verify(self, adapter: object, posted: Posted) -> object:
        """
        Let an adapter verify what was posted.
        """
        raise NotImplementedError

    def names_in(self, adapter: object, posted: Posted) -> Sequence[str]:
        """
        Return what a webhook is about, as the core takes it in.
        """
        raise NotImplementedError

    def test_a_changed_byte_is_refused(self, lab: S) -> None:
        """
        Wherever it is, and one more or less at the end.
        """
        posted, adapter = self.genuine(lab, "1001"), lab.connect()
        body = posted.body
        step = max(1, len(body) // 40)
        changed = [
            body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
            for place in range(0, len(body), step)
        ]
        for other in (*changed, body + b" ", body[:-1], b""):
            self.refused(adapter, Posted(other, posted.headers))

    def test_another_secret_is_refused(self, lab: S) -> None:
        """
        That of another account, or one that anybody could guess.
        """
        body, adapter = self.genuine(lab, "1001").body, lab.connect()
        for secret in ("of another shop", "x", "0" * 64):
            self.refused(adapter, lab.signed(body, secret=secret))

    def test_without_its_signature_it_is_refused(self, lab: S) -> None:
        """
        Without each header that it needs, and with none.
        """
        posted, adapter = self.genuine(lab, "1001"), lab.connect()
        self.refused(adapter, Posted(posted.body, {}))
        refusing = 0
        for name in posted.headers:
            left = {n: v for n, v in posted.headers.items() if n != name}
            refusing += not self._is_taken(adapter, Posted(posted.body, left))
        assert refusing, "no header is needed: which one is the signature?"

    def test_a_signature_that_is_none_is_refused(self, lab: S) -> None:
        """
        Empty, cut, of signs that no signature has, or another body's.
        """
        posted, other = self.genuine(lab, "1001"), self.genuine(lab, "1002")
        adapter = lab.connect()

        def with_header(name: str, value: str) -> Posted:
            return Posted(posted.body, {**posted.headers, name: value})

        needed = [
            name
            for name in posted.headers
            if posted.headers[name] != other.headers.get(name)
            and not self._is_taken(
                adapter, with_header(name, other.headers.get(name, ""))
            )
        ]
        assert needed, "another body's headers are taken for this one's"
        for name in needed:
            right = posted.headers[name]
            for wrong in ("", right[:-2], f"{right}é", "é" * 40, "\x00", "=" * 44):
                self.refused(adapter, with_header(name, wrong))

    @pytest.mark.parametrize("body", _NONSENSE, ids=repr)
    def test_nonsense_is_looked_at_only_if_it_is_signed(
        self, lab: S, body: bytes
    ) -> None:
        """
        What is signed and makes no sense is told as that; what is not signed is not
        even read.
        """
        adapter = lab.connect()
        self.refused(adapter, Posted(body, self.genuine(lab, "1001").headers))
        self.makes_no_sense(adapter, lab.signed(body))

    def test_what_says_two_things_at_once_makes_no_sense(self, lab: S) -> None:
        """
        A name that is there twice: which one would be believed differs by reader.
        """
        told_once = json.loads(self.genuine(lab, "1001").body)
        name = next(iter(told_once))
        twice = json.dumps({name: 7})[:-1] + ", " + json.dumps(told_once)[1:]
        self.makes_no_sense(lab.connect(), lab.signed(twice.encode()))

    def test_what_is_endlessly_deep_makes_no_sense(self, lab: S) -> None:
        """
        And does not end the process.
        """
        self.makes_no_sense(lab.connect(), lab.signed(b"[" * _DEPTH))

    def test_it_asks_nobody(self, lab: S) -> None:
        """
        A receiver answers within a second, and whoever posts may be away.
        """
        adapter = lab.connect()
        lab.line.fail(WireFault.BEFORE)
        self.names_in(adapter, self.genuine(lab, "1001"))
        self.refused(adapter, Posted(self.genuine(lab, "1001").body, {}))
        assert not lab.line.heal(), "verifying sent a request"

    def test_it_can_be_verified_at_once(self, lab: S) -> None:
        """
        From several threads; each gets what its own is about.
        """
        adapter = lab.connect()
        names = [str(1_000 + number) for number in range(40)]
        posted = [self.genuine(lab, name) for name in names]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = list(pool.map(lambda one: self.names_in(adapter, one), posted))
        assert [(name,) for name in names] == [tuple(one) for one in found]

    def refused(self, adapter: object, posted: Posted) -> None:
        """
        Hold that a webhook's signature is refused.
        """
        found = _raised(lambda: self.verify(adapter, posted))
        assert isinstance(found, SignatureError), (
            f"{_shown(found)} for what is not signed right: raise SignatureError before"
            " anything of it is read, and compare signatures as bytes"
        )

    def makes_no_sense(self, adapter: object, posted: Posted) -> None:
        """
        Hold that the content of a webhook is told as one without sense.
        """
        found = _raised(lambda: self.verify(adapter, posted))
        assert isinstance(found, ProtocolError), (
            f"{_shown(found)} for what is signed and makes no sense: raise"
            " ProtocolError; `sourcehere_http.strict_json` does where it is no JSON,"
            " too deep, or says something twice"
        )

    def _is_taken(self, adapter: object, posted: Posted) -> bool:
        try:
            self.verify(adapter, posted)
        except SignatureError:
            return False
        except ProtocolError:
            return True  # its signature is right
        return True


def _raised(call: Callable[[], object]) -> Exception | None:
    """
    Return what a call raises; None where it returns.
    """
    try:
        call()
    except (AssertionError, NotImplementedError):
        raise
    except Exception as error:  # noqa: BLE001 - an adapter's, whatever it is
        return error
    return None


def _shown(error: Exception | None) -> str:
    return "nothing was raised" if error is None else f"{error!r} came through"
