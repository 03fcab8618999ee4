"""
Adapters of shops that tell parcels, or failures, wrongly in one thing each.
"""

import contextlib
import json
import posixpath
import threading
from datetime import timedelta

import attrs

from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ProviderError,
    ThrottledError,
    UnknownOutcomeError,
)
from sourcehere.ports.platforms import OrderPage
from sourcehere.testing.kit.fake_store import ServerShop

ME = "wrong shop"


class LooksAtAHundredLines(ServerShop):
    """
    Looks for what can be sent among the first lines of an order.
    """

    def push_fulfilment(self, fulfilment, /):
        order = self.fetch_order(fulfilment.external_id)
        names = [line.external_line_id for line in order.lines[:100]] if order else []
        if order and not {x.external_line_id for x in fulfilment.lines} <= {*names}:
            raise DeclinedError(provider=ME, detail="no units left")
        return super().push_fulfilment(fulfilment)


class OneBoxANumber(ServerShop):
    """
    Takes a box for the one that it was told of, if its number and units are the same.
    """

    def push_fulfilment(self, fulfilment, /):
        boxes = vars(self._server).setdefault("boxes", {})
        number, units = fulfilment.tracking_number, fulfilment.lines
        place = (fulfilment.external_id, number, units)
        if place not in boxes:
            boxes[place] = super().push_fulfilment(fulfilment)
        return boxes[place]


class AnotherKey(ServerShop):
    """
    Makes a key of its own for each try.
    """

    tries = 0

    def _key(self, notice):
        AnotherKey.tries += 1
        return f"{notice.idempotency_key}#{AnotherKey.tries}"


class ParcelIsKey(ServerShop):
    """
    Takes the parcel for the key, so that nothing can be put right.
    """

    def _key(self, notice):
        return notice.parcel_id


class LastKeyOnly(ServerShop):
    """
    Keeps the last key of a parcel, and takes an older one for a correction.
    """

    def _tell(self, notice, lines):
        kept = vars(self._server).setdefault("last_of_parcel", {})
        place = (notice.external_id, notice.parcel_id)
        key, reference, count = kept.get(place, ("", "", 0))
        if key == notice.idempotency_key:
            return reference
        again = attrs.evolve(
            notice,
            idempotency_key=f"{notice.idempotency_key}#{count}",
            replaces_reference=reference or notice.replaces_reference,
        )
        made = super()._tell(again, lines)
        kept[place] = (notice.idempotency_key, made, count + 1)
        return made


class ForgetsTheMiddle(ServerShop):
    """
    Keeps the first key of a parcel and the last, and takes another for a correction.
    """

    def _tell(self, notice, lines):
        kept = vars(self._server).setdefault("keys_of_parcel", {})
        keys = kept.setdefault((notice.external_id, notice.parcel_id), {})
        if notice.idempotency_key in keys:
            return keys[notice.idempotency_key]
        count, last = len(keys), notice.replaces_reference
        again = attrs.evolve(
            notice,
            idempotency_key=f"{notice.idempotency_key}#{count}",
            replaces_reference=[*keys.values(), last][-1] if count else last,
        )
        keys[notice.idempotency_key] = super()._tell(again, lines)
        for middle in list(keys)[1:-1]:
            del keys[middle]
        return keys[notice.idempotency_key]


class NumberAdds(ServerShop):
    """
    Tells a corrected number beside the wrong one, where no unit is sent.
    """

    def push_tracking(self, notice, /):
        return super().push_tracking(attrs.evolve(notice, replaces_reference=""))


class NumberAtOnce(ServerShop):
    """
    Looks for a number first, and tells it then; another may do so in between.
    """

    def push_tracking(self, notice, /):
        found = vars(self._server).setdefault("numbers", {})
        two = vars(self._server).setdefault("two_at_once", threading.Barrier(2))
        place = (notice.external_id, notice.idempotency_key)
        if place not in found:
            tries = len(self._server.parcels(notice.external_id))
            key = f"{notice.idempotency_key}#{tries}#{id(self)}"
            with contextlib.suppress(threading.BrokenBarrierError):  # nobody comes
                two.wait(timeout=0.2)
            made = super().push_tracking(attrs.evolve(notice, idempotency_key=key))
            found[place] = made
        return found[place]


class OpenPaths(ServerShop):
    """
    Lets an id lead wherever it leads as a part of a path.
    """

    def _tell(self, notice, lines):
        path = notice.external_id.partition("?")[0].partition("#")[0]
        name = posixpath.basename(posixpath.normpath(path))
        return super()._tell(attrs.evolve(notice, external_id=name), lines)


