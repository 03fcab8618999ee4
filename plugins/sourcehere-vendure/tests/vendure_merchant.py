"""
A merchant who adds products to a shop on Vendure, in its Admin API.
"""

from collections.abc import Mapping
from typing import Any

from vendure_customer import merchant
from vendure_lab import VendureLab
from vendure_process import VendureServer

from sourcehere.testing.kit import ProductIds, ShopProduct, ShopVariant

_GROUP = """
mutation ($group: CreateProductOptionGroupInput!) {
  createProductOptionGroup(input: $group) { id options { id code } }
}
"""
_PRODUCT = """
mutation ($product: CreateProductInput!) {
  createProduct(input: $product) { id }
}
"""
_HAS = """
mutation ($product: ID!, $group: ID!) {
  addOptionGroupToProduct(productId: $product, optionGroupId: $group) { id }
}
"""
_VARIANTS = """
mutation ($variants: [CreateProductVariantInput!]!) {
  createProductVariants(input: $variants) { id }
}
"""
_CHANGE = """
mutation ($product: UpdateProductInput!, $variants: [UpdateProductVariantInput!]!) {
  updateProduct(input: $product) { id }
  updateProductVariants(input: $variants) { id }
}
"""
_DISABLE = """
mutation ($id: ID!) {
  updateProductVariants(input: [{ id: $id, enabled: false }]) { id }
}
"""
_REMOVE = "mutation ($id: ID!) { deleteProduct(id: $id) { result } }"


class VendureProductsLab(VendureLab):
    """
    A shop that sells nothing yet, and its merchant.
    """

    def __init__(self, server: VendureServer, **config: object) -> None:
        super().__init__(server, **config)
        server.door("clear_products")
        self._merchant, self._count = merchant(server), 0

    def add(self, product: ShopProduct, /) -> ProductIds:
        """
        Add one, with the options that its variants have.
        """
        made = self._merchant.ask(_PRODUCT, product=_told(product))
        name = str(made["createProduct"]["id"])
        options = self._options(name, product)
        variants = [
            {
                "productId": name,
                "price": 1234,
                "optionIds": [options[pair] for pair in variant.options.items()],
                **_variant(product, variant),
            }
            for variant in product.variants
        ]
        told = self._merchant.ask(_VARIANTS, variants=variants)["createProductVariants"]
        names = tuple(str(one["id"]) for one in told)
        return ProductIds(product_id=name, variant_ids=names)

    def change(self, ids: ProductIds, product: ShopProduct, /) -> None:
        """
        Let one be otherwise, with the options that it has.
        """
        variants = [
            {"id": name, **_variant(product, variant)}
            for name, variant in zip(ids.variant_ids, product.variants, strict=True)
        ]
        told = {"id": ids.product_id, **_told(product)}
        self._merchant.ask(_CHANGE, product=told, variants=variants)

    def disable(self, name: str) -> None:
        """
        Let nobody buy a variant.
        """
        self._merchant.ask(_DISABLE, id=name)

    def remove(self, ids: ProductIds, /) -> None:
        """
        Delete one.
        """
        self._merchant.ask(_REMOVE, id=ids.product_id)

    def _options(
        self, name: str, product: ShopProduct
    ) -> Mapping[tuple[str, str], str]:
        """
        Let a product have options; return their ids by name and value.
        """
        found: dict[tuple[str, str], str] = {}
        for option in product.variants[0].options:
            values = list(dict.fromkeys(v.options[option] for v in product.variants))
            self._count += 1
            code = f"group-{name}-{self._count}"
            group = {
                "code": code,
                "translations": [{"languageCode": "en", "name": option}],
                "options": [
                    {
                        "code": f"{code}-{place}",
                        "translations": [{"languageCode": "en", "name": value}],
                    }
                    for place, value in enumerate(values)
                ],
            }
            made = self._merchant.ask(_GROUP, group=group)["createProductOptionGroup"]
            self._merchant.ask(_HAS, product=name, group=made["id"])
            by_code = {one["code"]: one["id"] for one in made["options"]}
            for place, value in enumerate(values):
                found[option, value] = by_code[f"{code}-{place}"]
        return found


def _told(product: ShopProduct) -> dict[str, Any]:
    words = {"languageCode": "en", "name": product.title, "slug": "", "description": ""}
    return {"enabled": product.is_sold, "translations": [words]}


def _variant(product: ShopProduct, variant: ShopVariant) -> dict[str, Any]:
    """
    Return a variant as the dashboard names it: after its product and options.
    """
    name = " ".join((product.title, *variant.options.values()))
    return {"sku": variant.sku, "translations": [{"languageCode": "en", "name": name}]}
