"""
The many-answer hooks: who listens, and what to make of the answers.
"""

from collections.abc import Iterable, Mapping

from ..domain.kernel.shown import storable
from ..ports.hooks import (
    MatchCandidate,
    MatchListing,
    MatchScore,
    NamedVeto,
    PublishedEvent,
    Transition,
    Veto,
)
from .hookspecs import CHECK_TRANSITION, EVENT, SCORE_MATCH
from .info import Listener, PluginFault
from .loading import one_line

_FAILED = "it failed; ask whoever runs the platform"
_PLUGIN_FAILED = "plugin_failed"
_CODE_MAX, _WORDS_MAX = 100, 500  # characters
_FAULTS_MAX = 1_000
_POINTS_MAX = 100


class PluginHooks:
    """
    Asks plugins that implement a many-answer hook; an empty site costs one look.

    Attributes:
        faults: What raised while scoring, or checking a transition, each once, oldest
            first, the first thousand.
    """

    def __init__(self, listeners: Iterable[Listener]) -> None:
        found = list(listeners)
        self._subscribers = _by_name(x for x in found if x.hook == EVENT)
        self._checkers = [x for x in found if x.hook == CHECK_TRANSITION]
        self._scorers = _by_name(x for x in found if x.hook == SCORE_MATCH)
        self.subscribers = tuple(sorted(self._subscribers))
        self.checks_transitions = bool(self._checkers)
        self.scores_matches = bool(self._scorers)
        self.faults: list[PluginFault] = []

    def publish(self, subscriber: str, event: PublishedEvent, /) -> None:
        """
        Tell one plugin of an event.

        Raises:
            LookupError: If it is not installed any more.

            Exception: Whatever the plugin raises.
        """
        listener = self._subscribers.get(subscriber)
        if listener is None:
            msg = f"the plugin {subscriber!r} is not installed any more"
            raise LookupError(msg)
        listener.call(event=event)

    def vetoes(self, transition: Transition, /) -> tuple[NamedVeto, ...]:
        """
        Ask every plugin; one that raises, or answers nonsense, counts as a veto.
        """
        found: list[NamedVeto] = []
        for listener in self._checkers:
            try:
                answer = listener.call(transition=transition)
                veto = None if answer is None else _veto_in(answer)
            except Exception as error:  # noqa: BLE001 - fails closed, whatever it is
                # What it says is for the operator: a seller reads the veto.
                self._record(listener, one_line(error))
                veto = Veto(_PLUGIN_FAILED, _FAILED)
            if veto is not None:
                found.append(NamedVeto(listener.origin.name, veto))
        return tuple(found)

    def scores(
        self, listing: MatchListing, candidate: MatchCandidate, /
    ) -> Mapping[str, MatchScore]:
        """
        Ask every plugin, and return each one's opinion; what fails is a fault.
        """
        found: dict[str, MatchScore] = {}
        for name, listener in self._scorers.items():
            try:
                answer = listener.call(listing=listing, candidate=candidate)
                score = None if answer is None else _score_in(answer)
            except Exception as error:  # noqa: BLE001 - that opinion is dropped
                self._record(listener, one_line(error))
                continue
            if score is not None:
                found[name] = score
        return found

    def _record(self, listener: Listener, error: str) -> None:
        shown = storable(error, most=_WORDS_MAX)
        origin, words = listener.origin, f"{listener.hook}: {shown}"
        fault = PluginFault(origin.name, origin.distribution, origin.version, words)
        if len(self.faults) < _FAULTS_MAX and fault not in self.faults:
            self.faults.append(fault)


def _by_name(listeners: Iterable[Listener]) -> dict[str, Listener]:
    """
    Name each: two objects of one class, say, have one name; the first keeps it plain.
    """
    named: dict[str, Listener] = {}
    for listener in listeners:
        name = free = listener.origin.name
        number = 1
        while free in named:
            number += 1
            free = f"{name}#{number}"
        named[free] = listener
    return named


def _veto_in(answer: object) -> Veto:
    """
    Return a plugin's veto as it can be shown; what is none counts as one.
    """
    if not isinstance(answer, Veto):
        words = f"it answered {type(answer).__name__} instead of Veto or None"
        return Veto(_PLUGIN_FAILED, words)
    code, words = answer.code, answer.words
    if not isinstance(code, str) or not isinstance(words, str):
        return Veto(_PLUGIN_FAILED, "the code and the words of its Veto are no texts")
    code, words = str.__str__(code), str.__str__(words)  # of an enum's member
    return Veto(storable(code, most=_CODE_MAX), storable(words, most=_WORDS_MAX))


def _score_in(answer: object) -> MatchScore:
    """
    Return a plugin's opinion as it can be ranked and shown.

    Raises:
        TypeError: If it is none.
    """
    if not isinstance(answer, MatchScore) or not _are_points(answer.points):
        msg = f"{answer!r} is no MatchScore of 0 to {_POINTS_MAX}"
        raise TypeError(msg)
    if not isinstance(answer.words, str):
        msg = "the words of its MatchScore are no text"
        raise TypeError(msg)
    words = storable(str.__str__(answer.words), most=_WORDS_MAX)
    return MatchScore(answer.points, words)


def _are_points(points: object) -> bool:
    return type(points) is int and 0 <= points <= _POINTS_MAX
