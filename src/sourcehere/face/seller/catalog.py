"""
The platform's catalogue, as sellers search it.
"""

from collections.abc import Iterable, Mapping

from ...domain.catalog.model import search_words
from ...domain.kernel.checks import Link
from ...domain.kernel.ids import VariantId
from ...ports.storage import Key
from ...services.platform.catalog import Listing
from ...unit.tables.catalog import PRODUCTS
from ..lists import Cursor, Found, Page, check_limit, paged
from ..records.goods import ProductView, VariantView, product_of, variant_of
from ..scope import Desk, reading


class CatalogReadingDesk(Desk):
    """
    Finds products by words, by link and by SKU.
    """

    @reading()
    def get(self, product_id: str) -> ProductView:
        """
        Return a product with its variants.

        Raises:
            NotFoundError: If there is none.
        """
        return product_of(self._app.catalog.get(product_id))

    @reading()
    def variants(self, variant_ids: Iterable[str]) -> Mapping[VariantId, VariantView]:
        """
        Return variants by id; those that do not exist are absent.
        """
        found = self._app.catalog.variants(variant_ids)
        return {VariantId(n): variant_of(v) for n, v in found.items()}

    @reading()
    def find_by_sku(self, skus: Iterable[str]) -> Mapping[str, VariantView]:
        """
        Return variants by SKU, case ignored; unknown ones are absent.

        Returns:
            The SKU as it is compared (trimmed, small letters) -> the variant.
        """
        found = self._app.catalog.find_by_sku(skus)
        return {name: variant_of(v) for name, v in found.items()}

    @reading()
    def find_by_link(self, link: Link) -> tuple[ProductView, ...]:
        """
        Find products by the link of their page.
        """
        return tuple(product_of(p) for p in self._app.catalog.find_by_link(link))

    @reading()
    def list(self, *, after: str = "", limit: int = 20) -> Page[ProductView]:
        """
        List all products with their variants, the oldest first.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        check_limit(limit)
        cursor = Cursor((type(self).__name__, "list"), PRODUCTS.primary.index)

        def read(key: Key | None) -> Found[Listing]:
            behind = str(key[0]) if key else ""
            found, has_more = self._app.catalog.page(after=behind, limit=limit)
            return [((made.product.product_id,), made) for made in found], has_more

        return paged(read, product_of, cursor, after=after)

    @reading()
    def search(
        self, text: str, *, after: str = "", limit: int = 20
    ) -> Page[ProductView]:
        """
        Find products that have every word of *text* in a title, SKU or option value.

        Raises:
            InvalidInputError: If *text* has no word.

            InvalidCursorError: If *after* is no cursor of this search.
        """
        check_limit(limit)
        words = sorted(search_words(text))
        cursor = Cursor((type(self).__name__, *words), PRODUCTS.primary.index)

        def read(key: Key | None) -> Found[Listing]:
            behind = str(key[0]) if key else ""
            found, has_more = self._app.catalog.search(text, after=behind, limit=limit)
            return [((made.product.product_id,), made) for made in found], has_more

        return paged(read, product_of, cursor, after=after)
