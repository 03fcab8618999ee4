"""
Commands of the platform's are done once per command id.
"""

import pytest

from sourcehere import Money, NewProduct, NewVariant, Price
from sourcehere.domain.kernel.errors import AlreadyExistsError, IdempotencyConflictError
from sourcehere.testing.factories import STAFF


def product(sku, title="A vase"):
    variant = NewVariant(sku=sku, weight_grams=10, prices=(Price(Money(100, "USD")),))
    return NewProduct(title=title, variants=(variant,))


class TestAdd:
    def test_repeated_it_is_one_product(self, bench):
        """
        The same command with the same id adds one product and gives it again.
        """
        catalog = bench.app.catalog
        first = catalog.add(product("VASE"), by=STAFF, command_id="c1")
        again = catalog.add(product("VASE"), by=STAFF, command_id="c1")

        assert first == again
        assert 1 == len(catalog.search("vase")[0])

    def test_another_request_with_its_id_is_refused(self, bench):
        """
        An id that was used for another product is refused, and nothing is added.
        """
        bench.app.catalog.add(product("VASE"), by=STAFF, command_id="c1")
        with pytest.raises(IdempotencyConflictError) as ei:
            bench.app.catalog.add(product("BOWL"), by=STAFF, command_id="c1")

        assert "c1" == ei.value.command_id
        assert {} == bench.app.catalog.find_by_sku(["BOWL"])

    def test_a_taken_sku_is_named(self, bench):
        """
        A SKU that is in the catalogue, in any case, is refused by its name.
        """
        with pytest.raises(AlreadyExistsError) as ei:
            bench.app.catalog.add(product("cup"), by=STAFF, command_id="c1")

        assert ("SKU", "CUP") == (ei.value.kind, ei.value.key)
