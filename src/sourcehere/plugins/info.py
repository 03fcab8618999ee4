"""
What is told about plugins: where each comes from, what it offers, what is wrong.
"""

from collections.abc import Callable
from typing import Any, Literal

from ..domain.kernel.values import frozen
from ..ports.providers import ProviderInfo
from .capabilities import capabilities_of
from .fields import FieldInfo, describe

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

    Attributes:
        capabilities: What it can do beside what its kind has to, in words.

        fields: Of its configuration.
    """

    kind: str
    name: str
    summary: str
    capabilities: tuple[str, ...] = ()
    fields: tuple[FieldInfo, ...] = ()


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
    status: Literal["ok", "fault", "disabled"]
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

        is_installed: Whether it was found, not given.
    """

    origin: Origin
    hooks: tuple[str, ...]
    offers: tuple[tuple[str, AnyProvider], ...]
    is_installed: bool = False

    def describe(self) -> PluginInfo:
        """
        Say what it offers.
        """
        return PluginInfo(
            name=self.origin.name,
            distribution=self.origin.distribution,
            version=self.origin.version,
            hooks=self.hooks,
            providers=tuple(_summary(kind, info) for kind, info in self.offers),
            status="ok",
            error="",
        )


def _summary(kind: str, info: AnyProvider) -> ProviderSummary:
    return ProviderSummary(
        kind=kind,
        name=info.name,
        summary=info.summary,
        capabilities=capabilities_of(info.makes),
        fields=describe(info.config),
    )


def describe_disabled(origin: Origin) -> PluginInfo:
    """
    Say of an installed plugin that it is not used.
    """
    return PluginInfo(
        name=origin.name,
        distribution=origin.distribution,
        version=origin.version,
        hooks=(),
        providers=(),
        status="disabled",
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
