"""
The seller's money.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from ...domain.kernel.money import Money
from ...unit.tables.wallet import LEDGER_OF
from ..exported import LEDGER_COLUMNS, Cell, rows_of, whole
from ..lists import Page
from ..records.money import Balance, LedgerLine, balance_of, ledger_line_of
from ..scope import STAFF, Desk, command, reading


class WalletDesk(Desk):
    """
    Shows the prepaid wallet, and records transfers into it.
    """

    @reading()
    def get(self) -> Balance:
        """
        Return the balances.

        Raises:
            NotFoundError: If the seller is not registered.
        """
        return balance_of(self._app.wallets.get(self._seller_id))

    @reading()
    def ledger(self, *, after: str = "", limit: int = 50) -> Page[LedgerLine]:
        """
        List the ledger, newest first.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._mine(
            LEDGER_OF,
            convert=ledger_line_of,
            after=after,
            limit=limit,
            descending=True,
        )

    @reading()
    def export(self) -> Iterator[Mapping[str, Cell]]:
        """
        Return the ledger as rows, column -> plain value, newest first; read as you go,
        so that a long one takes no more memory.
        """
        return rows_of(whole(self.ledger), LEDGER_COLUMNS)

    @command(STAFF)
    def top_up(
        self,
        amount: Money,
        *,
        reference: str,
        received_at: datetime | None = None,
        command_id: str = "",
    ) -> Balance:
        """
        Record a bank transfer, as staff; a reference counts once.

        Raises:
            InvalidInputError: If the amount is not positive, or the reference was
                recorded with another amount.

            CurrencyMismatchError: If the wallet is in another currency.
        """
        wallet = self._app.wallets.top_up(
            self._seller_id,
            amount,
            reference=reference,
            by=self._by,
            received_at=received_at,
            command_id=command_id,
        )
        return balance_of(wallet)
