"""
Shops that are files: looked at, connected and read.
"""

from pathlib import Path

from .. import StorePreview
from ..domain.kernel.words import counted
from .context import Ctx
from .errors import UsageError
from .output import Result, table
from .reading import read_object
from .saying import Secrets, Values, said_fields
from .store_asking import completed
from .store_missing import words_of_missing
from .store_sync import sync

_REJECTS_SHOWN = 10
_FILE = "file"  # the platform whose configuration can be a path alone


def connect(
    store: str,
    /,
    *,
    ctx: Ctx,
    config: Path | None = None,
    values: Values = None,
    secrets: Secrets = None,
    path: str = "",
    profile: str = "",
    currency: str = "",
    fulfilments_as: str = "",
    platform: str = "file",
    name: str = "",
    yes: bool = False,
    unchecked: bool = False,
    allow_plain: bool = False,
) -> Result:
    """
    Connect a shop. One that is a file, named by --path, is looked at, shown and, once
    you agree, read; nothing is read of another before `stores sync`. At a terminal you
    are asked for what the platform has to know, and what was not said.

    Args:
        store: The id to name it by.

        config: A JSON file with the platform's configuration.

        values: A field of the configuration, FIELD=VALUE; `sourcehere plugins show`
            lists them.

        secrets: A secret field, FIELD=VARIABLE: the environment variable that holds it.

        path: A file with the shop's orders, such as an export of it.

        profile: Whose export it is, as `stores profiles` names it; found out if not
            given.

        currency: Of amounts in that file that do not say theirs.

        fulfilments_as: Whose importer `stores fulfilments` writes for, such as shopify.

        platform: What serves it; `sourcehere plugins` lists them.

        name: What people read; the id if not given.

        yes: Agree to what is found in the file without being asked.

        unchecked: Do not try the credentials.

        allow_plain: Keep secrets that stand in the file as they are.
    """
    wanted = _configured(
        platform,
        config,
        said_fields(values, secrets),
        path=path,
        profile=profile,
        currency=currency,
        fulfilments_as=fulfilments_as,
    )
    if not path:
        wanted = completed(ctx, platform, wanted)
    if path:
        preview = ctx.shop.stores.preview(platform=platform, config=wanted)
        if _is_refused(preview):
            problem = "nothing is connected: no order of the file can be read"
            return Result(preview, (plain_preview(preview),), (problem,), exit_code=1)
        if not yes and not ctx.agrees(f"{plain_preview(preview)}Import these orders?"):
            message = "nothing is connected; agree with --yes"
            raise UsageError(message)
    made = ctx.shop.stores.connect(
        store,
        platform=platform,
        name=name,
        config=wanted,
        check=not unchecked,
        allow_plain=allow_plain,
    )
    if path:
        return sync(store, ctx=ctx)
    words = f"store {store} is connected; `sourcehere stores sync {store}` reads it"
    return Result(made, (words,))


def preview(
    path: str = "",
    /,
    *,
    ctx: Ctx,
    config: Path | None = None,
    profile: str = "",
    currency: str = "",
    platform: str = "file",
    store: str = "",
) -> Result:
    """
    Look at a file of a shop's orders: what it is, what its columns mean, and what would
    be imported. Nothing is.

    Args:
        path: The file.

        store: A shop that is connected: say also which of its open orders are not in
            the file.

        config: A JSON file with the platform's configuration, instead or besides.

        profile: Whose export it is, as `stores profiles` names it; found out if not
            given.

        currency: Of amounts that do not say theirs.

        platform: What serves it.
    """
    said = {"path": path, "profile": profile, "currency": currency}
    wanted = _configured(platform, config, {}, **said)
    found = ctx.shop.stores.preview(platform=platform, config=wanted)
    is_refused = _is_refused(found)
    shown = [plain_preview(found)]
    if not store:
        return Result(found, tuple(shown), exit_code=int(is_refused))
    missing = ctx.shop.stores.missing(store, config=wanted)
    shown += words_of_missing({store: missing})
    both = {"preview": found, "missing": missing}
    return Result(both, tuple(shown), exit_code=int(is_refused))


def list_profiles(*, ctx: Ctx) -> Result:
    """
    List the exports of platforms that are known, and by which columns.
    """
    found = ctx.shop.stores.profiles()
    shown = table(
        found,
        {
            "profile": lambda p: p.name,
            "what it is": lambda p: p.title,
            "known by": lambda p: ", ".join(p.needs),
        },
    )
    return Result(found, (shown,))


def _is_refused(found: StorePreview) -> bool:
    return bool(found.rejected) and not found.orders


def _configured(
    platform: str, config: Path | None, fields: dict[str, object], **said: str
) -> dict[str, object]:
    """
    Return the configuration that is written and said; what is said goes first.
    """
    written = {} if config is None else read_object(config)
    given = fields | {name: value for name, value in said.items() if value}
    if platform == _FILE and not written and not given:
        message = "name the file with --path, or the configuration with --config"
        raise UsageError(message)
    return {**written, **given}


def plain_preview(found: StorePreview) -> str:
    """
    Say what was found in a file, in lines.
    """
    counts = {
        "cancelled": found.cancelled,
        "refunded": found.refunded,
        "fulfilled": found.fulfilled,
        "unpaid": found.unpaid,
        "to be confirmed": found.doubtful,
    }
    kinds = [f"{count} {word}" for word, count in counts.items() if count]
    lines = [
        f"{found.title}, {', '.join([counted(found.orders, 'order'), *kinds])}",
        *(f"  {ours} is {theirs}" for ours, theirs in found.columns.items()),
        *(f"  {note}" for note in found.notes),
    ]
    if found.charges:
        lines.append(f"  {counted(found.charges, 'row')} of fees, or nothing to send")
    if found.rejected:
        lines.append(f"  {counted(len(found.rejected), 'row')} cannot be read:")
        lines += [f"    {words}" for words in found.rejected[:_REJECTS_SHOWN]]
        if len(found.rejected) > _REJECTS_SHOWN:
            lines.append("    and so on; --json has all of them")
    return "\n".join(lines) + "\n"
