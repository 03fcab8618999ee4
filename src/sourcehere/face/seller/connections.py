"""
What supplies what a shop sells: lasting connections, and what they cover.
"""

from collections.abc import Mapping, Sequence

from ...domain.kernel.errors import Blocker
from ...domain.kernel.ids import ConnectionId, VariantId
from ...domain.pairing.rules import MappingRule
from ...services.pairing.connecting import NewConnection, by_country
from ...services.pairing.coverage import Coverage
from ...services.pairing.history import ConnectionStep
from ...unit.tables.pairing import CONNECTIONS_OF, CONNECTIONS_OF_SELLER
from ..lists import Page
from ..records.talk import ConnectionView, connection_of
from ..results import (
    ConnectionEnded,
    ConnectionMade,
    Report,
    VariantDropped,
)
from ..scope import PEOPLE, STAFF, SYSTEM, command, reading
from .lines import LinesDesk
from .not_ours import NotOursDesk


class ConnectionsDesk(LinesDesk, NotOursDesk):
    """
    Connects store products with platform variants.
    """

    @command(PEOPLE, SYSTEM)
    def connect(
        self,
        store_id: str,
        rules: Sequence[MappingRule],
        *,
        listing: str = "",
        method: str = "",
        methods: Mapping[str, str] | None = None,
        command_id: str = "",
    ) -> ConnectionMade:
        """
        Connect a store product; orders that wait for it are tried by the relay.

        Args:
            rules: Store variant by store variant.

            listing: The shop's key of its product; the first SKU if not given.

            method: The shipping method, by its short or its full code (`card:std`);
                empty for the cheapest at each checkout.

            methods: By country (`GB`), where another method is wanted; empty for the
                cheapest there.

        Raises:
            NotFoundError: If there is no such shop or variant.

            AlreadyExistsError: If a SKU is connected already; change that connection.

            InvalidInputError: If nothing is mapped, or something twice.

            UnknownMethodError: If no freight connection has *method*.

            AmbiguousMethodError: If several have methods of that code.
        """
        new = NewConnection(
            store_id=store_id,
            listing=listing or (rules[0].name if rules else ""),
            rules=tuple(rules),
            method=method,
            methods=by_country(methods or {}),
        )
        made = self._app.pairing.connect(
            self._seller_id, new, by=self._by, command_id=command_id
        )
        return ConnectionMade(ConnectionId(made))

    @command(PEOPLE, SYSTEM)
    def connect_many(
        self, new: Sequence[NewConnection], *, command_id: str = ""
    ) -> Report[ConnectionMade]:
        """
        Connect many store products, a hundred a commit; a refused one is reported.

        Returns:
            `store/listing` -> the connection.
        """
        report = self._app.pairing.connect_many(
            self._seller_id, new, by=self._by, command_id=command_id
        )
        done = {n: ConnectionMade(ConnectionId(m)) for n, m in report.done.items()}
        return Report(done, report.failed)

    @command(PEOPLE, SYSTEM, at_desk=True)
    def copy(
        self, store_id: str, to_store_id: str, *, command_id: str = ""
    ) -> Report[ConnectionMade]:
        """
        Connect in a second shop what is connected in the first, by SKU, with methods
        and agreed prices; a refused connection is reported.

        The two are on their own from then on. A connection that goes by the first
        shop's own ids is refused, and one with a SKU that the second has connected.

        Returns:
            Connection of the first shop -> that of the second.

        Raises:
            NotFoundError: If the seller has no such shops.

            InvalidInputError: If they are the same.
        """
        report = self._app.pairing.copy(
            self._seller_id, store_id, to_store_id, by=self._by, command_id=command_id
        )
        done = {n: ConnectionMade(ConnectionId(m)) for n, m in report.done.items()}
        return Report(done, report.failed)

    @command(PEOPLE, SYSTEM)
    def change(
        self,
        connection_id: str,
        rules: Sequence[MappingRule] | None = None,
        *,
        method: str | None = None,
        methods: Mapping[str, str] | None = None,
        command_id: str = "",
    ) -> None:
        """
        Change what a connection pairs; unpaid orders follow, paid ones keep what they
        have.

        Args:
            rules: All rules from now on; those it has if not given.

            method: The shipping method from now on; the one it has if not given, empty
                for the cheapest.

            methods: By country, all of them from now on; those it has if not given.

        Raises:
            NotFoundError: If there is no such connection or variant.

            CommandRefusedError: If it has ended.

            InvalidInputError: If nothing is mapped, or a price that nobody quoted is
                named.
        """
        self._app.pairing.change(
            self._seller_id,
            connection_id,
            rules=rules,
            method=method,
            methods=None if methods is None else by_country(methods),
            by=self._by,
            command_id=command_id,
        )

    @command(PEOPLE, SYSTEM)
    def remove(self, connection_id: str, *, command_id: str = "") -> ConnectionEnded:
        """
        End a connection; unpaid orders that rest on it wait for pairing again.

        Raises:
            NotFoundError: If there is no such connection.

            CommandRefusedError: If it has ended.
        """
        count = self._app.pairing.remove(
            self._seller_id, connection_id, by=self._by, command_id=command_id
        )
        return ConnectionEnded(ConnectionId(connection_id), count)

    @command(STAFF, SYSTEM, at_desk=True)
    def drop_variant(self, variant_id: str, *, command_id: str = "") -> VariantDropped:
        """
        Take a variant that is not sold any more out of everything at once, as staff:
        the SKUs that need it are connected no longer, a connection that is left with
        none ends, and unpaid orders that rest on it wait for pairing again.

        The relay does the same for every seller after `catalog.discontinue`; doing it
        again changes nothing.
        """
        count = self._app.pairing.drop_variant(
            self._seller_id, variant_id, by=self._by, command_id=command_id
        )
        return VariantDropped(VariantId(variant_id), count)

    @reading()
    def get(self, connection_id: str) -> ConnectionView:
        """
        Return one connection, also one that has ended.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return connection_of(self._app.pairing.get(self._seller_id, connection_id))

    @reading()
    def list(
        self, *, store_id: str = "", after: str = "", limit: int = 50
    ) -> Page[ConnectionView]:
        """
        List connections, oldest first, of one shop or of all.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        way, prefix = (
            (CONNECTIONS_OF, (store_id,)) if store_id else (CONNECTIONS_OF_SELLER, ())
        )
        return self._mine(way, *prefix, convert=connection_of, after=after, limit=limit)

    @reading()
    def allowed(self, connection_id: str) -> tuple[str, ...]:
        """
        List the commands that can be done to a connection now.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._app.pairing.allowed(self._seller_id, connection_id, by=self._by)

    @reading()
    def why_not(self, connection_id: str, command: str) -> tuple[Blocker, ...]:
        """
        Return every reason why *command* cannot be done now; empty if it can.

        Raises:
            UnknownCommandError: If no connection has such a command.
        """
        return self._app.pairing.why_not(
            self._seller_id, connection_id, command, by=self._by
        )

    @reading()
    def history(self, connection_id: str) -> tuple[ConnectionStep, ...]:
        """
        Return every version of a connection, oldest first: when, by whom, and in words
        what changed.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._app.pairing.history(self._seller_id, connection_id)

    @reading()
    def coverage(self, store_id: str) -> Coverage:
        """
        Return the store variants that are not paired, and how much waits for each.

        Raises:
            NotFoundError: If the seller has no such shop.
        """
        return self._app.pairing.coverage(self._seller_id, store_id)
