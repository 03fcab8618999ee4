"""
What one line of one order is supplied by: SKU connections, corrections, help.
"""

from collections.abc import Iterable

from ...domain.kernel.checks import Prose
from ...domain.kernel.ids import ConnectionId, OrderId
from ...services.ordering.drafts import Wanted
from ...services.pairing.explaining import Explanation
from ...services.paying.previewing import LineChange
from ..results import HelpAsked, OrderState, PairingCorrected
from ..scope import PEOPLE, STAFF, Desk, command, reading


class LinesDesk(Desk):
    """
    Pairs lines of unpaid orders, one by one.
    """

    @command(PEOPLE)
    def connect_sku(
        self,
        order_id: str,
        line: int,
        items: Iterable[Wanted],
        *,
        command_id: str = "",
    ) -> OrderState:
        """
        Pair one line of one unpaid order with platform units for the whole line; no
        other order is touched.

        A line that a connection, or a person, paired already is paired anew. From then
        on it follows no connection; `follow_connection` undoes that. A checkout that is
        open over the order is refused when it is paid, if the order is another by then.

        Raises:
            CommandRefusedError: If the order is paid, or has ended.

            NotFoundError: If there is no such order, or no such variant on sale.

            InvalidInputError: If there is no such line, or a quantity is not possible.
        """
        state = self._app.pairing.connect_sku(
            self._seller_id,
            order_id,
            line,
            [(item.variant_id, item.quantity) for item in items],
            by=self._by,
            command_id=command_id,
        )
        return OrderState(OrderId(order_id), state)

    @command(PEOPLE)
    def correct(
        self,
        order_id: str,
        line: int,
        items: Iterable[Wanted],
        *,
        command_id: str = "",
    ) -> PairingCorrected:
        """
        Pair one line of an unpaid order, and all waiting orders like it: its lasting
        connection pairs so from now on.

        The rule of the line's SKU gets a new version; where a range of quantities
        decided, that range changes. A SKU that is not connected is connected by it.
        Unpaid orders follow; paid ones, and lines that were connected for their order
        alone, keep what they have.

        Args:
            items: For the whole line; for a line of 3 units, 6 mean 2 for each unit.

        Raises:
            CommandRefusedError: If the order is paid, or has ended.

            NotFoundError: If there is no such order, or no such variant on sale.

            InvalidInputError: If there is no such line, or the units cannot be shared
                out among the line's.
        """
        done = self._app.pairing.correct(
            self._seller_id,
            order_id,
            line,
            [(item.variant_id, item.quantity) for item in items],
            by=self._by,
            command_id=command_id,
        )
        return PairingCorrected(
            ConnectionId(done.connection_id), OrderId(order_id), done.state
        )

    @reading()
    def preview_sku(
        self,
        order_id: str,
        line: int,
        items: Iterable[Wanted],
        *,
        for_all_waiting: bool = False,
    ) -> tuple[LineChange, ...]:
        """
        Return what `connect_sku` would change, or `correct` where it is *for all
        waiting* orders: every line, from what to what. Nothing is written.

        Raises:
            CommandRefusedError, NotFoundError, InvalidInputError: As the command would.
        """
        return self._app.previewing.preview_sku(
            self._seller_id,
            order_id,
            line,
            [(item.variant_id, item.quantity) for item in items],
            for_all_waiting=for_all_waiting,
        )

    @reading()
    def explain(self, order_id: str, line: int) -> Explanation:
        """
        Return which rule decided about a line of an order, and why the others did not:
        the most exact first.

        It is said of the version of the connection that paired the line, which a paid
        order keeps.

        Raises:
            NotFoundError: If there is no such order.

            InvalidInputError: If there is no such line.
        """
        return self._app.pairing.explain(self._seller_id, order_id, line)

    @command(PEOPLE)
    def disconnect_line(
        self, order_id: str, line: int, *, command_id: str = ""
    ) -> OrderState:
        """
        Take away what one line of one unpaid order is paired with; it waits for
        `connect_sku`.

        Its connection stays for all other orders, and does not pair this line again
        until `follow_connection`.

        Raises:
            CommandRefusedError: If the order is paid, or has ended.

            NotFoundError: If there is no such order.

            InvalidInputError: If there is no such line, or it is not paired.
        """
        state = self._app.pairing.disconnect_line(
            self._seller_id, order_id, line, by=self._by, command_id=command_id
        )
        return OrderState(OrderId(order_id), state)

    @command(PEOPLE)
    def follow_connection(
        self, order_id: str, line: int, *, command_id: str = ""
    ) -> OrderState:
        """
        Undo `connect_sku` or `disconnect_line`: the line follows its lasting connection
        again, and waits for pairing where it has none.

        Raises:
            CommandRefusedError: If the order is paid, has ended, or all its lines
                follow already.

            NotFoundError: If there is no such order.

            InvalidInputError: If there is no such line, or it follows already.
        """
        state = self._app.pairing.follow_connection(
            self._seller_id, order_id, line, by=self._by, command_id=command_id
        )
        return OrderState(OrderId(order_id), state)

    @command(PEOPLE)
    def ask_for_help(
        self, order_id: str, line: int, text: Prose, *, command_id: str = ""
    ) -> HelpAsked:
        """
        Ask staff to pair a line whose options do not match; one call a line at a time.

        It ends by itself when the line is paired, or the order is paid or has ended.

        Args:
            text: What does not match; the first message of the call's conversation.

        Raises:
            CommandRefusedError: If the order is paid, or has ended, or a call about the
                line is open.

            InvalidInputError: If it has no such line, or the text has no words.
        """
        made = self._app.pairing.ask_for_help(
            self._seller_id, order_id, line, text, by=self._by, command_id=command_id
        )
        return HelpAsked(made)

    @command(STAFF)
    def finish_help(
        self, help_id: str, *, text: Prose = "", command_id: str = ""
    ) -> None:
        """
        Close a call for help, as staff: it is answered, or cannot be helped. One that
        ended when its line was paired stays as it is.

        Args:
            text: What is said with it, in the call's conversation.

        Raises:
            NotFoundError: If there is none.
        """
        self._app.pairing.finish_help(
            self._seller_id, help_id, by=self._by, text=text, command_id=command_id
        )
