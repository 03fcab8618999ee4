"""
Which plugins there are, what each offers, and which ones could not be used.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from importlib import metadata
from types import FunctionType, MethodType, ModuleType
from typing import Any, cast

import pluggy

from .clashes import without_clashes
from .errors import PluginError
from .hookspecs import (
    KIND_OF_HOOK,
    MANY_ANSWER_HOOKS,
    PROJECT,
    HookSpecs,
)
from .info import AnyProvider, Listener, LoadedPlugin, Origin, PluginFault
from .mistakes import mistake_in_arguments, mistake_in_functions, no_such_hook
from .offered import flaw_of_offer

_HOOKABLE = (FunctionType, MethodType, staticmethod, classmethod)


def _installed() -> list[tuple[Origin, metadata.EntryPoint]]:
    """
    List the plugins that are installed by now, sorted by their distributions.
    """
    found = [
        (_origin_of(entry_point), entry_point)
        for entry_point in metadata.entry_points(group=PROJECT)
    ]
    return sorted(found, key=lambda pair: (pair[0].distribution, pair[0].name))


def newer_than(found: Collection[str] | None) -> tuple[Origin, ...]:
    """
    List the plugins that were installed since *found* were; none where no installed
    plugin counts.
    """
    if found is None:
        return ()
    return tuple(origin for origin, _ in _installed() if str(origin) not in found)


class Loader:
    """
    Collects plugins; one that is wrong leaves nothing behind.

    pluggy's own entry-point loader stops at the first broken plugin, and a misspelt
    hook passes it silently. So each plugin is loaded and checked by itself.
    """

    def __init__(self) -> None:
        self._manager = _Manager(PROJECT)
        self._manager.add_hookspecs(HookSpecs)
        self.loaded: list[LoadedPlugin] = []
        self.faults: list[PluginFault] = []
        self.disabled: list[Origin] = []
        self.found: frozenset[str] | None = None  # what was installed, if it counts
        self._listeners: list[Listener] = []

    @property
    def listeners(self) -> list[Listener]:
        """
        The implementations of many-answer hooks, of the plugins in use.
        """
        used = {id(plugin.origin) for plugin in self.loaded}
        return [one for one in self._listeners if id(one.origin) in used]

    def load_entry_points(self, without: Collection[str] = ()) -> None:
        """
        Load every installed plugin; what fails is recorded as a fault.

        Args:
            without: Names of plugins, or of their distributions, that are not used.
        """
        found = _installed()
        self.found = frozenset(str(origin) for origin, _ in found)
        for origin, entry_point in found:
            if {origin.name, origin.distribution} & set(without):
                self.disabled.append(origin)
                continue
            try:
                plugin = entry_point.load()
            except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a foreign module does
                self._set_aside(origin, one_line(error))
                continue
            try:
                self.add(plugin, origin)
            except PluginError as error:
                self._set_aside(origin, error.problem)

    def add(self, plugin: object, origin: Origin | None = None) -> None:
        """
        Use *plugin*; one that is in use already stays so, once.

        Raises:
            PluginError: If it is wrong; it is not in use then.
        """
        if plugin is None:
            raise PluginError(plugin="None", problem="it is no module and no object")
        if self._manager.is_registered(plugin):
            return
        is_installed = origin is not None
        origin = origin or _origin_of_object(plugin)
        # pluggy takes a method of a class for one of an object.
        problem = mistake_in_arguments(plugin) if isinstance(plugin, type) else ""
        if problem:
            raise PluginError(plugin=origin.name, problem=problem)
        try:
            self._manager.register(plugin, str(id(plugin)))
        except (ValueError, pluggy.PluginValidationError) as error:
            # pluggy keeps what it registered before it found the mistake.
            if self._manager.is_registered(plugin):
                self._manager.unregister(plugin)
            problem = mistake_in_arguments(plugin) or one_line(error)
            raise PluginError(plugin=origin.name, problem=problem) from error
        try:
            hooks = self._hooks_of(plugin, origin)
            offers = tuple(self._offers_of(plugin, origin))
        except PluginError:
            self._manager.unregister(plugin)
            raise
        self.loaded.append(LoadedPlugin(origin, hooks, offers, is_installed))
        self._listeners.extend(self._listeners_of(plugin, origin))

    def settle(self) -> None:
        """
        Set aside the installed plugins that offer a name which another offers.

        Raises:
            ProviderClashError: If two plugins that were given do.
        """
        kept, aside = without_clashes(self.loaded)
        self.loaded = list(kept)
        self.faults.extend(aside)

    def _set_aside(self, origin: Origin, error: str) -> None:
        self.faults.append(
            PluginFault(origin.name, origin.distribution, origin.version, error)
        )

    def _hooks_of(self, plugin: object, origin: Origin) -> tuple[str, ...]:
        """
        List the hooks it implements, all of them known ones.
        """
        callers = self._manager.get_hookcallers(plugin) or []
        names = {caller.name for caller in callers}
        for caller in callers:
            if not caller.has_spec() and not all(
                impl.optionalhook
                for impl in caller.get_hookimpls()
                if impl.plugin is plugin
            ):
                problem = no_such_hook(caller.name)
                raise PluginError(plugin=origin.name, problem=problem)
        problem = mistake_in_functions(plugin, names)
        if problem or not names:
            problem = problem or "implements no hook"
            raise PluginError(plugin=origin.name, problem=problem)
        return tuple(sorted(names))

    def _listeners_of(self, plugin: object, origin: Origin) -> Iterator[Listener]:
        for name in MANY_ANSWER_HOOKS:
            for impl in getattr(self._manager.hook, name).get_hookimpls():
                if impl.plugin is plugin:
                    yield Listener(name, origin, impl.function, tuple(impl.argnames))

    def _offers_of(
        self, plugin: object, origin: Origin
    ) -> Iterator[tuple[str, AnyProvider]]:
        for name, kind in KIND_OF_HOOK.items():
            caller = getattr(self._manager.hook, name)
            for impl in caller.get_hookimpls():
                if impl.plugin is not plugin:
                    continue
                try:
                    answer = list(cast("Iterable[object]", impl.function()))
                except (Exception, SystemExit) as error:
                    problem = f"{name} raised {one_line(error)}"
                    raise PluginError(plugin=origin.name, problem=problem) from error
                seen: dict[str, object] = {}
                for info in answer:
                    problem = flaw_of_offer(info)
                    offered = cast("AnyProvider", info)
                    if not problem and seen.setdefault(offered.name, info) != info:
                        problem = f"two different providers are called {offered.name}"
                    if problem:
                        problem = f"{name}: {problem}"
                        raise PluginError(plugin=origin.name, problem=problem)
                    yield kind, offered


class _Manager(pluggy.PluginManager):
    """
    Looks for hooks where one can be: not under Python's own names, nor at the classes
    and constants of a module. Looking at each of them took most of the time of making
    a registry.
    """

    def parse_hookimpl_opts(
        self, plugin: object, name: str
    ) -> pluggy.HookimplOpts | None:
        if _is_python_s(name) or not _may_be_hook(plugin, name):
            return None
        return super().parse_hookimpl_opts(plugin, name)

    def parse_hookspec_opts(
        self, module_or_class: Any, name: str
    ) -> pluggy.HookspecOpts | None:
        if _is_python_s(name):
            return None
        return super().parse_hookspec_opts(module_or_class, name)


def _is_python_s(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _may_be_hook(plugin: object, name: str) -> bool:
    """
    Tell whether pluggy may take *name* for a hook; of what is no plain module, it
    decides alone.
    """
    is_module = type(plugin) is ModuleType
    return not is_module or isinstance(vars(plugin).get(name), _HOOKABLE)


def one_line(error: BaseException) -> str:
    """
    Name *error* and its message, without line breaks.
    """
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _origin_of(entry_point: metadata.EntryPoint) -> Origin:
    found = entry_point.dist
    if found is None:
        return Origin(entry_point.name, "", "")
    told = found.metadata  # read anew at each look
    # A damaged distribution may lack either.
    return Origin(entry_point.name, told["Name"] or "", told["Version"] or "")


def _origin_of_object(plugin: object) -> Origin:
    """
    Name an object that was passed directly: a module, or an instance of a class.
    """
    name = getattr(plugin, "__name__", "")
    module = getattr(plugin, "__module__", "") or name
    if not name:
        name = f"{module}.{type(plugin).__qualname__}"
    return Origin(name, *_distribution_of(str(module).partition(".")[0]))


@cache
def _distribution_of(package: str) -> tuple[str, str]:
    """
    Return the name and the version of what *package* came with, looked for once;
    empty if nothing says.
    """
    try:
        found = metadata.distribution(package)
    except (metadata.PackageNotFoundError, ValueError):
        return "", ""
    return found.name or "", found.version or ""
