"""
What a shop was told of parcels, as a file for its importer.
"""

import json

import pytest

WOO = "order_id,tracking_provider,tracking_number,date_shipped,status_shipped,sku,qty"


@pytest.fixture
def sent(paid):
    """
    The shop with order 1002 sent, and the shop told.
    """
    paid.ok("orders accept 1002")
    paid.ok("orders ship 1002 --carrier post --tracking T1")
    paid.ok("relay run")
    return paid


class TestFulfilments:
    def test_to_standard_output(self, sent):
        """
        The file alone, so that it can be piped.
        """
        header, row = sent.ok("stores fulfilments shop --format etsy").splitlines()
        assert "Order ID,Transaction ID,SKU,Quantity,Carrier" in header
        assert "1002,lamp-w,lamp-w,3,post,T1," in row

    def test_to_a_file_as_the_shop_is_configured(self, sent):
        """
        Nobody has to say it each time; the file is written anew.
        """
        text = json.loads((sent.folder / "shop.json").read_text())
        sent.write("shop.json", json.dumps({**text, "fulfilments_as": "woocommerce"}))
        sent.ok("stores change shop --config shop.json")
        for _ in range(2):
            told = sent.json("stores fulfilments shop --output woo.csv")
            assert {"rows": 1, "file": "woo.csv"} == told
        header, row, end = (sent.folder / "woo.csv").read_bytes().split(b"\r\n")
        assert (WOO.encode(), b"") == (header, end)
        assert (b"1002,post,T1,", b",1,lamp-w,3") == (row[:13], row[-11:])

    def test_said_when_it_is_connected(self, shop):
        """
        An option of the file's own.
        """
        words = "stores connect mine --path shop.csv --currency GBP --yes"
        shop.ok(f"{words} --fulfilments-as woocommerce")
        assert f"{WOO}\n" == shop.ok("stores fulfilments mine").replace("\r\n", "\n")
        assert "fulfilments_as" in shop.refused(f"{words} --fulfilments-as ebuy", 2)

    def test_a_dash_is_standard_output(self, sent):
        """
        As if no file was named.
        """
        said = sent.ok("stores fulfilments shop")
        assert said == sent.ok("stores fulfilments shop --output -")

    def test_since(self, sent):
        """
        What the shop was told before is left out.
        """
        words = "stores fulfilments shop --since 2999-01-01 --output none.csv"
        assert "0 rows in none.csv\n" == sent.ok(words)

    def test_what_cannot_be_written(self, sent):
        """
        It says what to do.
        """
        words = "stores fulfilments shop"
        assert "--output" in sent.refused(f"{words} --json", 2)
        assert "ebay" in sent.refused(f"{words} --format ebuy", 2)
        assert "nowhere/x" in sent.refused(f"{words} --output nowhere/x.csv", 2)
        sent.write("kept.csv", "kept")
        gone = "stores fulfilments nowhere --output kept.csv"
        assert "no store 'nowhere'" in sent.refused(gone, 2)
        assert "kept" == (sent.folder / "kept.csv").read_text()
