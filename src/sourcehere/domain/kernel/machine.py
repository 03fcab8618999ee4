"""
What may follow what: status charts as readable tables, compiled to plain dicts.

A chart is a `StateTable` subclass: states, events, and nothing else. The engine behind
it (python-statemachine) validates the class and draws it; orders never run the engine,
they look one pair up in the compiled table.
"""

from typing import Any, ClassVar, cast

from statemachine import State as State
from statemachine import StateMachine
from statemachine.factory import StateMachineMetaclass

from .errors import TransitionRefusedError


class ChartError(TypeError):
    """
    A chart that cannot be a table: a pair occurs twice, a condition, a name reused.
    """


def _compile(chart: type[StateMachine]) -> dict[tuple[str, str], str]:
    table: dict[tuple[str, str], str] = {}
    for state in getattr(chart, "states", ()):
        for transition in state.transitions:
            _refuse_condition(chart, transition)
            for event in transition.events:
                pair = (str(state.value), str(event.id))
                if pair in table:
                    msg = f"{chart.__name__}: {pair} occurs twice"
                    raise ChartError(msg)
                table[pair] = str(transition.target.value)
    return table


def _refuse_condition(chart: type[StateMachine], transition: Any) -> None:
    if list(transition.cond):
        msg = f"{chart.__name__}: {transition.event} has a condition; make two events"
        raise ChartError(msg)


class _Body(dict[str, object]):
    """
    A class body that refuses to bind a name twice.

    An event named as a state would silently remove the state.
    """

    def __setitem__(self, name: str, value: object) -> None:
        if name in self and not name.startswith("__"):
            msg = f"{self.get('__qualname__')}: {name!r} is bound twice"
            raise ChartError(msg)
        super().__setitem__(name, value)


class _Compiled(StateMachineMetaclass):
    @classmethod
    def __prepare__(  # type: ignore[override]  # the base declares a plain mapping
        cls, name: str, bases: tuple[type, ...], **kwargs: object
    ) -> _Body:
        return _Body()

    def __new__(
        cls, name: str, bases: tuple[type, ...], body: _Body, **kwargs: object
    ) -> type:
        return cast("type", super().__new__(cls, name, bases, dict(body), **kwargs))

    def __init__(
        cls, name: str, bases: tuple[type], body: _Body, **kwargs: object
    ) -> None:
        super().__init__(name, bases, dict(body), **kwargs)
        cls.table = _compile(cast("type[StateMachine]", cls))


class StateTable(StateMachine, metaclass=_Compiled):
    """
    A status chart: a class whose body is a table of states and events.

    Attributes:
        table: (state, event) -> the state that follows.
    """

    table: ClassVar[dict[tuple[str, str], str]]

    @classmethod
    def after(cls, state: str, event: str) -> str:
        """
        Return the state that follows *event* in *state*.

        Raises:
            TransitionRefusedError: If the chart has no such move.
        """
        following = cls.table.get((state, event))
        if following is None:
            raise TransitionRefusedError(chart=cls.__name__, state=state, event=event)
        return following

    @classmethod
    def allows(cls, state: str, event: str) -> bool:
        """
        Tell whether *event* may happen in *state*.
        """
        return (state, event) in cls.table

    @classmethod
    def states_for(cls, event: str) -> tuple[str, ...]:
        """
        List the states in which *event* may happen, in the order of the class body.
        """
        return tuple(state for state in cls.state_names() if cls.allows(state, event))

    @classmethod
    def state_names(cls) -> tuple[str, ...]:
        """
        List every state, in the order of the class body.
        """
        return tuple(str(state.value) for state in cls.states)

    @classmethod
    def event_names(cls) -> tuple[str, ...]:
        """
        List every event, in the order of the class body.
        """
        return tuple(dict.fromkeys(event for _, event in cls.table))

    @classmethod
    def ending_states(cls) -> frozenset[str]:
        """
        List the states nothing leaves.
        """
        return frozenset(str(state.value) for state in cls.states if state.final)

    @classmethod
    def drawing(cls, form: str = "mermaid") -> str:
        """
        Draw the chart as text.

        Args:
            form: `mermaid`, or `md` for a table.
        """
        return _labelled(cls, format(cls, form), form)


def _labelled(chart: type[StateTable], text: str, form: str) -> str:
    if form != "mermaid":
        return text
    for event in chart.event_names():
        label = event.replace("_", " ").capitalize()
        text = text.replace(f" : {label}\n", f" : {event}\n")
    return text
