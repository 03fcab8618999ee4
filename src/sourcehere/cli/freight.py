"""
`sourcehere freight`.
"""

from pathlib import Path

from cyclopts import App

from ..domain.freight.model import FreightParcel, FreightRequest
from ..face.records.goods import FreightQuote
from .arriving import arriving, saved_days
from .context import Ctx
from .output import Result, Table, table
from .pages import USUAL, paged
from .saying import Secrets, Values, configured, configured_anew
from .trying import found_well, why_unused

app = App(name="freight")


@app.command
def connect(
    name: str,
    /,
    *,
    ctx: Ctx,
    config: Path | None = None,
    values: Values = None,
    secrets: Secrets = None,
    provider: str = "rate_card",
    unchecked: bool = False,
    allow_plain: bool = False,
) -> Result:
    """
    Configure a freight provider for the whole platform, as staff.

    Args:
        name: The name to keep it under; `freight change` changes a known one.

        config: A JSON file with the provider's configuration, such as a rate card.

        values: A field of it: FIELD=VALUE where it is a text, FIELD:=VALUE where it is
            a number, a list, true or false; `sourcehere plugins show` lists them.

        secrets: A secret field, FIELD=VARIABLE: the environment variable that holds it.

        provider: What serves it; `sourcehere plugins` lists them.

        unchecked: Keep it without letting it try its credentials.

        allow_plain: Keep secrets that stand in the file as they are.
    """
    made = ctx.staff.freight.connect(
        name,
        provider=provider,
        config=configured(config, values, secrets) or {},
        check=not unchecked,
        allow_plain=allow_plain,
    )
    return Result(made, (f"freight {name} is there",))


@app.command
def change(
    name: str,
    /,
    *,
    ctx: Ctx,
    config: Path | None = None,
    values: Values = None,
    secrets: Secrets = None,
    unchecked: bool = False,
    allow_plain: bool = False,
) -> Result:
    """
    Change a carrier's configuration, as staff.

    Args:
        name: Which connection.

        config: A JSON file with the whole configuration from now on.

        values: A field of it: FIELD=VALUE where it is a text, FIELD:=VALUE where it is
            a number, a list, true or false; `sourcehere plugins show` lists them.

        secrets: A secret field, FIELD=VARIABLE: the environment variable that holds it.

        unchecked: Do not try the new credentials.

        allow_plain: Keep secrets that stand in the file as they are.
    """
    made = ctx.staff.freight.change(
        name,
        config=configured_anew(config, values, secrets),
        check=not unchecked,
        allow_plain=allow_plain,
    )
    return Result(made, (f"freight {name} is changed",))


@app.command
def pause(name: str, why: str = "", /, *, ctx: Ctx) -> Result:
    """
    Let a carrier rest, as staff: it is not asked.

    Args:
        name: Which connection.

        why: For people who would have chosen it.
    """
    made = ctx.staff.freight.pause(name, why=why)
    return Result(made, (f"freight {name} is paused",))


@app.command
def resume(name: str, /, *, ctx: Ctx) -> Result:
    """
    Ask a paused carrier again, as staff.

    Args:
        name: Which connection.
    """
    made = ctx.staff.freight.resume(name)
    return Result(made, (f"freight {name} is active",))


@app.command
def disconnect(name: str, why: str = "", /, *, ctx: Ctx) -> Result:
    """
    End a carrier's connection, as staff.

    Args:
        name: Which connection.

        why: For people who look for it.
    """
    made = ctx.staff.freight.disconnect(name, why=why)
    return Result(made, (f"freight {name} is disconnected",))


@app.command
def check(name: str, /, *, ctx: Ctx) -> Result:
    """
    Let a carrier try its credentials now, as staff, if it can.

    Args:
        name: Which connection.
    """
    is_tried = ctx.staff.freight.check(name)
    told = {"name": name, "is_tried": is_tried}
    return Result(told, (f"freight {name} {found_well(is_tried=is_tried)}",))


@app.command(name="list")
def list_all(*, ctx: Ctx, after: str = "", limit: int = USUAL) -> Result:
    """
    List the configured freight providers.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.desk.freight.list(after=after, limit=limit)
    columns = {
        "name": lambda p: p.name,
        "provider": lambda p: p.provider,
        "state": lambda p: p.state,
        "why": why_unused,
    }
    return paged(page, table(page.items, columns))


@app.command
def quote(
    *,
    ctx: Ctx,
    country: str,
    grams: int,
    postal_code: str = "",
    origin: str = "",
    volume_mm3: int = 0,
    length_mm: int = 0,
    width_mm: int = 0,
    height_mm: int = 0,
    attribute: tuple[str, ...] = (),
    currency: str = "",
) -> Result:
    """
    Price a consignment by every method, or say why a method is left out.

    Beside the days on the way are those of arrival if it is paid today: from the
    seller's stock in a cloud warehouse at the origin, and sourced directly.

    Args:
        country: Where to, such as GB.

        grams: Weight of everything together.

        postal_code: Where to, if methods ask for it.

        origin: Where it leaves from, such as CN, if methods ask for it.

        volume_mm3: Of everything together, in cubic millimetres.

        length_mm: Of the box, where a method has limits of size.

        width_mm: Of the box.

        height_mm: Of the box.

        attribute: What restrictions ask about, such as battery; said again for more.

        currency: Of the prices; the seller's if not given.
    """
    sides = (length_mm, width_mm, height_mm)
    boxes = (FreightParcel(grams, *sides),) if any(sides) else ()
    given = {"country"} | ({"postal_code"} if postal_code else set())
    answer = ctx.desk.freight.quote_with_arrivals(
        FreightRequest(
            country=country,
            postal_code=postal_code,
            origin=origin,
            weight_grams=grams,
            volume_mm3=volume_mm3 or length_mm * width_mm * height_mm,
            parcels=boxes,
            attributes=frozenset(attribute),
            fields_given=frozenset(given),
            currency=currency or ctx.currency,
        )
    )
    options = table(
        answer.options,
        {
            "connection": lambda o: o.connection,
            "method": lambda o: o.method,
            "name": lambda o: o.name,
            "price": lambda o: o.price,
            "days": lambda o: f"{o.days_min} to {o.days_max}",
            "charged grams": lambda o: o.chargeable_grams,
        },
    )
    left_out = table(
        answer.left_out,
        {
            "connection": lambda m: m.connection,
            "method": lambda m: m.method,
            "why not": lambda m: m.words,
        },
        title="Left out",
    )
    shown = [options]
    if answer.arrivals:
        shown.append(_arrivals(answer))
    if answer.left_out:
        shown.append(left_out)
    return Result(answer, tuple(shown))


def _arrivals(answer: FreightQuote) -> Table:
    """
    Show when each option arrives if it is paid today.
    """
    pairs = list(zip(answer.options, answer.arrivals, strict=True))
    return table(
        pairs,
        {
            "connection": lambda pair: pair[0].connection,
            "method": lambda pair: pair[0].method,
            "from the cloud": lambda pair: arriving(pair[1].cloud),
            "direct": lambda pair: arriving(pair[1].direct),
            "days saved": lambda pair: saved_days(pair[1].days_saved),
        },
        title="Arrives, if paid today",
    )
