"""
The platform's catalogue, as staff keep it.
"""

from collections.abc import Collection, Sequence

from ...domain.catalog.changes import CatalogEntry, ProductChange, VariantChange
from ...services.platform.catalog import NewProduct
from ...services.platform.touching import Touched
from ...services.platform.upkeep import CatalogEdit
from ...services.platform.upserting import CatalogRow, Upserted
from ...unit.tables.catalog import ENTRIES_OF
from ..lists import Page
from ..records.goods import ProductView, product_of
from ..scope import STAFF, command, reading
from ..seller.catalog import CatalogReadingDesk


class CatalogDesk(CatalogReadingDesk):
    """
    Adds products, changes them, and takes variants off sale and back.
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
    def change(
        self,
        variant_id: str,
        change: VariantChange,
        *,
        dry_run: bool = False,
        command_id: str = "",
    ) -> CatalogEdit:
        """
        Change a variant: its prices at once or from a day on, weight, sides,
        attributes, names, pictures, and whether the supplier has it.

        Orders that are paid keep what they were paid with. An open offer is refused at
        payment if the change alters what it costs or what is sent. What is out of stock
        can be paid only as far as the cloud warehouse has it.

        Args:
            dry_run: Tell what would change and what that touches, and change nothing.

        Raises:
            NotFoundError: If there is no such variant.

            InvalidInputError: If a field is out of its bounds; it names the field.

            AlreadyExistsError: If the SKU, case ignored, is another variant's.
        """
        return self._app.upkeep.change(
            variant_id, change, by=self._by, dry_run=dry_run, command_id=command_id
        )

    @command(STAFF)
    def change_product(
        self,
        product_id: str,
        change: ProductChange,
        *,
        dry_run: bool = False,
        command_id: str = "",
    ) -> CatalogEdit:
        """
        Change what the variants of a product share: title, link, pictures.

        Args:
            dry_run: Tell what would change, and change nothing.

        Raises:
            NotFoundError: If there is no such product.

            InvalidInputError: If a field is out of its bounds; it names the field.
        """
        return self._app.upkeep.change_product(
            product_id, change, by=self._by, dry_run=dry_run, command_id=command_id
        )

    @command(STAFF)
    def upsert(
        self,
        rows: Sequence[CatalogRow],
        *,
        dry_run: bool = False,
        command_id: str = "",
    ) -> Upserted:
        """
        Take variants as a file has them: those whose SKUs are known are changed, the
        others added. A wrong row is rejected with its reason, and the rest go on.

        Args:
            dry_run: Tell what would be done and what that touches, and do nothing.
        """
        return self._app.upserting.upsert(
            rows, by=self._by, dry_run=dry_run, command_id=command_id
        )

    @command(STAFF)
    def discontinue(
        self, variant_id: str, *, dry_run: bool = False, command_id: str = ""
    ) -> CatalogEdit:
        """
        Stop selling a variant; the relay takes it out of connections and orders.

        Args:
            dry_run: Tell what that touches, and change nothing.

        Raises:
            NotFoundError: If there is none.
        """
        return self._app.upkeep.discontinue(
            variant_id, by=self._by, dry_run=dry_run, command_id=command_id
        )

    @command(STAFF)
    def bring_back(self, variant_id: str, *, command_id: str = "") -> CatalogEdit:
        """
        Sell a variant again that was discontinued.

        What was connected to it stays without it, and is connected anew.

        Raises:
            NotFoundError: If there is none.
        """
        return self._app.upkeep.bring_back(
            variant_id, by=self._by, command_id=command_id
        )

    @reading(STAFF)
    def touched(self, variant_ids: Collection[str]) -> Touched:
        """
        Find the connections, open offers and quotes of all sellers that depend on any
        of these variants. Reads every connection once.
        """
        return self._app.upkeep.touched(variant_ids)

    @reading(STAFF)
    def history(
        self, product_id: str, *, after: str = "", limit: int = 20
    ) -> Page[CatalogEntry]:
        """
        List what was changed in a product and its variants, the oldest first: when, by
        whom, from what to what.

        Raises:
            NotFoundError: If there is no such product.

            InvalidCursorError: If *after* is no cursor of this list.
        """
        self._app.catalog.get(product_id)
        return self._everybodys(
            ENTRIES_OF,
            product_id,
            convert=lambda entry: entry,
            after=after,
            limit=limit,
        )
