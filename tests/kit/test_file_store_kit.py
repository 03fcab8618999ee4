"""
A shop that is a file keeps the contract of shops; where not, it says why.
"""

import csv
import itertools
import json
from typing import ClassVar

import pytest
from lined import Lined

from sourcehere.builtin.file_config import FileStoreConfig
from sourcehere.builtin.file_store import FileStore
from sourcehere.testing.kit import FaultLine, StoreContract, ToldParcel
from sourcehere.testing.kit.store_asking import read_all

COLUMNS = (
    *("order_number", "placed_at", "paid_at", "cancelled_at", "country"),
    *("line_id", "sku", "quantity", "unit_price"),
)


class FileLab:
    """
    A folder with a file of orders, written anew with each change, and one of
    fulfilments; a line before the adapter breaks as that of another shop would.
    """

    def __init__(self, folder):
        self._folder, self._path = folder, folder / "orders.csv"
        self._orders, self.line = {}, FaultLine()
        self._write()

    def connect(self):
        """
        Make another adapter of the same files.
        """
        config = FileStoreConfig(
            path=str(self._path), currency="USD", columns={n: n for n in COLUMNS}
        )
        return Lined(FileStore(config, folder=str(self._folder)), self.line)

    def place(self, order, /):
        """
        Let a customer order.
        """
        name = f"{1_000 + len(self._orders)}"
        self.change(name, order)
        return name

    def change(self, external_id, order, /):
        """
        Let an order be otherwise.
        """
        self._orders[external_id] = order
        self._write()

    def parcels(self, external_id, /):
        """
        Return the last row of each parcel, but of those that another row replaces.
        """
        path = self._path.with_name("orders-fulfilments.csv")
        if not path.exists():
            return []
        live = {}
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if (
                    row["order_number"].lstrip("#") != external_id
                    or row["lines"] == "[]"
                ):
                    continue
                for replaced in row["replaces"].split():
                    live.pop(replaced, None)
                live[row["parcel"]] = row
        lines = self._orders[external_id].lines
        return [
            ToldParcel(
                tracking_number=row["tracking_number"],
                units={
                    lines[int(name[1:])].sku: units
                    for name, units in json.loads(row["lines"])
                },
                carrier=row["carrier"],
            )
            for row in live.values()
        ]

    def _write(self):
        with self._path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for name, order in self._orders.items():
                for place, line in enumerate(order.lines):
                    at = order.placed_at.isoformat(timespec="seconds")
                    writer.writerow(
                        (
                            *(name, at, at if order.is_paid else ""),
                            *(at if order.is_cancelled else "", order.country),
                            *(f"L{place}", line.sku, line.quantity),
                            line.price.decimal_text,
                        )
                    )


class TestFileStore(StoreContract):
    """
    The contract.
    """

    examples = 5
    test_what_was_told_is_read_back = None
    test_an_order_that_is_none_is_declined = None
    test_an_order_that_is_none_is_none = None
    test_reading_goes_on_where_it_ended = None
    test_an_edit_is_newer = None
    left_out: ClassVar = {
        "test_what_was_told_is_read_back": (
            "its orders are an export; nobody but the shop writes into it"
        ),
        "test_an_order_that_is_none_is_declined": (
            "an export may be of some days only: what is told of an older order counts"
        ),
        "test_an_order_that_is_none_is_none": (
            "for the same reason it says that it cannot tell"
        ),
        "test_reading_goes_on_where_it_ended": (
            "its end has no cursor: the next pull compares the whole file again"
        ),
        "test_an_edit_is_newer": (
            "an export tells no time of a change: what the newest file says counts"
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
        Make a shop without orders.
        """
        folder = next(self._folders)
        folder.mkdir()
        return FileLab(folder)

    def test_reading_again_tells_everything(self, lab):
        """
        Whoever has read to the end begins anew, and is told what came later.
        """
        names = [lab.place(self.order(LAMP=1))]
        found, cursor = read_all(lab.connect())
        assert ("", names) == (cursor, list(found))
        names += [lab.place(self.order(LAMP=n)) for n in (2, 3)]
        found, cursor = read_all(lab.connect(), cursor)
        assert ("", names) == (cursor, list(found))
