"""
What can go wrong, in three families: callers choose whether to retry by family.

*Caller*: the request is wrong and stays wrong. *State*: the world has moved on; look
again, then decide. *Counterparty*: somebody outside failed; trying later may help.
"""

import copyreg
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import attrs

from .actor import Actor
from .values import frozen

_SHOWN = 200  # characters of what somebody sent


def spelled_out(text: str) -> str:
    """
    Return a text with its half characters as escapes: UTF-8 has none, so that they fit
    no file, no log and no answer.
    """
    return text.encode("utf-8", "backslashreplace").decode()


def _shortened(value: object) -> object:
    """
    Return no more of a text than people read: errors are logged, and answered.
    """
    if not isinstance(value, str) or len(value) <= _SHOWN:
        return value
    text = f"{value[:_SHOWN]}…"
    return SaidOfIt(text) if isinstance(value, SaidOfIt) else text


class SaidOfIt(str):
    """
    What is said of a value instead of showing it, such as `a dict`: an error has it
    without quotes, since nobody wrote it.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class SourceHereError(Exception):
    """
    Every error this library raises on purpose.
    """

    def __init__(self, message: str = "") -> None:
        """
        Say *message*, with the half characters that somebody sent spelled out.
        """
        super().__init__(spelled_out(message))

    def __reduce__(self) -> tuple[object, ...]:
        """
        Copy and pickle its words and facts: an error that a process raises is told in
        another one, such as by a queue of jobs.

        Python would call the class with the words alone, which most do not take.
        """
        return copyreg.__newobj__, (type(self), *self.args), vars(self)  # type: ignore[attr-defined]  # not in typeshed

    @property
    def kept_words(self) -> str:
        """
        What a command's answer keeps of it: its text, without what people typed, and
        without where the platform keeps its data.
        """
        return str(self)


class CallerError(SourceHereError):
    """
    The request is wrong and stays wrong.
    """


class StateError(SourceHereError):
    """
    The world has moved on: look again, then decide.
    """


class CounterpartyError(SourceHereError):
    """
    Somebody outside failed; trying later may help.
    """


class InvalidAmountError(CallerError):
    """
    A text that is no plain decimal amount.
    """

    def __init__(self, *, text: str, currency: str) -> None:
        super().__init__(f"{text!r} is no plain decimal amount of {currency}")
        self.text = text
        self.currency = currency


class UnknownCurrencyError(CallerError):
    """
    A currency code that ISO 4217 does not list.
    """

    def __init__(self, *, currency: str) -> None:
        currency = str(_shortened(currency))
        super().__init__(f"{currency!r} is no ISO 4217 currency code, such as USD")
        self.currency = currency


class CurrencyMismatchError(CallerError):
    """
    Two currencies in one sum; the core never exchanges.
    """

    def __init__(self, *, left: str, right: str) -> None:
        super().__init__(f"cannot combine {left} with {right}")
        self.left = left
        self.right = right


class InvalidInputError(CallerError):
    """
    An argument outside what the command accepts.
    """

    def __init__(self, *, field: str, value: object, expected: str) -> None:
        value = _shortened(value)
        said = value.isoformat() if isinstance(value, date) else value
        super().__init__(f"{field}: {said!r} is not {expected}")
        self.field = field
        self.value = value
        self.expected = expected


class NotFoundError(CallerError):
    """
    No such thing for this seller.
    """

    def __init__(self, *, kind: str, id: str) -> None:
        super().__init__(f"no {kind} {id!r}")
        self.kind = kind
        self.id = id


class AlreadyExistsError(CallerError):
    """
    A key that is taken.
    """

    def __init__(self, *, kind: str, key: str) -> None:
        super().__init__(f"{kind} {key!r} exists already")
        self.kind = kind
        self.key = key


class IdempotencyConflictError(CallerError):
    """
    A command id that was used before, for another request.
    """

    def __init__(self, *, command_id: str, item: str) -> None:
        super().__init__(
            f"command {command_id!r} was given before with other arguments"
            + (f" for {item!r}" if item else "")
            + "; use a new command id for a new request"
        )
        self.command_id = command_id
        self.item = item


class TooLargeError(CallerError):
    """
    A number of more than 64 bits, or a key too long for an index; nothing is stored.
    """

    def __init__(self, *, cause: str) -> None:
        super().__init__(f"too large to be kept: {cause}")
        self.cause = cause


class ConflictError(StateError):
    """
    Somebody else changed the same thing first, several times over.

    Attributes:
        advice: What to do about it.
    """

    def __init__(self, *, kind: str, key: str, advice: str = "try again") -> None:
        super().__init__(f"{kind} {key} was changed by somebody else; {advice}")
        self.kind = kind
        self.key = key
        self.advice = advice


class TransitionRefusedError(StateError):
    """
    A move the chart does not have.
    """

    def __init__(self, *, chart: str, state: str, event: str) -> None:
        super().__init__(f"{chart}: no {event!r} from {state!r}")
        self.chart = chart
        self.state = state
        self.event = event


@frozen
class Blocker:
    """
    One reason why a command cannot be done now.

    Attributes:
        code: Stable name, for programs.

        words: A sentence, for people: what is wrong and what to do.

        facts: What the sentence speaks of.
    """

    code: str
    words: str
    facts: Mapping[str, str | int] = attrs.field(factory=dict, hash=False)


def in_words(command: str) -> str:
    """
    Return the name of a command as people read it, such as `top up`.
    """
    return command.replace("_", " ")


def wrong_role(command: str, by: Actor, *, roles: Iterable[str]) -> Blocker:
    """
    Return the reason why a command cannot be done by somebody who has none of *roles*.
    """
    allowed = ", ".join(sorted(roles))
    return Blocker(
        "role_not_allowed",
        f"{in_words(command)} is for {allowed}, not for {by.role}",
        {"role": by.role, "allowed": allowed},
    )


def wrong_state(command: str, state: str, *, needs: Iterable[str]) -> Blocker:
    """
    Return the reason why a command cannot be done in *state*, with the states in which
    it can.
    """
    names = ", ".join(sorted(needs))
    words = f"it is {state}; {command} needs {names}"
    return Blocker("wrong_state", words, {"state": state, "needs": names})


class CommandRefusedError(StateError):
    """
    A command that cannot be done now, with every reason.

    Attributes:
        blockers: All failed guards, never empty.
    """

    def __init__(
        self,
        *,
        kind: str,
        id: str,
        command: str,
        blockers: Sequence[Blocker],
    ) -> None:
        assert blockers
        reasons = "; ".join(blocker.words for blocker in blockers)
        about = f"{kind} {id}" if id else kind
        super().__init__(f"{about}: cannot {in_words(command)}: {reasons}")
        self.kind = kind
        self.id = id
        self.command = command
        self.blockers = tuple(blockers)

    @property
    def codes(self) -> tuple[str, ...]:
        """
        The codes of all blockers.
        """
        return tuple(blocker.code for blocker in self.blockers)

    @property
    def is_of_another_role(self) -> bool:
        """
        Whether the command is not for who asks, whatever the state is.
        """
        return "role_not_allowed" in self.codes


class ForbiddenError(CallerError):
    """
    Somebody asks for what is not theirs to read or to do.

    Attributes:
        actor: Who asks.

        action: What for; a method of a desk by its name, such as `WalletDesk.top_up`.
    """

    def __init__(
        self, *, actor: Actor, action: str, words: str, shown: str = ""
    ) -> None:
        """
        Say that *actor* may not do *action*, by the name *shown* where it has one for
        people, and in *words* why.
        """
        super().__init__(f"{actor} may not {shown or action}: {words}")
        self.actor = actor
        self.action = action


class UnknownCommandError(CallerError):
    """
    A command that such a thing does not have.
    """

    def __init__(self, *, command: str, known: Iterable[str]) -> None:
        self.command = command
        self.known = tuple(known)
        super().__init__(f"no command {command!r}; there are {', '.join(self.known)}")


def require_known(command: str, known: Iterable[str]) -> None:
    """
    Refuse a command that is none of *known*.

    Raises:
        UnknownCommandError: If it is none.
    """
    if command not in known:
        raise UnknownCommandError(command=command, known=known)
