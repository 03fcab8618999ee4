"""
The contract of shops that tell what they sell: subclass `ProductsContract`, fill in one
method.

```python
class TestMyProducts(ProductsContract):
    def make_lab(self):
        return MyProductsLab()
```
"""

from collections.abc import Sequence
from typing import ClassVar

import pytest

from ...domain.stores.listing import ListedVariant
from ...ports.platforms import SupportsProducts
from .faults import WireFault
from .guard import Guarded
from .lab_case import LabCase, assert_told_as, failure_of
from .products_asking import (
    Listing,
    assert_all,
    listed,
    one_of,
    page_of,
    pages,
    sold_of,
)
from .products_lab import ProductIds, ProductsLab, ShopProduct, ShopVariant

_MANY = 105  # more than the core asks for at a time
_LIMITS = (1, 2, 7, 100)
# More requests than any adapter needs for half a dozen variants.
_REQUESTS_MAX = 30
# No adapter made them; they may look like places, or like numbers of pages.
_STRANGE = ("none", "7", "-1", "999999999", "12345678901234567890", "null", "😀 ")


class ProductsContract(LabCase[ProductsLab], Guarded):
    """
    What `sourcehere.ports.platforms.SupportsProducts` promises.

    Attributes:
        faults: What the line can do.

        left_out: Name of a test -> why this shop cannot pass it. Set the test to None
            in your class as well.
    """

    faults: ClassVar[Sequence[WireFault]] = tuple(WireFault)

    @pytest.fixture
    def shop(self, lab: ProductsLab) -> SupportsProducts:
        """
        Return the adapter under test.
        """
        return lab.connect()

    def test_a_variant_is_listed_as_it_is_sold(
        self, lab: ProductsLab, shop: SupportsProducts
    ) -> None:
        """
        Once, with its SKU, its name, and the shop's own ids, which are texts.
        """
        product = _single("Mug", "MUG-1")
        ids = lab.add(product)
        other = lab.add(_single("Plate", "PLATE-1"))
        found = listed(shop)

        assert_all(found, (*ids.variant_ids, *other.variant_ids))
        _assert_listed(found, product, ids)

    def test_skus_are_verbatim(self, lab: ProductsLab, shop: SupportsProducts) -> None:
        """
        Case, zeros in front, blanks at the edges, signs, letters of other alphabets and
        digits stay as they are, as orders have them.
        """
        skus = ("mug", "MUG", "007", " 42 ", "a/b.c_d-e", "箱-é", "1e5", "1" * 20)
        ids = {sku: lab.add(_single("Mug", sku)).variant_ids[0] for sku in skus}
        found = listed(shop)

        for sku, name in ids.items():
            told = one_of(found, name).sku
            assert sku == told, f"the shop has SKU {sku!r}, and it is told as {told!r}"

    def test_names_and_options_are_verbatim(
        self, lab: ProductsLab, shop: SupportsProducts
    ) -> None:
        """
        In any alphabet, in their own case; a value that looks like a number is a text.
        """
        for title, options in (
            ("Tasse „Ætna“, 2 % off; <b>", {"Größe": "XL", "FARBE": "ocker/grün"}),
            ("茶杯", {"颜色": "蓝", "size": "007"}),
            ("O'Brien's \\ mug", {"Motif": "1e5", "größe": "true"}),
        ):
            product = ShopProduct(title=title, variants=(_sku(title, options),))
            ids = lab.add(product)
            _assert_listed(listed(shop), product, ids)

    def test_a_product_has_several_variants(
        self, lab: ProductsLab, shop: SupportsProducts
    ) -> None:
        """
        Each is listed, under its own id and that of the product.
        """
        first, second = _of_sizes("Tee", 3), _of_sizes("Cap", 2)
        both = [(product, lab.add(product)) for product in (first, second)]
        found = listed(shop)

        for product, ids in both:
            _assert_listed(found, product, ids)
        assert_all(found, [name for _, ids in both for name in ids.variant_ids])

    def test_a_product_of_many_variants_is_whole(
        self, lab: ProductsLab, shop: SupportsProducts
    ) -> None:
        """
        One that has more of them than a page of the shop's.
        """
        ids = lab.add(_of_sizes("Tee", _MANY))
        assert_all(listed(shop), ids.variant_ids)

    def test_variants_of_one_sku_are_several(
        self, lab: ProductsLab, shop: SupportsProducts
    ) -> None:
        """
        A SKU that was entered twice is none the less that of two variants.
        """
        variants = (_sku("TEE", {"Size": "S"}), _sku("TEE", {"Size": "M"}))
        ids = lab.add(ShopProduct(title="Tee", variants=variants))
        other = lab.add(_single("Another tee", "TEE"))

        assert_all(listed(shop), (*ids.variant_ids, *other.variant_ids))

    def test_a_variant_without_a_sku_is_listed(
        self, lab: ProductsLab, shop: SupportsProducts
    ) -> None:
        """
        With an empty one: it is known by its id.
        """
        variants = (_sku("", {"Size": "S"}), _sku("", {"Size": "M"}))
        product = ShopProduct(title="Tee", variants=variants)
        ids, single = lab.add(product), lab.add(_single("Mug", ""))
        found = listed(shop)

        _assert_listed(found, product, ids)
        assert_all(found, (*ids.variant_ids, *single.variant_ids))

    def test_barcodes_are_told(self, lab: ProductsLab, shop: SupportsProducts) -> None:
        """
        With the zeros in front; without a barcode it is empty.
        """
        code = "0012345678905"
        has, none = ShopVariant(sku="A", barcode=code), ShopVariant(sku="B")
        names = [
            lab.add(ShopProduct(title="Mug", variants=(one,))).variant_ids[0]
            for one in (has, none)
        ]
        found = listed(shop)
        told = [one_of(found, name).barcode for name in names]

        assert [code, ""] == told, f"barcode {code} and none are told as {told}"

    def test_what_is_not_sold_is_not_listed(
        self, lab: ProductsLab, shop: SupportsProducts
    ) -> None:
        """
        Neither a draft nor what is in the archive, until customers can buy it.
        """
        sold = _single("Mug", "MUG")
        draft = ShopProduct(
            title="Tee", variants=_of_sizes("Tee", 2).variants, is_sold=False
        )
        mug, tee = lab.add(sold), lab.add(draft)
        assert_all(listed(shop), mug.variant_ids)

        lab.change(tee, _of_sizes("Tee", 2))
        lab.change(mug, ShopProduct(title="Mug", variants=sold.variants, is_sold=False))
        assert_all(listed(shop), tee.variant_ids)

    def test_what_changed_is_listed_as_it_is(
        self, lab: ProductsLab, shop: SupportsProducts
    ) -> None:
        """
        Also by an adapter that listed it before: nothing of it is kept.
        """
        tee, mug = lab.add(_of_sizes("Tee", 2)), lab.add(_single("Mug", "MUG"))
        assert 3 == len(listed(shop))
        new = ShopProduct(
            title="T-shirt",
            variants=(_sku("T-S", {"Size": "0"}), _sku("T-M", {"Size": "1"})),
        )
        lab.change(tee, new)
        lab.remove(mug)
        plate = lab.add(_single("Plate", "PLATE"))
        found = listed(shop)

        assert_all(found, (*tee.variant_ids, *plate.variant_ids))
        _assert_listed(found, new, tee)

    @pytest.mark.parametrize("limit", _LIMITS)
    def test_pages_hold_every_variant_once(
        self, lab: ProductsLab, shop: SupportsProducts, limit: int
    ) -> None:
        """
        However many are asked for at a time, also by other processes, each of which
        goes on from the cursor that another one was told.
        """
        names = _many_kinds(lab)
        assert_all(listed(shop, limit=limit), names)

        others: list[ListedVariant] = []
        cursor = ""
        for _ in range(_MANY):
            page = page_of(lab.connect(), cursor, limit=limit)
            others += page.variants
            cursor = page.cursor
            if not cursor:
                break
        assert_all(others, names)

    def test_a_page_of_a_hundred_is_read(
        self, lab: ProductsLab, shop: SupportsProducts
    ) -> None:
        """
        As the core asks for one; a shop that tells fewer at a time has more.
        """
        ids = [lab.add(_single("Mug", f"MUG-{n}")) for n in range(_MANY)]
        assert_all(listed(shop), [one.variant_ids[0] for one in ids])

    def test_a_shop_that_sells_nothing_has_an_end(self, shop: SupportsProducts) -> None:
        """
        One page, with nothing in it and nothing behind it.
        """
        assert Listing((), "", ()) == page_of(shop, limit=10)

    @pytest.mark.parametrize("change", ["edit", "add", "remove"])
    def test_a_change_between_pages_loses_nothing(
        self, lab: ProductsLab, shop: SupportsProducts, change: str
    ) -> None:
        """
        What the shop sold all the while is listed, whatever the merchant did to its
        neighbours; some of it may be listed again.
        """
        ids = [lab.add(_single(f"Mug {n}", f"MUG-{n:02}")) for n in range(13)]
        names = {one.variant_ids[0]: one for one in ids}
        told: list[str] = []
        for number, page in enumerate(pages(shop, limit=2)):
            told += [one.external_variant_id for one in page.variants]
            if number == 0:
                left = [name for name in names if name not in told]
                before = [names[name] for name in (told[0], told[-1])]
                _make(lab, change, before, names[left[-1]])
        lost = sorted(names.keys() - set(told))

        assert lost == [], (
            f"between two pages there was one {change}, and {len(lost)} variants that"
            f" the shop sold all the while are not listed: {lost}"
        )

    @pytest.mark.parametrize("cursor", _STRANGE, ids=repr)
    def test_a_cursor_that_is_none_is_no_place(
        self, lab: ProductsLab, shop: SupportsProducts, cursor: str
    ) -> None:
        """
        One that the adapter did not make is refused, or it begins at the beginning: no
        part is told as if it were all.
        """
        names = [lab.add(_single("Mug", f"MUG-{n}")).variant_ids[0] for n in range(12)]
        read: list[Listing] = []
        error = failure_of(lambda: read.extend(pages(shop, cursor, limit=5)))
        if error is not None:
            return
        told = {one.external_variant_id for page in read for one in page.variants}
        assert set(names) == told, (
            f"from the cursor {cursor!r} on, which no page told, {len(told)} of"
            f" {len(names)} variants are listed as if they were all: raise a"
            " ProviderError, or begin at the beginning"
        )

    @pytest.mark.parametrize("fault", WireFault, ids=lambda fault: fault.value)
    def test_a_failure_is_not_the_end(
        self, lab: ProductsLab, shop: SupportsProducts, fault: WireFault
    ) -> None:
        """
        Whichever request met it, it is told which kind of failure it was, and whoever
        goes on from the same cursor has all. What makes no sense may be set aside.
        """
        if fault not in self.faults:
            pytest.skip("its line cannot do that")
        tees = [lab.add(_of_sizes(title, 2)) for title in ("Tee", "Cap", "Hat")]
        names = [name for one in tees for name in one.variant_ids]
        for after in range(_REQUESTS_MAX):
            lab.line.fail(fault, after=after)
            read: list[Listing] = []
            error = failure_of(lambda read=read: _read_into(read, shop))  # type: ignore[misc]  # bound now
            if not lab.line.heal():
                assert after, "no request of the adapter asked the lab's line"
                return
            found = [one for page in read for one in page.variants]
            if error is not None:
                assert_told_as(fault, error)
                cursor = read[-1].cursor if read else ""
                assert_all([*found, *listed(shop, cursor)], names)
            elif not any(page.rejected for page in read):
                told = {one.external_variant_id for one in found}
                assert set(names) == told, (
                    f"{fault} was met, and {len(told)} of {len(names)} variants are"
                    " listed as if they were all: raise a ProviderError"
                )
        pytest.fail(f"six variants take more than {_REQUESTS_MAX} requests")


