"""
Reading a shop's export: `python benchmarks/exports.py`.

Makes an export of Shopify's with 60,000 rows, 20,000 orders of three lines, and prints
what reading it takes, importing it into SQLite with what shops said journalled, and
importing it again: CPU time of the process, and its peak memory. Reading is measured
in a process of its own, and the database is there already, as it mostly is: the
libraries that make one are no part of an import.
"""

import argparse
import csv
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path

import sourcehere
from sourcehere.builtin.file_config import FileStoreConfig
from sourcehere.builtin.file_orders import FileContent

NAME = "orders_export.csv"
LINES = 3
HEADER = (
    *("Name", "Email", "Financial Status", "Paid at", "Fulfillment Status"),
    *("Currency", "Created at", "Lineitem quantity", "Lineitem name"),
    *("Lineitem price", "Lineitem sku", "Lineitem requires shipping"),
    *("Lineitem fulfillment status", "Shipping Name", "Shipping Address1"),
    *("Shipping City", "Shipping Zip", "Shipping Province", "Shipping Country"),
    *("Cancelled at", "Id"),
)


def write_export(path: Path, orders: int) -> None:
    """
    Write *orders* orders of three lines; rows behind the first say little.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for order in range(orders):
            for line in range(LINES):
                writer.writerow(_row(order, line))


def _row(order: int, line: int) -> list[object]:
    name, email = f"#{1000 + order}", f"b{order}@example.com"
    item = [line + 1, f"Lamp {line}", "12.50", f"L-{(order + line) % 500}", "true"]
    if line:
        return [name, email, *[""] * 5, *item, "pending", *[""] * 8]
    at = f"2025-01-{order % 28 + 1:02} {order % 24:02}:{order % 60:02}:17 +0000"
    facts = ["paid", at, "unfulfilled", "USD", at]
    address = [f"A B{order}", "1 Road", "Austin", "78701", "TX", "US"]
    return [name, email, *facts, *item, "pending", *address, "", 10_000 + order]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read(folder: str, orders: int) -> None:
    """
    Measure reading the file alone.
    """
    path = Path(folder) / NAME
    before, began = _peak(), time.process_time()
    content = FileContent.parse(path.read_bytes(), FileStoreConfig(path=NAME))
    count = len(content.orders)  # which reads them all
    took = time.process_time() - began
    assert count == orders
    print(f"reading {orders * LINES} rows: {took:.2f} s, {_peak() - before:.0f} MB")


def connect(folder: str) -> None:
    """
    Make the database, and connect the shop.
    """
    with sourcehere.open(f"sqlite:///{folder}/big.db", folder=folder) as sh:
        sh.staff("ann").sellers.register("demo", name="Demo", currency="USD")
        stores = sh.seller("demo").stores
        stores.connect("big", platform="file", config={"path": NAME})


def sync(folder: str, orders: int, what: Sequence[str]) -> None:
    """
    Measure one sync after the other.
    """
    with sourcehere.open(f"sqlite:///{folder}/big.db", folder=folder) as sh:
        stores = sh.seller("demo").stores
        for words in what:
            began = time.process_time()
            report = stores.sync("big")
            took = time.process_time() - began
            assert orders in (report.orders, report.unchanged)
            print(f"{words}: {took:.2f} s, {_peak():.0f} MB in all")


def _alone(function: Callable[..., None], *arguments: object) -> None:
    """
    Call a function in a process of its own.
    """
    process = get_context("spawn").Process(target=function, args=arguments)
    process.start()
    process.join()
    assert process.exitcode == 0


def main() -> None:
    """
    Measure, and print a line each.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=20_000)
    orders = parser.parse_args().orders
    with tempfile.TemporaryDirectory() as folder:
        write_export(Path(folder) / NAME, orders)
        _alone(read, folder, orders)
        _alone(connect, folder)
        _alone(sync, folder, orders, ["importing them", "importing them again"])
        _alone(sync, folder, orders, ["again, by another process"])


if __name__ == "__main__":
    main()
