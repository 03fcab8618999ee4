"""
Adapters that list variants of a shop, wrong in one thing of each, as real ones have
been.
"""

import attrs

from sourcehere.testing.kit.products_server import ServerProducts


class Changed(ServerProducts):
    """
    Tells each variant otherwise.
    """

    def _variant(self, told):
        return self._otherwise(super()._variant(told))


class NoSkuIsItsId(Changed):
    """
    Makes a SKU up where there is none.
    """

    def _otherwise(self, one):
        return attrs.evolve(one, sku=one.sku or f"#{one.external_variant_id}")


class NullIsASku(Changed):
    """
    Tells null where there is no SKU.
    """

    def _otherwise(self, one):
        return attrs.evolve(one, sku=one.sku or None)


class Trims(Changed):
    """
    Takes the blanks around a SKU away.
    """

    def _otherwise(self, one):
        return attrs.evolve(one, sku=one.sku.strip())


class Upper(Changed):
    """
    Writes SKUs in capitals.
    """

    def _otherwise(self, one):
        return attrs.evolve(one, sku=one.sku.upper())


class NumberSkus(Changed):
    """
    Reads SKUs as a spreadsheet does.
    """

    def _otherwise(self, one):
        is_number = one.sku.isdecimal()
        return attrs.evolve(one, sku=str(int(one.sku)) if is_number else one.sku)


class NumberIds(Changed):
    """
    Reads ids as numbers.
    """

    def _otherwise(self, one):
        return attrs.evolve(one, external_variant_id=int(one.external_variant_id))


class ShortIds(Changed):
    """
    Reads ids as numbers, and writes them as texts again.
    """

    def _otherwise(self, one):
        name = str(int(one.external_variant_id))
        return attrs.evolve(one, external_variant_id=name)


class RoundIds(Changed):
    """
    Reads the products' ids as a browser does.
    """

    def _otherwise(self, one):
        name = str(int(float(one.external_product_id)))
        return attrs.evolve(one, external_product_id=name)


class VariantIsProduct(Changed):
    """
    Tells the variant's id for the product's.
    """

    def _otherwise(self, one):
        return attrs.evolve(one, external_product_id=one.external_variant_id)


class NoOptions(Changed):
    """
    Tells no options.
    """

    def _otherwise(self, one):
        return attrs.evolve(one, options={})


class LowerOptions(Changed):
    """
    Writes the names of options small.
    """

    def _otherwise(self, one):
        options = {name.lower(): value for name, value in one.options.items()}
        return attrs.evolve(one, options=options)


class AsciiNames(Changed):
    """
    Writes names as its terminal can show them.
    """

    def _otherwise(self, one):
        return attrs.evolve(one, title=one.title.encode("ascii", "replace").decode())


class TitleIsTheProducts(ServerProducts):
    """
    Calls all variants of a product the same.
    """

    def _title(self, product, _):
        return product


class TitleIsTheVariants(ServerProducts):
    """
    Calls a variant by its options only.
    """

    def _title(self, product, values):
        return " / ".join(values) or product


class NoBarcodes(Changed):
    """
    Tells no barcode.
    """

    def _otherwise(self, one):
        return attrs.evolve(one, barcode="")


class NumberBarcodes(Changed):
    """
    Reads barcodes as numbers.
    """

    def _otherwise(self, one):
        is_number = one.barcode.isdecimal()
        code = str(int(one.barcode)) if is_number else one.barcode
        return attrs.evolve(one, barcode=code)


WRONG = tuple(
    value
    for value in vars().values()
    if isinstance(value, type)
    and issubclass(value, ServerProducts)
    and value not in (ServerProducts, Changed)
)
