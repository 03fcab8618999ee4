"""
Whether everything holds: every invariant of the domain, checked on what is stored.

Orders are read in batches with all that belongs to them. What is summed over the whole
ledger keeps one number per order or lot in memory.
"""

from ...domain.kernel.errors import NotFoundError
from ...domain.kernel.values import frozen
from ...unit.base import Unit
from ...unit.tables.sellers import SELLERS
from ...unit.text.codecs import UnknownEventError
from ..base.service import Service
from .checkouts import check_checkouts
from .disputes import check_disputes
from .effects import check_effects
from .findings import Check, Findings, Violation
from .money import check_money
from .orders import check_orders
from .paid import check_paid
from .parts import check_parts
from .stock import check_stock
from .streams import check_streams

_CHECKS: tuple[Check, ...] = (
    check_money,
    check_checkouts,
    check_disputes,
    check_stock,
    check_orders,
    check_paid,
    check_parts,
    check_streams,
    check_effects,
)


@frozen
class AuditReport:
    """
    What was checked, and what was found.

    Attributes:
        checked: Invariant -> how many things were looked at.
    """

    checked: dict[str, int]
    violations: tuple[Violation, ...]

    @property
    def is_clean(self) -> bool:
        """
        Whether nothing was found.
        """
        return not self.violations


class Audit(Service):
    """
    Checks every invariant on a live database.
    """

    def run(self, *, seller_id: str = "") -> AuditReport:
        """
        Check everything, of one seller or of all; one reading transaction per seller.
        """
        checked: dict[str, int] = {}
        violations: list[Violation] = []
        for name in self._sellers(seller_id):
            found = self._check(name)
            violations.extend(found.violations)
            for invariant, count in found.checked.items():
                checked[invariant] = checked.get(invariant, 0) + count
        return AuditReport(dict(sorted(checked.items())), tuple(violations))

    def _sellers(self, seller_id: str) -> list[str]:
        if seller_id:
            return [seller_id]
        return self._units.platform(
            lambda unit: [str(s.seller_id) for s in unit.each(SELLERS.primary)],
            read_only=True,
        )

    def _check(self, seller_id: str) -> Findings:
        def work(unit: Unit) -> Findings:
            findings = Findings()
            for check in _CHECKS:
                _run(check, unit, seller_id, findings)
            return findings

        return self._units.platform(work, read_only=True)


def _run(check: Check, unit: Unit, seller_id: str, findings: Findings) -> None:
    """
    Run one part of the audit; what it cannot even read is a finding too.
    """
    error: Exception | None = None
    try:
        check(unit, seller_id, findings)
    except (ArithmeticError, LookupError, TypeError, ValueError) as raised:
        error = raised
    except (NotFoundError, UnknownEventError) as raised:
        error = raised
    findings.check(
        "stored_can_be_read",
        f"{seller_id}: {check.__name__}",
        holds=error is None,
        words=f"{type(error).__name__}: {error}; the rest of it was not looked at",
    )
