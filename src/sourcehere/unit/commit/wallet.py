"""
The wallet: booked entry by entry, changed once a commit, never below zero.
"""

import weakref
from collections.abc import Iterable

from ...domain.kernel.money import Money
from ...domain.wallet.model import InsufficientFundsError, LedgerEntry, wallet_change
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

    def post(self, entries: Iterable[LedgerEntry]) -> None:
        """
        Book a transaction; the wallet itself changes when the work is done.
        """
        booked = tuple(entries)
        self._unit.insert(LEDGER, *booked)
        for name, change in wallet_change(booked).items():
            self._sums[name] = self._sums.get(name, 0) + change

    def flush(self) -> None:
        """
        Change the wallet: last of all, since everybody's commit waits for its row.

        Raises:
            InsufficientFundsError: If the wallet would fall below zero.
        """
        changes = {name: change for name, change in self._sums.items() if change}
        self._sums.clear()
        if not changes:
            return
        refused = self._unit.session.add(WALLETS.table, [(self._unit.owner, changes)])
        if refused:
            wallet = self._unit.need(WALLETS)
            raise InsufficientFundsError(
                available=Money(wallet.available, wallet.currency),
                needed=Money(-changes.get("available", 0), wallet.currency),
            )
