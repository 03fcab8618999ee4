"""
What the platform sells, and the words and links that find it.
"""

from ...domain.catalog.changes import CatalogEntry
from ...domain.catalog.model import Product, Variant
from ...domain.kernel.values import frozen
from ..records import Records


@frozen(kw_only=True)
class ProductWord:
    """
    One word that finds a product.
    """

    word: str
    product_id: str


PRODUCTS = Records("product", Product, key=["product_id"], derived=[("link_key", str)])
PRODUCTS_BY_LINK = PRODUCTS.way("by_link", equal=["link_key"])
PRODUCT_WORDS = Records("product_word", ProductWord, key=["word", "product_id"])
PRODUCTS_BY_WORD = PRODUCT_WORDS.way("by_word", equal=["word"])
VARIANTS = Records("variant", Variant, key=["variant_id"])
VARIANTS_BY_PRODUCT = VARIANTS.way("by_product", equal=["product_id"])
VARIANTS_BY_SKU = VARIANTS.way("by_sku", equal=["sku_key"], unique=True)
VARIANTS_BY_BARCODE = VARIANTS.way("by_barcode", equal=["barcode"])
CATALOG_ENTRIES = Records("catalog_entry", CatalogEntry, key=["entry_id"])
ENTRIES_OF = CATALOG_ENTRIES.way("of_product", equal=["product_id"], order=["entry_id"])

RECORDS = (PRODUCTS, PRODUCT_WORDS, VARIANTS, CATALOG_ENTRIES)
