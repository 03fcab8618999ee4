"""
Something of everything in a database, and a way past the API to spoil it.
"""

from functools import cache

import attrs

from sourcehere import Count, DisputeReason, Remedy
from sourcehere.services.pairing.asking import QuoteWish
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import SELLER, STAFF, Kept, dump, open_bench, snapshot
from sourcehere.unit.tables.effects import OUTBOX
from sourcehere.unit.tables.shipments import PARCELS


class World:
    """
    A database with something of everything, and a way past the API.

    Attributes:
        sent: A store order that left in two parcels, its lots and a refund.

        served: A store order that was served from the local stock.

        bound: A paid store order with lots bound to it.

        bulk: The cloud-warehouse order they came from.
    """

    def __init__(self):
        kept, self.bulk, self.sent, self.bound, self.served = kept_world()
        self.bench = open_bench(kept=kept)
        self.app = self.bench.app

    def bound_accepted(self):
        """
        Let the warehouse accept the bound order, and return its id.
        """
        report = self.app.shipping.accept("demo", [self.bound], by=STAFF)
        for refused in report.failed.values():
            raise refused
        return self.bound

    def sent_again(self):
        """
        Let a dispute about a cup that was sent end with a reship, and return its id.
        """
        new = NewDispute(
            order_id=self.sent,
            reason=DisputeReason.NOT_RECEIVED,
            quantities={"1.1": 1},
            evidence={"description": "it never came"},
            remedy=Remedy.RESHIP,
        )
        dispute_id = self.app.disputes.open("demo", new, by=SELLER)
        self.app.disputes.move("demo", dispute_id, "take", by=STAFF)
        settled = self.app.disputes.grant("demo", dispute_id, by=STAFF)
        return settled.reship_order_id

    def returned(self):
        """
        Let one cup come back that was sent, and return its lot's id.
        """
        known = {lot.lot_id for lot in self.app.cloud.lots("demo")}
        self.app.cloud.restock("demo", self.sent, "CN1", {"1.1": 1}, by=STAFF)
        (made,) = {lot.lot_id for lot in self.app.cloud.lots("demo")} - known
        return made

    def all(self, records):
        """
        Read every record of a table.
        """
        rows = dump(self.app.storage, [records.table])[records.table.name]
        return [records.from_row(row) for row in rows]

    def rewrite(self, records, which, **changes):
        """
        Change the first record that *which* picks, behind everybody's back.
        """
        found = next(r for r in self.all(records) if which(r))
        new = {
            n: c(getattr(found, n)) if callable(c) else c for n, c in changes.items()
        }
        row = records.to_row(attrs.evolve(found, **new))

        def work(session):
            assert [] == session.replace(records.table, [row], expected=None)

        self.app.storage.transact(work, read_only=False)

    def overwrite(self, records, **columns):
        """
        Change columns of the first record, those worked out when it is read too.
        """
        row = list(dump(self.app.storage, [records.table])[records.table.name][0])
        for name, value in columns.items():
            row[records.table.position[name]] = value

        def work(session):
            session.replace(records.table, [tuple(row)], expected=None)

        self.app.storage.transact(work, read_only=False)

    def lose(self, records, which):
        """
        Delete the first record that *which* picks.
        """
        found = next(r for r in self.all(records) if which(r))
        key = records.key_of(found)
        self.app.storage.transact(
            lambda session: session.delete(records.table, [key]), read_only=False
        )

    def lose_row(self, records, **where):
        """
        Delete the first row that has these values, of a table whose rows name an owner.
        """
        key = records.table.key_of(self._row(records, where))
        self.app.storage.transact(
            lambda session: session.delete(records.table, [key]), read_only=False
        )

    def rewrite_row(self, records, where, **columns):
        """
        Change columns of the first row that has the values *where*.
        """
        row = list(self._row(records, where))
        for name, value in columns.items():
            row[records.table.position[name]] = value
        self.app.storage.transact(
            lambda session: session.replace(records.table, [tuple(row)], expected=None),
            read_only=False,
        )

    def _row(self, records, where):
        rows = dump(self.app.storage, [records.table])[records.table.name]
        place = records.table.position
        return next(r for r in rows if all(r[place[n]] == v for n, v in where.items()))

    def make(self, records, made):
        """
        Insert a record nobody asked for.
        """
        row = records.to_row(made)
        self.app.storage.transact(
            lambda session: session.insert(records.table, [row]), read_only=False
        )

    def push(self, tracking_number):
        """
        Return the message about a parcel.
        """
        name = next(
            p.parcel_id
            for p in self.all(PARCELS)
            if p.tracking_number == tracking_number
        )
        return next(m for m in self.all(OUTBOX) if m.subject == name)


@cache
def kept_world():
    """
    Make what is in a world once, and its orders.
    """
    bench = open_bench()
    app = bench.app
    for sku in ("CUP", "HAT"):
        bench.connect(bench.rule(sku))
    bulk = bench.bought(CUP=9)
    app.cloud.dispatch("demo", bulk, by=STAFF)
    app.cloud.receive("demo", bulk, {"1.1": Count(5, damaged=1)}, by=STAFF)
    sent = bench.accepted("1", CUP=4, HAT=1)
    bench.ship(sent, "T1", i1_1=1)
    bench.ship(sent, "T2")
    app.relay.run()
    bound = bench.paid("2", CUP=2)
    served = served_locally(bench)
    dispute_id = app.disputes.open(
        "demo",
        NewDispute(
            order_id=sent,
            reason=DisputeReason.SHORT,
            quantities={"1.1": 1},
            evidence={"description": "three only"},
        ),
        by=SELLER,
    )
    app.disputes.move("demo", dispute_id, "take", by=STAFF)
    app.disputes.grant("demo", dispute_id, by=STAFF)
    (strange,) = bench.sync(snapshot("3", SOCK=1))
    app.quotes.ask("demo", QuoteWish(order_id=strange, line=1), by=SELLER)
    app.pairing.ask_for_help("demo", strange, 1, "no blue", by=SELLER)
    return Kept.of(bench), bulk, sent, bound, served


def served_locally(bench):
    """
    Count hats at the seller's own place, and serve an order with them.
    """
    shop = bench.sh.seller("demo")
    shop.local_stock.count(bench.variants["HAT"], 3)
    (order_id,) = bench.sync(snapshot("own", HAT=2))
    shop.orders.serve_from_local_stock([order_id])
    return order_id


def more(value):
    """
    Return one more.
    """
    return value + 1


def fewer(value):
    """
    Return one fewer.
    """
    return value - 1


def anything(_):
    """
    Pick the first.
    """
    return True


def of(**facts):
    """
    Pick the first that has these facts.
    """
    return lambda record: all(getattr(record, n) == v for n, v in facts.items())
