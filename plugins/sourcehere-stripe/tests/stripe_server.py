"""
A server that behaves as Stripe does, as far as payments go: intents that are confirmed
as they are made, captured by hand and refunded.

Written from Stripe's API reference (version 2026-10-28): "Payment Intents", "Charges",
"Refunds", "Errors", "Pagination". What it is asked beyond that is refused, also names
that a call does not have.
"""

from collections import Counter

from stripe_wire import (
    RefusedError,
    answered,
    form_of,
    invalid,
    missing,
    page_of,
    refused,
)

KEY = "sk_test_4711"
REFERENCE, CAPTURE = "sourcehere_reference", "sourcehere_capture"
_CREATES = {
    "amount",
    "automatic_payment_methods",
    "capture_method",
    "confirm",
    "currency",
    "error_on_requires_action",
    "metadata",
    "payment_method",
    "payment_method_data",
    "return_url",
}


class StripeServer:
    """
    One account.

    Attributes:
        now: In seconds.

        forbidden: What the key may not do: such as `/v1/disputes`.

        asked: Every request: method, path, form and headers.
    """

    def __init__(self):
        self.now = 1_780_000_000
        self.forbidden = set()
        self.asked = []
        self.cards = {}
        self.objects = {
            name: []
            for name in (
                *("payment_intents", "charges", "refunds"),
                *("disputes", "payouts", "balance_transactions"),
            )
        }

    def card(self, kind="pm", behaves="pays"):
        """
        Make a payment method, or a token; it `pays`, `declines`, `asks` for its owner,
        or is `slow`.
        """
        name = f"{kind}_card{len(self.cards)}"
        self.cards[name] = behaves
        return name

    def serve(self, request):
        """
        Answer a request.
        """
        path = request.url.path
        query = request.url.query.decode()
        told = form_of(request.content.decode() if request.method == "POST" else query)
        self.asked.append((request.method, path, told, request.headers))
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return refused(401, "invalid_request_error", "Invalid API Key provided")
        if path in self.forbidden:
            return refused(403, "invalid_request_error", "The key lacks a permission")
        try:
            return self._route(request.method, path, told)
        except RefusedError as error:
            return error.answer

    def _route(self, method, path, told):
        match method, path.strip("/").split("/")[1:]:
            case "GET", [kind]:
                return self._list(kind, told, path)
            case "GET", [kind, name]:
                return answered(self._found(kind, name))
            case "POST", ["payment_intents"]:
                return self._create(told)
            case "POST", ["payment_intents", name, "capture"]:
                return self._capture(self._found("payment_intents", name), told)
            case "POST", ["refunds"]:
                return self._refund(told)
        return missing(f"path: {path}")

    def _list(self, kind, told, path):
        found = self.objects[kind]
        for name in {"charge", "status", "payout"} & told.keys():
            found = [one for one in found if one[name] == told[name]]
        if told.get("expand") == {"0": "data.source"}:
            found = [one | {"source": self._named(one["source"])} for one in found]
        return page_of(found, told, path)

    def _named(self, name):
        """
        Return the object of a name, as `expand` does; the name where there is none.
        """
        every = [one for kind in self.objects.values() for one in kind]
        return next((one for one in every if one["id"] == name), name)

    def _found(self, kind, name):
        for one in self.objects[kind]:
            if one["id"] == name:
                return one
        raise RefusedError(missing(f"{kind}: '{name}'"))

    def _add(self, kind, prefix, **facts):
        found = self.objects[kind]
        name = f"{prefix}_{len(found)}"
        made = {"id": name, "object": kind[:-1], "created": self.now, **facts}
        found.append(made)
        return made

    def _create(self, told):
        unknown = told.keys() - _CREATES
        if unknown:
            return invalid(f"Received unknown parameter: {min(unknown)}")
        data = told.get("payment_method_data", {"card": {"token": ""}})
        source = told.get("payment_method") or data["card"]["token"]
        if source not in self.cards:
            return missing(f"PaymentMethod: '{source}'")
        redirects = told["automatic_payment_methods"]["allow_redirects"] == "always"
        if redirects and "return_url" not in told:
            return invalid("You must provide a return_url")
        assert told["capture_method"] == "manual"
        assert told["confirm"] == "true"
        behaves = self.cards[source]
        is_asked = behaves == "asks"
        fails = behaves == "declines" or (
            is_asked and told.get("error_on_requires_action") == "true"
        )
        intent = self._add(
            "payment_intents",
            "pi",
            amount=_amount(told),
            amount_received=0,
            currency=told["currency"],
            metadata=told.get("metadata", {}),
            payment_method=source,
            latest_charge=None,
            last_payment_error=None,
            next_action=None,
        )
        if fails:
            return self._declined(intent, is_asked=is_asked)
        if is_asked:
            intent["status"] = "requires_action"
            url = f"https://hooks.stripe.example/3ds/{intent['id']}"
            target = {"return_url": told["return_url"], "url": url}
            intent["next_action"] = {
                "type": "redirect_to_url",
                "redirect_to_url": target,
            }
        else:
            self.reserve(intent, "processing" if behaves == "slow" else "")
        return answered(intent)

    def reserve(self, intent, status=""):
        """
        Let an intent's bank reserve the amount.
        """
        charge = self._add(
            "charges",
            "ch",
            amount=intent["amount"],
            amount_refunded=0,
            currency=intent["currency"],
            payment_intent=intent["id"],
        )
        intent["latest_charge"] = charge["id"]
        intent["next_action"] = None
        intent["status"] = status or "requires_capture"

    def refuse(self, intent):
        """
        Let an intent's owner say no at their bank.
        """
        error = {"code": "payment_intent_authentication_failure"}
        intent["last_payment_error"], intent["next_action"] = error, None
        intent["status"] = "requires_payment_method"

    def _declined(self, intent, *, is_asked):
        code = "authentication_required" if is_asked else "card_declined"
        error = {"code": code, "decline_code": "generic_decline"}
        owner = {"billing_details": {"name": "Ada Payer"}}
        intent["status"] = "requires_payment_method"
        intent["last_payment_error"] = {**error, "payment_method": owner}
        message = "Your card was declined."
        return refused(402, "card_error", message, **error, payment_intent=intent)

    def _capture(self, intent, told):
        if intent["status"] != "requires_capture":
            code = "payment_intent_unexpected_state"
            return invalid("This PaymentIntent could not be captured", code)
        amount = _amount(told, "amount_to_capture")
        if amount > intent["amount"]:
            return invalid(
                "The amount is greater than what remains", "amount_too_large"
            )
        intent["metadata"] = intent["metadata"] | told["metadata"]
        intent["amount_received"], intent["status"] = amount, "succeeded"
        return answered(intent)

    def _refund(self, told):
        charge = self._found("charges", told["charge"])
        intent = self._found("payment_intents", charge["payment_intent"])
        left = intent["amount_received"] - charge["amount_refunded"]
        amount = _amount(told)
        if amount > left:
            return invalid(f"Refund amount is greater than {left}", "charge_too_large")
        charge["amount_refunded"] += amount
        made = self._add(
            "refunds",
            "re",
            amount=amount,
            currency=charge["currency"],
            charge=charge["id"],
            metadata=told["metadata"],
            status="succeeded",
        )
        return answered(made)

    def counted(self):
        """
        Count operations by our reference.
        """
        found = [one["metadata"] for one in self.objects["payment_intents"]]
        found += [one["metadata"] for one in self.objects["refunds"]]
        return Counter(
            one[name] for one in found for name in (REFERENCE, CAPTURE) if name in one
        )


def _amount(told, name="amount"):
    if not told[name].isdecimal() or not 0 < int(told[name]) < 10**8:
        raise RefusedError(invalid("Invalid positive integer"))
    return int(told[name])
