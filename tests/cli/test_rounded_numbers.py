"""
Long numbers in the files of staff, as a spreadsheet leaves them.
"""

import json

import pytest
from workbooks import write_workbook

LONG = 9400111899223100001234
HEADER = ("order", "carrier", "tracking")
ADVICE = "as a spreadsheet rounds a long number; let it keep that column as text"


@pytest.fixture
def accepted(paid):
    """
    Order 1002 has three lamps to send.
    """
    paid.ok("orders accept 1002")
    return paid


class TestParcels:
    @pytest.mark.parametrize("number", ["9.40011E+21", "9,40011E+21", "1e+15"])
    def test_a_rounded_number_is_refused(self, accepted, number):
        """
        Nothing is sent, and no customer is told a number that is nobody's.
        """
        accepted.write("left.csv", f'order;carrier;tracking\n1002;post;"{number}"\n')
        told = accepted.unmoved("orders ship-many left.csv", 2)
        assert f"record 1: tracking is {number}, {ADVICE}" in told

    @pytest.mark.parametrize("number", [LONG, 1234567890123456])
    def test_in_a_workbook_and_in_json_too(self, accepted, number):
        """
        A number of 16 digits or more is rounded already as it is typed.
        """
        write_workbook(accepted.folder / "left.xlsx", HEADER, (1002, "post", number))
        row = dict(zip(HEADER, ("1002", "post", float(number)), strict=True))
        accepted.write("left.json", json.dumps([row]))
        for file in ("left.xlsx", "left.json"):
            told = accepted.unmoved(f"orders ship-many {file}", 2)
            assert ADVICE in told

    @pytest.mark.parametrize("text", [f'="{LONG}"', f"'{LONG}"])
    def test_a_number_that_is_kept_as_text_is_that_number(self, accepted, text):
        """
        Spreadsheets guard it by a formula, or by an apostrophe.
        """
        accepted.write("left.csv", f"{';'.join(HEADER)}\n1002;post;{text}\n")
        accepted.ok("orders ship-many left.csv")
        (parcel,) = accepted.json("parcels list 1002")
        assert str(LONG) == parcel["tracking_number"]

    def test_fifteen_digits_of_a_workbook_are_exact(self, accepted):
        row = (1002, "post", 999999999999999)
        write_workbook(accepted.folder / "left.xlsx", HEADER, row)
        accepted.ok("orders ship-many left.xlsx")
        (parcel,) = accepted.json("parcels list 1002")
        assert "999999999999999" == parcel["tracking_number"]

    def test_one_that_is_typed_is_refused(self, accepted):
        """
        Pasted from a cell, to send a parcel or to correct one.
        """
        words = "all its digits: a spreadsheet has rounded it"
        rounded = "--carrier post --tracking 9.40011E+21"
        assert words in accepted.unmoved(f"orders ship 1002 {rounded}", 2)
        accepted.ok("orders ship 1002 --carrier post --tracking T1")
        assert words in accepted.unmoved(f"parcels correct T1 {rounded}", 2)

    def test_a_column_that_is_there_twice_is_refused(self, accepted):
        """
        Which of the two is meant nobody knows.
        """
        accepted.write("left.csv", "order,carrier,tracking,tracking\n1002,post,T1,T2\n")
        told = accepted.unmoved("orders ship-many left.csv", 2)
        assert "the header has tracking twice: leave one of them" in told

    def test_a_wrong_number_is_not_put_right_by_a_rounded_one(self, accepted):
        accepted.ok("orders ship 1002 --carrier post --tracking T1")
        accepted.write("right.csv", "parcel,tracking\nT1,9.40011E+21\n")
        assert ADVICE in accepted.unmoved("parcels correct-many right.csv", 2)


class TestCatalogue:
    HEADER = "sku,title,weight_grams,price,currency,barcode\n"

    @pytest.mark.parametrize(
        ("cells", "name"),
        [("PEN,Pen,20,1.00,GBP,4.00638E+12", "barcode"), ("5E+7,Pen,20,1,GBP,", "sku")],
    )
    def test_a_new_product_has_no_rounded_barcode(self, shop, cells, name):
        shop.write("pens.csv", f"{self.HEADER}{cells}\n")
        told = shop.unmoved("catalog add pens.csv", 2)
        assert f"record 1: {name} is " in told
        assert ADVICE in told

    def test_a_row_is_rejected_and_the_rest_goes_on(self, shop):
        rows = "PEN,Pen,20,1.00,GBP,4.00638E+12\nINK,Ink,20,1.00,GBP,4006381333931\n"
        shop.write("pens.csv", self.HEADER + rows)
        said = shop("catalog import pens.csv")
        assert "1 added, 0 changed, 0 unchanged, 1 rejected" in said.out
        assert "record 1 (PEN): barcode is 4.00638E+12" in said.err
        assert ADVICE in said.err

    def test_a_title_keeps_its_apostrophe(self, shop):
        """
        `'47` is a brand.
        """
        shop.write("caps.csv", f"{self.HEADER}CAP,'47 Cap,90,1.00,GBP,'00123\n")
        shop.ok("catalog add caps.csv")
        (found,) = shop.json("catalog show CAP")["variants"]
        assert ("'47 Cap", "00123") == (found["title"], found["barcode"])
