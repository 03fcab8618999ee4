"""
Goodwill: money that staff give a seller, beside refunds, and take back where it was a
mistake.
"""

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import OrderId, SellerId
from ...domain.kernel.money import Money
from ...domain.wallet.goodwill import Goodwill, GoodwillReason
from ...domain.wallet.model import Account, Wallet
from ...domain.wallet.purposes import GOODWILL, GOODWILL_TAKEN_BACK
from ...unit.seller_unit import SellerUnit
from ...unit.tables.wallet import GOODWILLS
from ..base.checks import require_staff
from ..base.commands import Given
from ..base.service import Service
from .booking import credit, require_amount, require_currency


class GivesGoodwill(Service):
    """
    Books credits that nothing was paid for.
    """

    def give_goodwill(
        self,
        seller_id: str,
        amount: Money,
        *,
        reference: str,
        reason: GoodwillReason,
        by: Actor,
        order_id: str = "",
        note: str = "",
        command_id: str = "",
    ) -> Wallet:
        """
        Credit a seller, as staff; a reference counts once. What is owed is settled by
        it first.

        Args:
            order_id: The order that it makes up for, if it is about one.

        Raises:
            InvalidInputError: If the amount is not positive, there is no reference or
                one with blanks around it, or something else was given, or taken back,
                under it.

            NotFoundError: If there is no such order.

            CurrencyMismatchError: If the wallet is in another currency.
        """
        require_staff(by, "give_goodwill")
        require_amount(amount, reference, what="a name that counts once")

        def work(unit: SellerUnit) -> Wallet:
            if order_id:
                unit.orders.one(order_id, lock=False)
            wallet = unit.locked_wallet()
            require_currency(unit, amount)
            made = Goodwill(
                seller_id=unit.seller_id,
                reference=reference,
                amount_minor=amount.minor,
                currency=amount.currency,
                reason=reason,
                order_id=OrderId(order_id),
                note=note,
                given_by=by,
                given_at=unit.now,
                taken_back_at=None,
            )
            known = unit.get(GOODWILLS, reference)
            if known is not None:
                _require_same(known, made)
                return wallet
            unit.insert(GOODWILLS, made)
            return credit(
                unit,
                wallet,
                amount.minor,
                of=Account.GOODWILL,
                purpose=GOODWILL,
                reference=reference,
            )

        request = (amount, reference, reason, order_id, note)
        given = Given(command_id, "give_goodwill", request)
        return self._once(SellerId(seller_id), given, work, Wallet)

    def take_back_goodwill(
        self, seller_id: str, reference: str, *, by: Actor, command_id: str = ""
    ) -> Wallet:
        """
        Take back what was given by mistake, as staff; twice is once.

        Raises:
            NotFoundError: If nothing was given under the reference.

            InsufficientFundsError: If less is in the wallet.

            SellerDebtError: If it is, and the seller owes something.
        """
        require_staff(by, "take_back_goodwill")

        def work(unit: SellerUnit) -> Wallet:
            wallet = unit.locked_wallet()
            known = unit.need(GOODWILLS, reference, lock=True)
            if known.taken_back_at is not None:
                return wallet
            unit.put(GOODWILLS, attrs.evolve(known, taken_back_at=unit.now))
            minor = known.amount_minor
            moved = [(Account.WALLET_AVAILABLE, -minor), (Account.GOODWILL, minor)]
            unit.book(
                moved,
                currency=known.currency,
                purpose=GOODWILL_TAKEN_BACK,
                reference=reference,
            )
            return attrs.evolve(wallet, available=wallet.available - minor)

        given = Given(command_id, "take_back_goodwill", reference)
        return self._once(SellerId(seller_id), given, work, Wallet)


def _require_same(known: Goodwill, asked: Goodwill) -> None:
    """
    Refuse a reference under which something else was given, or taken back.
    """
    if known.taken_back_at is not None:
        expected = "another one: what was given under it was taken back"
        raise InvalidInputError(
            field="reference", value=known.reference, expected=expected
        )
    for field, value, before in (
        ("amount", *_money(asked, known)),
        ("reason", asked.reason, known.reason),
        ("order_id", asked.order_id, known.order_id),
    ):
        if value != before:
            raise InvalidInputError(
                field=field,
                value=value,
                expected=f"{before or 'none'}, as given under reference"
                f" {known.reference!r} before",
            )


def _money(*given: Goodwill) -> list[str]:
    return [str(Money(one.amount_minor, one.currency)) for one in given]
