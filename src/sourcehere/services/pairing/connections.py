"""
Pairing store products with platform products, lastingly or for one order.
"""

from collections.abc import Collection, Sequence
from functools import partial

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker
from ...domain.kernel.ids import SellerId, StoreId
from ...domain.pairing.model import (
    Connection,
    ConnectionChanged,
    CountryMethod,
)
from ...domain.pairing.rules import MappingRule, keep_prices
from ...unit.seller_unit import SellerUnit
from ...unit.tables.pairing import CONNECTIONS_OF
from ...unit.tables.stores import STORES_OF
from ..base.bulk import BulkReport
from ..base.commands import Given
from ..base.methods import MethodCheck
from .connecting import NewConnection as NewConnection
from .connecting import (
    change_connection,
    lock_store,
    make_connection,
    name_of,
    products_of,
    remove_connection,
)
from .copying import Copying
from .coverage import Covering
from .dropping import keep_supplied
from .explaining import Explaining
from .help import Helping
from .history import ConnectionHistory
from .line_pairing import PairingOfLines
from .lookup import recognize
from .suggesting import Suggesting
from .waiting import waiting_for


class Pairing(
    Suggesting,
    Covering,
    Helping,
    PairingOfLines,
    Explaining,
    ConnectionHistory,
    Copying,
):
    """
    Connects, suggests, reports what is missing, and recognizes what waits.
    """

    def connect(
        self, seller_id: str, new: NewConnection, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        Connect a store product; the orders that wait for it are tried by the relay.

        Returns:
            The connection's id.

        Raises:
            NotFoundError: If there is no such store or variant.

            AlreadyExistsError: If a SKU of it, case ignored, is connected already.

            InvalidInputError: If it maps nothing, or names a price: quotes set those.

            UnknownMethodError: If no freight connection has its method.

            AmbiguousMethodError: If several have methods of that code.
        """
        report = self.connect_many(seller_id, [new], by=by, command_id=command_id)
        for error in report.failed.values():
            raise error
        return report.done[name_of(new)]

    def connect_many(
        self,
        seller_id: str,
        new: Sequence[NewConnection],
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Connect store products, a hundred a commit; a refused one is reported and the
        rest go on.

        Returns:
            Store and listing, joined by `/` -> the connection's id.
        """
        methods = MethodCheck(self._ports.providers)

        def work(
            unit: SellerUnit, items: Sequence[tuple[str, NewConnection]]
        ) -> dict[str, str]:
            for _, one in items:
                keep_prices((), one.rules)
                for code in one.codes:
                    methods.require(unit, code)
            products = products_of(unit, [new for _, new in items])
            return {
                name: make_connection(unit, one, products[name], by=by).connection_id
                for name, one in items
            }

        items = [(name_of(one), one) for one in new]
        given = Given(command_id, "connect", ())
        return self._each(SellerId(seller_id), given, items, work, str)

    def change(
        self,
        seller_id: str,
        connection_id: str,
        *,
        rules: Sequence[MappingRule] | None = None,
        method: str | None = None,
        methods: tuple[CountryMethod, ...] | None = None,
        by: Actor,
        command_id: str = "",
    ) -> None:
        """
        Change what a connection pairs; unpaid orders follow, paid ones keep what they
        have.

        A quoted price stays with its SKU while the variant it was quoted for does.

        Args:
            rules, method, methods: From now on; what the connection has where not
                given.

        Raises:
            NotFoundError: If there is no such connection or variant.

            CommandRefusedError: If it has ended, or *by* may not.

            InvalidInputError: If it maps nothing, or names a price nobody quoted.

            UnknownMethodError: If no freight connection has *method*.

            AmbiguousMethodError: If several have methods of that code.
        """

        def work(unit: SellerUnit) -> tuple[str, tuple[str, ...]]:
            connection = unit.connections.one(connection_id)
            known = (connection.method, *(one.method for one in connection.methods))
            check = MethodCheck(self._ports.providers)
            for code in (method or "", *(one.method for one in methods or ())):
                if code not in known:
                    check.require(unit, code)
            wanted = connection.rules if rules is None else tuple(rules)
            new = NewConnection(
                store_id=connection.store_id,
                listing=connection.listing,
                rules=keep_prices(connection.rules, wanted),
                method=connection.method if method is None else method,
                methods=connection.methods if methods is None else methods,
            )
            product_id = products_of(unit, [new])[name_of(new)]
            change = ConnectionChanged(
                product_id=product_id,
                method=new.method,
                methods=new.methods,
                rules=new.rules,
                by=by,
                occurred_at=unit.now,
            )
            return connection.store_id, tuple(
                change_connection(unit, connection, change)
            )

        request: tuple[object, ...] = (
            connection_id,
            None if rules is None else tuple(rules),
            method,
        )
        if methods is not None:  # commands of before have to be known again
            request = (*request, methods)
        store_id, skus = self._once(
            SellerId(seller_id),
            Given(command_id, "change_connection", request),
            work,
            tuple[str, tuple[str, ...]],
        )
        self._following.follow(seller_id, store_id, skus, by=by)

    def remove(
        self, seller_id: str, connection_id: str, *, by: Actor, command_id: str = ""
    ) -> int:
        """
        End a connection; unpaid orders that rest on it wait for pairing again.

        Returns:
            How many orders went back to Unrecognized.

        Raises:
            NotFoundError: If there is no such connection.

            CommandRefusedError: If it has ended, or *by* may not.
        """

        def work(unit: SellerUnit) -> tuple[str, tuple[str, ...]]:
            connection = unit.connections.one(connection_id)
            lock_store(unit, connection.store_id)
            return connection.store_id, tuple(
                remove_connection(unit, connection, by=by)
            )

        owner = SellerId(seller_id)
        given = Given(command_id, "remove_connection", connection_id)

        def remove_and_follow() -> int:
            store_id, skus = self._once(owner, given, work, tuple[str, tuple[str, ...]])
            return self._following.follow(seller_id, store_id, skus, by=by)

        return self._once_over(owner, given, remove_and_follow, int)

    def follow(
        self, seller_id: str, store_id: str, skus: Sequence[str], *, by: Actor
    ) -> int:
        """
        Bring unpaid orders in step with what *skus*, as compared, are connected to.

        Changing and removing a connection do it at once; the relay does it where they
        could not.

        Returns:
            How many orders went back to Unrecognized.
        """
        return self._following.follow(seller_id, store_id, skus, by=by)

    def drop_variant(
        self, seller_id: str, variant_id: str, *, by: Actor, command_id: str = ""
    ) -> int:
        """
        Follow a discontinued variant: backups take its place. What needs it without one
        is connected no longer, and its orders wait again; a connection that is left
        with nothing ends.

        Returns:
            How many orders went back to Unrecognized.
        """

        def drop() -> int:
            count = 0
            for connection in self._using(seller_id, {variant_id}):
                name = connection.connection_id
                keep = partial(keep_supplied, connection_id=name, by=by)
                store_id, skus = self._units.seller(SellerId(seller_id), keep)
                count += self._following.follow(seller_id, store_id, skus, by=by)
            count += self.use_backups(seller_id, [variant_id], by=by)
            return count + self._following.let_go(seller_id, variant_id, by=by)

        given = Given(command_id, "drop_variant", variant_id)
        return self._once_over(SellerId(seller_id), given, drop, int)

    def use_backups(
        self, seller_id: str, variant_ids: Collection[str], *, by: Actor
    ) -> int:
        """
        Let unpaid orders be supplied by what can be bought now: some variants went out
        of stock, or came back. The relay does it after the catalogue was changed.

        Returns:
            How many orders went back to Unrecognized.
        """
        keys: dict[StoreId, set[str]] = {}
        for connection in self._using(seller_id, variant_ids):
            backed_up = (rule.key for rule in connection.rules if rule.has_backups)
            keys.setdefault(connection.store_id, set()).update(backed_up)
        return sum(
            self._following.follow(
                seller_id, store_id, sorted(skus), by=by, in_step_too=True
            )
            for store_id, skus in keys.items()
            if skus
        )

    def _using(self, seller_id: str, variant_ids: Collection[str]) -> list[Connection]:
        """
        List the active connections that may need one of *variant_ids*.
        """
        return [
            connection
            for connection in self.connections(seller_id)
            if connection.is_active
            and any(
                not rule.variant_ids.isdisjoint(variant_ids)
                for rule in connection.rules
            )
        ]

    def get(self, seller_id: str, connection_id: str) -> Connection:
        """
        Return a connection, also one that has ended.

        Raises:
            NotFoundError: If there is none.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: unit.connections.one(connection_id, lock=False),
        )

    def allowed(
        self, seller_id: str, connection_id: str, *, by: Actor
    ) -> tuple[str, ...]:
        """
        List the commands that *by* can do to a connection now.
        """
        return self.get(seller_id, connection_id).allowed(by=by)

    def why_not(
        self, seller_id: str, connection_id: str, command: str, *, by: Actor
    ) -> tuple[Blocker, ...]:
        """
        Return every reason why *by* cannot do *command* now; empty if it can.

        Raises:
            UnknownCommandError: If no connection has such a command.
        """
        return self.get(seller_id, connection_id).blockers(command, by=by)

    def connections(
        self, seller_id: str, *, store_id: str = ""
    ) -> tuple[Connection, ...]:
        """
        List a seller's connections, of one store or of all.
        """

        def work(unit: SellerUnit) -> tuple[Connection, ...]:
            stores = [s.store_id for s in unit.each(STORES_OF)]
            wanted = [s for s in stores if store_id in ("", s)]
            return tuple(c for s in wanted for c in unit.each(CONNECTIONS_OF, s))

        return self._read(SellerId(seller_id), work)

    def try_waiting(
        self, seller_id: str, store_id: str, skus: Sequence[str], *, by: Actor
    ) -> int:
        """
        Try all orders that wait for *skus*, as compared, a hundred a commit.

        Returns:
            How many are recognized by it.
        """
        owner = SellerId(seller_id)

        def waiting(unit: SellerUnit) -> list[str]:
            return waiting_for(unit, skus)

        def work(unit: SellerUnit, *, part: Sequence[str]) -> int:
            orders = unit.orders.load(part)
            mine = [order for order in orders if order.store_id == store_id]
            return recognize(unit, mine, by=by, pay_within=self._settings.pay_within)

        count = 0
        tried: set[str] = set()
        # Lines that wait may have gone to a new part of their order while it was tried:
        # so until nothing is found that was not.
        while found := [n for n in self._read(owner, waiting) if n not in tried]:
            tried.update(found)
            for part in self._parts(found):
                count += self._units.seller(owner, partial(work, part=part))
        return count
