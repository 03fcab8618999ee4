"""
Which files and configurations the file store refuses, and how it says so.
"""

import attrs
import pytest

from sourcehere.builtin.file_config import FileStoreConfig
from sourcehere.builtin.file_errors import (
    FileStoreError,
    HeaderError,
    UndecodableFileError,
    UnreadableRecordError,
)
from sourcehere.builtin.file_orders import FileContent
from sourcehere.builtin.file_store import FileStore
from sourcehere.domain.kernel.errors import (
    CallerError,
    InvalidInputError,
    UnknownCurrencyError,
)
from sourcehere.ports.errors import DeclinedError

CONFIG = FileStoreConfig(path="a.csv", fulfilments_path="b.csv", currency="USD")
HEADER = b"order_number,sku,title,quantity,unit_price,placed_at,customer,country\n"
ROW = b"1,A,a,1,1.00,2020-01-01,,GB\n"


def refuse(data: bytes, *, config: FileStoreConfig = CONFIG) -> FileStoreError:
    """
    Return the error that parsing *data* raises.
    """
    with pytest.raises(FileStoreError) as ei:
        FileContent.parse(data, config)
    assert isinstance(ei.value, CallerError)
    return ei.value


class TestFile:
    def test_missing_columns_are_named(self):
        """
        Every configured column that the header lacks is named, by its own title.
        """
        config = attrs.evolve(CONFIG, columns={"sku": "Article"})
        error = refuse(HEADER.replace(b"quantity", b"Qty"), config=config)

        assert isinstance(error, HeaderError)
        assert ("quantity", "Article") == error.missing

    def test_missing_columns_of_a_semicolon_file(self):
        """
        The delimiter that explains more of the header is the one spoken of.
        """
        error = refuse(HEADER.replace(b",", b";").replace(b"quantity", b"x"))

        assert ("quantity",) == error.missing

    def test_repeated_column(self):
        """
        A configured column that stands twice is ambiguous; another one may.
        """
        assert ("sku",) == refuse(HEADER.replace(b"title", b"sku")).repeated
        FileContent.parse(HEADER.replace(b"\n", b",x,x\n"), CONFIG)

    def test_named_currency_column_must_exist(self):
        """
        A currency column is optional until the configuration names it.
        """
        config = attrs.evolve(CONFIG, columns={"currency": "Currency"})

        assert ("Currency",) == refuse(HEADER, config=config).missing

    def test_empty_file(self):
        """
        A file without a header lacks every column that there has to be.
        """
        needed = ("order_number", "quantity", "placed_at", "sku or variant_id or title")
        assert needed == refuse(b"").missing

    def test_no_utf8_tells_where(self):
        """
        Bytes that are no UTF-8 are told by offset and line, the BOM counted.
        """
        error = refuse(b"\xef\xbb\xbf" + HEADER + ROW.replace(b"A", b"\xe9"))

        assert isinstance(error, UndecodableFileError)
        assert (3 + len(HEADER) + 2, 2) == (error.byte, error.line)

    def test_nul_tells_where(self):
        """
        A NUL, as a torn disk leaves it, is refused by offset and line.
        """
        error = refuse(HEADER + ROW + ROW.replace(b"A", b"\0"))

        assert isinstance(error, UndecodableFileError)
        assert (len(HEADER + ROW) + 2, 3) == (error.byte, error.line)

    @pytest.mark.parametrize(
        "bad",
        [
            b'2,A,"never closed,1,1.00,2020-01-01,,GB\n' + ROW,
            b'2,A,"closed" twice,1,1.00,2020-01-01,,GB\n' + ROW,
            b'2,A,"' + b"x" * 200_000 + b'",1,1.00,2020-01-01,,GB\n',
        ],
    )
    def test_record_without_a_certain_end(self, bad):
        """
        A record that could swallow those behind it stops the file, by its number.
        """
        error = refuse(HEADER + ROW + bad)

        assert isinstance(error, UnreadableRecordError)
        assert 2 == error.record

    def test_absent_file(self, tmp_path):
        """
        A file that is not there is the counterparty's failure: nothing happened.
        """
        store = FileStore(attrs.evolve(CONFIG, path="none.csv"), folder=str(tmp_path))

        with pytest.raises(DeclinedError) as ei:
            store.pull_orders("", limit=1)
        assert "file" == ei.value.provider


class TestConfig:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"path": ""}, "path"),
            ({"fulfilments_path": "./x/../a.csv"}, "fulfilments_path"),
            ({"time_zone": "Europe/Atlantis"}, "time_zone"),
            ({"time_zone": "../etc"}, "time_zone"),
            ({"time_zone": "Europe"}, "time_zone"),
            ({"time_zone": ""}, "time_zone"),
            ({"columns": {"price": "x"}}, "columns"),
            ({"columns": {"quantity": ""}}, "columns.quantity"),
            ({"profile": "shoplify"}, "profile"),
            ({"decimal": "x"}, "decimal"),
            ({"identity": ()}, "identity"),
            ({"identity": ("name",)}, "identity"),
            ({"encoding": "latin-17"}, "encoding"),
            ({"products_path": "x/../b.csv"}, "products_path"),
            ({"products_path": "a\0"}, "products_path"),
            ({"product_columns": {"price": "x"}}, "product_columns"),
            ({"product_columns": {"option:": "x"}}, "product_columns"),
            ({"product_columns": {"sku": ""}}, "product_columns.sku"),
            ({"date_formats": ("%Y-%m-%d", "%H:%M")}, "date_formats[1]"),
            ({"date_formats": ("%Y-%m-%d %Q",)}, "date_formats[0]"),
            ({"country_aliases": {"Eire": "IRL"}}, "country_aliases.Eire"),
        ],
    )
    def test_refused_where_it_is_made(self, change, field):
        """
        What no file could be read by is refused at once, naming the field.
        """
        with pytest.raises(InvalidInputError) as ei:
            attrs.evolve(CONFIG, **change)

        assert field == ei.value.field

    def test_unknown_currency(self):
        """
        The default currency is an ISO 4217 code.
        """
        with pytest.raises(UnknownCurrencyError):
            attrs.evolve(CONFIG, currency="XXY")
