"""
The many-answer hooks: who listens, and what to make of the answers.
"""

from collections.abc import Iterable, Mapping

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
        self._subscribers: dict[str, Listener] = {}
        for listener in (x for x in found if x.hook == EVENT):
            self._subscribers[self._free_name(listener.origin.name)] = listener
        self._checkers = [x for x in found if x.hook == CHECK_TRANSITION]
        self._scorers = [x for x in found if x.hook == SCORE_MATCH]
        self.subscribers = tuple(sorted(self._subscribers))
        self.checks_transitions = bool(self._checkers)
        self.scores_matches = bool(self._scorers)
        self.faults: list[PluginFault] = []

    def _free_name(self, name: str) -> str:
        # Two objects of one class, say; the first keeps the plain name.
        free, number = name, 1
        while free in self._subscribers:
            number += 1
            free = f"{name}#{number}"
        return free

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
            except Exception as error:  # noqa: BLE001 - fails closed, whatever it is
                # What it says is for the operator: a seller reads the veto.
                self._record(listener, one_line(error))
                answer = Veto("plugin_failed", _FAILED)
            if answer is None:
                continue
            if not isinstance(answer, Veto):
                words = f"it answered {type(answer).__name__} instead of Veto or None"
                answer = Veto("plugin_failed", words)
            found.append(NamedVeto(listener.origin.name, answer))
        return tuple(found)

    def scores(
        self, listing: MatchListing, candidate: MatchCandidate, /
    ) -> Mapping[str, MatchScore]:
        """
        Ask every plugin, and return each one's opinion; what fails is a fault.
        """
        found: dict[str, MatchScore] = {}
        for listener in self._scorers:
            try:
                answer = listener.call(listing=listing, candidate=candidate)
            except Exception as error:  # noqa: BLE001 - that opinion is dropped
                self._record(listener, one_line(error))
                continue
            if isinstance(answer, MatchScore) and 0 <= answer.points <= _POINTS_MAX:
                found[listener.origin.name] = answer
            elif answer is not None:
                self._record(listener, f"{answer!r} is no MatchScore of 0 to 100")
        return found

    def _record(self, listener: Listener, error: str) -> None:
        origin, words = listener.origin, f"{listener.hook}: {error}"
        fault = PluginFault(origin.name, origin.distribution, origin.version, words)
        if len(self.faults) < _FAULTS_MAX and fault not in self.faults:
            self.faults.append(fault)
