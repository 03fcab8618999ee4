"""
Tenants: who sells, in which currency their wallet is.
"""

from collections.abc import Mapping

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import AlreadyExistsError
from ...domain.kernel.ids import SellerId
from ...domain.kernel.money import exponent_of
from ...domain.sellers.model import Seller
from ...domain.sellers.promises import Promises
from ...domain.wallet.model import Wallet
from ...ports.storage import RowExistsError
from ...unit.seller_unit import SellerUnit
from ...unit.tables.sellers import SELLERS
from ...unit.tables.wallet import WALLETS
from ..base.checks import require_staff
from ..base.commands import Given
from ..base.service import Service


class Sellers(Service):
    """
    Registers sellers, and keeps what is agreed with them.
    """

    def register(
        self, seller_id: str, *, name: str, currency: str, command_id: str = ""
    ) -> Seller:
        """
        Register a seller, with an empty wallet in *currency*.

        Registering the same seller with the same facts again changes nothing.

        Raises:
            UnknownCurrencyError: If ISO 4217 does not list *currency*.

            AlreadyExistsError: If the id is taken by another name or currency.
        """
        exponent_of(currency)
        owner = SellerId(seller_id)

        def work(unit: SellerUnit) -> Seller:
            known = unit.get(SELLERS)
            if known is not None:
                return _same(known, name, currency)
            seller = Seller(
                seller_id=owner, name=name, currency=currency, joined_at=unit.now
            )
            wallet = Wallet(
                seller_id=owner, currency=currency, available=0, held=0, debt=0
            )
            unit.insert(SELLERS, seller)
            unit.insert(WALLETS, wallet)
            return seller

        given = Given(command_id, "register", (seller_id, name, currency))
        try:
            return self._once(owner, given, work, Seller)
        except RowExistsError:
            return self._once(owner, given, work, Seller)  # registered meanwhile

    def promise(
        self, seller_id: str, promises: Promises, *, by: Actor, command_id: str = ""
    ) -> Seller:
        """
        Promise a seller other times than everybody, from now on: what was promised
        before is kept as it was.

        Raises:
            NotFoundError: If nobody of that id joined.

            CommandRefusedError: If *by* is not staff.
        """
        require_staff(by, "promise")
        given = Given(command_id, "promise", promises)
        return self._agree(seller_id, given, attrs.asdict(promises))

    def allocate_by(
        self, seller_id: str, policy: str, *, by: Actor, command_id: str = ""
    ) -> Seller:
        """
        Serve a seller's orders by an allocation policy from now on.

        Args:
            policy: By name; empty for that of the platform.

        Raises:
            UnknownProviderError: If no plugin offers it.

            NotFoundError: If nobody of that id joined.

            CommandRefusedError: If *by* is not staff.
        """
        require_staff(by, "allocate_by")
        if policy:
            self._ports.providers.allocation_policy(policy)
        given = Given(command_id, "allocate_by", policy)
        return self._agree(seller_id, given, {"allocation_policy": policy})

    def _agree(
        self, seller_id: str, given: Given, terms: Mapping[str, object]
    ) -> Seller:
        def work(unit: SellerUnit) -> Seller:
            seller = unit.need(SELLERS, lock=True)
            changed = attrs.evolve(seller, **terms)  # type: ignore[arg-type]  # by name
            if changed != seller:
                unit.put(SELLERS, changed)
            return changed

        return self._once(SellerId(seller_id), given, work, Seller)

    def get(self, seller_id: str) -> Seller:
        """
        Return a seller.

        Raises:
            NotFoundError: If nobody of that id joined.
        """
        return self._read(SellerId(seller_id), lambda unit: unit.seller)

    def all(self) -> tuple[Seller, ...]:
        """
        List every seller, by id.
        """
        return self._units.platform(
            lambda unit: tuple(unit.each(SELLERS.primary)), read_only=True
        )


def _same(known: Seller, name: str, currency: str) -> Seller:
    if (known.name, known.currency) != (name, currency):
        raise AlreadyExistsError(
            kind=f"seller named {known.name!r} with a wallet in {known.currency}",
            key=known.seller_id,
        )
    return known
