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
        country: str,
        name: str = "",
        serves: Sequence[str] | None = None,
        priority: int | None = None,
        handling: Sequence[Money] | None = None,
        command_id: str = "",
    ) -> WarehouseView:
        """
        Add a warehouse, or change what is said of it. What is not given stays as it is.

        Args:
            country: Where it stands, ISO 3166-1 alpha-2.

            name: What people read; of a new one its id if not given.

            serves: Countries it delivers to; `*` for all, as of a new one if not given.

            priority: A smaller one is asked first; a new one has 1 if not given.

            handling: What a unit that leaves from stock costs, one amount a currency;
                empty for nothing, as of a new one if not given.

        Raises:
            InvalidInputError: If the id, the name or a country cannot be one, a fee is
                below zero, or a currency has two.
        """
        check_id("warehouse_id", warehouse_id)
        if name:
            check_name("name", name)
        country = country_code(country)
        check_country("country", country)
        for served in serves or ():
            if served != EVERYWHERE:
                check_country("serves", country_code(served))
        for fee in handling or ():
            if fee.minor < 0:
                raise InvalidInputError(
                    field="handling", value=str(fee), expected="zero or more"
                )
        by_currency = Counter(fee.currency for fee in handling or ())
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
            serves=None if serves is None else list(map(country_code, serves)),
            priority=priority,
            handling_minor=(
                None
                if handling is None
                else {fee.currency: fee.minor for fee in handling}
            ),
            command_id=command_id,
        )
        return warehouse_of(made)
