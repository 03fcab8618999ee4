"""
`sourcehere plugins`.
"""

from .. import open as open_sourcehere
from ..plugins.info import PluginInfo
from .output import Result, facts, table


def run() -> Result:
    """
    List the plugins, what each offers, and what is wrong with those set aside.
    """
    with open_sourcehere("memory://") as sourcehere:
        found = sourcehere.registry.describe()
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
    other = facts({p.name: _words(p) for p in found if not p.providers})
    return Result(found, (shown, other) if other.rows else (shown,))


def _words(plugin: PluginInfo) -> str:
    return plugin.error or f"hooks: {', '.join(plugin.hooks)}"
