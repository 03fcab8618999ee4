"""
What is locked, in which order: those who only ask lock nothing, those who change lock
what their decision depends on.

Memory locks everything at once, so this looks at what a database would be asked for.
"""

import pytest

from sourcehere import DisputeReason, GoodwillReason, Money
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.talk.model import Subject
from sourcehere.ports.storage import AsksAtOnce
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import RATE_CARD, SELLER, STAFF, snapshot
from sourcehere.unit.tables import TABLES

EVIDENCE = {"description": "see the photo", "photo": "photo-1"}


class NotingSession(AsksAtOnce):
    """
    A session that notes the tables it is asked to lock rows of.
    """

    def __init__(self, inner, locked):
        self.inner = inner
        self.locked = locked

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def get(self, table, keys, /, *, lock):
        self.note(table, lock)
        return self.inner.get(table, keys, lock=lock)

    def find(self, index, prefixes, /, *, lock):
        self.note(index.table, lock)
        return self.inner.find(index, prefixes, lock=lock)

    def note(self, table, lock):
        assert lock is True or lock is False
        if lock:
            self.locked.append(table.name)


class NotingStorage(MemoryStorage):
    """
    A storage in memory with such sessions, which notes what may write.
    """

    def __init__(self):
        super().__init__(TABLES)
        self.locked = []
        self.read_only = []

    def transact(self, work, /, *, read_only):
        assert read_only is True or read_only is False
        self.read_only.append(read_only)
        return super().transact(
            lambda session: work(NotingSession(session, self.locked)),
            read_only=read_only,
        )


@pytest.fixture
def storage():
    """
    The storage that notes.
    """
    return NotingStorage()


def locked(bench, do):
    """
    Do something; return the tables of which it locked rows, in order.
    """
    noted = bench.app.storage.locked
    noted.clear()
    do()
    return noted[:]


def disputing(order_id, **units):
    """
    Name damaged items as `i1_1=2`.
    """
    return NewDispute(
        order_id=order_id,
        reason=DisputeReason.DAMAGED,
        quantities={n[1:].replace("_", "."): q for n, q in units.items()},
        evidence=EVIDENCE,
    )


@pytest.fixture
def busy(paired):
    """
    A bench with an order of every use: name -> id.
    """
    ids = {"bulk": paired.stocked(CUP=6), "shipped": paired.accepted("1", HAT=4)}
    paired.ship(ids["shipped"])
    ids["drawing"] = paired.accepted("2", CUP=2)
    ids["unpaid"], _ = paired.sync(snapshot("3", HAT=1), snapshot("6", HAT=1))
    ids["dispute"] = paired.app.disputes.open(
        "demo", disputing(ids["shipped"], i1_1=1), by=SELLER
    )
    ids["of bulk"] = paired.app.disputes.open(
        "demo", disputing(ids["bulk"], i1_1=1), by=SELLER
    )
    paired.app.disputes.move("demo", ids["of bulk"], "take", by=STAFF)
    return paired, ids


def offer_for(bench, *order_ids):
    """
    Check out as the seller.
    """
    return bench.app.checkouts.checkout("demo", order_ids, by=SELLER)


def pay(bench, offer, **options):
    """
    Pay what was offered.
    """
    return bench.app.checkouts.pay(
        "demo", offer.checkout_id, expected_total=offer.total, by=SELLER, **options
    )


def previewed(app, order_id, *, for_all_waiting=False):
    """
    Ask what the first line of an order would be with two cups instead.
    """
    (cup,) = app.catalog.find_by_sku(["CUP"]).values()
    items = [(cup.variant_id, 2)]
    return app.previewing.preview_sku(
        "demo", order_id, 1, items, for_all_waiting=for_all_waiting
    )


def counted(app, on_hand, **options):
    """
    Count the cups in the warehouse.
    """
    (cup,) = app.catalog.find_by_sku(["CUP"]).values()
    app.cloud.count("demo", "CN1", cup.variant_id, on_hand, by=STAFF, **options)


def offered_again(app, dispute_id):
    """
    Take a dispute up, and offer to send its units again.
    """
    app.disputes.move("demo", dispute_id, "take", by=STAFF)
    app.disputes.offer_reship("demo", dispute_id, by=STAFF)


ASKING = {
    "a dispute": lambda app, ids: app.disputes.get("demo", ids["dispute"]),
    "its messages": lambda app, ids: app.conversations.messages(
        "demo", Subject.DISPUTE, ids["dispute"]
    ),
    "all disputes": lambda app, _: app.disputes.all("demo"),
    "an order's disputes": lambda app, ids: app.disputes.of_order(
        "demo", ids["shipped"]
    ),
    "why not dispute a delivery": lambda app, ids: app.disputes.why_not_open(
        "demo", disputing(ids["bulk"], i1_1=1), by=SELLER
    ),
    "the wallet": lambda app, _: app.wallets.get("demo"),
    "the ledger": lambda app, _: app.wallets.ledger("demo"),
    "why not pay": lambda app, ids: app.checkouts.why_not_paid(
        "demo", ids["unpaid"], by=SELLER
    ),
    "a checkout": lambda app, ids: app.checkouts.checkout(
        "demo", [ids["unpaid"]], by=SELLER
    ),
    "every way to send it": lambda app, ids: app.modes.modes("demo", ids["unpaid"]),
    "a carrier": lambda app, _: app.freight.get("card"),
    "what pairing a line anew changes": lambda app, ids: previewed(app, ids["unpaid"]),
    "what correcting its connection changes": lambda app, ids: previewed(
        app, ids["unpaid"], for_all_waiting=True
    ),
}


