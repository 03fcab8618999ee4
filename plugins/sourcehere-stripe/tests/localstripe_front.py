"""
What localstripe lacks of Stripe, in front of it.

- It refuses names that it does not know: those of redirects are left out.
- A capture takes no metadata: they are written right behind it.
- A capture of a part is one of all and a refund of the rest, which Stripe shows as
  `amount_received`; that refund is none of ours and is not listed.
- A refund may exceed its charge: it is refused here, as Stripe does.
- Lists are unsorted and know no time of creation.
- `latest_charge` is always expanded, which at Stripe has to be asked for.
- It has no disputes.
- It fails (500) at a capture of what its payer has not agreed to, which Stripe refuses.
"""

from stripe_wire import answered, form_of, invalid, missing, page_of

_UNDECIDED = {"requires_action", "requires_payment_method"}
_UNKNOWN = {"automatic_payment_methods", "return_url", "error_on_requires_action"}


class Front:
    """
    Passes requests on.
    """

    def __init__(self, behind):
        self._behind = behind

    def serve(self, request):
        """
        Answer a request.
        """
        path = request.url.path
        if request.method == "GET":
            told = form_of(request.url.query.decode())
            return self._get(path, path.strip("/").split("/")[1:], told)
        told = form_of(request.content.decode())
        match path.strip("/").split("/")[1:]:
            case ["payment_intents"]:
                flat = request.content.decode()
                return self._create(flat)
            case ["payment_intents", name, "capture"]:
                return self._capture(name, told)
            case ["refunds"]:
                return self._refund(told, request.content.decode())
        return missing(f"path: {path}")

    def _get(self, path, parts, told):
        match parts:
            case ["payment_intents", name]:
                return self._intent(name)
            case ["charges", _]:
                return _passed(self._behind.ask("GET", path))
            case [kind]:
                return page_of(self._listed(kind), told, path)
        return missing(f"path: {path}")

    def _listed(self, kind):
        if kind == "disputes":
            return []
        if kind == "refunds":
            return self._refunds()
        found = self._behind.all(kind)
        if kind == "payment_intents":
            return [self._shown(one) for one in found]
        return found

    def _refunds(self):
        # Sorted by the second, newest first, and within it as they were made.
        found = sorted(self._behind.all("refunds"), key=lambda one: one["created"])
        return [one for one in found if one["metadata"]]

    def _create(self, flat):
        kept = [
            part
            for part in flat.split("&")
            if part.partition("%5B")[0].partition("[")[0].partition("=")[0]
            not in _UNKNOWN
        ]
        return self._sent("/v1/payment_intents", "&".join(kept))

    def _sent(self, path, flat):
        answer = self._behind.send(path, flat)
        if answer.status_code != 200:
            return _passed(answer)
        return answered(self._shown(answer.json()))

    def _intent(self, name):
        answer = self._behind.ask("GET", f"/v1/payment_intents/{name}")
        if answer.status_code != 200:
            return _passed(answer)
        return answered(self._shown(answer.json()))

    def _shown(self, intent):
        charge = intent["latest_charge"]
        if charge is None:
            return intent | {"amount_received": 0}
        back = [one for one in charge["refunds"]["data"] if not one["metadata"]]
        taken = charge["amount"] - sum(one["amount"] for one in back)
        return intent | {
            "latest_charge": charge["id"],
            "amount_received": taken if charge["captured"] else 0,
        }

    def _capture(self, name, told):
        path = f"/v1/payment_intents/{name}"
        known = self._behind.ask("GET", path)
        if known.status_code == 200 and known.json()["status"] in _UNDECIDED:
            code = "payment_intent_unexpected_state"
            return invalid("This PaymentIntent could not be captured", code)
        form = {"amount_to_capture": told["amount_to_capture"]}
        answer = self._behind.ask("POST", f"{path}/capture", **form)
        if answer.status_code != 200:
            return _passed(answer)
        named = {f"metadata[{key}]": value for key, value in told["metadata"].items()}
        assert self._behind.ask("POST", path, **named).status_code == 200
        return self._intent(name)

    def _refund(self, told, flat):
        charge = self._behind.ask("GET", f"/v1/charges/{told['charge']}")
        if charge.status_code != 200:
            return _passed(charge)
        left = charge.json()["amount"] - charge.json()["amount_refunded"]
        if int(told["amount"]) > left:
            return invalid(f"Refund amount is greater than {left}")
        return _passed(self._behind.send("/v1/refunds", flat))


def _passed(answer):
    return answered(answer.json(), answer.status_code)
