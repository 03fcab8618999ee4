"""
`sourcehere labels`.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import App

from ..domain.effects.labels import LabelDecision
from ..domain.kernel.clock import day_at
from ..domain.kernel.money import Money
from ..face.exported import LABEL_COLUMNS
from ..face.records.labels import LabelView
from ..ports.labels import PNG, ZPL
from .context import AS_NAMED, Context, Ctx
from .errors import UsageError
from .export_files import FileSaid, export_rows
from .output import Result, Table, table
from .reading import read_instant, read_money, read_place, read_quantities
from .references import find_order, find_parcel

app = App(name="labels")
Decision = Annotated[LabelDecision, AS_NAMED]
_SUFFIXES = {PNG: ".png", ZPL: ".zpl"}


@app.command
def buy(
    order: str,
    /,
    *item: str,
    ctx: Ctx,
    method: str,
    leaves_from: str = "",
    command_id: str = "",
) -> Result:
    """
    Buy a label from a carrier, as staff, and send its parcel with it; the shop is told
    by `sourcehere relay run`.

    Args:
        order: Its id or number.

        item: ITEM=UNITS that are in the parcel, as `orders show` names them; everything
            that is left if not given.

        method: What the carrier is to sell, such as card:std.

        leaves_from: The cloud warehouse that it leaves from; own for the platform's.

        command_id: Said again, it buys nothing again, and goes on where it was.
    """
    bought = ctx.shop_by_staff.labels.buy(
        find_order(ctx, order),
        method=method,
        quantities=read_quantities(item, "ITEM") if item else None,
        leaves_from=read_place(leaves_from),
        command_id=command_id,
    )
    return _shown(bought)


@app.command
def void(parcel: str, /, *, ctx: Ctx, command_id: str = "") -> Result:
    """
    Have the carrier take the label of a parcel back, as staff; then replace the parcel
    with `parcels void`, or refund it.

    Args:
        parcel: Its id or tracking number.

        command_id: Said again, it goes on where it was.
    """
    known = find_parcel(ctx, parcel)
    desk = ctx.shop_by_staff.labels
    return _shown(desk.void(known.parcel_id, command_id=command_id))


@app.command
def file(parcel: str, /, *, ctx: Ctx, to: Path | None = None) -> Result:
    """
    Get what is printed on a parcel, as staff, into a file.

    Args:
        parcel: Its id or tracking number.

        to: Where it is written; into this folder under its tracking number if not
            given. A file that is there is not written over.
    """
    known = find_parcel(ctx, parcel)
    got = ctx.shop_by_staff.labels.file(known.parcel_id)
    suffix = _SUFFIXES.get(got.media_type, ".pdf")
    path = to or Path(f"{_safe(known.tracking_number)}{suffix}")
    try:
        with path.open("xb") as out:
            out.write(got.content)
    except FileExistsError as error:
        message = f"{path} is there already; say another one with --to"
        raise UsageError(message) from error
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}"
        raise UsageError(message) from error
    data = {
        "parcel_id": known.parcel_id,
        "media_type": got.media_type,
        "bytes": len(got.content),
        "file": str(path),
    }
    return Result(data, (f"{path}: {got.media_type}, {len(got.content)} bytes",))


@app.command(name="list")
def list_all(order: str = "", /, *, ctx: Ctx) -> Result:
    """
    List the labels of an order with what each cost, as staff; without an order, those
    of all sellers of which it is not known what became of them.

    Args:
        order: Its id or number.
    """
    if order:
        found = ctx.shop_by_staff.labels.list(find_order(ctx, order))
    else:
        found = ctx.staff_of_all.labels.open()
    return Result(found, (_labels(found),))


@app.command
def export(
    *,
    ctx: Ctx,
    asked_from: str = "",
    asked_to: str = "",
    file: FileSaid = None,
) -> Result:
    """
    Write the labels of all sellers to a file, or to standard output, as staff: what
    carriers take for each, to hold against their bills.

    Args:
        asked_from: The first day on which a label was asked for, such as 2030-12-01, in
            the platform's zone.

        asked_to: The last day.
    """
    first, last = _day(ctx, asked_from), _day(ctx, asked_to)
    rows = ctx.staff_of_all.labels.export(first=first, last=last)
    return export_rows(ctx, list(LABEL_COLUMNS), rows, file)


def _day(ctx: Context, text: str) -> date | None:
    zone = ctx.sh.zone
    return day_at(read_instant(text, zone), zone) if text else None


@app.command
def resolve(
    label_id: str,
    decision: Decision,
    /,
    *,
    ctx: Ctx,
    reference: str = "",
    carrier: str = "",
    tracking: str = "",
    price: str = "",
) -> Result:
    """
    Say, as staff, what became of a label of which nobody knew.

    Args:
        label_id: As `labels list` names it.

        decision: bought, with the four that follow; not_bought, which frees its units;
            void or kept, of one that the carrier did not take back.

        reference: The carrier's own name for it.

        carrier: Who carries the parcel.

        tracking: The tracking number.

        price: What it cost, such as "4.12 EUR".
    """
    found = next((x for x in ctx.staff.labels.open() if x.label_id == label_id), None)
    ended = ctx.staff.labels.resolve(
        found.seller_id if found else ctx.seller_id,
        label_id,
        decision,
        reference=reference,
        carrier=carrier,
        tracking_number=tracking,
        price=_price(price),
    )
    return _shown(ended)


@app.command
def run(*, ctx: Ctx) -> Result:
    """
    Ask about every label that is due: what nobody knows, what cannot be used and is to
    be voided. `worker` does it too.
    """
    report = ctx.of_all.labels.run()
    words = f"asked {report.asked}, ended {report.ended}, failed {len(report.failed)}"
    return Result(report, (words,))


def _price(text: str) -> Money | None:
    if not text:
        return None
    number, _, currency = text.strip().partition(" ")
    if not currency.strip():
        message = f"{text}: say the currency too, such as 4.12 EUR"
        raise UsageError(message)
    return read_money(number, currency.strip().upper())


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name)


def _shown(one: LabelView) -> Result:
    words = f"the label is {one.state}"
    if one.parcel_id:
        words = f"{words}: parcel {one.parcel_id}, {one.carrier} {one.tracking_number}"
    if one.error:
        words = f"{words} ({one.error})"
    return Result(one, (words, _labels((one,))))


def _labels(labels: Sequence[LabelView]) -> Table:
    return table(
        labels,
        {
            "label": lambda x: x.label_id,
            "order": lambda x: x.order_id,
            "method": lambda x: x.method,
            "state": lambda x: x.state,
            "tracking": lambda x: x.tracking_number,
            "costs us": lambda x: x.price,
            "sends": lambda x: x.sends,
            "asked again": _again,
            "error": lambda x: x.error,
        },
    )


def _again(one: LabelView) -> object:
    return one.next_at if one.is_asked_again else None


def labels_of(ctx: Context, order_id: str) -> Table:
    """
    Show the labels of an order to staff: to nobody else, since what they cost is the
    platform's.
    """
    return table(
        ctx.shop_by_staff.labels.list(order_id),
        {
            "parcel": lambda x: x.parcel_id,
            "label": lambda x: x.label_id,
            "state": lambda x: x.state,
            "costs us": lambda x: x.price,
        },
        title="Labels",
    )
