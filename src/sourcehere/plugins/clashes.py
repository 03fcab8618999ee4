"""
Installed plugins that offer a name which another offers: each of them is set aside.
"""

from collections import defaultdict
from collections.abc import Sequence

from .errors import ProviderClashError
from .info import AnyProvider, LoadedPlugin, PluginFault

Offers = dict[tuple[str, str], list[tuple[AnyProvider, LoadedPlugin]]]


def without_clashes(
    plugins: Sequence[LoadedPlugin],
) -> tuple[tuple[LoadedPlugin, ...], tuple[PluginFault, ...]]:
    """
    Return the plugins whose names are theirs alone, and those that were set aside.

    Nobody is preferred for having come first. A plugin that the host gave stays, since
    the host knows what it gives; two of these that clash are the host's mistake.

    Raises:
        ProviderClashError: If two plugins that were given offer a name, differently.
    """
    aside: dict[int, PluginFault] = {}
    for (kind, name), found in _by_name(plugins).items():
        if _are_one(found):
            continue
        given = [one for one in found if not one[1].is_installed]
        if not _are_one(given):
            raise _clash(kind, name, given)
        for _, plugin in found:
            if plugin.is_installed:
                others = sorted({str(p.origin) for _, p in found if p is not plugin})
                aside.setdefault(id(plugin), _fault(plugin, kind, name, others))
    kept = tuple(plugin for plugin in plugins if id(plugin) not in aside)
    return kept, tuple(aside.values())


def _by_name(plugins: Sequence[LoadedPlugin]) -> Offers:
    found: Offers = defaultdict(list)
    for plugin in plugins:
        for kind, info in plugin.offers:
            found[kind, info.name].append((info, plugin))
    return found


def _are_one(offers: Sequence[tuple[AnyProvider, LoadedPlugin]]) -> bool:
    """
    Tell whether all describe one provider.
    """
    return all(info == offers[0][0] for info, _ in offers)


def _clash(
    kind: str, name: str, given: Sequence[tuple[AnyProvider, LoadedPlugin]]
) -> ProviderClashError:
    first = given[0]
    second = next(one for one in given if one[0] != first[0])
    return ProviderClashError(
        kind=kind, name=name, first=str(first[1].origin), second=str(second[1].origin)
    )


def _fault(
    plugin: LoadedPlugin, kind: str, name: str, others: Sequence[str]
) -> PluginFault:
    origin = plugin.origin
    error = (
        f"offers the {kind} {name!r}, and so does {' and '.join(others)}: uninstall or"
        " disable one"
    )
    return PluginFault(origin.name, origin.distribution, origin.version, error)
