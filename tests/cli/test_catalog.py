"""
`sourcehere catalog`: what staff change, from a shell and from files.
"""

import json
import zipfile

import pytest

from .conftest import gbp

FILE = """\
sku,title,weight_grams,price,currency,in_stock,option:Size
LAMP-W,,600,,,,
MUG,Mug,,,,no,
PEN,Pen,20,1.00,GBP,,
INK,Ink,,1.00,GBP,,
PEN-2,Pen,x,1.00,GBP,,
"""


def workbook(path, rows):
    """
    Write an Excel file with one sheet: texts as texts, numbers as numbers.
    """
    ns = "http://schemas.openxmlformats.org"
    cells = "".join(
        f"<row>{''.join(cell_xml(value) for value in row)}</row>" for row in rows
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{ns}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        'package.relationships+xml"/><Default Extension="xml" ContentType='
        '"application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{ns}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{ns}/officeDocument/2006/relationships/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{ns}/spreadsheetml/2006/main" '
        f'xmlns:r="{ns}/officeDocument/2006/relationships"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": "<Relationships xmlns="
        f'"{ns}/package/2006/relationships"><Relationship Id="r1" Type='
        f'"{ns}/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{ns}/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


def cell_xml(value):
    """
    Write one cell.
    """
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def variant(shop, sku):
    """
    Return a variant as `catalog show` has it.
    """
    found = shop.json(f"catalog show {sku}")["variants"]
    return next(one for one in found if one["sku"] == sku)


def test_a_price_from_a_day_on(shop):
    """
    A dry run shows the change and moves nothing; then it stands ahead, and in history.
    """
    words = (
        "catalog change LAMP-W --price '2.00 100:1.80' --currency GBP"
        " --prices-from 2031-01-01"
    )
    told = shop.unmoved(f"{words} --dry-run --as staff:ann", 0)
    assert "" == told
    edit = shop.json(words)
    (changed,) = edit["edited"]["changed"]
    assert [
        {
            "field": "prices",
            "before": "",
            "after": "from 1: 2.00 GBP; from 100: 1.80 GBP",
            "starts_at": "2030-12-31T16:00:00Z",
        }
    ] == changed["changes"]

    ahead = variant(shop, "LAMP-W")["prices_ahead"]
    assert [
        {
            "starts_at": "2030-12-31T16:00:00Z",
            "prices": [
                {"unit": gbp("2.00"), "quantity_from": 1},
                {"unit": gbp("1.80"), "quantity_from": 100},
            ],
        }
    ] == ahead
    assert "Prices ahead" in shop.ok("catalog show LAMP-W")
    (entry,) = shop.listed("catalog history LAMP-W")
    assert ("prices", "2030-12-31T16:00:00Z") == (entry["field"], entry["starts_at"])


def test_fields_of_a_variant_and_of_its_product(shop):
    """
    What is named is changed, and nothing else.
    """
    shop.ok(
        "catalog change LAMP-W --sku LAMP-X --title Lantern --barcode 123"
        " --option Colour=Teal --weight-grams 700 --length-mm 10 --width-mm 20"
        " --height-mm 30 --concession-points 100 --quantity-min 5"
        " --attributes 'glass battery' --pictures 'a.example/1 a.example/2'"
    )
    found = variant(shop, "LAMP-X")
    assert {
        "title": "Lantern",
        "barcode": "123",
        "options": {"Colour": "Teal"},
        "weight_grams": 700,
        "volume_mm3": 6000,
        "concession_points": 100,
        "quantity_min": 5,
        "attributes": ["battery", "glass"],
        "pictures": ["a.example/1", "a.example/2"],
    }.items() <= found.items()
    assert 1 == len(shop.listed("catalog search lantern teal"))

    shop.ok("catalog change-product LAMP-X --title Lights --link b.example/l")
    (product,) = shop.json("catalog find-link b.example/l")
    assert "Lights" == product["title"]


def test_out_of_stock_and_back(shop):
    """
    Orders with what the supplier has none of cannot be paid; why is said.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    told = shop.ok("catalog out-of-stock LAMP-W")
    assert "It touches" in told
    refused = shop.unmoved("orders pay 1002 --yes", 3)
    assert "out of stock at the supplier" in refused
    shop.ok("catalog in-stock LAMP-W")
    assert "nothing to change" in shop.ok("catalog in-stock LAMP-W")
    shop.ok("orders pay 1002 --yes")


def test_discontinued_and_brought_back(shop):
    """
    What was discontinued is on sale again, under the same SKU.
    """
    shop.ok("catalog discontinue LAMP-W")
    assert not variant(shop, "LAMP-W")["is_sold"]
    shop.ok("catalog bring-back LAMP-W")
    assert variant(shop, "LAMP-W")["is_sold"]


def test_what_depends_on_a_variant(shop):
    """
    Connections are named; a variant that nothing needs touches nothing.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    (one,) = shop.json("catalog touched LAMP-W")["connections"]
    assert ("lamps", "shop") == (one["seller_id"], one["store_id"])
    assert "nothing depends on it\n" == shop.ok("catalog touched MUG")
    assert "name at least one SKU" in shop.refused("catalog touched", 2)


def test_all_products(shop):
    """
    The whole catalogue is listed, page by page.
    """
    skus = [
        v["sku"]
        for page in shop.pages("catalog list --limit 1")
        for product in page
        for v in product["variants"]
    ]
    assert sorted(skus) == sorted({*skus})
    assert {"LAMP-W", "MUG"} <= {*skus}


class TestImport:
    def test_rows_are_changed_added_or_rejected(self, shop):
        """
        A dry run says what the import then does; rejected rows are exit 1.
        """
        shop.write("upkeep.csv", FILE)
        assert "INK" in shop.unmoved("catalog import upkeep.csv --dry-run", 1)
        said = shop("catalog import upkeep.csv")

        assert 1 == said.code
        assert "1 added, 2 changed, 0 unchanged, 2 rejected" in said.out
        assert (
            "record 5 (PEN-2): 'x' is not grams, such as 3\n"
            "record 4 (INK): the SKU is new, so it needs a weight\n"
        ) == said.err
        assert 600 == variant(shop, "LAMP-W")["weight_grams"]
        assert not variant(shop, "MUG")["is_in_stock"]

    def test_the_same_file_again(self, shop):
        """
        A file that was imported changes nothing more.
        """
        shop.write("upkeep.csv", "\n".join(FILE.splitlines()[:4]))
        shop.ok("catalog import upkeep.csv")
        report = shop.json("catalog import upkeep.csv")

        assert ([], [], 3) == (
            report["added"],
            report["changed"],
            report["unchanged"],
        )

    def test_an_excel_file(self, shop):
        """
        A workbook is read as it is: SKUs stay texts, numbers are numbers.
        """
        rows = [
            ["sku", "title", "weight_grams", "price", "currency"],
            ["00123", "Bulb", 40, 1.5, "GBP"],
            ["LAMP-W", "", 650, "", ""],
        ]
        workbook(shop.folder / "upkeep.xlsx", rows)
        report = shop.json("catalog import upkeep.xlsx")

        assert ["00123"] == report["added"]
        assert 650 == variant(shop, "LAMP-W")["weight_grams"]
        bulb = variant(shop, "00123")
        assert [{"unit": gbp("1.50"), "quantity_from": 1}] == bulb["prices"]

    @pytest.mark.parametrize(
        ("name", "text", "said"),
        [
            ("nix.csv", None, "nix.csv: No such file"),
            ("a.csv", "sku,colour\nMUG,red\n", "a.csv: unknown colour; there is sku,"),
            ("a.csv", "sku\n", "a.csv: there is no record in it"),
            (
                "a.xlsx",
                "PK\x03\x04",
                "a.xlsx: this is no Excel workbook that can be read",
            ),
            (
                "a.csv",
                "sku,title\nA,b,c\n",
                "a.csv: record 1 has 3 cells, the header 2",
            ),
            ("a.csv", "<html><table>", "a.csv: this is a web page, not a table"),
            ("a.json", json.dumps({"sku": "MUG"}), "expected a JSON list of objects"),
        ],
    )
    def test_what_cannot_be_read(self, shop, name, text, said):
        """
        A file that is none of ours is refused as a whole, and says why.
        """
        if text is not None:
            shop.write(name, text)

        assert said in shop.unmoved(f"catalog import {name}", 2)

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ("LAMP-W,,,1.00,,,", "nothing in currency, beside a price"),
            ("LAMP-W,,,,,maybe,", "in_stock: 'maybe' is neither yes nor no"),
            (",,,,,yes,", "record 1: nothing in sku"),
        ],
    )
    def test_a_row_that_cannot_be_read(self, shop, row, said):
        """
        A row that makes no sense is rejected with its reason.
        """
        shop.write("a.csv", f"{FILE.splitlines()[0]}\n{row}\n")

        assert said in shop.unmoved("catalog import a.csv", 1)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("B,B,1,'1,00',GBP", "'1,00' is no plain decimal amount of GBP"),
        ("B,B,1,1.00,XYZ", "XYZ"),
        ("B,B,0,1.00,GBP", "'0' is not grams"),
        ("a ,B,1,1.00,GBP", "record 1 has the SKU a, too"),
    ],
)
def test_which_new_product_cannot_be_read(shop, record, said):
    """
    Nobody has to look through a thousand records for the wrong one.
    """
    header = "sku,title,weight_grams,price,currency"
    record = record.replace("'", '"')
    shop.write("new.csv", f"{header}\nA,A,1,1.00,GBP\n{record}\n")
    told = shop.unmoved("catalog add new.csv", 2)
    assert "new.csv: record 2: " in told
    assert said in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("LAMP-W --price 1.00", "--price needs --currency"),
        ("LAMP-W --option Teal", "'Teal': write NAME=VALUE"),
        ("LAMP-W --weight-grams 0", "weight_grams: 0 is not positive"),
        ("LAMP-W --prices-from 2031-01-01", "prices_from"),
        ("LAMP-W --sku MUG", "MUG"),
        ("NIX --title x", "`sourcehere catalog search WORDS` lists them"),
    ],
)
def test_what_is_refused(shop, words, said):
    """
    A wrong change is refused with what to do, and nothing is changed.
    """
    assert said in shop.unmoved(f"catalog change {words}", 2)


def test_stock_of_what_is_sold_no_more(shop):
    """
    Who discontinues a variant reads whose units in the cloud warehouse nobody can order
    any more, before it is done and after, and how they still can be sold.
    """
    shop.ok("cloud create CN1 LAMP-W=5 --number bulk --place")
    shop.ok("orders pay bulk --yes")
    shop.ok("cloud dispatch bulk")
    shop.ok("cloud receive bulk 1.1=3")
    words = "units in cloud warehouses (lamps 5) can be ordered no more either"
    assert words in shop.ok("catalog discontinue LAMP-W --dry-run")
    assert words in shop.ok("catalog discontinue LAMP-W")
    assert "in cloud warehouses" not in shop.ok("catalog discontinue LAMP-R")

    shop.ok("catalog bring-back LAMP-W")
    shop.ok("catalog out-of-stock LAMP-W")
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    shop.ok("orders pay 1002 --yes")
