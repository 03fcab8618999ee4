"""
What a person reads when something is refused, and the exit code that scripts see.
"""

from collections.abc import Mapping

from ..domain.kernel.connections import DisconnectedError
from ..domain.kernel.errors import (
    AlreadyExistsError,
    CallerError,
    CommandRefusedError,
    CounterpartyError,
    CurrencyMismatchError,
    NotFoundError,
    SourceHereError,
    StateError,
    in_words,
)
from ..domain.kernel.money import Money
from ..domain.stores.errors import StoreRestsError
from ..domain.wallet.errors import (
    CheckoutExpiredError,
    InsufficientFundsError,
    SellerDebtError,
    SpendGuardError,
)
from ..face.plain import error_dict
from ..ports.errors import ConfigError, ConfigProblem, UnknownProviderError
from .output import tell, to_json
from .plain_text import plain

CALLER, STATE, COUNTERPARTY = 2, 3, 4
_CODES: tuple[tuple[type[SourceHereError], int], ...] = (
    (CallerError, CALLER),
    (StateError, STATE),
    (CounterpartyError, COUNTERPARTY),
)
_PAY_ANEW = "`sourcehere orders pay` does so, with another --command-id"
_OUTSIDE = "leads out of the folder"
_INSIDE = (
    "it is the folder that SOURCEHERE_FOLDER names, or the present one: put the file"
    " below it, or name another"
)
_OUTDATED = frozenset({"goods_outdated", "freight_outdated"})
_HELPS_WHERE_THERE_IS = {
    "store": "`sourcehere stores change {key}` changes it",
    "connection of SKU": "`sourcehere connections list` shows it, and"
    " `sourcehere connections remove CONNECTION` ends it",
    "SKU that is not ours": "`sourcehere connections unmark-not-ours STORE SKU` takes"
    " that back",
}
_LISTED_BY = {
    "SKU that is not ours": "connections not-ours STORE",
    "connection": "connections list",
    "dispute": "disputes list",
    "freight connection": "freight list",
    "freight method": "freight list",
    "gateway": "gateways list",
    "help request": "connections help-wanted",
    "hold": "orders show ORDER",
    "order": "orders list",
    "orders": "orders list",
    "outbox message": "relay dead",
    "parcel": "parcels list ORDER",
    "payment attempt": "wallet attempts",
    "product": "catalog search WORDS",
    "quote request": "quotes list",
    "record": "schema",
    "seller": "sellers list",
    "store": "stores list",
    "variant": "catalog search WORDS",
    "variant on sale": "catalog search WORDS",
    "wallet": "sellers list",
    "warehouse": "warehouses list",
}


class UsageError(CallerError):
    """
    Words on the command line, or in a file it names, that cannot be used.
    """


class NeedsConsentError(CallerError):
    """
    Money would be spent, and nobody said yes.
    """

    def __init__(self, *, total: Money) -> None:
        exact = str(total).partition(" ")[0]
        super().__init__(
            f"it costs {total} and nobody is at a terminal to agree; repeat with"
            f" --expect {exact}, with --at-most, or with --yes"
        )
        self.total = total


class OtherTotalError(StateError):
    """
    It costs something else than was expected; nothing was paid.
    """

    def __init__(self, *, expected: Money, total: Money) -> None:
        super().__init__(f"it costs {total}, not {expected}; nothing was paid")
        self.expected = expected
        self.total = total


class NotAgreedError(StateError):
    """
    The person at the terminal said no.
    """

    def __init__(self, *, done: str = "paid") -> None:
        super().__init__(f"nothing was {done}")


def exit_code(error: SourceHereError) -> int:
    """
    Return 2 for the caller's errors, 3 for the state's, 4 for a counterparty's. What is
    not for who asks stays wrong whatever the state is, so that it is 2.
    """
    if isinstance(error, CommandRefusedError) and error.is_of_another_role:
        return CALLER
    return next((code for cls, code in _CODES if isinstance(error, cls)), CALLER)


