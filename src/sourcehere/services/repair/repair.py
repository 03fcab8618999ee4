"""
Repairing what the audit names: planned, shown, done once, and kept on record.
"""

from collections.abc import Callable, Mapping, Sequence

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import SellerId, check_name, new_id
from ...ports.storage import Key, Row, RowExistsError, Table
from ...unit.base import Unit
from ...unit.tables import TABLES
from ...unit.tables.repairs import REPAIRS, REPAIRS_OF, Repair
from ..audit.audit import Counting, findings_of, findings_of_platform
from ..audit.platform import sellers_of
from ..base.commands import Given
from ..base.service import Service
from .draft import Draft
from .plan import (
    PlannedChange,
    Reliance,
    RepairOutdatedError,
    RepairPlan,
    RepairReport,
)
from .planning import Planner

Progress = Callable[[int], None]
_PLATFORM = SellerId("")
_BY_NAME = {table.name: table for table in TABLES}
# Locks are taken in one order: orders by id, lots by id, the wallet last.
_RANKS = {"orders": 0, "lot": 2, "wallet": 3}


class Repairing(Service):
    """
    Plans repairs, and does what was planned.
    """

    def plan(
        self, *, seller_id: str = "", progress: Progress | None = None
    ) -> RepairPlan:
        """
        Audit with a replay, and plan what can be mended, of one seller or of all;
        nothing is written, and nobody waits for it.

        Args:
            progress: Called with how many orders were looked at, and how many
                aggregates made anew, so far; again and again.
        """
        names = [SellerId(seller_id)] if seller_id else [_PLATFORM, *self._sellers()]
        planners: list[Planner] = []
        before: dict[str, int] = {}
        done = Counting(progress)
        for name in names:

            def work(unit: Unit, name: SellerId = name) -> Planner:
                before[name] = _last_number(unit, name)
                return self._planned(unit, name, done)

            planners.append(self._units.platform(work, read_only=True))
        return RepairPlan(
            plan_id=new_id(),
            made_at=self._ports.clock.now(),
            found=sum(len(planner.found) for planner in planners),
            changes=tuple(c for planner in planners for c in planner.planned),
            left=tuple(one for p in planners for one in p.left_findings()),
            is_whole=all(planner.is_whole for planner in planners),
            relied=tuple(one for planner in planners for one in planner.relied()),
            repaired_before=before,
        )

    def _sellers(self) -> list[SellerId]:
        names = self._units.platform(sellers_of, read_only=True)
        return [SellerId(name) for name in names]

    def _planned(self, unit: Unit, name: SellerId, done: "Counting") -> Planner:
        draft = Draft(unit, name, self._settings)
        if name == _PLATFORM:
            planner = Planner(draft, findings_of_platform)
        else:
            planner = Planner(
                draft,
                lambda seen: findings_of(
                    seen, name, self._settings, done.add, replay=True
                ),
            )
        planner.think()
        return planner

    def do(
        self, plan: RepairPlan, *, reason: str, by: Actor, command_id: str = ""
    ) -> RepairReport:
        """
        Write what *plan* says, one seller a commit, each with its rows on record.

        What is done is not done again: neither by the same plan, nor by another one
        that was made before. Cut off, the rest is done by doing it again.

        Raises:
            InvalidInputError: If *reason* is empty or longer than 200 characters.

            RepairOutdatedError: If something is not as it was when the plan was made;
                nothing of that seller was written, those before are done.
        """
        check_name("reason", reason)

        def work() -> RepairReport:
            done = [
                repair
                for name in plan.repaired_before
                for repair in self._do_one(plan, SellerId(name), reason, by)
            ]
            return RepairReport(plan_id=plan.plan_id, repairs=tuple(done))

        given = Given(command_id, "repair", (plan.plan_id, reason))
        return self._once_over_for_platform(given, work, RepairReport)

    def _do_one(
        self, plan: RepairPlan, name: SellerId, reason: str, by: Actor
    ) -> Sequence[Repair]:
        changes = [change for change in plan.changes if change.seller_id == name]
        if not changes:
            return ()

        def work(unit: Unit) -> Sequence[Repair]:
            known = _done_since(unit, plan, name)
            if _is_done(plan, known):
                return known
            if known:
                about = f"repair {known[0].number}"
                raise RepairOutdatedError(seller_id=name, about=about)
            relied = [one for one in plan.relied if one.seller_id == name]
            _check(unit, name, changes, relied)
            _write(unit, changes)
            made = [
                _record(plan, change, number, unit, reason, by)
                for number, change in enumerate(
                    changes, start=plan.repaired_before[name] + 1
                )
            ]
            unit.insert(REPAIRS, *made)
            return made

        try:
            return self._units.outside(work)
        except (RepairOutdatedError, RowExistsError) as error:
            # Somebody else may have done this very plan meanwhile.
            known = self._units.outside(
                lambda unit: _done_since(unit, plan, name), read_only=True
            )
            if _is_done(plan, known):
                return known
            if isinstance(error, RepairOutdatedError):
                raise
            raise RepairOutdatedError(seller_id=name, about=error.key) from error


