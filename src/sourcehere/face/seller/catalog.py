"""
The platform's catalogue, as sellers search it.
"""

from collections.abc import Iterable, Mapping

from ...domain.kernel.ids import VariantId
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
    def find_by_link(self, link: str) -> tuple[ProductView, ...]:
        """
        Find products by the link of their page.
        """
        return tuple(product_of(p) for p in self._app.catalog.find_by_link(link))

    @reading()
    def search(self, text: str, *, limit: int = 20) -> tuple[ProductView, ...]:
        """
        Find products that have every word of *text*.
        """
        return tuple(product_of(p) for p in self._app.catalog.search(text, limit=limit))