@pytest.mark.parametrize("name", ASKING)
def test_who_only_asks_locks_nothing(busy, name):
    """
    Nobody waits for somebody who looks, or asks for a price.
    """
    bench, ids = busy

    assert [] == locked(bench, lambda: ASKING[name](bench.app, ids))


DECIDING = {
    # Stock that a dispute about a delivery depends on stays as it is.
    "dispute a delivery": (
        lambda app, ids: app.disputes.open(
            "demo", disputing(ids["bulk"], i1_1=1), by=SELLER
        ),
        ["orders", "lot", "conversation"],
    ),
    # One after the other, whoever writes; nobody else waits for that.
    "write a message": (
        lambda app, ids: app.conversations.say(
            "demo", Subject.DISPUTE, ids["dispute"], "hello", by=SELLER
        ),
        ["conversation"],
    ),
    # The order first, as everywhere.
    "take a dispute": (
        lambda app, ids: app.disputes.move("demo", ids["dispute"], "take", by=STAFF),
        ["orders", "dispute"],
    ),
    "grant one about a delivery": (
        lambda app, ids: app.disputes.grant("demo", ids["of bulk"], by=STAFF),
        ["orders", "dispute", "lot", "wallet"],
    ),
    "refund units": (
        lambda app, ids: app.orders.refund_units(
            "demo", ids["drawing"], {"1.1": 1}, by=STAFF
        ),
        ["store_order", "orders", "allocation", "wallet"],
    ),
    "count a shelf": (lambda app, _: counted(app, 5), ["lot"]),
    # What is refunded is the order's that bought it, and orders come first.
    "count a shelf and refund": (
        lambda app, _: counted(app, 5, refunds=True),
        ["orders", "lot", "lot", "wallet"],
    ),
    "take goods back": (
        lambda app, ids: app.cloud.restock(
            "demo", ids["shipped"], "CN1", {"1.1": 3}, by=STAFF
        ),
        ["orders"],
    ),
    "offer to send again": (
        lambda app, ids: offered_again(app, ids["dispute"]),
        ["orders", "dispute", "orders", "dispute"],
    ),
    "top up": (
        lambda app, _: app.wallets.top_up(
            "demo", Money(1, "USD"), reference="T2", by=STAFF
        ),
        ["wallet"],
    ),
    "give goodwill": (
        lambda app, ids: app.wallets.give_goodwill(
            "demo",
            Money(1, "USD"),
            reference="G1",
            reason=GoodwillReason.LATE,
            order_id=ids["shipped"],
            by=STAFF,
        ),
        ["wallet"],
    ),
    "connect a carrier": (
        lambda app, _: app.freight.connect(
            "new", provider="rate_card", config=RATE_CARD, by=STAFF
        ),
        ["provider_connection"],
    ),
    "change a carrier": (
        lambda app, _: app.freight.change("card", config=RATE_CARD, by=STAFF),
        ["provider_connection"],
    ),
    "pause a carrier": (
        lambda app, _: app.freight.move("card", "pause", by=STAFF),
        ["provider_connection"],
    ),
}


@pytest.mark.parametrize("name", DECIDING)
def test_who_decides_locks_what_it_depends_on(busy, name):
    """
    A decision is made about rows that nobody else changes meanwhile.
    """
    bench, ids = busy
    do, tables = DECIDING[name]

    assert tables == locked(bench, lambda: do(bench.app, ids))


def test_who_pays_locks_orders_and_a_checkout_that_stays_open(busy):
    """
    Two that pay the rest of a checkout side by side wait for each other; who pays all
    of it does not have to.
    """
    bench, ids = busy
    first, second = bench.sync(snapshot("4", HAT=1), snapshot("5", HAT=1))
    both = offer_for(bench, first, second)
    whole = offer_for(bench, ids["unpaid"])
    hold = bench.app.orders.hold("demo", first, detail="look", by=STAFF)

    assert ["orders"] == locked(bench, lambda: pay(bench, whole))
    assert ["orders", "orders", "orders", "checkout"] == locked(
        bench, lambda: pay(bench, both, each=True)
    )
    assert hold


@pytest.mark.parametrize(
    ("do", "transactions"),
    [
        (lambda app: app.wallets.get("demo"), [True]),
        (lambda app: app.disputes.all("demo"), [True]),
        (lambda app: app.freight.providers(), [True]),
        (lambda app: app.freight.get("card"), [True]),
        # What is answered behind the commit is only read.
        (lambda app: app.freight.move("card", "pause", by=STAFF), [False, True]),
    ],
)
def test_who_only_reads_says_so(paired, do, transactions):
    """
    A database need not keep others waiting for a transaction that writes nothing.
    """
    noted = paired.app.storage.read_only
    noted.clear()
    do(paired.app)

    assert transactions == noted
