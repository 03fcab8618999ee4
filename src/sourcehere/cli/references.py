"""
Finding what people name: orders by the shop's number, variants by SKU, parcels by
tracking number.
"""

import re
from collections.abc import Iterable, Sequence

from ..domain.kernel.errors import CallerError, NotFoundError
from ..domain.kernel.skus import comparison_key
from ..domain.shipments.model import Parcel
from ..face.desks import SellerDesk
from .context import Context
from .errors import UsageError
from .pages import every

_PART = re.compile(r"(.+):([1-9][0-9]*)")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_id(text: str) -> bool:
    """
    Tell whether *text* is an id of ours.
    """
    return _ID.fullmatch(text) is not None


def find_order(ctx: Context, name: str) -> str:
    """
    Return the id of the order that *name* means.

    Raises:
        NotFoundError: If the seller has no order of that number.

        UsageError: If several orders have it.
    """
    return find_orders(ctx, [name])[0]


def find_orders(ctx: Context, names: Sequence[str]) -> list[str]:
    """
    Return the ids of the orders that *names* mean, in order.

    A name is an id, the number of an order of any kind, the shop's own id of it, or
    `STORE/NUMBER`; of a shop's order in several parts it is `NUMBER:PART`.

    Raises:
        NotFoundError: If the seller has no order of some number.

        UsageError: If nothing is named, or several orders have some number.
    """
    if not names:
        message = "name at least one order, by id or by number"
        raise UsageError(message)
    found, failed = find_each(ctx, names)
    for error in failed.values():
        raise error
    return [found[name] for name in names]


def find_each(
    ctx: Context, names: Sequence[str]
) -> tuple[dict[str, str], dict[str, CallerError]]:
    """
    Return the ids of the orders that *names* mean, by name, and why others mean none.
    """
    found = {name: name for name in names if is_id(name)}
    failed: dict[str, CallerError] = {}
    numbers = [name for name in dict.fromkeys(names) if not is_id(name)]
    for name, hits in (_by_number(ctx, numbers) if numbers else {}).items():
        try:
            found[name] = _only(name, hits)
            ctx.called[found[name]] = name
        except CallerError as error:
            failed[name] = error
    return found, failed


def _by_number(ctx: Context, names: Sequence[str]) -> dict[str, list[str]]:
    hits = _hits(ctx, names)
    split = {n: _PART.fullmatch(n) for n in names if not hits[n]}
    parts = {name: match.groups() for name, match in split.items() if match}
    whole = _hits(ctx, sorted({number for number, _ in parts.values()}))
    for name, (number, part) in parts.items():
        orders = ctx.shop.orders.get_many(whole[number])
        hits[name] = [str(o.order_id) for o in orders if o.part == int(part)]
    return hits


def _hits(ctx: Context, names: Sequence[str]) -> dict[str, list[str]]:
    desk = ctx.shop
    hits = {name: list(_numbered(desk, name)) for name in names}
    for store in every(desk.stores.list):
        prefix = f"{store.store_id}/"
        asked = {name: name.removeprefix(prefix) for name in names}
        known = desk.orders.find_external(
            store.store_id, sorted({*names, *asked.values()})
        )
        for name, number in asked.items():
            for form in dict.fromkeys((name, number)):
                hits[name].extend(known.get(form, ()))
    return {name: list(dict.fromkeys(found)) for name, found in hits.items()}


def _numbered(desk: SellerDesk, name: str) -> Iterable[str]:
    """
    Find orders of any kind by what people call them, also with their shop before it.
    """
    yield from desk.orders.find_number(name)
    store_id, slash, number = name.partition("/")
    if not slash:
        return
    for order in desk.orders.get_many(desk.orders.find_number(number)):
        if order.store_id == store_id:
            yield order.order_id


def _only(name: str, found: Sequence[str]) -> str:
    if not found:
        raise NotFoundError(kind="order", id=name)
    if len(found) > 1:
        listed = ", ".join(found)
        message = (
            f"{name!r} means several orders ({listed}); name one by id, by"
            " STORE/NUMBER, or a part of it by NUMBER:PART"
        )
        raise UsageError(message)
    return found[0]


def find_variants(ctx: Context, names: Iterable[str]) -> dict[str, str]:
    """
    Return the variant ids that *names* mean: SKUs, case ignored, or ids.

    Raises:
        NotFoundError: If the catalogue has no such SKU.
    """
    wanted = list(dict.fromkeys(names))
    skus = [name for name in wanted if not is_id(name)]
    known = ctx.desk.catalog.find_by_sku(skus) if skus else {}
    found: dict[str, str] = {}
    for name in wanted:
        if is_id(name):
            found[name] = name
        elif comparison_key(name) in known:
            found[name] = known[comparison_key(name)].variant_id
        else:
            raise NotFoundError(kind="variant", id=name)
    return found


def skus_of(ctx: Context, variant_ids: Iterable[str]) -> dict[str, str]:
    """
    Return the SKUs of variants, for people to read.
    """
    found = ctx.desk.catalog.variants(sorted(set(variant_ids)))
    return {str(name): variant.sku for name, variant in found.items()}


def find_parcel(ctx: Context, name: str) -> Parcel:
    """
    Return the seller's parcel that *name* means: an id or a tracking number.

    Raises:
        NotFoundError: If there is none.

        UsageError: If several parcels have the tracking number.
    """
    parcels = ctx.shop.parcels
    if is_id(name):
        return parcels.get(name)
    mine = parcels.find(name)
    live = [parcel for parcel in mine if not parcel.replaced_by] or mine
    if not live:
        raise NotFoundError(kind="parcel", id=name)
    if len(live) > 1:
        listed = ", ".join(f"{p.parcel_id} by {p.carrier}" for p in live)
        message = f"{name!r} means several parcels ({listed}); name one by id"
        raise UsageError(message)
    return live[0]
