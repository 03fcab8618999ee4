"""
The tables of an order core as a good engineer writes them in two weeks, with
SQLAlchemy's ORM.
"""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """
    What all tables share.
    """

    type_annotation_map: ClassVar = {
        datetime: DateTime(timezone=True),
        int: BigInteger().with_variant(Integer(), "sqlite"),
    }


class Wallet(Base):
    """
    A seller's money, in minor units.
    """

    __tablename__ = "wallet"
    seller_id: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str]
    available: Mapped[int]


class Variant(Base):
    """
    What is on sale.
    """

    __tablename__ = "variant"
    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(unique=True)
    price: Mapped[int]
    weight: Mapped[int]


class Connection(Base):
    """
    Which variant supplies a shop's SKU.
    """

    __tablename__ = "connection"
    seller_id: Mapped[str] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"))
    units: Mapped[int]


class Lot(Base):
    """
    Stock of one variant from one receipt.
    """

    __tablename__ = "lot"
    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[str]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"))
    received_at: Mapped[datetime]
    on_hand: Mapped[int]
    allocated: Mapped[int]
    __table_args__ = (Index("lot_of", "seller_id", "variant_id", "received_at"),)


class Movement(Base):
    """
    What changed a lot.
    """

    __tablename__ = "movement"
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), index=True)
    kind: Mapped[str]
    units: Mapped[int]


class Order(Base):
    """
    An order of a shop's customer.
    """

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[str]
    store_id: Mapped[str]
    external_id: Mapped[str]
    number: Mapped[str]
    state: Mapped[str]
    placed_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    name: Mapped[str]
    street: Mapped[str]
    city: Mapped[str]
    postal_code: Mapped[str]
    country: Mapped[str]
    email: Mapped[str]
    goods: Mapped[int] = mapped_column(default=0)
    freight: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column()
    lines: Mapped[list["Line"]] = relationship(order_by="Line.id")
    parcels: Mapped[list["Parcel"]] = relationship(order_by="Parcel.id")
    __mapper_args__: ClassVar = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("seller_id", "store_id", "external_id"),
        Index("orders_by_state", "seller_id", "state", "updated_at"),
        Index("orders_by_number", "seller_id", "number"),
    )


class Line(Base):
    """
    A line of an order.
    """

    __tablename__ = "line"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    external_id: Mapped[str]
    sku: Mapped[str]
    title: Mapped[str]
    quantity: Mapped[int]
    unit_price: Mapped[int]
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("variant.id"))
    units: Mapped[int]
    cost: Mapped[int] = mapped_column(default=0)
    allocations: Mapped[list["Allocation"]] = relationship()


class Allocation(Base):
    """
    Units of a lot that belong to a line.
    """

    __tablename__ = "allocation"
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    units: Mapped[int]
    lot: Mapped[Lot] = relationship()


class Entry(Base):
    """
    One side of a movement of money.
    """

    __tablename__ = "entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[str] = mapped_column(index=True)
    account: Mapped[str]
    purpose: Mapped[str]
    amount: Mapped[int]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    at: Mapped[datetime]


class Event(Base):
    """
    What happened to an order.
    """

    __tablename__ = "event"
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    facts: Mapped[dict[str, object]] = mapped_column(JSON)


class Parcel(Base):
    """
    What is on its way.
    """

    __tablename__ = "parcel"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    carrier: Mapped[str]
    tracking_number: Mapped[str] = mapped_column(index=True)
    status: Mapped[str]
    items: Mapped[list["ParcelItem"]] = relationship()
    tracking: Mapped[list["Tracking"]] = relationship()


class ParcelItem(Base):
    """
    Units of a line in a parcel.
    """

    __tablename__ = "parcel_item"
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    units: Mapped[int]


class Tracking(Base):
    """
    What the carrier said of a parcel, once a key.
    """

    __tablename__ = "tracking"
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    at: Mapped[datetime]


class Message(Base):
    """
    What a shop has to be told: an outbox.
    """

    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel.id"), unique=True)
    body: Mapped[dict[str, object]] = mapped_column(JSON)
    sent_at: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(default="")
    parcel: Mapped[Parcel] = relationship()
    __table_args__ = (Index("message_waiting", "sent_at", "id"),)
