"""
Repairs, as they are planned and as they were done.
"""

from ...services.repair.plan import LeftFinding as LeftFinding
from ...services.repair.plan import PlannedChange as PlannedChange
from ...services.repair.plan import RepairPlan as RepairPlan
from ...services.repair.plan import RepairReport as RepairReport
from ...unit.tables.repairs import Repair as Repair
