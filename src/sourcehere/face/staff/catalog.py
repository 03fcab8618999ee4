"""
The platform's catalogue, as staff keep it.
"""

from collections.abc import Sequence

from ...domain.kernel.ids import VariantId
from ...services.platform.catalog import NewProduct
from ..records.goods import ProductView, product_of
from ..results import VariantDiscontinued
from ..scope import STAFF, command
from ..seller.catalog import CatalogReadingDesk


class CatalogDesk(CatalogReadingDesk):
    """
    Adds products, and takes variants off sale.
    """

    @command(STAFF)
    def add(self, product: NewProduct, *, command_id: str = "") -> ProductView:
        """
        Add a product with its variants.

        Raises:
            InvalidInputError: If a field is out of its bounds; it names the field.

            AlreadyExistsError: If a SKU, case ignored, is in the catalogue already.
        """
        made = self._app.catalog.add(product, by=self._by, command_id=command_id)
        return product_of(made)

    @command(STAFF)
    def add_many(
        self, products: Sequence[NewProduct], *, command_id: str = ""
    ) -> list[ProductView]:
        """
        Add products, a hundred a commit; a commit that fails adds none of its own.

        The same command again goes on after the last commit that was done.

        Raises:
            InvalidInputError: If a field is out of its bounds; it names the field.

            AlreadyExistsError: If a SKU, case ignored, is in the catalogue already.
        """
        made = self._app.catalog.add_many(products, by=self._by, command_id=command_id)
        return [product_of(listing) for listing in made]

    @command(STAFF)
    def discontinue(
        self, variant_id: str, *, command_id: str = ""
    ) -> VariantDiscontinued:
        """
        Stop selling a variant; the relay takes it out of connections and orders.

        Raises:
            NotFoundError: If there is none.
        """
        self._app.catalog.discontinue(variant_id, by=self._by, command_id=command_id)
        return VariantDiscontinued(VariantId(variant_id))
