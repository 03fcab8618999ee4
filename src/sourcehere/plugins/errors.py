"""
What is wrong with a plugin.
"""

from ..domain.kernel.errors import CallerError


class PluginError(CallerError):
    """
    A plugin that cannot be used as it is.
    """

    def __init__(self, *, plugin: str, problem: str) -> None:
        super().__init__(f"plugin {plugin}: {problem}")
        self.plugin = plugin
        self.problem = problem


class ProviderClashError(CallerError):
    """
    Two plugins that offer one name: one of them has to go.

    Attributes:
        first, second: The distributions; of a plugin that was passed directly and
            belongs to none, the plugin's name.
    """

    def __init__(self, *, kind: str, name: str, first: str, second: str) -> None:
        super().__init__(
            f"{kind} {name!r} is offered by {first} and by {second}; uninstall one"
        )
        self.kind = kind
        self.name = name
        self.first = first
        self.second = second
