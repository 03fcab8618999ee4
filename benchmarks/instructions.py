"""
Instructions of an order's life: ours, and with an ORM by hand, as in `beside_orm.py`.

    python benchmarks/instructions.py [--on sqlite|postgresql] [--orders 40]
        [--chunk 1]

Time differs from minute to minute on cores that are shared; the instructions of a
process do not. Each side lives twice under cachegrind (Debian's `valgrind`), with few
orders and with so many more, in a process of its own; the difference is what these
took, without what a process does once. What the system does for it, such as writing a
file, is not counted, nor is PostgreSQL's server. It takes five minutes.
"""

import argparse
import shutil
import sys

from beside_orm import databases, ours, theirs
from harness import instructions_of
from peers.goods import orders_of

SIDES = {"ours": ours, "by hand": theirs}
_LEAST = 22


class Place:
    """
    One empty database.
    """

    wire = None

    def __init__(self, url):
        self._url = url

    def url(self):
        """
        Return its URL.
        """
        return self._url


def counted(side, url, count, chunk):
    """
    Return the instructions of a process in which *count* orders live in a new database.
    """
    return instructions_of(
        *(__file__, "--side", side, "--url", url),
        *("--orders", str(count), "--chunk", str(chunk)),
    )


def main():
    """
    Count both sides, and print them.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", default="sqlite", choices=("sqlite", "postgresql"))
    parser.add_argument("--orders", type=int, default=40)
    parser.add_argument("--chunk", type=int, default=1)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side:
        SIDES[given.side](Place(given.url), orders_of(given.orders), given.chunk)
        return
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is not installed; on Debian: apt install valgrind")
    millions = {}
    with databases(given.on, 0) as (place, _):
        for side in SIDES:
            few, more = (
                counted(side, place.url(), count, given.chunk)
                for count in (_LEAST, _LEAST + given.orders)
            )
            millions[side] = (more - few) / given.orders / 1e6
            print(f"{side:8}{millions[side]:8.2f} million instructions an order")
    print(f"1/{millions['by hand'] / millions['ours']:.2f}")


if __name__ == "__main__":
    main()