def _last_number(unit: Unit, name: str) -> int:
    rows = unit.page(REPAIRS_OF, name, limit=1, descending=True)
    return rows[0].number if rows else 0


def _done_since(unit: Unit, plan: RepairPlan, name: str) -> list[Repair]:
    """
    Return what was repaired since *plan* was made: where it was done, its own repairs.
    """
    before = plan.repaired_before[name]
    since = [one for one in unit.each(REPAIRS_OF, name) if one.number > before]
    mine = [one for one in since if one.plan_id == plan.plan_id]
    return mine or since


def _is_done(plan: RepairPlan, known: Sequence[Repair]) -> bool:
    return bool(known) and known[0].plan_id == plan.plan_id


def _check(
    unit: Unit,
    name: str,
    changes: Sequence[PlannedChange],
    relied: Sequence[Reliance],
) -> None:
    """
    Lock every row that is written or was relied on, and compare it with the plan.

    Raises:
        RepairOutdatedError: If one is another now.
    """
    wanted: dict[str, dict[Key, Row | None]] = {}
    for one in relied:
        wanted.setdefault(one.table_name, {})[one.key] = one.row
    for change in changes:
        wanted.setdefault(change.table_name, {})[change.key] = change.row_before
    for table_name in sorted(wanted, key=lambda t: (_RANKS.get(t, 1), t)):
        rows = wanted[table_name]
        moved = _moved(unit, _BY_NAME[table_name], rows)
        if moved is not None:
            about = f"{table_name} {'/'.join(str(part) for part in moved)}"
            raise RepairOutdatedError(seller_id=name, about=about)


def _moved(unit: Unit, table: Table, rows: Mapping[Key, Row | None]) -> Key | None:
    found = unit.session.get(table, list(rows), lock=True)
    now = {table.key_of(row): row for row in found}
    return next((key for key, row in rows.items() if now.get(key) != row), None)


def _write(unit: Unit, changes: Sequence[PlannedChange]) -> None:
    """
    Write rows that were compared under their locks.
    """
    for table_name in dict.fromkeys(change.table_name for change in changes):
        table = _BY_NAME[table_name]
        mine = [change for change in changes if change.table_name == table_name]
        gone = [c.key for c in mine if c.row_after is None]
        changed = [c.row_after for c in mine if c.row_before and c.row_after]
        made = [c.row_after for c in mine if not c.row_before and c.row_after]
        if gone:
            unit.session.delete(table, gone)
        if changed:
            left_alone = unit.session.replace(table, changed, expected=None)
            assert not left_alone, left_alone
        if made:
            unit.session.insert(table, made)


def _record(
    plan: RepairPlan,
    change: PlannedChange,
    number: int,
    unit: Unit,
    reason: str,
    by: Actor,
) -> Repair:
    return Repair(
        seller_id=SellerId(change.seller_id),
        number=number,
        plan_id=plan.plan_id,
        repaired_at=unit.now,
        actor=by,
        invariant=change.invariant,
        subject=change.subject,
        table_name=change.table_name,
        row_key=change.row_key,
        before=change.before,
        after=change.after,
        reason=reason,
    )