def _sku(sku: str, options: dict[str, str]) -> ShopVariant:
    return ShopVariant(sku=sku, options=options)


def _single(title: str, sku: str) -> ShopProduct:
    return ShopProduct(title=title, variants=(ShopVariant(sku=sku),))


def _of_sizes(title: str, count: int) -> ShopProduct:
    variants = tuple(_sku(f"{title}-{n}", {"Size": f"{n}"}) for n in range(count))
    return ShopProduct(title=title, variants=variants)


def _many_kinds(lab: ProductsLab) -> list[str]:
    """
    Let a shop sell single things and some of three sizes; return the variants' ids.
    """
    names: list[str] = []
    for number in range(12):
        title = f"Thing {number}"
        is_single = number % 3
        product = _single(title, title) if is_single else _of_sizes(title, 3)
        names += lab.add(product).variant_ids
    return names


def _make(
    lab: ProductsLab, change: str, told: Sequence[ProductIds], to_come: ProductIds
) -> None:
    """
    Let the merchant do something to what was told already, and to what was not.
    """
    match change:
        case "edit":
            for number, ids in enumerate((*told, to_come)):
                lab.change(ids, _single("A new mug", f"A-NEW-MUG-{number}"))
        case "remove":
            for ids in told:
                lab.remove(ids)
        case _:
            lab.add(_single("A new mug", "A-NEW-MUG"))


def _read_into(read: list[Listing], shop: SupportsProducts) -> None:
    for page in pages(shop):
        read.append(page)  # noqa: PERF402 - those before a failure are needed


def _assert_listed(
    found: Sequence[ListedVariant], product: ShopProduct, ids: ProductIds
) -> None:
    """
    Hold what is told of each variant of a product to what its merchant entered.
    """
    for variant, wanted in zip(product.variants, sold_of(product, ids), strict=True):
        one = one_of(found, str(wanted["external_variant_id"]))
        for field, value in wanted.items():
            told = getattr(one, field)
            told = dict(told) if field == "options" else told
            assert value == told, (
                f"{field} is {value!r} in the shop, and told as {told!r}"
            )
        for words in (product.title, *variant.options.values()):
            assert words in one.title, (
                f"variant {one.external_variant_id!r} of {product.title!r} with"
                f" {dict(variant.options)} has the title {one.title!r}, in which"
                f" {words!r} is not"
            )
