"""
What Stripe tells by itself.
"""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
import stripe
from stripe_lab import StripeLab

from sourcehere.ports.errors import ProtocolError, SignatureError
from sourcehere.ports.payments import SupportsPaymentWebhooks

NEW, OLD = "whsec_new", "whsec_old"


def event(kind, **metadata):
    """
    Return the body of an event.
    """
    told = {"object": {"id": "x_1", "metadata": metadata}}
    return json.dumps({"object": "event", "type": kind, "data": told}).encode()


@pytest.fixture
def lab():
    """
    Return an account that signs with a new secret, and an old one.
    """
    return StripeLab(webhook_secret=NEW, webhook_secret_old=OLD)


@pytest.fixture
def gateway(lab):
    """
    Return an adapter.
    """
    return lab.connect()


def signed(lab, body, *secrets, age=0, scheme="v1"):
    """
    Sign as Stripe does.
    """
    at = str(int(lab.clock.now().timestamp()) - age)
    made = [
        hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
        for secret in secrets
    ]
    parts = [f"t={at}", *(f"{scheme}={one}" for one in made)]
    return {"stripe-signature": ",".join(parts)}


PAID = event(
    "payment_intent.succeeded", sourcehere_reference="A", sourcehere_capture="C"
)


class TestReferences:
    """
    Which references an event is about.
    """

    @pytest.mark.parametrize(
        ("kind", "metadata", "names"),
        [
            ("payment_intent.succeeded", {"sourcehere_reference": "A"}, ("A",)),
            ("payment_intent.payment_failed", {"sourcehere_reference": "A"}, ("A",)),
            ("charge.captured", {"sourcehere_reference": "A", "other": "B"}, ("A",)),
            ("refund.failed", {"sourcehere_reference": "R"}, ("R",)),
            ("charge.dispute.created", {}, ()),
            ("charge.refunded", {"sourcehere_reference": ""}, ()),
            ("charge.refunded", {"sourcehere_reference": 4}, ()),
            ("payout.paid", {"sourcehere_reference": "A"}, ()),
            ("customer.created", {"sourcehere_reference": "A"}, ()),
        ],
    )
    def test_they_are_in_the_metadata(self, lab, gateway, kind, metadata, names):
        """
        Of what concerns payments; anything else is about none.
        """
        body = event(kind, **metadata)

        assert names == gateway.verify_payment(body, signed(lab, body, NEW))

    def test_a_capture_is_one_beside_its_authorization(self, lab, gateway):
        """
        Both are looked up.
        """
        assert isinstance(gateway, SupportsPaymentWebhooks)
        told = gateway.verify_payment(PAID, signed(lab, PAID, NEW))
        assert told == ("A", "C")
        assert lab.server.asked == []

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"[]",
            b'"x"',
            b"{}",
            b'{"type": 4}',
            b'{"type": "charge.captured"}',
            b'{"type": "charge.captured", "data": {"object": [1]}}',
            b'{"type": "charge.captured", "type": "x"}',
            b'{"type": "charge.captured", "data": {"object": {"metadata": ["A"]}}}',
        ],
    )
    def test_a_body_that_is_no_event_is_said(self, lab, gateway, body):
        """
        Signed, and without sense.
        """
        with pytest.raises(ProtocolError):
            gateway.verify_payment(body, signed(lab, body, NEW))


class TestSignatures:
    """
    Who may tell.
    """

    def test_what_the_sdk_signs_is_right(self, lab, gateway):
        """
        Its helper makes a header as Stripe does.
        """
        header = stripe.WebhookSignature.generate_signature_header(
            PAID.decode(), NEW, int(lab.clock.now().timestamp())
        )
        assert gateway.verify_payment(PAID, {"stripe-signature": header})

    @pytest.mark.parametrize("secrets", [(NEW,), (OLD,), ("other", NEW), (OLD, NEW)])
    def test_either_secret_is_right(self, lab, gateway, secrets):
        """
        While one takes the other's place Stripe signs with both.
        """
        assert gateway.verify_payment(PAID, signed(lab, PAID, *secrets))

    def test_every_byte_counts(self, lab, gateway):
        """
        The same JSON, written otherwise, is not what was signed.
        """
        with pytest.raises(SignatureError, match="is wrong"):
            gateway.verify_payment(PAID + b" ", signed(lab, PAID, NEW))

    def test_bytes_that_are_no_text_are_signed_too(self, lab, gateway):
        """
        It is the content that makes no sense then.
        """
        body = b'{"type": "\xff"}'
        with pytest.raises(ProtocolError):
            gateway.verify_payment(body, signed(lab, body, NEW))

    def test_the_time_is_signed_too(self, lab, gateway):
        """
        So that an old one cannot be made young.
        """
        header = signed(lab, PAID, NEW, age=400)["stripe-signature"]
        young = f"t={int(lab.clock.now().timestamp())}"
        forged = ",".join([young, *header.split(",")[1:]])
        with pytest.raises(SignatureError, match="is wrong"):
            gateway.verify_payment(PAID, {"stripe-signature": forged})

    def test_an_old_one_is_refused(self, lab, gateway):
        """
        By the host's clock: five minutes are the last that is taken.
        """
        headers = signed(lab, PAID, NEW)
        lab.clock.advance(timedelta(minutes=5))
        assert gateway.verify_payment(PAID, headers)
        lab.clock.advance(timedelta(seconds=1))
        with pytest.raises(SignatureError, match="5 minutes ago"):
            gateway.verify_payment(PAID, headers)

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "t=1",
            "v1=abc",
            "t=x,v1=abc",
            "t=1,t=2,v1=abc",
            "t=\u0661,v1=a",
            "=",
            ",,",
        ],
    )
    def test_what_is_no_signature_is_refused(self, gateway, header):
        """
        Whatever a stranger writes there.
        """
        with pytest.raises(SignatureError):
            gateway.verify_payment(PAID, {"stripe-signature": header})
        with pytest.raises(SignatureError):
            gateway.verify_payment(PAID, {})

    def test_another_scheme_is_no_signature(self, lab, gateway):
        """
        `v0` is made with a test secret.
        """
        with pytest.raises(SignatureError):
            gateway.verify_payment(PAID, signed(lab, PAID, NEW, scheme="v0"))

    def test_without_a_secret_nothing_is_right(self, lab):
        """
        Not even what is signed with an empty one.
        """
        gateway = StripeLab().connect()
        with pytest.raises(SignatureError, match="no webhook_secret"):
            gateway.verify_payment(PAID, signed(lab, PAID, ""))
