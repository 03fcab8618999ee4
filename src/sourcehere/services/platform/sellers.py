"""
Tenants: who sells, in which currency their wallet is.
"""

from ...domain.kernel.errors import AlreadyExistsError
from ...domain.kernel.ids import SellerId
from ...domain.kernel.money import exponent_of
from ...domain.sellers.model import Seller
from ...domain.wallet.model import Wallet
from ...ports.storage import RowExistsError
from ...unit.seller_unit import SellerUnit
from ...unit.tables.sellers import SELLERS
from ...unit.tables.wallet import WALLETS
from ..base.service import Service


class Sellers(Service):
    """
    Registers sellers.
    """

    def register(self, seller_id: str, *, name: str, currency: str) -> Seller:
        """
        Register a seller, with an empty wallet in *currency*.

        Registering the same seller with the same facts again changes nothing.

        Raises:
            UnknownCurrencyError: If ISO 4217 does not list *currency*.

            AlreadyExistsError: If the id is taken with another currency.
        """
        exponent_of(currency)
        owner = SellerId(seller_id)

        def work(unit: SellerUnit) -> Seller:
            known = unit.get(SELLERS)
            if known is not None:
                return _same(known, currency)
            seller = Seller(
                seller_id=owner, name=name, currency=currency, joined_at=unit.now
            )
            wallet = Wallet(
                seller_id=owner, currency=currency, available=0, held=0, debt=0
            )
            unit.insert(SELLERS, seller)
            unit.insert(WALLETS, wallet)
            return seller

        try:
            return self._units.seller(owner, work)
        except RowExistsError:
            return _same(self.get(seller_id), currency)

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


def _same(known: Seller, currency: str) -> Seller:
    if known.currency != currency:
        raise AlreadyExistsError(
            kind=f"seller with a wallet in {known.currency}", key=known.seller_id
        )
    return known
