"""
`sourcehere catalog`: what staff change in it.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import attrs

from .. import CatalogEdit, RowChanged, Touched, Upserted
from ..domain.catalog.changes import FieldChange, ProductChange, VariantChange
from ..domain.catalog.model import Price
from ..domain.kernel.errors import NotFoundError
from ..domain.kernel.words import counted
from .context import Context, Ctx
from .errors import UsageError
from .output import Result, Table, facts, table, when
from .pages import paged
from .reading import read_instant, read_prices
from .references import find_variants, is_id
from .upsert_file import read_upsert


def change(
    name: str,
    /,
    *,
    ctx: Ctx,
    sku: str | None = None,
    title: str | None = None,
    barcode: str | None = None,
    option: tuple[str, ...] | None = None,
    weight_grams: int | None = None,
    length_mm: int | None = None,
    width_mm: int | None = None,
    height_mm: int | None = None,
    price: str | None = None,
    currency: str = "",
    prices_from: str | None = None,
    drop_prices_ahead: bool = False,
    concession_points: int | None = None,
    quantity_min: int | None = None,
    attributes: str | None = None,
    pictures: str | None = None,
    dry_run: bool = False,
) -> Result:
    """
    Change a variant, as staff, and show what that touches.

    Args:
        name: Its SKU or id.

        option: NAME=VALUE, each of its options.

        price: Such as 1.70, or "1.70 100:1.50" by quantity; other currencies keep
            theirs.

        currency: Of the price.

        prices_from: The day or time at which the price begins; at once if not given.

        drop_prices_ahead: Forget prices that have not begun.

        attributes: What carriers restrict, such as "battery liquid".

        pictures: Links, separated by spaces.

        dry_run: Show it, and change nothing.
    """
    zone = ctx.sh.zone
    asked = VariantChange(
        sku=sku,
        title=title,
        barcode=barcode,
        options=None if option is None else _options(option),
        weight_grams=weight_grams,
        length_mm=length_mm,
        width_mm=width_mm,
        height_mm=height_mm,
        prices=_prices(price, currency),
        prices_from=None if prices_from is None else read_instant(prices_from, zone),
        drops_prices_ahead=drop_prices_ahead,
        concession_points=concession_points,
        quantity_min=quantity_min,
        attributes=None if attributes is None else tuple(attributes.split()),
        pictures=None if pictures is None else tuple(pictures.split()),
    )
    return _changed(ctx, name, asked, dry_run=dry_run)


def change_product(
    name: str,
    /,
    *,
    ctx: Ctx,
    title: str | None = None,
    link: str | None = None,
    pictures: str | None = None,
    dry_run: bool = False,
) -> Result:
    """
    Change what the variants of a product share, as staff.

    Args:
        name: The product's id, or a SKU of it.

        link: The page by which it is found.

        pictures: Links, separated by spaces.

        dry_run: Show it, and change nothing.
    """
    asked = ProductChange(
        title=title,
        link=link,
        pictures=None if pictures is None else tuple(pictures.split()),
    )
    desk, product_id = ctx.staff.catalog, find_product(ctx, name)
    return told(
        desk.change_product(product_id, asked, dry_run=dry_run), dry_run=dry_run
    )


def out_of_stock(name: str, /, *, ctx: Ctx, dry_run: bool = False) -> Result:
    """
    Say that the supplier has none, as staff: only what is in the cloud warehouse can
    be paid until it is back.

    Args:
        name: Its SKU or id.

        dry_run: Show what that touches, and change nothing.
    """
    return _changed(ctx, name, VariantChange(is_in_stock=False), dry_run=dry_run)


def in_stock(name: str, /, *, ctx: Ctx) -> Result:
    """
    Say that the supplier has it again, as staff.

    Args:
        name: Its SKU or id.
    """
    return _changed(ctx, name, VariantChange(is_in_stock=True), dry_run=False)


def bring_back(name: str, /, *, ctx: Ctx) -> Result:
    """
    Sell a variant again that was discontinued, as staff. It is connected anew.

    Args:
        name: Its SKU or id.
    """
    variant_id = find_variants(ctx, [name])[name]
    return told(ctx.staff.catalog.bring_back(variant_id))


def import_file(file: Path, /, *, ctx: Ctx, dry_run: bool = False) -> Result:
    """
    Change the variants of a file whose SKUs are known, and add the others, as staff.

    A record is a variant: sku, and what is to be changed of title, product, link,
    barcode, weight_grams, length_mm, width_mm, height_mm, price and currency,
    prices_from, concession_points, quantity_min, attributes, in_stock, pictures and
    option:NAME. Empty cells change nothing. A wrong record is rejected, and the rest
    go on.

    Args:
        file: CSV with a header, an Excel file, or a JSON list where it ends in .json.

        dry_run: Show what would be done, and do nothing.
    """
    rows, unread = read_upsert(file, ctx.sh.zone)
    done = ctx.staff.catalog.upsert(rows, dry_run=dry_run)
    report = attrs.evolve(done, rejected=(*unread, *done.rejected))
    summary, changed = _summary(report, dry_run=dry_run), _rows(report.changed)
    return Result(
        report,
        (summary, *([changed] if report.changed else []), *_touched(report.touched)),
        problems=tuple(
            f"{one.place}{f' ({one.sku})' if one.sku else ''}: {one.reason}"
            for one in report.rejected
        ),
        exit_code=1 if report.rejected else 0,
    )


def history(name: str, /, *, ctx: Ctx, after: str = "", limit: int = 20) -> Result:
    """
    Show what was changed in a product and its variants, when and by whom, as staff.

    Args:
        name: The product's id, or a SKU of it.

        after: Where the page before ended, as it said.

        limit: How many changes, at most 500.
    """
    desk, product_id = ctx.staff.catalog, find_product(ctx, name)
    page = desk.history(product_id, after=after, limit=limit)
    skus = {v.variant_id: v.sku for v in desk.get(product_id).variants}
    shown = table(
        page.items,
        {
            "at": lambda e: when(e.changed_at),
            "by": lambda e: f"{e.actor.role.value} {e.actor.id}",
            "sku": lambda e: skus.get(e.variant_id, "(product)"),
            "field": lambda e: e.field,
            "before": lambda e: e.before,
            "after": lambda e: e.after,
            "from": lambda e: "" if e.starts_at is None else when(e.starts_at),
        },
    )
    return paged(page, shown)


def touched(*name: str, ctx: Ctx) -> Result:
    """
    Show the connections, open offers and quotes that depend on variants, as staff.

    Args:
        name: SKUs or ids.
    """
    if not name:
        message = "name at least one SKU"
        raise UsageError(message)
    found = ctx.staff.catalog.touched(list(find_variants(ctx, name).values()))
    return Result(found, _touched(found) or ("nothing depends on it",))


def find_product(ctx: Context, name: str) -> str:
    """
    Return the id of the product that *name*, an id or a SKU of it, means.

    Raises:
        NotFoundError: If there is no such SKU.
    """
    if is_id(name):
        return name
    found = ctx.desk.catalog.find_by_sku([name])
    if not found:
        raise NotFoundError(kind="product", id=name)
    return next(iter(found.values())).product_id


def _changed(ctx: Context, name: str, asked: VariantChange, *, dry_run: bool) -> Result:
    variant_id = find_variants(ctx, [name])[name]
    edit = ctx.staff.catalog.change(variant_id, asked, dry_run=dry_run)
    return told(edit, dry_run=dry_run)


def told(edit: CatalogEdit, *, dry_run: bool = False) -> Result:
    """
    Show what an edit changed, and what depends on it.
    """
    changes = [change for one in edit.edited.changed for change in one.changes]
    if not changes:
        return Result(edit, ("nothing to change: it is so already",))
    lead = "would change; nothing was changed" if dry_run else "changed"
    words = f"{counted(len(changes), 'field')} {lead}"
    return Result(edit, (words, _fields(changes), *_touched(edit.touched)))


def _fields(changes: Sequence[FieldChange]) -> Table:
    return table(changes, _FIELDS)


_FIELDS: Mapping[str, Callable[[FieldChange], object]] = {
    "field": lambda c: c.field,
    "before": lambda c: c.before,
    "after": lambda c: c.after,
    "from": lambda c: "" if c.starts_at is None else when(c.starts_at),
}


def _rows(changed: Sequence[RowChanged]) -> Table:
    pairs = [(row, one) for row in changed for one in row.changes]
    fields = {name: _of_change(show) for name, show in _FIELDS.items()}
    return table(pairs, {"sku": lambda p: p[0].sku or "(product)", **fields})


def _of_change(
    show: Callable[[FieldChange], object],
) -> Callable[[tuple[RowChanged, FieldChange]], object]:
    return lambda pair: show(pair[1])


def _touched(found: Touched) -> tuple[Table | str, ...]:
    told = {
        "connections": [
            f"{c.seller_id}/{c.store_id} {c.connection_id}"
            + (" (at a price of its own)" if c.has_price else "")
            for c in found.connections
        ],
        "open offers": [f"{o.seller_id} {o.checkout_id}" for o in found.offers],
        "quotes": [f"{q.seller_id} {q.request_id}" for q in found.quotes],
    }
    return (facts(told, title="It touches"),) if any(told.values()) else ()


def _summary(report: Upserted, *, dry_run: bool) -> str:
    changed = len({row.variant_id for row in report.changed if row.variant_id})
    told = (
        f"{len(report.added)} added, {changed} changed, {report.unchanged} unchanged,"
        f" {len(report.rejected)} rejected"
    )
    return f"{told}; a dry run: nothing was done" if dry_run else told


def _options(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        name, separator, value = text.partition("=")
        if not separator or not name.strip():
            message = f"{text!r}: write NAME=VALUE, such as Colour=Red"
            raise UsageError(message)
        found[name.strip()] = value.strip()
    return found


def _prices(text: str | None, currency: str) -> tuple[Price, ...] | None:
    if text is None:
        return None
    if not currency:
        message = "--price needs --currency, such as --currency GBP"
        raise UsageError(message)
    return read_prices([text], currency.upper())
