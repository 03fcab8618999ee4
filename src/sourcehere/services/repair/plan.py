"""
What a repair would do: shown before it is done, and done as it was shown.
"""

from datetime import datetime
from typing import Annotated

import attrs

from ...domain.kernel.checks import CheckedBy, Prose, check_stored
from ...domain.kernel.errors import StateError
from ...domain.kernel.values import frozen
from ...ports.storage import Key, Row
from ...unit.tables.repairs import Repair

# What a plan was made of, and is compared with: as it is stored, however large.
_STORED = CheckedBy(check_stored)
Columns = Annotated[dict[str, object], _STORED]
StoredKey = Annotated[Key, _STORED]
StoredRow = Annotated[Row, _STORED]


class RepairOutdatedError(StateError):
    """
    Something is not as it was when the plan was made; nothing of this seller was
    written. Make a plan anew.

    Attributes:
        seller_id: Whose part of the plan was refused; empty for the platform's.

        about: The table and key that is another now, or the repair that came between.
    """

    def __init__(self, *, seller_id: str, about: str) -> None:
        whose = f"of {seller_id}" if seller_id else "of the platform"
        super().__init__(
            f"{about} is not as it was when the plan was made; nothing {whose} was"
            " written; make a plan anew"
        )
        self.seller_id = seller_id
        self.about = about


@frozen(kw_only=True)
class PlannedChange:
    """
    One row that a repair writes.

    Attributes:
        invariant, subject: The finding of the audit that it answers.

        seller_id: Whose it is; empty for what belongs to the platform.

        table_name, row_key: What is written.

        before, after: The columns that differ, as they are and as they will be; empty
            where there is no row, or will be none.
    """

    invariant: str
    subject: str
    seller_id: str
    table_name: str
    row_key: Annotated[tuple[str, ...], _STORED]
    before: Columns
    after: Columns
    key: StoredKey = attrs.field(repr=False)
    row_before: StoredRow | None = attrs.field(repr=False)
    row_after: StoredRow | None = attrs.field(repr=False)


@frozen(kw_only=True)
class LeftFinding:
    """
    What no repair can mend, and what a person can do about it.

    Attributes:
        words: What is wrong.

        advice: What a person does.
    """

    invariant: str
    subject: str
    seller_id: str
    words: Prose
    advice: Prose


@frozen(kw_only=True)
class Reliance:
    """
    A row that a plan was made of, and does not write.
    """

    seller_id: str
    table_name: str
    key: StoredKey
    row: StoredRow


@frozen(kw_only=True)
class RepairPlan:
    """
    What a repair would write, and what it would leave; nothing is written by making it.

    Attributes:
        plan_id: Its own id: a plan is done once.

        found: How many findings the audit had.

        changes: What would be written, seller by seller.

        left: What the audit would still name then.

        is_whole: Whether everything was tried. Where very much is wrong, do this plan
            and make another one.
    """

    plan_id: str
    made_at: datetime
    found: int
    changes: tuple[PlannedChange, ...]
    left: tuple[LeftFinding, ...]
    is_whole: bool = True
    relied: tuple[Reliance, ...] = attrs.field(default=(), repr=False)
    repaired_before: dict[str, int] = attrs.field(factory=dict, repr=False)

    @property
    def is_empty(self) -> bool:
        """
        Whether there is nothing to write.
        """
        return not self.changes


@frozen(kw_only=True)
class RepairReport:
    """
    What a repair wrote.

    Attributes:
        repairs: Row by row; those that were done by an earlier run of the plan, too.
    """

    plan_id: str
    repairs: tuple[Repair, ...]
