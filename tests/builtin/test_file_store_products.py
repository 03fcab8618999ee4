"""
What the file store reads out of a shop's CSV file of products.
"""

import codecs

import attrs
import pytest

from sourcehere.builtin.file_config import FileStoreConfig
from sourcehere.builtin.file_errors import (
    HeaderError,
    UndecodableFileError,
    UnreadableRecordError,
)
from sourcehere.builtin.file_products import ProductContent
from sourcehere.builtin.file_store import FileStore, FileStoreWithProducts
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.domain.stores.listing import ListedVariant
from sourcehere.ports.errors import ConfigError, DeclinedError
from sourcehere.ports.platforms import SupportsProducts

CONFIG = FileStoreConfig(
    path="a.csv",
    fulfilments_path="b.csv",
    currency="USD",
    fee_codes=("post",),
    products_path="goods.csv",
)
ALL = "sku,title,variant_id,product_id,barcode,option:Size,option:Colour\n"


def read(text, *, config=CONFIG):
    """
    Parse a file of products.
    """
    data = text if isinstance(text, bytes) else text.encode()
    return ProductContent.parse(data, config).rows


def test_every_column():
    """
    SKU and title are verbatim, ids and options are not; an option without a value is
    none.
    """
    (tee, cap) = read(f"{ALL} TEE , Tee , 11 , 7,4006381333931,M , Blå\nCAP,,,,,,\n")

    assert tee == ListedVariant(
        sku=" TEE ",
        title=" Tee ",
        options={"Size": "M", "Colour": "Blå"},
        barcode="4006381333931",
        external_variant_id="11",
        external_product_id="7",
    )
    assert cap == ListedVariant(sku="CAP", title="")


def test_other_names_and_another_delimiter():
    """
    Columns are called as the configuration says, options too.
    """
    names = {"sku": "Artikel", "title": "", "option:Colour": "Farbe"}
    config = attrs.evolve(CONFIG, product_columns=names)
    data = codecs.BOM_UTF8 + b"Artikel;Farbe;Preis\r\nTEE;rot;1,20\r\n"

    wanted = ListedVariant(sku="TEE", title="", options={"Colour": "rot"})
    assert (wanted,) == read(data, config=config)


def test_any_file_of_a_spreadsheet():
    """
    As orders are read: other delimiters and encodings, words above the header.
    """
    text = "Our goods\nsku\ttitle\nTEE\tCafé\n"
    wanted = (ListedVariant(sku="TEE", title="Café"),)

    assert wanted == read(text.encode("utf-16"))
    config = attrs.evolve(CONFIG, encoding="cp1252")
    assert wanted == read(text.encode("cp1252"), config=config)


def test_rows_that_are_no_variants_say_why():
    """
    Their neighbours are variants; the same SKU of another id is another variant.
    """
    rows = "A,a,1\nA,a,2\n a ,a,1\nA,a\n,b,\nPost,Postage,\n,c,3\n,c,3\n"  # one a row

    kept = [ListedVariant(sku="A", title="a", external_variant_id=i) for i in "12"]
    assert (
        *kept,
        "row 3: it is the variant of row 1 again",
        "row 4: 2 cells, the header has 3",
        "row 5: sku and variant_id are empty",
        "row 6: sku is a fee of the shop, no product",
        ListedVariant(sku="", title="c", external_variant_id="3"),
        "row 8: it is the variant of row 7 again",
    ) == read(f"sku,title,variant_id\n{rows}")


def test_a_file_that_cannot_be_read_is_refused():
    """
    As the orders' file is, with the name of the products' file.
    """
    for data, error in (
        (b"sku\nA\n", HeaderError),
        (b"sku,title,option:Size,option:Size\n", HeaderError),
        (b"sku,title\n\0,x\n", UndecodableFileError),
        (b'sku,title\n"A,x\n', UnreadableRecordError),
    ):
        with pytest.raises(error) as ei:
            read(data)
        assert "goods.csv" == ei.value.path


def test_a_column_that_was_named_has_to_be_there():
    """
    Otherwise barcodes would be missing without a word.
    """
    config = attrs.evolve(CONFIG, product_columns={"barcode": "EAN"})
    with pytest.raises(HeaderError) as ei:
        read("sku,title,barcode\n", config=config)
    assert ("EAN",) == ei.value.missing


class TestPages:
    @pytest.fixture
    def store(self, tmp_path):
        """
        A shop of three rows, of which the second is no variant.
        """
        (tmp_path / "goods.csv").write_text("sku,title\nA,a\n,b\nC,c\n")
        return FileStoreWithProducts(CONFIG, folder=str(tmp_path))

    def test_all_rows_by_pages(self, store):
        """
        Each row is on one page, and the last page leads nowhere.
        """
        first = store.pull_products("", limit=2)
        last = store.pull_products(first.cursor, limit=2)

        assert (["A"], True) == ([v.sku for v in first.variants], first.has_more)
        assert ("row 2: sku and variant_id are empty",) == first.rejected
        assert (["C"], False, "") == (
            [v.sku for v in last.variants],
            last.has_more,
            last.cursor,
        )

    def test_a_file_that_changes_is_listed_again(self, store, tmp_path):
        """
        A place in another content is the beginning.
        """
        cursor = store.pull_products("", limit=2).cursor
        (tmp_path / "goods.csv").write_text("sku,title\nX,x\n")

        page = store.pull_products(cursor, limit=2)
        assert ["X"] == [variant.sku for variant in page.variants]

    def test_what_cannot_be_asked(self, store, tmp_path):
        """
        No page of nothing, and no file that is not there.
        """
        with pytest.raises(InvalidInputError):
            store.pull_products("", limit=0)
        (tmp_path / "goods.csv").unlink()
        with pytest.raises(DeclinedError):
            store.pull_products("", limit=1)

    def test_no_path_leads_out(self, tmp_path):
        """
        The file of products lies below the folder, as the others do.
        """
        config = attrs.evolve(CONFIG, products_path="../goods.csv")
        with pytest.raises(ConfigError) as ei:
            FileStoreWithProducts(config, folder=str(tmp_path))
        assert ["products_path"] == [problem.field for problem in ei.value.problems]

    def test_only_a_shop_with_the_file_tells_products(self, store, tmp_path):
        """
        Another one is known not to, before it is asked.
        """
        assert isinstance(store, SupportsProducts)
        other = FileStore(CONFIG, folder=str(tmp_path))
        assert not isinstance(other, SupportsProducts)
