"""
The seller's money: balances, the ledger, months, statements.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

import attrs

from ...domain.kernel.clock import start_of_day
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import OrderId, SellerId
from ...domain.wallet.model import LedgerEntry, Wallet
from ...domain.wallet.months import MonthSums, first_of, months_between, sums_of
from ...domain.wallet.owing import owed_to
from ...domain.wallet.purposes import OF_GOODWILL, OF_ORDERS
from ...domain.wallet.statements import Statement, statement_of
from ...unit.seller_unit import SellerUnit
from ...unit.tables.wallet import GOODWILLS, LEDGER_OF, REFUNDS, WALLETS
from .bank_transfers import BankTransfers
from .goodwill import GivesGoodwill

_MONTHS_MAX = 120
_STATEMENT_MAX = timedelta(days=366)
_PAGE = 1_000  # entries
# Transactions are in the order of their ids, which are made a moment before booking.
_OUT_OF_ORDER = timedelta(days=1)


class Wallets(BankTransfers, GivesGoodwill):
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
                closing=owed_to(wallet),
            )
            return sums_of(_since(unit, since), months, now=now, zone=zone)

        return self._read(SellerId(seller_id), work)

    def statement(self, seller_id: str, *, first: date, last: date) -> Statement:
        """
        Tell what happened to a seller's money from one day to another, in the
        platform's zone.

        Raises:
            InvalidInputError: If *last* is before *first*, or more than a year after
                it.

            NotFoundError: If nobody of that id joined.
        """
        zone = self._settings.zone
        if last < first or last - first > _STATEMENT_MAX:
            expected = f"a day within a year from {first}"
            raise InvalidInputError(field="last", value=str(last), expected=expected)

        def work(unit: SellerUnit) -> Statement:
            wallet = unit.need(WALLETS)
            made = statement_of(
                _since(unit, start_of_day(first, zone)),
                first,
                last,
                owed=owed_to(wallet),
                currency=wallet.currency,
                zone=zone,
            )
            booked = [(c.entry.purpose, c.entry.reference) for c in made.changes]
            orders = _orders_of(unit, booked)
            return attrs.evolve(
                made,
                changes=tuple(
                    attrs.evolve(change, order_id=orders.get(place, OrderId("")))
                    for change, place in zip(made.changes, booked, strict=True)
                ),
            )

        return self._read(SellerId(seller_id), work)

    def orders_of(
        self, seller_id: str, booked: Iterable[tuple[str, str]]
    ) -> Mapping[tuple[str, str], OrderId]:
        """
        Return the orders of captures and supplements, of refunds, and of goodwill that
        is about one.

        Args:
            booked: Purposes and references, as the ledger has them.
        """
        return self._read(SellerId(seller_id), lambda unit: _orders_of(unit, booked))

    def ledger(self, seller_id: str, *, limit: int = 100) -> tuple[LedgerEntry, ...]:
        """
        List the newest ledger entries, newest first.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: tuple(unit.page(LEDGER_OF, limit=limit, descending=True)),
        )


def _orders_of(
    unit: SellerUnit, booked: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], OrderId]:
    wanted = sorted(set(booked))
    refunds = [(about,) for why, about in wanted if why == "refund"]
    goodwill = sorted({(about,) for why, about in wanted if why in OF_GOODWILL})
    found = {(why, about): OrderId(about) for why, about in wanted if why in OF_ORDERS}
    for refund in unit.many(REFUNDS, refunds):
        found["refund", refund.refund_id] = refund.order_id
    for given in unit.many(GOODWILLS, goodwill):
        for why in OF_GOODWILL:
            found[why, given.reference] = given.order_id
    return found


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
