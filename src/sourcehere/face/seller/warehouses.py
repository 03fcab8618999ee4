"""
The platform's cloud warehouses, as sellers choose one.
"""

from ...unit.tables.warehouse import WAREHOUSES
from ..lists import Page
from ..records.goods import WarehouseView, warehouse_of
from ..scope import Desk, reading


class WarehousesReadingDesk(Desk):
    """
    Lists warehouses.
    """

    @reading()
    def list(self, *, after: str = "", limit: int = 50) -> Page[WarehouseView]:
        """
        List the warehouses, by id.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._everybodys(
            WAREHOUSES.primary, convert=warehouse_of, after=after, limit=limit
        )
