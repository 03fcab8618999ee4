"""
The platform's cloud warehouses.
"""

from collections import Counter
from collections.abc import Sequence

from ...domain.kernel.address import check_country
from ...domain.kernel.countries import country_code
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import check_id, check_name
from ...domain.kernel.money import Money
from ...domain.warehouse.model import EVERYWHERE
from ..records.goods import WarehouseView, warehouse_of
from ..scope import STAFF, command
from ..seller.warehouses import WarehousesReadingDesk


class WarehousesDesk(WarehousesReadingDesk):
    """
    Adds warehouses, and lists them.
    """

    @command(STAFF)
    def add(
        self,
        warehouse_id: str,
        *,
        name: str,
        country: str,
        serves: Sequence[str] = ("*",),
        priority: int = 1,
        handling: Sequence[Money] = (),
        command_id: str = "",
    ) -> WarehouseView:
        """
        Add a warehouse, or change what is said of it.

        Args:
            country: Where it stands, ISO 3166-1 alpha-2.

            serves: Countries it delivers to; `*` for all.

            priority: A smaller one is asked first.

            handling: What a unit that leaves from stock costs, one amount a currency.

        Raises:
            InvalidInputError: If the id, the name or a country cannot be one, a fee is
                below zero, or a currency has two.
        """
        check_id("warehouse_id", warehouse_id)
        check_name("name", name)
        country = country_code(country)
        check_country("country", country)
        for served in serves:
            if served != EVERYWHERE:
                check_country("serves", country_code(served))
        for fee in handling:
            if fee.minor < 0:
                raise InvalidInputError(
                    field="handling", value=str(fee), expected="zero or more"
                )
        by_currency = Counter(fee.currency for fee in handling)
        twice = [code for code, count in by_currency.items() if count > 1]
        if twice:
            raise InvalidInputError(
                field="handling", value=twice[0], expected="one amount a currency"
            )
        made = self._app.cloud.add_warehouse(
            warehouse_id,
            name=name,
            country=country,
            by=self._by,
            serves=[country_code(served) for served in serves],
            priority=priority,
            handling_minor={fee.currency: fee.minor for fee in handling},
            command_id=command_id,
        )
        return warehouse_of(made)
