"""
`sourcehere orders modes`.
"""

from ..domain.freight.model import LeftOut
from ..face.records.modes import ShippingModes
from .arriving import arrival_words, saved_days, source_words
from .context import Ctx
from .output import Result, Table, table
from .parcel_plans import parcel_prices
from .references import find_order


def modes(order: str, /, *, ctx: Ctx) -> Result:
    """
    Show every method by which an unpaid order can be sent: price, days, and why others
    cannot be used. `orders ship-method` chooses one.

    Args:
        order: Its id or number.
    """
    found = ctx.shop.checkouts.modes(find_order(ctx, order))
    shown = [_words(found)]
    tables = [_modes(found)] if found.modes else []
    if found.left_out:
        tables.append(
            table(
                found.left_out,
                {"method": _name, "why not": lambda out: out.words},
                title="Left out",
            )
        )
    problems = tuple(blocker.words for blocker in found.blockers)
    return Result(found, (*shown, *tables), problems=problems)


def _words(found: ShippingModes) -> str:
    if not found.modes:
        return "there is no way to send it"
    told = f"cheapest {found.cheapest}, fastest {found.fastest}"
    return f"{told}; it asks for {found.wanted}" if found.wanted else told


def _modes(found: ShippingModes) -> Table:
    are_several = any(mode.parcels for mode in found.modes)
    several = {"parcels": lambda m: parcel_prices(m.parcels)} if are_several else {}
    return table(
        found.modes,
        {
            "": lambda m: "*" if m.is_chosen else "",
            "method": lambda m: m.method,
            "name": lambda m: m.name,
            "freight": lambda m: m.freight,
            **several,
            "total": lambda m: m.total,
            "days": lambda m: f"{m.days_min} to {m.days_max}",
            "from": lambda m: source_words(m.arrival),
            "arrives": lambda m: arrival_words(m.arrival),
            "or from": lambda m: source_words(m.other_arrival),
            "would arrive": lambda m: arrival_words(m.other_arrival),
            "cloud saves days": lambda m: saved_days(m.days_saved),
        },
    )


def _name(out: LeftOut) -> str:
    return out.method or out.connection
