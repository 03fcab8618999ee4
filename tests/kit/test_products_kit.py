"""
The contract of products, on an adapter that keeps it, on the shop in memory, and on
shops that are files.
"""

import csv
import itertools
from typing import ClassVar

import pytest
from lined import Lined

from sourcehere.builtin.file_config import FileStoreConfig
from sourcehere.builtin.file_store import FileStoreWithProducts
from sourcehere.domain.stores.listing import ListedVariant
from sourcehere.testing.fake_shop import FakeShop
from sourcehere.testing.kit import (
    FaultLine,
    ProductIds,
    ProductsContract,
    ProductServer,
    ServerProducts,
)

COLUMNS = ("sku", "title", "variant_id", "product_id", "barcode")


class TestServerProducts(ProductsContract):
    """
    The adapter of the server in memory.
    """

    def make_lab(self):
        """
        Make a server.
        """
        return ProductServer(ServerProducts)


class KeptLab:
    """
    A merchant who keeps a list, and gives out ids with zeros in front.
    """

    def __init__(self):
        self.line, self.kept = FaultLine(), {}
        self._count = 0

    def add(self, product, /):
        """
        Write a product down.
        """
        variants = tuple(self._next_id() for _ in product.variants)
        ids = ProductIds(product_id=self._next_id(), variant_ids=variants)
        self.change(ids, product)
        return ids

    def change(self, ids, product, /):
        """
        Write down what a product is now.
        """
        self.kept[ids] = product
        self.changed()

    def remove(self, ids, /):
        """
        Strike a product out.
        """
        del self.kept[ids]
        self.changed()

    def listed(self):
        """
        Return all that is sold.
        """
        return [
            ListedVariant(
                sku=variant.sku,
                title=" - ".join((product.title, *variant.options.values())),
                options=variant.options,
                barcode=variant.barcode,
                external_variant_id=name,
                external_product_id=ids.product_id,
            )
            for ids, product in self.kept.items()
            for name, variant in zip(ids.variant_ids, product.variants, strict=True)
            if product.is_sold
        ]

    def _next_id(self):
        self._count += 1
        return f"{self._count:020}"


class FakeShopLab(KeptLab):
    """
    The shop in memory.
    """

    def __init__(self):
        super().__init__()
        self.shop = FakeShop()

    def connect(self):
        """
        Return the shop behind its line.
        """
        return Lined(self.shop, self.line)

    def changed(self):
        """
        Put what is sold there.
        """
        self.shop.products = self.listed()


class FileLab(KeptLab):
    """
    A folder with a file of products, which is written anew with each change.
    """

    def __init__(self, folder):
        super().__init__()
        self._folder = folder
        self.changed()

    def connect(self):
        """
        Make another adapter of the same file.
        """
        names = ("path", "fulfilments_path", "products_path")
        paths = {name: str(self._folder / f"{name}.csv") for name in names}
        config = FileStoreConfig(currency="USD", **paths)
        store = FileStoreWithProducts(config, folder=str(self._folder))
        return Lined(store, self.line)

    def changed(self):
        """
        Export what is sold.
        """
        sold = self.listed()
        options = sorted({name for one in sold for name in one.options})
        path = self._folder / "products_path.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow((*COLUMNS, *(f"option:{name}" for name in options)))
            for one in sold:
                ids = (one.external_variant_id, one.external_product_id)
                values = (one.options.get(name, "") for name in options)
                writer.writerow((one.sku, one.title, *ids, one.barcode, *values))


class TestFakeShop(ProductsContract):
    """
    The shop in memory that tests of services use.
    """

    def make_lab(self):
        """
        Make a shop.
        """
        return FakeShopLab()


class TestFileStore(ProductsContract):
    """
    A shop that is a file.
    """

    test_what_is_not_sold_is_not_listed = None
    left_out: ClassVar = {
        "test_what_is_not_sold_is_not_listed": (
            "an export has no drafts: whoever writes it leaves out what is not sold"
        ),
    }

    @pytest.fixture(autouse=True)
    def folder(self, tmp_path):
        """
        Keep where the labs of a test have their folders.
        """
        self._folders = (tmp_path / str(n) for n in itertools.count())

    def make_lab(self):
        """
        Make a shop that sells nothing yet.
        """
        folder = next(self._folders)
        folder.mkdir()
        return FileLab(folder)