def advice(error: SourceHereError) -> str:
    """
    Say which command helps; empty where the error says it all.
    """
    advised = str(getattr(error, "advice", ""))
    match error:
        case NotFoundError() if error.kind in _LISTED_BY:
            advised = f"`sourcehere {_LISTED_BY[error.kind]}` lists them"
        case AlreadyExistsError() if error.kind in _HELPS_WHERE_THERE_IS:
            advised = _HELPS_WHERE_THERE_IS[error.kind].format(key=error.key)
        case StoreRestsError() | DisconnectedError():
            advised = _on_resting(error)
        case ConfigError() | UnknownProviderError():
            advised = _on_configuring(error)
        case InsufficientFundsError() | SellerDebtError():
            amount = error.missing.decimal_text
            advised = (
                f"`sourcehere wallet top-up {amount} --reference REFERENCE` records a"
                " transfer of it, and --card with --gateway charges a card instead"
            )
        case CheckoutExpiredError() | SpendGuardError():
            advised = _PAY_ANEW
        case CommandRefusedError() if _OUTDATED.intersection(error.codes):
            advised = _PAY_ANEW
        case CurrencyMismatchError():
            advised = f"amounts are in {error.left} here, and are never exchanged"
        case CommandRefusedError() if error.kind == "order" and error.id:
            advised = f"`sourcehere orders show {error.id}` says what can be done"
    return "" if advised in str(error) else advised


def _on_resting(error: StoreRestsError | DisconnectedError) -> str:
    if isinstance(error, DisconnectedError):
        desk = "gateways" if error.kind == "gateway" else "freight"
        return f"`sourcehere {desk} connect {error.name}` connects it again"
    if error.state == "paused":
        return f"`sourcehere stores resume {error.store_id}` lets it go on"
    return f"`sourcehere stores connect {error.store_id}` connects it again"


def _on_configuring(error: ConfigError | UnknownProviderError) -> str:
    if isinstance(error, UnknownProviderError):
        return "`sourcehere plugins` lists what is installed"
    if any(map(_is_of_another_kind, error.problems)):
        return "--set FIELD:=VALUE says a number, a list, true or false"
    if any(problem.words.startswith(_OUTSIDE) for problem in error.problems):
        return _INSIDE
    if any(problem.words.startswith("is a secret:") for problem in error.problems):
        return "--env FIELD=VARIABLE refers to one, and --allow-plain keeps it as it is"
    return ""


def _is_of_another_kind(problem: ConfigProblem) -> bool:
    return problem.words.startswith("is not ") and problem.words != "is not a text"


def sentence(error: SourceHereError) -> str:
    """
    Say what is wrong and what to do; every reason of a refusal on its own line.
    """
    match error:
        case CommandRefusedError():
            about = f"{error.kind} {error.id}: " if error.id else ""
            words = f"{about}cannot {in_words(error.command)}"
            reasons = [blocker.words for blocker in error.blockers]
        case ConfigError():
            words = f"the configuration of {error.provider} does not fit"
            reasons = [str(problem) for problem in error.problems]
        case _:
            words, reasons = str(error), []
    helpful = advice(error)
    words, helpful = plain(words), plain(helpful)
    if not reasons:
        return f"{words}; {helpful}" if helpful else words
    lines = [f"{words}:", *(f"  - {plain(reason)}" for reason in reasons)]
    return "\n".join([*lines, f"  ({helpful})"] if helpful else lines)


def as_data(error: SourceHereError) -> dict[str, object]:
    """
    Return what a program reads of an error: what the library says of it, which command
    helps, and the exit code.
    """
    return {
        **error_dict(error),
        "advice": advice(error),
        "exit_code": exit_code(error),
    }


def failures(errors: Mapping[str, SourceHereError]) -> dict[str, object]:
    """
    Return what went wrong with each of many, for programs.
    """
    return {name: as_data(error) for name, error in errors.items()}


def problems(errors: Mapping[str, SourceHereError]) -> tuple[str, ...]:
    """
    Say what went wrong with each of many, for people: its name stands before words that
    do not have it.
    """
    said = {name: sentence(error) for name, error in errors.items()}
    return tuple(
        f"sourcehere: {words}" if name in words else f"sourcehere: {name}: {words}"
        for name, words in said.items()
    )


def worst(errors: Mapping[str, SourceHereError]) -> int:
    """
    Return the exit code of a command about many; 0 where nothing went wrong.
    """
    return max((exit_code(error) for error in errors.values()), default=0)


def as_called(words: str, called: Mapping[str, str]) -> str:
    """
    Return *words* with what a person called an order before its id, where they are
    about that order: `order 1001 (ID): cannot pay`.
    """
    for order_id, name in called.items():
        words = words.replace(f"{order_id}: ", f"{plain(name)} ({order_id}): ")
    return words


def report(
    error: SourceHereError, *, as_json: bool, called: Mapping[str, str] | None = None
) -> int:
    """
    Say *error* on standard error, and return the exit code.

    Args:
        called: Order -> what a person called it.
    """
    code = exit_code(error)
    if as_json:
        tell(to_json({"error": as_data(error)}))
    else:
        tell(as_called(f"sourcehere: {sentence(error)}", called or {}))
    return code
