"""
The seller's money: top-ups, balances, the ledger.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.clock import start_of_day
from ...domain.kernel.errors import CurrencyMismatchError, InvalidInputError
from ...domain.kernel.ids import SellerId, new_id
from ...domain.kernel.money import Money
from ...domain.wallet.model import Account, LedgerEntry, TopUp, Wallet, transaction
from ...domain.wallet.months import MonthSums, first_of, months_between, sums_of
from ...unit.seller_unit import SellerUnit
from ...unit.tables.wallet import LEDGER_OF, TOP_UPS, WALLETS
from ..base.checks import require_past, require_staff, require_zone
from ..base.commands import Given
from ..base.service import Service

_MONTHS_MAX = 120
_PAGE = 1_000  # entries
# Transactions are in the order of their ids, which are made a moment before booking.
_OUT_OF_ORDER = timedelta(days=1)


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

    def months(
        self, seller_id: str, *, first: date, last: date
    ) -> tuple[MonthSums, ...]:
        """
        Sum what happened to a seller's money, month by month in the platform's zone.

        Raises:
            InvalidInputError: If *last* is before *first*, or more than ten years
                after it.

            NotFoundError: If nobody of that id joined.
        """
        zone = self._settings.zone
        _require_span(first, last)
        months = months_between(first, last)
        since = start_of_day(months[0], zone)

        def work(unit: SellerUnit) -> tuple[MonthSums, ...]:
            wallet = unit.need(WALLETS)
            now = MonthSums(
                seller_id=wallet.seller_id,
                month=first_of(last),
                currency=wallet.currency,
                closing=wallet.available + wallet.held + wallet.debt,
            )
            return sums_of(_since(unit, since), months, now=now, zone=zone)

        return self._read(SellerId(seller_id), work)

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


def _require_span(first: date, last: date) -> None:
    if first_of(first) > first_of(last):
        expected = f"a month not before {first:%Y-%m}"
        raise InvalidInputError(field="last", value=f"{last:%Y-%m}", expected=expected)
    if (last.year - first.year) * 12 + last.month - first.month >= _MONTHS_MAX:
        expected = f"a month within {_MONTHS_MAX} of {first:%Y-%m}"
        raise InvalidInputError(field="last", value=f"{last:%Y-%m}", expected=expected)


def _since(unit: SellerUnit, since: datetime) -> Iterator[LedgerEntry]:
    """
    Go through the entries that were booked since then, and some before.
    """
    after, has_more = None, True
    while has_more:
        found, has_more = unit.slice(
            LEDGER_OF, after=after, limit=_PAGE, descending=True
        )
        for _, entry in found:
            if entry.booked_at < since - _OUT_OF_ORDER:
                return
            yield entry
        after = found[-1][0] if found else None
