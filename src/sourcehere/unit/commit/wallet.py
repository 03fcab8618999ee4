"""
The wallet: booked entry by entry, changed once a commit, never below zero.

What arrives settles a debt first, in the same commit: while there is one, nothing is
available, and nothing can be spent.
"""

import weakref
from collections.abc import Iterable, Mapping

from ...domain.kernel.ids import SellerId, new_id
from ...domain.kernel.money import Money
from ...domain.wallet.errors import InsufficientFundsError, SellerDebtError
from ...domain.wallet.model import (
    Account,
    LedgerEntry,
    Wallet,
    transaction,
    wallet_change,
)
from ...domain.wallet.purposes import DEBT
from ..base import Unit
from ..tables.wallet import LEDGER, WALLETS


class WalletBook:
    """
    The money that a unit of work moves.
    """

    def __init__(self, unit: Unit) -> None:
        # The unit has this book: with a circle, what it read would wait for the
        # collector of garbage.
        self._unit: Unit = weakref.proxy(unit)
        self._sums: dict[str, int] = {}
        self._arrived = 0
        self._locked: Wallet | None = None

    def post(self, entries: Iterable[LedgerEntry]) -> None:
        """
        Book a transaction; the wallet itself changes when the work is done.
        """
        booked = tuple(entries)
        self._unit.insert(LEDGER, *booked)
        change = wallet_change(booked)
        self._arrived += max(change.get("available", 0), 0)
        self._add(change)

    def locked(self) -> Wallet:
        """
        Return the wallet, locked, as it was before this work: the last thing to be
        locked, since everybody's commit waits for its row.

        Raises:
            NotFoundError: If nobody of that id joined.
        """
        if self._locked is None:  # nobody else changes it from then on
            self._locked = self._unit.need(WALLETS, lock=True)
        return self._locked

    def available(self) -> int:
        """
        Return what can be spent once this work is done so far: what has arrived settles
        a debt first. Locks the wallet.
        """
        wallet = self.locked()
        self._unit.insert(LEDGER, *self._settle())
        return wallet.available + self._sums.get("available", 0)

    def flush(self) -> None:
        """
        Change the wallet: last of all, since everybody's commit waits for its row.

        Raises:
            InsufficientFundsError: If the wallet would fall below zero.

            SellerDebtError: If it would because a debt is settled first.
        """
        settled = [LEDGER.to_row(entry) for entry in self._settle()]
        if settled:
            self._unit.session.insert(LEDGER.table, settled)
        changes = {name: change for name, change in self._sums.items() if change}
        self._sums.clear()
        if not changes:
            return
        refused = self._unit.session.add(WALLETS.table, [(self._unit.owner, changes)])
        if refused:
            wallet = self._unit.need(WALLETS)
            needed = Money(-changes.get("available", 0), wallet.currency)
            if wallet.debt < 0:
                debt = Money(-wallet.debt, wallet.currency)
                raise SellerDebtError(debt=debt, needed=needed)
            raise InsufficientFundsError(
                available=Money(wallet.available, wallet.currency), needed=needed
            )

    def _settle(self) -> tuple[LedgerEntry, ...]:
        """
        Settle a debt by what has arrived since the last time, and return the entries to
        be kept of it.
        """
        if not self._arrived:
            return ()
        wallet, arrived = self.locked(), self._arrived
        self._arrived = 0
        owed = -wallet.debt - self._sums.get("debt", 0)
        settled = min(owed, arrived)
        if settled <= 0:
            return ()
        booked = transaction(
            [(Account.WALLET_AVAILABLE, -settled), (Account.SELLER_DEBT, settled)],
            seller_id=SellerId(str(self._unit.owner[0])),
            transaction_id=new_id(),
            currency=wallet.currency,
            purpose=DEBT,
            reference=DEBT,
            at=self._unit.now,
        )
        self._add(wallet_change(booked))
        return booked

    def _add(self, change: Mapping[str, int]) -> None:
        for name, minor in change.items():
            self._sums[name] = self._sums.get(name, 0) + minor
