"""
The life of an order with SQLAlchemy's ORM: each step reads what it needs under a lock,
changes objects, and commits.
"""

from collections import defaultdict

from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session, selectinload

from .orm_models import (
    Allocation,
    Base,
    Connection,
    Entry,
    Event,
    Line,
    Lot,
    Message,
    Movement,
    Order,
    Parcel,
    ParcelItem,
    Tracking,
    Variant,
    Wallet,
)

SELLER, STORE = "s", "shop"


class OrmLife:
    """
    The steps, of as many orders a commit as are given.
    """

    def __init__(self, url, clock, freight_of):
        self.engine = create_engine(url)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _on_sqlite)
            event.listen(self.engine, "begin", _begin_at_once)
        self.now = clock.now
        self._freight_of = freight_of  # grams -> minor units

    def fill(self, variants, lots, money):
        """
        Make the tables, and put in goods, stock and money; not measured.
        """
        Base.metadata.create_all(self.engine)
        self._money = money
        with Session(self.engine) as session, session.begin():
            wallet = Wallet(seller_id=SELLER, currency="USD", available=money)
            session.add(wallet)
            for number, (sku, price, weight) in enumerate(variants, start=1):
                variant = Variant(id=number, sku=sku, price=price, weight=weight)
                session.add(variant)
            session.flush()
            for number, (sku, _, _) in enumerate(variants, start=1):
                session.add(
                    Connection(seller_id=SELLER, sku=sku, variant_id=number, units=1)
                )
                for units in lots:
                    session.add(
                        Lot(
                            seller_id=SELLER,
                            variant_id=number,
                            received_at=self.now(),
                            on_hand=units,
                            allocated=0,
                        )
                    )

    def create(self, snapshots):
        """
        Take in what the shop has, once, and connect its SKUs.
        """
        with Session(self.engine) as session, session.begin():
            names = [one.external_id for one in snapshots]
            known = select(Order.external_id).where(
                Order.seller_id == SELLER,
                Order.store_id == STORE,
                Order.external_id.in_(names),
            )
            seen = set(session.scalars(known))
            skus = {line.sku for one in snapshots for line in one.lines}
            wanted = select(Connection).where(
                Connection.seller_id == SELLER, Connection.sku.in_(skus)
            )
            by_sku = {found.sku: found for found in session.scalars(wanted)}
            made = [
                self._order(one, by_sku)
                for one in snapshots
                if one.external_id not in seen
            ]
            session.add_all(made)
            session.flush()
            for order in made:
                self._happened(session, order, "imported", 1, lines=len(order.lines))
            return [order.id for order in made]

    def _order(self, one, by_sku):
        to = one.address
        return Order(
            seller_id=SELLER,
            store_id=STORE,
            external_id=one.external_id,
            number=one.number,
            state="awaiting_payment",
            placed_at=one.placed_at,
            updated_at=self.now(),
            name=to.name,
            street=to.street,
            city=to.city,
            postal_code=to.postal_code,
            country=to.country,
            email=to.email,
            lines=[
                Line(
                    external_id=line.external_line_id,
                    sku=line.sku,
                    title=line.title,
                    quantity=line.quantity,
                    unit_price=line.unit_price.minor,
                    variant_id=by_sku[line.sku].variant_id,
                    units=line.quantity * by_sku[line.sku].units,
                )
                for line in one.lines
            ],
        )

    def pay(self, names):
        """
        Price the orders, take the money, and allocate lots, first in, first out.
        """
        with Session(self.engine) as session, session.begin():
            orders = self._locked(session, names)
            wanted = {line.variant_id for order in orders for line in order.lines}
            goods = select(Variant).where(Variant.id.in_(wanted))
            variants = {one.id: one for one in session.scalars(goods)}
            wallet = session.get(Wallet, SELLER, with_for_update=True)
            stock = select(Lot).where(
                Lot.seller_id == SELLER,
                Lot.variant_id.in_(wanted),
                Lot.on_hand > Lot.allocated,
            )
            shelves = defaultdict(list)
            for lot in session.scalars(
                stock.order_by(Lot.received_at, Lot.id).with_for_update()
            ):
                shelves[lot.variant_id].append(lot)
            for order in orders:
                self._pay(session, order, variants, wallet, shelves)

    def _pay(self, session, order, variants, wallet, shelves):
        grams = 0
        for line in order.lines:
            variant = variants[line.variant_id]
            grams += variant.weight * line.units
            left = line.units
            for lot in shelves[line.variant_id]:
                units = min(left, lot.on_hand - lot.allocated)
                if units:
                    lot.allocated += units
                    left -= units
                    line.allocations.append(Allocation(lot_id=lot.id, units=units))
                    self._moved(session, lot.id, line, "allocate", units)
            line.cost = variant.price * left  # what is sourced; stock is paid for
            order.goods += line.cost
        order.freight = self._freight_of(grams)
        total = order.goods + order.freight
        if total > wallet.available:
            msg = "too little money"
            raise ValueError(msg)
        wallet.available -= total
        for account, sign in (("available", -1), ("revenue", 1)):
            for purpose, amount in (("goods", order.goods), ("freight", order.freight)):
                if amount:
                    session.add(
                        Entry(
                            seller_id=SELLER,
                            account=account,
                            purpose=purpose,
                            amount=sign * amount,
                            order_id=order.id,
                            at=self.now(),
                        )
                    )
        self._step(session, order, "awaiting_acceptance", "paid", 2, total=total)

    def accept(self, names):
        """
        Take the orders on.
        """
        with Session(self.engine) as session, session.begin():
            for order in self._locked(session, names):
                self._step(session, order, "awaiting_shipping", "accepted", 3)

    def ship(self, names, numbers):
        """
        Put each order in a parcel, take its units out of stock, and note what the shop
        is to be told.
        """
        with Session(self.engine) as session, session.begin():
            orders = self._locked(session, names, with_stock=True)
            for order, number in zip(orders, numbers, strict=True):
                parcel = Parcel(
                    order_id=order.id,
                    carrier="L",
                    tracking_number=number,
                    status="in_transit",
                    items=[
                        ParcelItem(line_id=line.id, units=line.units)
                        for line in order.lines
                    ],
                )
                session.add(parcel)
                for line in order.lines:
                    for found in line.allocations:
                        found.lot.on_hand -= found.units
                        found.lot.allocated -= found.units
                        self._moved(session, found.lot_id, line, "ship", found.units)
                body = {"order": order.external_id, "carrier": "L", "number": number}
                session.add(Message(parcel=parcel, body=body))
                self._step(session, order, "shipped", "shipped", 4, sent_as=number)

    def tell(self, limit, push):
        """
        Tell the shop what waits, and keep what it answered.
        """
        waiting = select(Message).where(Message.sent_at.is_(None)).order_by(Message.id)
        with Session(self.engine) as session, session.begin():
            for one in session.scalars(waiting.limit(limit).with_for_update()):
                one.reference = push(one.body)
                one.sent_at = self.now()

    def deliver(self, names):
        """
        Keep that parcels were delivered, and so their orders.
        """
        with Session(self.engine) as session, session.begin():
            for order in self._locked(session, names, with_parcels=True):
                for parcel in order.parcels:
                    parcel.status = "delivered"
                    told = Tracking(key="d", status="delivered", at=self.now())
                    parcel.tracking.append(told)
                self._step(session, order, "delivered", "delivered", 5)

    def ended(self):
        """
        Return how many orders are delivered, the units that are left, and what was
        paid, in minor units.
        """
        with Session(self.engine) as session:
            states = list(session.scalars(select(Order.state)))
            left = sum(lot.on_hand for lot in session.scalars(select(Lot)))
            spent = self._money - session.get(Wallet, SELLER).available
        return states.count("delivered"), left, spent

    def close(self):
        """
        Close all connections.
        """
        self.engine.dispose()

    @staticmethod
    def _locked(session, names, *, with_stock=False, with_parcels=False):
        found = select(Order).where(Order.id.in_(names)).order_by(Order.id)
        if with_parcels:
            found = found.options(selectinload(Order.parcels))
        elif with_stock:
            stock = selectinload(Order.lines).selectinload(Line.allocations)
            found = found.options(stock.joinedload(Allocation.lot))
        else:
            found = found.options(selectinload(Order.lines))
        return session.scalars(found.with_for_update(of=Order)).all()

    @staticmethod
    def _moved(session, lot_id, line, kind, units):
        session.add(Movement(lot_id=lot_id, line_id=line.id, kind=kind, units=units))

    def _step(self, session, order, state, name, number, **facts):
        order.state, order.updated_at = state, self.now()
        self._happened(session, order, name, number, **facts)

    def _happened(self, session, order, name, number, **facts):
        session.add(
            Event(
                order_id=order.id,
                number=number,
                name=name,
                at=self.now(),
                by="staff",
                facts=facts,
            )
        )


def _on_sqlite(connection, _record):
    connection.isolation_level = None  # transactions begin where we say so
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_at_once(connection):
    connection.exec_driver_sql("BEGIN IMMEDIATE")
