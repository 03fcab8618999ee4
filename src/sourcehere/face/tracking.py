"""
Where parcels are: carriers are asked, and tell by themselves.
"""

from collections.abc import Callable, Mapping, Sequence

from ..domain.kernel.checks import Prose
from ..domain.shipments.walks import TrackingWalk
from ..services.sending.hints import HintsKept
from .records.reports import TrackingReport
from .scope import STAFF, SYSTEM, Desk, command, reading

_OPERATORS = STAFF | SYSTEM


class TrackingDesk(Desk):
    """
    Asks carriers where parcels are.
    """

    @command(_OPERATORS, at_desk=True, outside=True)
    def run(
        self,
        *,
        stop: Callable[[], bool] | None = None,
        progress: Callable[[int], None] | None = None,
        command_id: str = "",
    ) -> TrackingReport:
        """
        Ask for every parcel that is on its way and due (`Settings.track_every`), and
        record what is said: what arrived is delivered, trouble holds its order.

        Only freight connections whose provider can be asked are. One that does not
        answer rests, and holds up no other. Any number of workers may do it.

        Args:
            stop: Asked between two calls: whether to end here.

            progress: Called with how many numbers were asked for, after each call.
        """
        return self._app.tracking.run(
            stop=stop, progress=progress, command_id=command_id
        )

    @command(_OPERATORS, at_desk=True, outside=True)
    def ask(
        self, tracking_numbers: Sequence[str], *, command_id: str = ""
    ) -> TrackingReport:
        """
        Ask for the parcels of these numbers now, whenever `run` would, and record what
        is said.

        Returns:
            Under `failed` also parcels that were replaced, or that no freight
            connection is asked about, and connections that rest: nobody was asked then.

        Raises:
            NotFoundError: If no parcel has one of the numbers; then nobody is asked.
        """
        return self._app.tracking.ask(tracking_numbers, command_id=command_id)

    @reading(_OPERATORS)
    def status(self) -> tuple[TrackingWalk, ...]:
        """
        List how far each connection has come with asking, by name; those that were
        never asked are not among them.
        """
        return self._app.tracking.status()


class TrackingReceivingDesk(TrackingDesk):
    """
    Asks carriers where parcels are, and receives what they tell by webhook.
    """

    @command(SYSTEM, at_desk=True)
    def receive(
        self, name: str, *, headers: Mapping[str, Prose], body: bytes
    ) -> HintsKept:
        """
        Check a carrier's webhook, keep which parcels it is about, and return at once:
        nobody is asked. `run` asks for them first.

        Args:
            name: The freight connection; it stands in the URL that the host gave to the
                carrier.

            headers: As they came, whatever the case of their names.

            body: As it came, to the byte: the signature is of it.

        Raises:
            WebhookTooLargeError: If it is larger than is taken; then it is not read.

            NotFoundError: If there is no such connection, or it is disconnected.

            TrackingWebhooksUnsupportedError: If its provider has none.

            SignatureError: If it is not signed by the carrier, or was changed.

            ProtocolError: If its content makes no sense.
        """
        return self._app.tracking.receive(name, headers=headers, body=body)
