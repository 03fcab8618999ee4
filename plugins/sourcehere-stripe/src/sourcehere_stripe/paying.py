"""
Authorizes, captures and refunds: one call each that moves money, with the core's key.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import stripe

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import DeclinedError, ProtocolError
from sourcehere.ports.payments import PaymentOutcome, PaymentRecord

from . import records
from .amounts import to_stripe
from .client import Client
from .config import StripeConfig
from .names import CAPTURE, PROVIDER, REFERENCE, checked_id

if TYPE_CHECKING:
    from stripe.params import (
        PaymentIntentCaptureParams,
        PaymentIntentCreateParams,
        RefundCreateParams,
    )


class Payer:
    """
    Moves money of one account.

    Neither a capture nor a refund tells Stripe its currency: what it is of is looked at
    before, so that 700 yen are never taken of an authorization in dollars.
    """

    def __init__(self, client: Client, config: StripeConfig) -> None:
        self._client, self._config = client, config

    def authorize(
        self, amount: Money, source: str, *, reference: str, key: str
    ) -> PaymentRecord:
        """
        Make an intent and confirm it, in one call.
        """
        intents = self._client.v1.payment_intents
        params = self._intent(amount, checked_id(source, "pm_", "tok_"), reference)

        def authorize() -> PaymentRecord:
            made = intents.create(params, {"idempotency_key": key})
            return records.authorization(made)

        return self._done("authorizing", authorize, reference, amount)

    def capture(
        self, authorization_id: str, amount: Money, *, reference: str, key: str
    ) -> PaymentRecord:
        """
        Take a part of an intent, or all of it; Stripe releases the rest. What somebody
        took in Stripe's dashboard meanwhile is taken, too.
        """
        name, intents = (
            checked_id(authorization_id, "pi_"),
            self._client.v1.payment_intents,
        )
        params: PaymentIntentCaptureParams = {
            "amount_to_capture": to_stripe(amount),
            "metadata": {CAPTURE: reference},
        }

        def capture() -> PaymentRecord:
            _is_in(amount, intents.retrieve(name).currency)
            try:
                made = intents.capture(name, params, {"idempotency_key": key})
            except stripe.InvalidRequestError:
                taken = records.taken_elsewhere(intents.retrieve(name), reference)
                if taken is None:
                    raise
                return taken
            return records.capture(made)

        return self._done("capturing", capture, reference, amount)

    def refund(
        self, capture_id: str, amount: Money, *, reference: str, key: str
    ) -> PaymentRecord:
        """
        Return a part of a charge, or all of it.
        """
        name, v1 = checked_id(capture_id, "ch_", "py_"), self._client.v1
        params: RefundCreateParams = {
            "charge": name,
            "amount": to_stripe(amount),
            "metadata": {REFERENCE: reference},
        }

        def refund() -> PaymentRecord:
            _is_in(amount, v1.charges.retrieve(name).currency)
            made = v1.refunds.create(params, {"idempotency_key": key})
            return records.refund(made)

        return self._done("refunding", refund, reference, amount)

    def _done(
        self,
        doing: str,
        call: Callable[[], PaymentRecord],
        reference: str,
        amount: Money,
    ) -> PaymentRecord:
        """
        Return what was done, if it is what was asked for.

        Raises:
            DeclinedError: If it was declined.

            ProtocolError: If the answer is about something else.
        """
        record = self._client.write(doing, call)
        outcome = record.outcome
        if outcome is PaymentOutcome.DECLINED:
            raise DeclinedError(provider=PROVIDER, detail=f"{doing}: {record.detail}")
        # Of what somebody else took it may be a part.
        is_whole = record.amount == amount or record.is_taken
        is_other = outcome is PaymentOutcome.SUCCEEDED and not is_whole
        if is_other or record.reference != reference:
            detail = f"{doing}: the answer is about something else"
            raise ProtocolError(provider=PROVIDER, detail=detail)
        return record

    def _intent(
        self, amount: Money, source: str, reference: str
    ) -> "PaymentIntentCreateParams":
        page = self._config.return_url
        params: PaymentIntentCreateParams = {
            "amount": to_stripe(amount),
            "currency": amount.currency.lower(),
            "capture_method": "manual",
            "confirm": True,
            "metadata": {REFERENCE: reference},
            "automatic_payment_methods": {
                "enabled": True,
                "allow_redirects": "always" if page else "never",
            },
        }
        if page:
            params["return_url"] = page
        else:
            params["error_on_requires_action"] = True
        if source.startswith("tok_"):
            params["payment_method_data"] = {"type": "card", "card": {"token": source}}  # type: ignore[typeddict-unknown-key]  # Stripe.js sends it so; the types leave it out
        else:
            params["payment_method"] = source
        return params


def _is_in(amount: Money, code: str) -> None:
    if code.upper() != amount.currency:
        detail = f"it is in {code.upper()}, not in {amount.currency}"
        raise DeclinedError(provider=PROVIDER, detail=detail)
