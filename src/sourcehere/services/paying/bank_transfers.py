"""
Bank transfers that staff saw: what arrived, what was sent back.
"""

from datetime import datetime

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import SellerId
from ...domain.kernel.money import Money
from ...domain.wallet.errors import TransferOfAnotherError
from ...domain.wallet.model import Account, PayOut, TopUp, Wallet
from ...domain.wallet.purposes import PAID_OUT, TOP_UP_LOWERED
from ...unit.records import Way
from ...unit.seller_unit import SellerUnit
from ...unit.tables.wallet import PAY_OUTS, PAY_OUTS_NAMED, TOP_UPS, TOP_UPS_NAMED
from ..base.checks import require_past, require_staff, require_zone
from ..base.commands import Given
from ..base.service import Service
from .booking import credit, require_amount, require_currency
from .losses import take

_CLEARING, _AVAILABLE = Account.PROVIDER_CLEARING, Account.WALLET_AVAILABLE


class BankTransfers(Service):
    """
    Records bank transfers.
    """

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
            InvalidInputError: If the amount is not positive, there is no reference or
                one with blanks around it, it was recorded with another amount, or the
                time has no zone or is more than two days ahead.

            TransferOfAnotherError: If it was recorded for another seller.

            CurrencyMismatchError: If the wallet is in another currency.
        """
        require_staff(by, "top_up")
        _require_said(amount, reference, "received_at", received_at)
        given = Given(command_id, "top_up", (amount, reference, received_at))
        self._require_nobody_else_s(TOP_UPS_NAMED, reference, seller_id, given)

        def work(unit: SellerUnit) -> Wallet:
            # Locked, so that the answer is the balance that this transfer makes.
            wallet = unit.locked_wallet()
            _require_possible(unit, amount, "received_at", received_at)
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
                    currency=amount.currency,
                    recorded_by=str(by),
                    received_at=received_at or unit.now,
                ),
            )
            return _arrived(unit, wallet, amount.minor, reference)

        return self._once(SellerId(seller_id), given, work, Wallet)

    def correct_top_up(
        self,
        seller_id: str,
        reference: str,
        amount: Money,
        *,
        by: Actor,
        command_id: str = "",
    ) -> Wallet:
        """
        Correct what was recorded of a bank transfer, as staff. What was spent of money
        that never arrived is owed.

        Args:
            amount: What arrived; 0 if nothing did, or it was another seller's.

        Raises:
            NotFoundError: If nothing was recorded under the reference.

            InvalidInputError: If the amount is below zero, or a gateway recorded it.

            TransferOfAnotherError: If it was recorded for another seller since.

            CurrencyMismatchError: If the wallet is in another currency.
        """
        require_staff(by, "correct_top_up")
        if amount.minor < 0:
            expected = "0 or more"
            raise InvalidInputError(
                field="amount", value=str(amount), expected=expected
            )

        given = Given(command_id, "correct_top_up", (reference, amount))
        if amount.minor:
            self._require_nobody_else_s(TOP_UPS_NAMED, reference, seller_id, given)

        def work(unit: SellerUnit) -> Wallet:
            wallet = unit.locked_wallet()
            require_currency(unit, amount)
            known = unit.need(TOP_UPS, reference, lock=True)
            if known.is_of_gateway:
                expected = "a bank transfer's; what was captured goes back by withdraw"
                raise InvalidInputError(
                    field="reference", value=reference, expected=expected
                )
            more = amount.minor - known.amount_minor
            if not more:
                return wallet
            changed = attrs.evolve(
                known, amount_minor=amount.minor, recorded_by=str(by)
            )
            unit.put(TOP_UPS, changed)
            if more > 0:
                return _arrived(unit, wallet, more, reference)
            there = take(unit, -more, purpose=TOP_UP_LOWERED, reference=reference)
            left, debt = wallet.available - there, wallet.debt + more + there
            return attrs.evolve(wallet, available=left, debt=debt)

        return self._once(SellerId(seller_id), given, work, Wallet)

    def pay_out(
        self,
        seller_id: str,
        amount: Money,
        *,
        reference: str,
        by: Actor,
        command_id: str = "",
        paid_at: datetime | None = None,
    ) -> Wallet:
        """
        Record a bank transfer to the seller, as staff; a reference counts once.

        Raises:
            InsufficientFundsError: If less is in the wallet.

            SellerDebtError: If it is, and the seller owes something.

            InvalidInputError: If the amount is not positive, there is no reference or
                one with blanks around it, it was recorded with another amount, or the
                time has no zone or is more than two days ahead.

            TransferOfAnotherError: If it was recorded for another seller.

            CurrencyMismatchError: If the wallet is in another currency.
        """
        require_staff(by, "pay_out")
        _require_said(amount, reference, "paid_at", paid_at)
        given = Given(command_id, "pay_out", (amount, reference, paid_at))
        self._require_nobody_else_s(PAY_OUTS_NAMED, reference, seller_id, given)

        def work(unit: SellerUnit) -> Wallet:
            wallet = unit.locked_wallet()
            _require_possible(unit, amount, "paid_at", paid_at)
            known = unit.get(PAY_OUTS, reference)
            if known is not None:
                _require_same(known, amount)
                return wallet
            unit.insert(
                PAY_OUTS,
                PayOut(
                    seller_id=unit.seller_id,
                    reference=reference,
                    amount_minor=amount.minor,
                    currency=amount.currency,
                    recorded_by=str(by),
                    paid_at=paid_at or unit.now,
                ),
            )
            moved = [(_AVAILABLE, -amount.minor), (_CLEARING, amount.minor)]
            unit.book(
                moved, currency=amount.currency, purpose=PAID_OUT, reference=reference
            )
            return attrs.evolve(wallet, available=wallet.available - amount.minor)

        return self._once(SellerId(seller_id), given, work, Wallet)

    def _require_nobody_else_s(
        self,
        way: Way[TopUp] | Way[PayOut],
        reference: str,
        seller_id: str,
        given: Given,
    ) -> None:
        """
        Refuse a transfer that was recorded for another seller; one that is recorded for
        two at the very same moment is not seen.

        A command that was done already is answered as it was then.
        """
        if self._answered(SellerId(seller_id), given) is not None:
            return
        for known in self._units.platform(
            lambda unit: unit.find(way, [(reference,)]), read_only=True
        ):
            if known.seller_id != seller_id and known.amount_minor:
                raise TransferOfAnotherError(
                    reference=reference,
                    seller_id=known.seller_id,
                    amount=Money(known.amount_minor, known.currency),
                )


def _arrived(unit: SellerUnit, wallet: Wallet, minor: int, reference: str) -> Wallet:
    return credit(
        unit, wallet, minor, of=_CLEARING, purpose="top_up", reference=reference
    )


def _require_said(
    amount: Money, reference: str, when: str, at: datetime | None
) -> None:
    require_amount(amount, reference, what="the transfer's reference")
    if at is not None:
        require_zone(when, at)


def _require_possible(
    unit: SellerUnit, amount: Money, when: str, at: datetime | None
) -> None:
    if at is not None:
        require_past(when, at, now=unit.now)
    require_currency(unit, amount)


def _require_same(known: TopUp | PayOut, amount: Money) -> None:
    if known.amount_minor != amount.minor:
        raise InvalidInputError(
            field="amount",
            value=str(amount),
            expected=f"{Money(known.amount_minor, known.currency)}, as recorded under"
            f" reference {known.reference!r} before",
        )
