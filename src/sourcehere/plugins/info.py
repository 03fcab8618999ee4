"""
What is told about plugins: where each comes from, what it offers, what is wrong.
"""

from collections.abc import Callable
from typing import Any, Literal

from ..domain.kernel.values import frozen
from ..ports.providers import ProviderInfo

AnyProvider = ProviderInfo[Any, Any]


@frozen
class PluginFault:
    """
    A plugin that was found and set aside.

    Attributes:
        name: Of its entry point.

        error: What is wrong with it, in one line.
    """

    name: str
    distribution: str
    version: str
    error: str


@frozen
class ProviderSummary:
    """
    One provider that a plugin offers.
    """

    kind: str
    name: str
    summary: str


@frozen
class PluginInfo:
    """
    One plugin, for people and for JSON (`attrs.asdict`).

    Attributes:
        distribution, version: Empty where it belongs to no installed distribution.

        hooks: The hooks it implements, sorted.

        error: What is wrong with it; empty if it is ok.
    """

    name: str
    distribution: str
    version: str
    hooks: tuple[str, ...]
    providers: tuple[ProviderSummary, ...]
    status: Literal["ok", "fault"]
    error: str


@frozen
class Origin:
    """
    Where a plugin comes from.
    """

    name: str
    distribution: str
    version: str

    def __str__(self) -> str:
        """
        Return the distribution if there is one, else the plugin's name.
        """
        return f"{self.distribution} {self.version}".strip() or self.name


@frozen(eq=False)
class Listener:
    """
    A plugin's implementation of a many-answer hook.

    Attributes:
        arguments: Which of the hook's arguments it takes, as pluggy found them.
    """

    hook: str
    origin: Origin
    function: Callable[..., object]
    arguments: tuple[str, ...]

    def call(self, **given: object) -> object:
        """
        Call it with what it takes.
        """
        return self.function(*(given[name] for name in self.arguments))


@frozen
class LoadedPlugin:
    """
    A plugin in use.

    Attributes:
        offers: Kind and provider, in the order they were listed.
    """

    origin: Origin
    hooks: tuple[str, ...]
    offers: tuple[tuple[str, AnyProvider], ...]

    def describe(self) -> PluginInfo:
        """
        Say what it offers.
        """
        return PluginInfo(
            name=self.origin.name,
            distribution=self.origin.distribution,
            version=self.origin.version,
            hooks=self.hooks,
            providers=tuple(
                ProviderSummary(kind, info.name, info.summary)
                for kind, info in self.offers
            ),
            status="ok",
            error="",
        )


def describe_fault(fault: PluginFault) -> PluginInfo:
    """
    Say of a plugin that was set aside what is wrong with it.
    """
    return PluginInfo(
        name=fault.name,
        distribution=fault.distribution,
        version=fault.version,
        hooks=(),
        providers=(),
        status="fault",
        error=fault.error,
    )
