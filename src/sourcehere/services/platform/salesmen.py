"""
Who of the staff serves which seller, and where sellers reach them.
"""

from collections.abc import Mapping

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import SellerId
from ...domain.sellers.model import ContactChannel, Salesman, Seller
from ...unit.platform_unit import PlatformUnit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.sellers import SALESMEN, SELLERS
from ..base.checks import require_staff
from ..base.commands import Given
from ..base.service import Service


class Salesmen(Service):
    """
    Keeps who serves whom.
    """

    def put(
        self,
        salesman_id: str,
        *,
        name: str,
        channels: Mapping[str, str],
        by: Actor,
        command_id: str = "",
    ) -> Salesman:
        """
        Say where a salesman is reached; what was said before counts no longer.

        Raises:
            CommandRefusedError: If *by* is not staff.
        """
        require_staff(by, "put_salesman")
        made = Salesman(
            salesman_id=salesman_id,
            name=name,
            channels=tuple(ContactChannel(*pair) for pair in channels.items()),
        )

        def work(unit: PlatformUnit) -> Salesman:
            if unit.get(SALESMEN, salesman_id, lock=True) != made:
                unit.put(SALESMEN, made)
            return made

        request = (salesman_id, name, list(channels.items()))
        given = Given(command_id, "put_salesman", request)
        return self._once_for_platform(given, work, Salesman)

    def assign(
        self, seller_id: str, salesman_id: str, *, by: Actor, command_id: str = ""
    ) -> Seller:
        """
        Let a salesman serve a seller from now on; an empty id for nobody.

        Raises:
            NotFoundError: If there is no such seller or salesman.

            CommandRefusedError: If *by* is not staff.
        """
        require_staff(by, "assign_salesman")

        def work(unit: SellerUnit) -> Seller:
            seller = unit.need(SELLERS, lock=True)
            if salesman_id:
                unit.need(SALESMEN, salesman_id)
            if seller.salesman_id == salesman_id:
                return seller
            changed = attrs.evolve(seller, salesman_id=salesman_id)
            unit.put(SELLERS, changed)
            return changed

        given = Given(command_id, "assign_salesman", salesman_id)
        return self._once(SellerId(seller_id), given, work, Seller)

    def of(self, seller_id: str) -> Salesman | None:
        """
        Return who serves a seller; None for nobody yet.

        Raises:
            NotFoundError: If there is no such seller.
        """

        def work(unit: SellerUnit) -> Salesman | None:
            name = unit.seller.salesman_id
            return unit.get(SALESMEN, name) if name else None

        return self._read(SellerId(seller_id), work)
