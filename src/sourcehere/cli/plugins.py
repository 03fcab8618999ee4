"""
`sourcehere plugins`.
"""

from collections.abc import Callable, Iterator

import attrs
from cyclopts import App

from .. import SourceHereError
from .. import open as open_sourcehere
from ..domain.kernel.connections import ACTIVE
from ..domain.kernel.values import frozen
from ..plugins.disabling import disabled_file, disabled_plugins, write_disabled
from ..plugins.fields import FieldInfo
from ..plugins.hookspecs import MANY_ANSWER_HOOKS
from ..plugins.info import PluginInfo
from .context import Ctx
from .errors import UsageError
from .output import Result, Table, facts, table
from .pages import every
from .trying import found_well

app = App(name="plugins")


@app.default
def list_all(*, strict: bool = False) -> Result:
    """
    List the plugins, what each offers, and what is wrong with those set aside.

    Args:
        strict: Exit with 1 if a plugin was set aside.
    """
    found = _installed()
    offers = [(plugin, offer) for plugin in found for offer in plugin.providers]
    shown = table(
        offers,
        {
            "plugin": lambda o: o[0].name,
            "version": lambda o: o[0].version,
            "kind": lambda o: o[1].kind,
            "name": lambda o: o[1].name,
            "what": lambda o: o[1].summary,
        },
    )
    other = facts({p.name: _words(p) for p in found if not p.providers or _heard(p)})
    is_ill = strict and any(p.status == "fault" for p in found)
    parts = (shown, other) if other.rows else (shown,)
    return Result(found, parts, exit_code=int(is_ill))


@app.command
def show(name: str, /) -> Result:
    """
    Say what a plugin offers: what each provider can do, and what its configuration
    asks for.

    Args:
        name: The plugin's name, or that of one of its providers, which is shown alone.
    """
    named = [_only(name, plugin) for plugin in _installed()]
    found = [p for p in named if name == p.name or p.providers]
    if not found:
        message = f"there is no plugin {name!r}; `sourcehere plugins` lists them"
        raise UsageError(message)
    parts: list[Table | str] = []
    for plugin in found:
        about = {"plugin": plugin.name, "version": plugin.version}
        about |= {"status": plugin.status, "hooks": ", ".join(plugin.hooks)}
        parts.append(facts(about | {"why": plugin.error}))
        for offer in plugin.providers:
            can = ", ".join(offer.capabilities)
            said = {offer.kind: offer.name, "what": offer.summary, "can": can}
            parts.extend((facts(said), _fields(offer.fields)))
    return Result(found, tuple(parts))


@app.command
def disable(name: str, /) -> Result:
    """
    Do not use an installed plugin from now on, in no process of this Python
    environment.

    Args:
        name: As `sourcehere plugins` lists it.
    """
    if name not in {plugin.name for plugin in _installed()}:
        message = f"there is no plugin {name!r}; `sourcehere plugins` lists them"
        raise UsageError(message)
    return _written(disabled_plugins() | {name}, f"{name} is disabled")


@app.command
def enable(name: str, /) -> Result:
    """
    Use a plugin again that was disabled.

    Args:
        name: As `sourcehere plugins` lists it.
    """
    if name not in disabled_plugins():
        message = f"{name!r} is not disabled"
        raise UsageError(message)
    return _written(disabled_plugins() - {name}, f"{name} is enabled")


@app.command
def check(*, ctx: Ctx) -> Result:
    """
    Try every connection: each shop's credentials, each carrier's and each gateway's.
    Nothing changes.

    It exits with 1 if one of those in use fails; those that rest are not tried, nor
    those whose provider has no check().
    """
    tried = [*_shops(ctx), *_carriers(ctx), *_gateways(ctx)]
    shown = table(
        tried,
        {
            "kind": lambda one: one.kind,
            "seller": lambda one: one.seller_id,
            "name": lambda one: one.name,
            "provider": lambda one: one.provider,
            "found": lambda one: one.error or found_well(is_tried=one.is_tried),
        },
    )
    is_ill = any(one.error for one in tried)
    empty = "no connection is in use"
    return Result(tried, (shown if tried else empty,), exit_code=int(is_ill))


@frozen
class Tried:
    """
    A connection that was tried.

    Attributes:
        error: What is wrong with it; empty if nothing was found.

        is_tried: Whether its provider tried it; not where it has no `check()`.
    """

    kind: str
    seller_id: str
    name: str
    provider: str
    error: str
    is_tried: bool


def _shops(ctx: Ctx) -> Iterator[Tried]:
    for seller in every(ctx.staff.sellers.list):
        stores = ctx.staff.seller(seller.seller_id).stores
        for store in every(stores.list):
            if store.state == ACTIVE:
                found = _found(stores.check, store.store_id)
                names = (seller.seller_id, store.store_id, store.platform)
                yield Tried("shop", *names, *found)


def _carriers(ctx: Ctx) -> Iterator[Tried]:
    for known in every(ctx.staff.freight.list):
        if known.state == ACTIVE:
            found = _found(ctx.staff.freight.check, known.name)
            yield Tried("carrier", "", known.name, known.provider, *found)


def _gateways(ctx: Ctx) -> Iterator[Tried]:
    for known in every(ctx.staff.gateways.list):
        if known.state == ACTIVE:
            found = _found(ctx.staff.gateways.check, known.name)
            yield Tried("gateway", "", known.name, known.provider, *found)


def _found(check_one: Callable[[str], bool], name: str) -> tuple[str, bool]:
    try:
        return "", check_one(name)
    except SourceHereError as error:
        return str(error), True


def _installed() -> tuple[PluginInfo, ...]:
    with open_sourcehere("memory://") as sourcehere:
        return sourcehere.registry.describe()


def _written(names: frozenset[str], words: str) -> Result:
    try:
        write_disabled(names)
    except OSError as error:
        message = f"{disabled_file()} cannot be written: {error.strerror}"
        raise UsageError(message) from error
    told = {"disabled": sorted(names), "file": str(disabled_file())}
    return Result(told, (words,))


def _fields(fields: tuple[FieldInfo, ...]) -> Table:
    return table(
        fields,
        {
            "field": lambda f: f.name,
            "type": lambda f: f.type,
            "default": lambda f: "(required)" if f.required else f.default,
            "secret": lambda f: "yes" if f.secret else "",
        },
    )


def _only(name: str, plugin: PluginInfo) -> PluginInfo:
    """
    Return a plugin with all that it offers if it is named, else with what is.
    """
    if name == plugin.name:
        return plugin
    offers = tuple(offer for offer in plugin.providers if name == offer.name)
    return attrs.evolve(plugin, providers=offers)


def _words(plugin: PluginInfo) -> str:
    if plugin.status == "disabled":
        return f"disabled; `sourcehere plugins enable {plugin.name}`"
    return plugin.error or f"hooks: {', '.join(_heard(plugin) or plugin.hooks)}"


def _heard(plugin: PluginInfo) -> tuple[str, ...]:
    """
    List the hooks by which a plugin has a say in what others do.
    """
    return tuple(name for name in plugin.hooks if name in MANY_ANSWER_HOOKS)
