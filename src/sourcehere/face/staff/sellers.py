"""
Who sells.
"""

from collections.abc import Mapping

from ...domain.kernel.ids import check_id, check_name
from ...domain.sellers.model import Salesman, Seller
from ...domain.sellers.promises import Promises
from ...unit.tables.sellers import SALESMEN, SELLERS, SELLERS_SERVED
from ..lists import Page
from ..scope import STAFF, Desk, command, reading


class SellersDesk(Desk):
    """
    Registers sellers, and says what is agreed with them.
    """

    @command(STAFF, at_desk=True)
    def register(
        self, seller_id: str, *, name: str, currency: str, command_id: str = ""
    ) -> Seller:
        """
        Register a seller, with an empty wallet in *currency*.

        Registering the same seller with the same facts again changes nothing.

        Args:
            seller_id: What the host calls them: letters, digits and `._:-`.

            currency: The settlement currency, ISO 4217; it never changes.

        Raises:
            InvalidInputError: If the id or the name cannot be one.

            UnknownCurrencyError: If ISO 4217 does not list *currency*.

            AlreadyExistsError: If the id is taken by another name or currency.
        """
        check_id("seller_id", seller_id)
        check_name("name", name)
        return self._app.sellers.register(
            seller_id, name=name, currency=currency, command_id=command_id
        )

    @command(STAFF, at_desk=True)
    def put_salesman(
        self,
        salesman_id: str,
        *,
        name: str,
        channels: Mapping[str, str],
        command_id: str = "",
    ) -> Salesman:
        """
        Say where a member of staff is reached who serves sellers; what was said before
        counts no longer.

        Args:
            salesman_id: Whose it is, as in `sh.staff(...)`.

            channels: Such as `{"whatsapp": "+86 138 0000 0000"}`, the best first.

        Raises:
            InvalidInputError: If an id, a name or a channel cannot be one.
        """
        check_id("salesman_id", salesman_id)
        check_name("name", name)
        for kind, address in channels.items():
            check_id("channels", kind)
            check_name(f"channels: {kind}", address)
        return self._app.salesmen.put(
            salesman_id,
            name=name,
            channels=channels,
            by=self._by,
            command_id=command_id,
        )

    @command(STAFF, at_desk=True)
    def assign(
        self, seller_id: str, salesman_id: str, *, command_id: str = ""
    ) -> Seller:
        """
        Let a salesman serve a seller from now on; an empty id for nobody.

        Raises:
            NotFoundError: If there is no such seller or salesman.
        """
        return self._app.salesmen.assign(
            seller_id, salesman_id, by=self._by, command_id=command_id
        )

    @command(STAFF, at_desk=True)
    def promise(
        self, seller_id: str, promises: Promises, *, command_id: str = ""
    ) -> Seller:
        """
        Promise a seller other times than everybody (`Settings.promises`), from now on:
        what was promised before is kept as it was.

        Args:
            promises: Days for each; -1 for as many as the platform says, 0 for no
                promise.

        Raises:
            NotFoundError: If there is no such seller.
        """
        return self._app.sellers.promise(
            seller_id, promises, by=self._by, command_id=command_id
        )

    @command(STAFF, at_desk=True)
    def allocate_by(
        self, seller_id: str, policy: str, *, command_id: str = ""
    ) -> Seller:
        """
        Serve a seller's orders by an allocation policy from now on. Offers that were
        made by another one are refused when they are paid, if they cost something else
        by it or leave from elsewhere.

        Args:
            policy: By name: `fill_available` from one warehouse, `split_available` from
                as many as it takes, `fill_all` from one that has all of an order or
                none, `fill_or_kill` from such a one or not at all, or one of a plugin;
                empty for that of the platform (`Settings.allocation_policy`).

        Raises:
            UnknownProviderError: If no plugin offers it.

            NotFoundError: If there is no such seller.
        """
        return self._app.sellers.allocate_by(
            seller_id, policy, by=self._by, command_id=command_id
        )

    @reading(STAFF)
    def salesmen(self, *, after: str = "", limit: int = 50) -> Page[Salesman]:
        """
        List who serves sellers, by id.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._everybodys(
            SALESMEN.primary, convert=lambda s: s, after=after, limit=limit
        )

    @reading(STAFF)
    def served_by(
        self, salesman_id: str, *, after: str = "", limit: int = 50
    ) -> Page[Seller]:
        """
        List the sellers whom a salesman serves, by id; those whom nobody serves for an
        empty id.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._everybodys(
            SELLERS_SERVED, salesman_id, convert=lambda s: s, after=after, limit=limit
        )

    @reading(STAFF)
    def get(self, seller_id: str) -> Seller:
        """
        Return a seller.

        Raises:
            NotFoundError: If nobody of that id is registered.
        """
        return self._app.sellers.get(seller_id)

    @reading(STAFF)
    def list(self, *, after: str = "", limit: int = 50) -> Page[Seller]:
        """
        List the sellers, by id.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._everybodys(
            SELLERS.primary, convert=lambda s: s, after=after, limit=limit
        )
