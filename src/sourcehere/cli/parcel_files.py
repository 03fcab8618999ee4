"""
Parcels from files, as a warehouse has them: those that left, and numbers put right.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from .. import NewParcel, TrackingCorrection
from ..domain.kernel.errors import CallerError, InvalidInputError, SourceHereError
from ..face.results import Report
from .context import Context, Ctx, reported
from .errors import UsageError
from .output import Result, table
from .reading import read_count, read_place
from .references import find_each, find_parcel
from .table_file import Row, read_rows, require_exact

_SHIPPED = frozenset(
    {"order", "carrier", "tracking", "item", "quantity", "leaves_from"}
)
_CORRECTED = frozenset({"parcel", "tracking", "carrier"})


def ship_many(file: Path, /, *, ctx: Ctx, all_sellers: bool = False) -> Result:
    """
    Send the parcels of a file, as staff; the shops are told by `sourcehere relay run`.

    Args:
        file: CSV, JSON or Excel with the columns order, carrier and tracking, a row for
            each parcel. With item and quantity, as `orders show` names them, a row is
            for one item, and rows of an order with the same carrier and tracking are
            one parcel; without, everything that is left is in it. Where orders are
            split, leaves_from is the cloud warehouse, or own for the platform's own. A
            number that stands beside several orders is refused, and the rest goes on.

        all_sellers: The orders may be of any sellers, and are named by their ids.
    """
    rows = _rows(file, _SHIPPED, needed=("order", "carrier", "tracking"))
    shared = _shared(rows)
    rows = [row for row in rows if _called(row) not in shared]
    names = list(dict.fromkeys(row["order"] for row in rows))
    unknown: Mapping[str, CallerError] = {}
    if all_sellers:
        parcels = _parcels(file, rows, dict(zip(names, names, strict=True)))
        report = ctx.staff.parcels.ship_many(parcels)
    else:
        orders, unknown = find_each(ctx, names)
        known = [row for row in rows if row["order"] in orders]
        parcels = _parcels(file, known, orders)
        report = ctx.shop_by_staff.shipping.ship_many(parcels)
    failed = {
        _called(row): unknown[row["order"]] for row in rows if row["order"] in unknown
    }
    report = Report(report.done, {**shared, **failed, **report.failed})
    shown = table(
        list(report.done.items()),
        {
            "parcel": lambda p: p[0],
            "order": lambda p: p[1].order_id,
            "id": lambda p: p[1].parcel_id,
        },
    )
    return reported(report, shown)


def correct_many(file: Path, /, *, ctx: Ctx) -> Result:
    """
    Correct the tracking numbers of a file, as staff; the shops are told anew.

    Args:
        file: CSV, JSON or Excel with the columns parcel, its id or tracking number, and
            tracking, the right one; carrier where it is another.
    """
    rows = _rows(file, _CORRECTED, needed=("parcel", "tracking"))
    corrections: list[TrackingCorrection] = []
    failed: dict[str, SourceHereError] = {}
    for row in rows:
        try:
            corrections.append(_correction(ctx, row))
        except CallerError as error:
            failed[row["parcel"]] = error
    report = ctx.shop_by_staff.shipping.correct_tracking_many(corrections)
    report = Report(report.done, {**failed, **report.failed})
    shown = table(
        list(report.done.values()),
        {"order": lambda p: p.order_id, "parcel": lambda p: p.parcel_id},
    )
    return reported(report, shown)


def _rows(file: Path, columns: frozenset[str], needed: Sequence[str]) -> list[Row]:
    rows = read_rows(file)
    strange = sorted({name for row in rows for name in row} - columns)
    if strange:
        listed = ", ".join(sorted(columns))
        message = f"{file}: unknown {', '.join(strange)}; there is {listed}"
        raise UsageError(message)
    for number, row in enumerate(rows, start=1):
        lacking = [name for name in needed if not row.get(name, "").strip()]
        if lacking:
            message = f"{file}: record {number} has no {' and no '.join(lacking)}"
            raise UsageError(message)
        try:
            require_exact(row, row)
        except UsageError as error:
            message = f"{file}: record {number}: {error}"
            raise UsageError(message) from error
    return [{name: text.strip() for name, text in row.items()} for row in rows]


def _called(row: Row) -> str:
    return f"{row['carrier']}/{row['tracking']}"


def _shared(rows: Sequence[Row]) -> dict[str, CallerError]:
    """
    Return what is wrong with each number that stands beside several orders: one of them
    is mostly a slip of who filled the sheet in, and nobody knows which.
    """
    orders: dict[str, dict[str, None]] = {}
    for row in rows:
        orders.setdefault(_called(row), {})[row["order"]] = None
    return {
        name: InvalidInputError(
            field="tracking",
            value=name,
            expected=(
                f"of one order: {', '.join(named)} have it; where they do leave in one"
                " box, send each by `sourcehere orders ship`"
            ),
        )
        for name, named in orders.items()
        if len(named) > 1
    }


def _parcels(
    file: Path, rows: Sequence[Row], orders: Mapping[str, str]
) -> list[NewParcel]:
    parcels: dict[tuple[str, str, str, str], list[tuple[str, str]]] = {}
    for row in rows:
        place = row.get("leaves_from", "")
        key = (row["order"], row["carrier"], row["tracking"], place)
        item = (row.get("item", ""), row.get("quantity", ""))
        parcels.setdefault(key, []).append(item)
    return [
        NewParcel(
            order_id=orders[order],
            carrier=carrier,
            tracking_number=tracking,
            quantities=_quantities(f"{file}: {carrier} {tracking}", items),
            leaves_from=read_place(place),
        )
        for (order, carrier, tracking, place), items in parcels.items()
    ]


def _quantities(
    name: str, items: Sequence[tuple[str, str]]
) -> Mapping[str, int] | None:
    """
    Return item -> units; None for everything that is left.
    """
    if list(items) == [("", "")]:
        return None
    is_whole = all(item and quantity for item, quantity in items)
    if not is_whole or len(dict(items)) < len(items):
        message = (
            f"{name}: name each item once, with its quantity; or none, in one record,"
            " for everything that is left"
        )
        raise UsageError(message)
    return {
        item: read_count(quantity, "a quantity", least=1) for item, quantity in items
    }


def _correction(ctx: Context, row: Row) -> TrackingCorrection:
    known = find_parcel(ctx, row["parcel"])
    return TrackingCorrection(
        order_id=known.order_id,
        parcel_id=known.parcel_id,
        carrier=row.get("carrier", "") or known.carrier,
        tracking_number=row["tracking"],
    )