class NumberTwice(ServerShop):
    """
    Tells a number alone under a key of its own each time.
    """

    tries = 0

    def push_tracking(self, notice, /):
        NumberTwice.tries += 1
        key = f"{notice.idempotency_key}#{NumberTwice.tries}"
        super().push_tracking(attrs.evolve(notice, idempotency_key=key))
        return f"ref-{notice.idempotency_key}"


class Adds(ServerShop):
    """
    Tells a corrected parcel beside the wrong one.
    """

    def _instead_of(self, notice):
        return [] if not notice.replaces else super()._instead_of(notice)


class KeepsLost(ServerShop):
    """
    Tells a parcel beside the lost one that it replaces.
    """

    def _instead_of(self, notice):
        return [] if notice.replaces else super()._instead_of(notice)


class EverythingSent(ServerShop):
    """
    Takes a number alone for a fulfilment of everything.
    """

    def push_tracking(self, notice, /):
        lines = self.fetch_order(notice.external_id).lines
        return self._tell(notice, {n.external_line_id: n.quantity for n in lines})


class WholeLines(ServerShop):
    """
    Tells whole lines, whatever is in the parcel.
    """

    def push_fulfilment(self, fulfilment, /):
        ordered = {
            line.external_line_id: line.quantity
            for line in self.fetch_order(fulfilment.external_id).lines
        }
        names = [line.external_line_id for line in fulfilment.lines]
        return self._tell(fulfilment, {name: ordered[name] for name in names})


class NoReference(ServerShop):
    """
    Loses what the shop called it.
    """

    def _reference(self, answer):
        super()._reference(answer)
        return ""


class OneReference(ServerShop):
    """
    Has one word for everything.
    """

    def _reference(self, answer):
        super()._reference(answer)
        return "ok"


class RefusedByTimeout(ServerShop):
    """
    Takes a broken line for a refusal.
    """

    def _broken(self, words):
        return DeclinedError(provider=ME, detail=words)


class RefusedByFailure(ServerShop):
    """
    Takes a failing server for a refusal.
    """

    def _down(self, answer):
        return DeclinedError(provider=ME, detail=str(answer.status))


class ThrottledIsFailure(ServerShop):
    """
    Does not say when to come back.
    """

    def _throttled(self, answer):
        return UnknownOutcomeError(provider=ME, detail=str(answer.status))


class NoPause(ServerShop):
    """
    Says to come back at once.
    """

    def _throttled(self, _):
        return ThrottledError(provider=ME, detail="429", retry_after=timedelta(0))


class PauseOfHours(ServerShop):
    """
    Takes milliseconds for days.
    """

    def _throttled(self, answer):
        seconds = int(answer.headers["retry-after"])
        return ThrottledError(
            provider=ME, detail="429", retry_after=timedelta(days=seconds)
        )


class Swallows(ServerShop):
    """
    Takes being throttled for an empty page.
    """

    def pull_orders(self, cursor, /, *, limit):
        try:
            return super().pull_orders(cursor, limit=limit)
        except ThrottledError:
            return OrderPage((), (), (), cursor, False)


class AnythingIsJson(ServerShop):
    """
    Takes an answer without sense for a yes.
    """

    def _json(self, answer):
        try:
            return json.loads(answer.text)
        except ValueError:
            return {"reference": "ok", "orders": [], "last": 0, "more": False}


class Crashes(ServerShop):
    """
    Lets the parser's own error through.
    """

    def _json(self, answer):
        return json.loads(answer.text)


class AnyShape(ServerShop):
    """
    Takes for granted that JSON is what was asked for.
    """

    def _object(self, answer, *_names):
        return self._json(answer)


class ShapeIsNothing(ServerShop):
    """
    Takes JSON of another shape for an answer in which nothing is.
    """

    def _object(self, answer, *names):
        told = self._json(answer)
        if isinstance(told, dict) and told.keys() >= set(names):
            return told
        return {"reference": "ok", "orders": [], "last": 0, "more": False}


class UnauthorizedIsNonsense(ServerShop):
    """
    Does not say that the token is refused.
    """

    def _send(self, method, path, body=""):
        try:
            return super()._send(method, path, body)
        except ProviderError as error:
            if type(error).__name__ == "UnauthorizedError":
                raise ProtocolError(provider=ME, detail="401") from error
            raise


class MissingIsUnknown(ServerShop):
    """
    Tries for ever to tell of an order that is none.
    """

    def _no_such_order(self, _):
        return UnknownOutcomeError(provider=ME, detail="404")


class NeverFinds(ServerShop):
    """
    Finds no key.
    """

    def find_push(self, _, /):
        return None


class FindsAll(ServerShop):
    """
    Finds every key.
    """

    def find_push(self, notice, /):
        return f"ref-{notice.idempotency_key}"


WRONG = tuple(
    value
    for value in vars().values()
    if isinstance(value, type)
    and issubclass(value, ServerShop)
    and value is not ServerShop
)
