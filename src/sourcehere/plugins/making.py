"""
A provider is made by its plugin's factory, and looked at before anybody uses it.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from ..domain.kernel.errors import SourceHereError
from ..ports.allocation import AllocationPolicy
from ..ports.errors import DeclinedError
from ..ports.freight import FreightProvider
from ..ports.labels import SupportsLabels
from ..ports.payments import PaymentProvider
from ..ports.platforms import StorePlatform
from ..ports.providers import Context, SupportsClose
from ..ports.storage import Storage
from ..ports.tracking import SupportsTracking
from ..ports.webhooks import SupportsSubscriptions
from .capabilities import CAPABILITIES
from .guarding import guarded, without
from .hookspecs import (
    ALLOCATION_POLICY,
    FREIGHT_PROVIDER,
    PAYMENT_PROVIDER,
    STORAGE,
    STORE_PLATFORM,
)
from .info import AnyProvider
from .loading import one_line
from .mistakes import is_async
from .references import hide

C = TypeVar("C")
_PROTOCOLS: dict[str, type] = {
    STORE_PLATFORM: StorePlatform,
    FREIGHT_PROVIDER: FreightProvider,
    PAYMENT_PROVIDER: PaymentProvider,
    ALLOCATION_POLICY: AllocationPolicy,
    STORAGE: Storage,
}


def _members(protocol: type) -> list[str]:
    return [name for name in vars(protocol) if not name.startswith("_")]


_NEEDED = {kind: _members(protocol) for kind, protocol in _PROTOCOLS.items()}
_OPTIONAL = [
    name
    for protocol in (*CAPABILITIES.values(), SupportsClose)
    for name in _members(protocol)
]
# Of whom something optional is asked that takes more than one method: whoever is of
# another kind may call its own methods so.
_WHOLE: dict[str, tuple[type, ...]] = {
    STORE_PLATFORM: (SupportsSubscriptions,),
    FREIGHT_PROVIDER: (SupportsLabels, SupportsTracking),
}
_WORDS = {protocol: words for words, protocol in CAPABILITIES.items()}


def made_by(
    kind: str,
    info: AnyProvider,
    config: object,
    context: Context,
    *,
    secrets: frozenset[str],
) -> object:
    """
    Return the provider that a factory makes; what it says tells none of *secrets*.

    Raises:
        DeclinedError: If the factory fails, or what it makes lacks a method that every
            provider of its *kind* has, has one that is async, or half of those that
            make up something optional.

        SourceHereError: As the factory raised it on purpose.
    """
    try:
        made = call_factory(info, info.factory, config, context, secrets=secrets)
    except SourceHereError as error:
        refusal = without(error, name=info.name, secrets=secrets)
    else:
        flaw = _flaw_of(made, kind)
        if flaw:
            raise _cannot_be_made(info, context, flaw)
        name, connection = info.name, context.connection
        return guarded(made, name=name, connection=connection, secrets=secrets)
    raise refusal


def storage_by(
    info: AnyProvider, config: object, context: Context, *, secrets: Iterable[str]
) -> object:
    """
    Return the storage that a factory opens.

    Raises:
        DeclinedError: If the factory fails, or what it makes is no storage.

        SourceHereError: As the factory raised it on purpose.
    """
    made = call_factory(info, info.factory, config, context, secrets=secrets)
    flaw = _flaw_of(made, STORAGE)
    if flaw:
        raise _cannot_be_made(info, context, flaw)
    return made


def call_factory(
    info: AnyProvider,
    make: Callable[[C, Context], object],
    config: C,
    context: Context,
    *,
    secrets: Iterable[str],
) -> object:
    """
    Call a function of a plugin's that makes something.

    Raises:
        DeclinedError: For what it was not meant to raise, also where it would end the
            process.

        SourceHereError: As it raised it on purpose.
    """
    try:
        return make(config, context)
    except SourceHereError:
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001 - translated once, here
        words, cause = one_line(error), error
    shown = hide(words, secrets)
    # A traceback would show the message again, so it goes where it tells a secret.
    raise _cannot_be_made(info, context, shown) from (cause if shown == words else None)


def _cannot_be_made(info: AnyProvider, context: Context, words: str) -> DeclinedError:
    about = f"connection {context.connection!r} " if context.connection else ""
    detail = f"{about}cannot be made: {words}"
    return DeclinedError(provider=info.name, detail=detail)


def _flaw_of(made: object, kind: str) -> str:
    needed = _NEEDED[kind]
    lacks = [name for name in needed if isinstance(made, type) or not _has(made, name)]
    if lacks:
        return f"{_named(made)} lacks {', '.join(lacks)}, which every {kind} has"
    known = (*needed, *_OPTIONAL)
    waits = [name for name in known if is_async(getattr(type(made), name, None))]
    if waits:
        return (
            f"{', '.join(waits)} of {_named(made)} is async, and providers are called"
            " as plain functions, in threads"
        )
    halves = (_half_of(made, protocol) for protocol in _WHOLE.get(kind, ()))
    return next(filter(None, halves), "")


def _half_of(made: object, protocol: type) -> str:
    """
    Say what *made* lacks of a protocol of which it has the rest; it would not be asked.
    """
    members = _members(protocol)
    lacks = [name for name in members if not _has(made, name)]
    methods = [name for name in members if callable(vars(protocol)[name])]
    has = [name for name in methods if callable(getattr(type(made), name, None))]
    if not has or not lacks:
        return ""
    return (
        f"{_named(made)} has {', '.join(has)} and lacks {', '.join(lacks)}: what"
        f" {_WORDS[protocol]} has all of {protocol.__name__}"
    )


def _has(made: object, name: str) -> bool:
    try:
        return getattr(made, name, None) is not None
    except Exception:  # noqa: BLE001 - it has one, which fails: whoever asks is told
        return True


def _named(made: object) -> str:
    if isinstance(made, type):
        return f"the class {made.__name__}"
    return "None" if made is None else type(made).__name__
