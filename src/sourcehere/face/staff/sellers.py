"""
Who sells.
"""

from ...domain.kernel.ids import check_id, check_name
from ...domain.sellers.model import Seller
from ...unit.tables.sellers import SELLERS
from ..lists import Page
from ..scope import STAFF, Desk, command, reading


class SellersDesk(Desk):
    """
    Registers sellers.
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
