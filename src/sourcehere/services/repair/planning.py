"""
Trying repairs, and keeping those after which the audit names less and nothing new.

What is stored is held against itself from many sides. So a row that was altered is told
from the history that was altered: made of a history that is not whole, the row
contradicts something else, and the repair is not kept.
"""

from collections.abc import Callable, Container, Iterable, Sequence

from ...domain.kernel.checks import NOT_SHOWN
from ...ports.storage import Row, Table
from ...unit.base import Unit
from ..audit.findings import Findings, Violation
from ..audit.replay import BROKEN
from .draft import Draft
from .plan import LeftFinding, PlannedChange, Reliance
from .remedies import ANSWERS, STAGES

Look = Callable[[Unit], Findings]
_LOST = "stream_has_its_row"
# Bad repairs among many are found by halves. Each look is an audit of the seller, so
# there is an end to it: doing the plan and making another one goes on.
_LOOKS_MAX = 200
# Columns with the words of shops, carriers and plugins, in whatever table.
_SAID_OUTSIDE = frozenset({"answer", "error", "why"})


class Planner:
    """
    Plans the repair of one seller, or of the platform.

    Attributes:
        found: What the audit named at first.

        left: What it would name when everything that is kept is done.

        planned: What is to be written.

        is_whole: Whether everything was tried; some is not where very much is wrong.
    """

    def __init__(self, draft: Draft, look: Look) -> None:
        """
        Audit what is stored.
        """
        self._draft = draft
        self._look = look
        self._tried: set[tuple[int, str, str]] = set()
        self.found: Sequence[Violation] = ()
        self.left: Sequence[Violation] = ()
        self.planned: Sequence[PlannedChange] = ()
        self.is_whole = True
        self._looks = 0
        self._see(look(draft.unit).violations)
        self.found = self.left

    def _see(self, violations: Sequence[Violation]) -> None:
        self.left = tuple(violations)
        self._draft.named = {violation.invariant for violation in violations}

    def think(self) -> None:
        """
        Try every remedy, stage by stage, until none mends any more.
        """
        before = None
        while before != (before := _names(self.left)):
            self._tried.clear()
            for stage in STAGES:
                while group := self._mendable(stage, self._tried):
                    lost = [v for v in group if v.invariant == _LOST]
                    self._tried |= {
                        (stage, v.invariant, v.subject) for v in lost or group
                    }
                    self._try(stage, lost or group)
        self.planned = self._changes()

    def _mendable(
        self, stage: int, tried: Container[tuple[int, str, str]]
    ) -> list[Violation]:
        """
        List what is named that has a remedy of *stage*, and was not *tried*.
        """
        return [
            violation
            for violation in self.left
            if any(s.stage == stage for s in ANSWERS[violation.invariant].steps)
            and (stage, violation.invariant, violation.subject) not in tried
        ]

    def _try(self, stage: int, group: Sequence[Violation]) -> None:
        """
        Keep what the remedies for *group* write, if that is right; else try each half.
        """
        mark = self._draft.mark()
        acted = [violation for violation in group if self._act(stage, violation)]
        if acted and self._is_right(stage, acted):
            return
        self._draft.back_to(mark)
        if self._looks > _LOOKS_MAX:
            self.is_whole = False
            return
        if len(acted) > 1:
            half = len(acted) // 2
            self._try(stage, acted[:half])
            self._try(stage, acted[half:])

    def _is_right(self, stage: int, acted: Sequence[Violation]) -> bool:
        """
        Tell whether the audit names less now, and nothing new; then keep what it names.

        A row that was lost hid what else is wrong around it. So what is only named now
        may be mended too: by its own remedies, else together with all that is left.
        """
        before, mark = self.left, self._draft.mark()
        first = self._named_now()
        if _is_better(before, first, acted) or self._is_restored(first, acted):
            self._see(first)
            return True
        for is_all in (False, True):
            self._draft.back_to(mark)
            after = self._follow(stage, before, first, is_all=is_all)
            if _is_better(before, after, acted):
                self._see(after)
                return True
        self._see(before)
        return False

    def _follow(
        self,
        stage: int,
        before: Iterable[Violation],
        named: Sequence[Violation],
        *,
        is_all: bool,
    ) -> Sequence[Violation]:
        """
        Mend what is named now and was not *before*; with *is_all* the rest, too.

        Returns:
            What is named then.
        """
        known = set() if is_all else _names(before)
        tried: set[tuple[int, str, str]] = set()
        for later in STAGES[stage:]:
            while True:
                self._see(named)
                group = [
                    violation
                    for violation in self._mendable(later, tried)
                    if not _names([violation]) & known
                ]
                tried |= {(later, v.invariant, v.subject) for v in group}
                if not [v for v in group if self._act(later, v)]:
                    break
                named = self._named_now()
        return named

    def _named_now(self) -> Sequence[Violation]:
        self._looks += 1
        return self._look(self._draft.unit).violations

    def _is_restored(
        self, named: Iterable[Violation], acted: Sequence[Violation]
    ) -> bool:
        """
        Tell whether rows that were lost altogether are there again: nothing that is
        stored is lost by that, and what they hid is named from now on.
        """
        return {v.invariant for v in acted} == {_LOST} and not _names(named) & _names(
            acted
        )

    def _act(self, stage: int, violation: Violation) -> bool:
        """
        Run the remedies for one finding, and tell whether they wrote anything.
        """
        mark = self._draft.mark()
        self._draft.answer(violation)
        try:
            for step in ANSWERS[violation.invariant].steps:
                if step.stage == stage:
                    step.do(self._draft, violation)
        except BROKEN:  # what it would be made of cannot be read
            self._draft.back_to(mark)
        return self._draft.overlay.mark() != mark[0]

    def _changes(self) -> list[PlannedChange]:
        """
        List what is to be written.
        """
        draft = self._draft
        made: list[PlannedChange] = []
        for table, key, row in draft.overlay.changed():
            before = draft.overlay.stored(table, key)
            if before == row:
                continue
            violation = draft.answers[table.name, key]
            was, is_now = _differing(table, before, row)
            made.append(
                PlannedChange(
                    invariant=violation.invariant,
                    subject=violation.subject,
                    seller_id=draft.seller_id,
                    table_name=table.name,
                    row_key=tuple(str(part) for part in key),
                    before=was,
                    after=is_now,
                    key=key,
                    row_before=before,
                    row_after=row,
                )
            )
        return made

    def relied(self) -> list[Reliance]:
        """
        List the rows that it was made of, and that it does not write.
        """
        return [
            Reliance(seller_id=self._draft.seller_id, table_name=name, key=key, row=row)
            for (name, key), row in self._draft.relied.items()
        ]

    def left_findings(self) -> list[LeftFinding]:
        """
        List what a person has to do.
        """
        return [
            LeftFinding(
                invariant=violation.invariant,
                subject=violation.subject,
                seller_id=violation.seller_id,
                words=violation.words,
                advice=ANSWERS[violation.invariant].advice,
            )
            for violation in self.left
        ]


def _is_better(
    before: Iterable[Violation], after: Iterable[Violation], acted: Iterable[Violation]
) -> bool:
    named = _names(after)
    return named <= _names(before) and not named & _names(acted)


def _names(violations: Iterable[Violation]) -> set[tuple[str, str]]:
    return {(violation.invariant, violation.subject) for violation in violations}


def _differing(
    table: Table, before: Row | None, after: Row | None
) -> tuple[dict[str, object], dict[str, object]]:
    """
    Return the columns that differ, as they are and as they will be.
    """
    names = [column.name for column in table.columns]
    was, is_now = _shown(names, before), _shown(names, after)
    if before is None or after is None:
        return was, is_now
    differ = [name for name in names if was[name] != is_now[name]]
    return {n: was[n] for n in differ}, {n: is_now[n] for n in differ}


def _shown(names: Sequence[str], row: Row | None) -> dict[str, object]:
    """
    Return what a plan, and what is kept of it for ever, show of a row: not what
    somebody outside said, who may have named a buyer.
    """
    return {
        name: NOT_SHOWN if value and name in _SAID_OUTSIDE else value
        for name, value in zip(names, row or (), strict=False)
    }
