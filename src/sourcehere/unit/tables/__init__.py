"""
Every table: whose rows, under which key, with which promises, found by which ways.

A seller's table leads its key with `seller_id`, so that a database can be spread by
seller. Ways that do not start with it serve staff, who look across sellers.
"""

from typing import Any

from ...ports.storage import Table
from ..records import Records
from . import (
    catalog,
    commands,
    contacts,
    disputes,
    effects,
    events,
    freight,
    local_stock,
    orders,
    pairing,
    payments,
    quotes,
    repairs,
    sellers,
    shipments,
    stores,
    talk,
    wallet,
    warehouse,
)

ALL_RECORDS: tuple[Records[Any], ...] = (
    *sellers.RECORDS,
    *catalog.RECORDS,
    *freight.RECORDS,
    *commands.RECORDS,
    *events.RECORDS,
    *contacts.RECORDS,
    *stores.RECORDS,
    *orders.RECORDS,
    *pairing.RECORDS,
    *quotes.RECORDS,
    *warehouse.RECORDS,
    *local_stock.RECORDS,
    *wallet.RECORDS,
    *payments.RECORDS,
    *shipments.RECORDS,
    *disputes.RECORDS,
    *talk.RECORDS,
    *effects.RECORDS,
    *repairs.RECORDS,
)
TABLES: tuple[Table, ...] = tuple(records.table for records in ALL_RECORDS)
