"""
The seller's money: top-ups, balances, the ledger.
"""

from datetime import datetime

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import CurrencyMismatchError, InvalidInputError
from ...domain.kernel.ids import SellerId, new_id
from ...domain.kernel.money import Money
from ...domain.wallet.model import Account, LedgerEntry, TopUp, Wallet, transaction
from ...unit.seller_unit import SellerUnit
from ...unit.tables.wallet import LEDGER_OF, TOP_UPS, WALLETS
from ..base.checks import require_past, require_staff, require_zone
from ..base.commands import Given
from ..base.service import Service


class Wallets(Service):
    """
    Keeps wallets.
    """

    def get(self, seller_id: str) -> Wallet:
        """
        Return a seller's balances.

        Raises:
            NotFoundError: If nobody of that id joined.
        """
        return self._read(SellerId(seller_id), lambda unit: unit.need(WALLETS))

    def top_up(
        self,
        seller_id: str,
        amount: Money,
        *,
        reference: str,
        by: Actor,
        command_id: str = "",
        received_at: datetime | None = None,
    ) -> Wallet:
        """
        Record a bank transfer, as staff; a reference counts once. What is owed is
        settled by it first.

        Raises:
            InvalidInputError: If the amount is not positive, there is no reference, the
                reference was recorded with another amount, or the time has no zone or
                is more than two days ahead.

            CurrencyMismatchError: If the wallet is in another currency.
        """
        require_staff(by, "top_up")
        if amount.minor <= 0:
            raise InvalidInputError(
                field="amount", value=str(amount), expected="positive"
            )
        if not reference.strip():
            raise InvalidInputError(
                field="reference", value=reference, expected="the transfer's reference"
            )

        if received_at is not None:
            require_zone("received_at", received_at)

        def work(unit: SellerUnit) -> Wallet:
            # Locked, so that the answer is the balance that this transfer makes.
            wallet = unit.locked_wallet()
            if received_at is not None:
                require_past("received_at", received_at, now=unit.now)
            currency = unit.seller.currency
            if amount.currency != currency:
                raise CurrencyMismatchError(left=currency, right=amount.currency)
            known = unit.get(TOP_UPS, reference)
            if known is not None:
                _require_same(known, amount)
                return wallet
            unit.insert(
                TOP_UPS,
                TopUp(
                    seller_id=unit.seller_id,
                    reference=reference,
                    amount_minor=amount.minor,
                    currency=currency,
                    recorded_by=str(by),
                    received_at=received_at or unit.now,
                ),
            )
            unit.post(
                transaction(
                    [
                        (Account.PROVIDER_CLEARING, -amount.minor),
                        (Account.WALLET_AVAILABLE, amount.minor),
                    ],
                    seller_id=unit.seller_id,
                    transaction_id=new_id(),
                    currency=currency,
                    purpose="top_up",
                    reference=reference,
                    at=unit.now,
                )
            )
            settled = min(-wallet.debt, amount.minor)
            left = wallet.available + amount.minor - settled
            return attrs.evolve(wallet, available=left, debt=wallet.debt + settled)

        given = Given(command_id, "top_up", (amount, reference, received_at))
        return self._once(SellerId(seller_id), given, work, Wallet)

    def ledger(self, seller_id: str, *, limit: int = 100) -> tuple[LedgerEntry, ...]:
        """
        List the newest ledger entries, newest first.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: tuple(unit.page(LEDGER_OF, limit=limit, descending=True)),
        )


def _require_same(known: TopUp, amount: Money) -> None:
    if known.amount_minor != amount.minor:
        raise InvalidInputError(
            field="amount",
            value=str(amount),
            expected=f"{Money(known.amount_minor, known.currency)}, as recorded under"
            f" reference {known.reference!r} before",
        )
