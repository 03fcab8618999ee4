"""
Adapters that sell labels, wrong in one thing each, as real ones have been.
"""

import itertools
import time
from contextlib import suppress
from datetime import timedelta

import attrs

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import DeclinedError, ProviderError, UnknownOutcomeError
from sourcehere.ports.labels import PDF, PNG, LabelFile
from sourcehere.testing.kit.labels_server import ServerLabels

_NUMBERS = itertools.count()


class CentsAreUnits(ServerLabels):
    """
    Reads 3.95 as three.
    """

    def _sold(self, said):
        sold = super()._sold(said)
        whole = sold.price.minor // 100 * 100
        return attrs.evolve(sold, price=Money(whole, sold.price.currency))


class SellersCurrency(ServerLabels):
    """
    Takes every price for dollars.
    """

    def _sold(self, said):
        sold = super()._sold(said)
        return attrs.evolve(sold, price=Money(sold.price.minor, "USD"))


class ReferenceIsNumber(ServerLabels):
    """
    Has the shopper look for a parcel by the name of its label.
    """

    def _sold(self, said):
        sold = super()._sold(said)
        return attrs.evolve(sold, tracking_number=sold.reference)


class OneKey(ServerLabels):
    """
    Makes the key of the order's number: its second parcel has the label of the first.
    """

    def buy_label(self, request, /, *, idempotency_key):
        """
        Buy under another key.
        """
        key = request.number or idempotency_key
        return super().buy_label(request, idempotency_key=key)


class KeyIsCut(ServerLabels):
    """
    Cuts the key to what the carrier's field holds.
    """

    def buy_label(self, request, /, *, idempotency_key):
        """
        Buy it.
        """
        return super().buy_label(request, idempotency_key=idempotency_key[:30])

    def find_label(self, idempotency_key, /):
        """
        Look it up.
        """
        return super().find_label(idempotency_key[:30])


class EndOfTheKey(ServerLabels):
    """
    Takes the end of the key for all of it.
    """

    def buy_label(self, request, /, *, idempotency_key):
        """
        Buy it.
        """
        return super().buy_label(request, idempotency_key=idempotency_key[-30:])

    def find_label(self, idempotency_key, /):
        """
        Look it up.
        """
        return super().find_label(idempotency_key[-30:])


class NewKeys(ServerLabels):
    """
    Makes a key of its own for each call.
    """

    def buy_label(self, request, /, *, idempotency_key):
        """
        Buy under another key.
        """
        key = f"{idempotency_key}-{next(_NUMBERS)}"
        return super().buy_label(request, idempotency_key=key)


class KeysOfContent(ServerLabels):
    """
    Adds what is asked for to the key, and so it is another one when that changed.
    """

    def buy_label(self, request, /, *, idempotency_key):
        """
        Buy under another key.
        """
        key = f"{idempotency_key}{request.number}"
        return super().buy_label(request, idempotency_key=key)


class RepeatsWithNewKey(ServerLabels):
    """
    Tries again by itself where the line broke, under a new key.
    """

    def buy_label(self, request, /, *, idempotency_key):
        """
        Buy, once more if need be.
        """
        try:
            return super().buy_label(request, idempotency_key=idempotency_key)
        except UnknownOutcomeError:
            again = f"{idempotency_key}-again"
            return super().buy_label(request, idempotency_key=again)


class OneRequest(ServerLabels):
    """
    Keeps what it is asked for until it sends it: another thread's is sent.
    """

    def buy_label(self, request, /, *, idempotency_key):
        """
        Buy what was asked for last.
        """
        self._wanted = request, idempotency_key
        time.sleep(0.01)
        request, key = self._wanted
        return super().buy_label(request, idempotency_key=key)


class RefusalIsUnknown(ServerLabels):
    """
    Takes a refusal for trouble: it is asked again for ever.
    """

    def _refused(self, answer):
        return UnknownOutcomeError(provider=self.name, detail=answer.text)


class TroubleIsRefusal(ServerLabels):
    """
    Takes a broken line for a refusal: what was bought is forgotten.
    """

    def _broken(self, words):
        return DeclinedError(provider=self.name, detail=words)


class ThrottledIsRefusal(ServerLabels):
    """
    Takes "too often" for a refusal.
    """

    def _throttled(self, answer):
        return DeclinedError(provider=self.name, detail=answer.text)


class Wordless(ServerLabels):
    """
    Says no, and not why.
    """

    def _refused(self, answer):
        return DeclinedError(provider=self.name, detail=answer.text and " ")


class VoidTwiceFails(ServerLabels):
    """
    Takes "already void" for a refusal.
    """

    def void_label(self, reference, /, *, idempotency_key):
        """
        Void it, and read what is said.
        """
        path = f"/labels/{reference}/void"
        if self._said("status", "POST", path, idempotency_key)["status"] != "void":
            raise DeclinedError(provider=self.name, detail="it was void")


class VoidsNothing(ServerLabels):
    """
    Forgets the label here only; it is paid for.
    """

    def void_label(self, reference, /, *, idempotency_key):
        """
        Do nothing.
        """


class VoidsLightly(ServerLabels):
    """
    Takes whatever is said for "void".
    """

    def void_label(self, reference, /, *, idempotency_key):
        """
        Void it, whatever comes of it.
        """
        try:
            super().void_label(reference, idempotency_key=idempotency_key)
        except DeclinedError:
            return


