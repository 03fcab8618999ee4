"""
Payments of all sellers: what is asked about again, and what only a person can end.
"""

from collections.abc import Callable, Mapping

from ..domain.effects.payment_stages import PaymentDecision
from ..domain.kernel.checks import Prose
from ..domain.kernel.errors import NotFoundError
from ..domain.kernel.money import Money
from ..services.gateways.deciding import Seen, require_nothing
from ..services.gateways.hints import PaymentHintsKept
from ..services.gateways.running import AttemptsReport
from .records.payments import PaymentAttemptView, view_of_attempt
from .scope import STAFF, SYSTEM, Desk, command, reading

_OPERATORS = STAFF | SYSTEM


class AttemptRunsDesk(Desk):
    """
    Asks gateways again about payments of which it is not known what became of them.
    """

    @command(_OPERATORS, at_desk=True, outside=True)
    def run(
        self, *, stop: Callable[[], bool] | None = None, command_id: str = ""
    ) -> AttemptsReport:
        """
        Ask about every attempt that is due: first those of which gateways told by
        themselves, then what nobody knows, what a process left that died, what waits
        for its payer, and whether banks took payments back. Any number of workers may
        do it.

        Args:
            stop: Asked between two attempts: whether to end here.
        """
        return self._app.payments.run(stop=stop, command_id=command_id)

    @reading(_OPERATORS)
    def open(self) -> tuple[PaymentAttemptView, ...]:
        """
        List the attempts of which it is not known yet what became of them; those that
        wait for a person come first (`manual`).
        """
        return tuple(
            view_of_attempt(one, self._by) for one in self._app.payments.open()
        )

    @reading(_OPERATORS)
    def get(self, attempt_id: str) -> PaymentAttemptView:
        """
        Return an attempt, whoever's it is.

        Raises:
            NotFoundError: If there is none of that id.
        """
        found = self._app.payments.named(attempt_id)
        if found is None:
            raise NotFoundError(kind="payment attempt", id=attempt_id)
        return view_of_attempt(found, self._by)


class AttemptReceivingDesk(AttemptRunsDesk):
    """
    Asks gateways about payments, and receives what they tell by webhook.
    """

    @command(SYSTEM, at_desk=True)
    def receive(
        self, name: str, *, headers: Mapping[str, Prose], body: bytes
    ) -> PaymentHintsKept:
        """
        Check a gateway's webhook, keep which payments it is about, and return at once:
        nobody is asked. `run` asks about them first; what the webhook says of money is
        not believed.

        Args:
            name: The gateway; it stands in the URL that the host gave to it.

            headers: As they came, whatever the case of their names.

            body: As it came, to the byte: the signature is of it.

        Raises:
            WebhookTooLargeError: If it is larger than is taken; then it is not read.

            NotFoundError: If there is no such gateway, or it is disconnected.

            PaymentWebhooksUnsupportedError: If its provider has none.

            SignatureError: If it is not signed by the gateway, or was changed.

            ProtocolError: If its content makes no sense.
        """
        return self._app.payments.receive(name, headers=headers, body=body)


class AllAttemptsDesk(AttemptRunsDesk):
    """
    Payments of all sellers, as staff end what only a person can.
    """

    @command(STAFF, at_desk=True, outside=True)
    def take_up(
        self, seller_id: str, attempt_id: str, *, command_id: str = ""
    ) -> PaymentAttemptView:
        """
        Ask the gateway about an attempt now, also about one that has ended: what is
        found later counts.

        Raises:
            NotFoundError: If the seller has no such attempt.

            CommandRefusedError: If money went back by it after all, and is on its way
                back once more: `return_open`.
        """
        attempt = self._app.payments.ask_now(
            seller_id, attempt_id, command_id=command_id
        )
        return view_of_attempt(attempt, self._by)

    @command(STAFF, at_desk=True, outside=True)
    def resolve(
        self,
        seller_id: str,
        attempt_id: str,
        decision: PaymentDecision,
        *,
        reference: str,
        amount: Money | None = None,
        gateway_id: str = "",
        command_id: str = "",
    ) -> PaymentAttemptView:
        """
        Keep what a person found out about an attempt, at the gateway.

        Args:
            decision: `HAPPENED` goes on as if the gateway had said so: *amount* and
                *gateway_id* are given then, and never else. `DID_NOT_HAPPEN` ends the
                attempt; what was held is available again.

            reference: What was looked up at the gateway, as the attempt showed it. What
                was reserved is not what is captured next: where the attempt has gone on
                since, the decision is refused.

            amount: What was moved, in the wallet's currency.

            gateway_id: What the gateway calls it.

        Raises:
            NotFoundError: If the seller has no such attempt.

            CommandRefusedError: If its state is none that the decision ends, or its
                reference is another one by now.

            InvalidInputError: If what was moved is not said, or makes no sense; or what
                is named is another attempt's.
        """
        seen = None
        if amount is not None:
            seen = Seen(amount=amount, gateway_id=gateway_id.strip())
        elif decision is PaymentDecision.DID_NOT_HAPPEN:
            require_nothing("gateway_id", gateway_id.strip())
        attempt = self._app.payments.resolve(
            seller_id,
            attempt_id,
            decision,
            seen=seen,
            reference=reference,
            by=self._by,
            command_id=command_id,
        )
        return view_of_attempt(attempt, self._by)