class VoidsBlindly(ServerLabels):
    """
    Takes a failure for "void", too.
    """

    def void_label(self, reference, /, *, idempotency_key):
        """
        Void it, whatever happens.
        """
        try:
            super().void_label(reference, idempotency_key=idempotency_key)
        except UnknownOutcomeError:
            return


class SaysPng(ServerLabels):
    """
    Calls every file a picture.
    """

    def label_file(self, reference, /):
        """
        Ask for the file.
        """
        return attrs.evolve(super().label_file(reference), media_type=PNG)


class OneFile(ServerLabels):
    """
    Keeps the first file that it got.
    """

    def label_file(self, reference, /):
        """
        Ask once.
        """
        if not hasattr(self, "_file"):
            self._file = super().label_file(reference)
        return self._file


class PrintsAnything(ServerLabels):
    """
    Prints an empty page where there is no file.
    """

    def label_file(self, reference, /):
        """
        Ask for the file.
        """
        try:
            return super().label_file(reference)
        except DeclinedError:
            return LabelFile(b"%PDF-1.4", PDF)


class PrintsErrors(ServerLabels):
    """
    Prints what came, whatever it is.
    """

    def label_file(self, reference, /):
        """
        Ask for the file.
        """
        try:
            return super().label_file(reference)
        except ProviderError as error:
            if isinstance(error, DeclinedError):
                raise
            return LabelFile(b"%PDF-1.4 error", PDF)


class BuysToPrint(ServerLabels):
    """
    Buys a label to learn how it looks.
    """

    def label_file(self, reference, /):
        """
        Ask for the file, and post.
        """
        self._said(
            "tracking", "POST", "/labels", f'{{"key": "{next(_NUMBERS)}", "grams": 1}}'
        )
        return super().label_file(reference)


class KeepsFiles(ServerLabels):
    """
    Promises to forget, and does nothing.
    """

    def forget_label(self, reference, /):
        """
        Say nothing.
        """


class ForgetsInMemory(ServerLabels):
    """
    Forgets for as long as it lives.
    """

    def forget_label(self, reference, /):
        """
        Note it.
        """
        self.__dict__.setdefault("_gone", set()).add(reference)

    def label_file(self, reference, /):
        """
        Ask for the file of what was not forgotten.
        """
        if reference in self.__dict__.get("_gone", ()):
            raise DeclinedError(provider=self.name, detail="forgotten")
        return super().label_file(reference)


class ForgetsOnce(ServerLabels):
    """
    Fails where there is nothing to forget any more.
    """

    def forget_label(self, reference, /):
        """
        Delete the file.
        """
        self._said("status", "DELETE", f"/labels/{reference}/file")


class ForgetsUnseen(ServerLabels):
    """
    Takes whatever comes for a file that is gone.
    """

    def forget_label(self, reference, /):
        """
        Delete the file, as it seems.
        """
        with suppress(ProviderError):
            super().forget_label(reference)


class ForgetsByVoiding(ServerLabels):
    """
    Voids what is to be forgotten.
    """

    def forget_label(self, reference, /):
        """
        Void it, and delete the file.
        """
        self.void_label(reference, idempotency_key="")
        super().forget_label(reference)


class FindsLiveOnly(ServerLabels):
    """
    Finds no label that was voided.
    """

    def void_label(self, reference, /, *, idempotency_key):
        """
        Void it, and forget it.
        """
        super().void_label(reference, idempotency_key=idempotency_key)
        self._gone = reference

    def find_label(self, idempotency_key, /):
        """
        Look for the key.
        """
        found = super().find_label(idempotency_key)
        is_gone = found is not None and found.reference == getattr(self, "_gone", "")
        return None if is_gone else found


class FindsNothing(ServerLabels):
    """
    Says that there is none where it could not look.
    """

    def find_label(self, idempotency_key, /):
        """
        Look for the key.
        """
        try:
            return super().find_label(idempotency_key)
        except ProviderError:
            return None


class NoWay:
    """
    Honours no key, and cannot be searched.
    """

    def __init__(self, server):
        self._inner = ServerLabels(server)
        self.buy_label = self._inner.buy_label
        self.void_label = self._inner.void_label
        self.label_file = self._inner.label_file

    def label_key_ttl(self):
        """
        Honour none.
        """
        return timedelta(0)


class AsksForHowLong(ServerLabels):
    """
    Asks its carrier for how long it keeps keys.
    """

    def label_key_ttl(self):
        """
        Ask.
        """
        self._said("labels", "GET", "/labels/by-key/0")
        return timedelta(days=1)


class ClosesOnce(ServerLabels):
    """
    Cannot be closed when it is.
    """

    def close(self):
        """
        Close it.
        """
        del self._server


class ShapeIsNothing(ServerLabels):
    """
    Takes JSON of another shape for an answer in which nothing is.
    """

    def _object(self, answer, *names):
        told = self._json(answer)
        is_right = isinstance(told, dict) and told.keys() >= set(names)
        return told if is_right else dict.fromkeys(names, ())


WRONG = [
    value
    for value in list(globals().values())
    if isinstance(value, type) and value.__module__ == __name__
]
