"""
What the audit of one seller works with: the open transaction, what is found, and the
sums that are compared when everything was read.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from ...domain.kernel.clock import to_micros
from ...ports.storage import Key
from ...unit.base import Unit
from ...unit.records import Records
from ...unit.tables.catalog import VARIANTS
from ...unit.tables.sellers import SELLERS
from ...unit.tables.stores import STORES
from ...unit.tables.warehouse import WAREHOUSES
from ..base.settings import Settings
from .findings import Findings
from .rows import missing
from .tally import Tally

_KNOWN_MAX = 50_000  # ids that are remembered to be there


@attrs.define
class Tallies:
    """
    What is stored against what follows from the rest; both sides are read apart.
    """

    captures: Tally = attrs.field(factory=Tally)  # order: captured
    splits: Tally = attrs.field(factory=Tally)  # order: goods, freight, handling
    refunds: Tally = attrs.field(factory=Tally)  # refund: amount
    given_back: Tally = attrs.field(factory=Tally)  # order: refunded
    top_ups: Tally = attrs.field(factory=Tally)  # reference: amount
    goodwill: Tally = attrs.field(factory=Tally)  # reference: given, taken back
    # attempt: held, gone to its source
    withdrawals: Tally = attrs.field(factory=Tally)
    chargebacks: Tally = attrs.field(factory=Tally)  # chargeback: amount
    returned: Tally = attrs.field(factory=Tally)  # capture: returned, or may be
    taken_back: Tally = attrs.field(factory=Tally)  # capture: by banks
    sent_back: Tally = attrs.field(factory=Tally)  # order/item/lot: units refunded
    bound: Tally = attrs.field(factory=Tally)  # lot: allocated
    # order/item/lot: allocated, released, shipped
    held: Tally = attrs.field(factory=Tally)
    # order that sends again/its origin: units
    reships: Tally = attrs.field(factory=Tally)
    # order/item, and order/item/lot: units that came back
    back: Tally = attrs.field(factory=Tally)
    # warehouse/variant: units that counts lost
    counted: Tally = attrs.field(factory=Tally)
    good: Tally = attrs.field(factory=Tally)  # order/item: units that became lots
    local: Tally = attrs.field(factory=Tally)  # variant: units in the local stock
    levels: Tally = attrs.field(factory=Tally)  # warehouse/variant: incoming, damaged
    parts: Tally = attrs.field(factory=Tally)  # store/order of the shop: our orders
    paid_orders: Tally = attrs.field(factory=Tally)  # checkout: orders that it paid
    streams: Tally = attrs.field(factory=Tally)  # kind and id: events, their numbers

    def all(self) -> Iterator[tuple[str, Tally]]:
        """
        Go through them by name.
        """
        for field in attrs.fields(type(self)):
            yield field.name, getattr(self, field.name)


@attrs.define
class Scope:
    """
    The audit of one seller.

    Attributes:
        currency: The seller's; empty where the seller's row is gone.

        freight_of: Refund -> what the ledger gave back of freight, and of handling;
            only refunds that gave some.

        freight_back: Order -> the same, and what its refunds say of both.

        supplements: Order -> freight that the ledger captured beside what was offered.

        tabs: Kind, store and tab -> orders that are listed there.

        seen: Table -> rows that were met where they belong.

        pushes_count: Messages to shops.

        first_sent: When the first calls on record were made; None until it is asked.
    """

    unit: Unit
    seller_id: str
    settings: Settings
    findings: Findings
    tallies: Tallies
    currency: str = attrs.field(init=False)
    freight_of: dict[str, tuple[int, int]] = attrs.field(factory=dict, init=False)
    freight_back: dict[str, tuple[int, int, int]] = attrs.field(
        factory=dict, init=False
    )
    supplements: dict[str, int] = attrs.field(factory=dict, init=False)
    tabs: dict[tuple[str, str, str], int] = attrs.field(factory=dict, init=False)
    seen: dict[str, int] = attrs.field(factory=dict, init=False)
    pushes_count: int = attrs.field(default=0, init=False)
    first_sent: int | None = attrs.field(default=None, init=False)
    _known: dict[str, set[Key]] = attrs.field(factory=dict, init=False)

    @currency.default
    def _currency(self) -> str:
        seller = self.unit.get(SELLERS, self.seller_id)
        return "" if seller is None else seller.currency

    @property
    def now(self) -> int:
        """
        The present moment, as rows have it.
        """
        return to_micros(self.unit.now)

    def saw(self, name: str, count: int) -> None:
        """
        Count rows of a table that belong to something that is there.
        """
        self.seen[name] = self.seen.get(name, 0) + count

    def unknown_variants(self, names: Iterable[str]) -> set[str]:
        """
        Return those of *names* that are no variants of the platform.
        """
        return {str(k[0]) for k in self._unknown(VARIANTS, {(n,) for n in names})}

    def unknown_stores(self, names: Iterable[str]) -> set[str]:
        """
        Return those of *names* that are no stores of the seller.
        """
        keys: set[Key] = {(self.seller_id, name) for name in names}
        return {str(key[1]) for key in self._unknown(STORES, keys)}

    def unknown_warehouses(self, names: Iterable[str]) -> set[str]:
        """
        Return those of *names* that are no warehouses.
        """
        return {str(k[0]) for k in self._unknown(WAREHOUSES, {(n,) for n in names})}

    def _unknown(self, records: Records[Any], keys: set[Key]) -> set[Key]:
        """
        Return those of *keys* under which nothing is stored.

        What is there is remembered: the same few are asked for again and again.
        """
        known = self._known.setdefault(records.table.name, set())
        asked = keys - known
        if not asked:
            return asked
        gone = missing(self.unit, records, asked)
        if len(known) > _KNOWN_MAX:
            known.clear()
        known |= asked - gone
        return gone

    def check_currency(self, name: str, stored: Iterable[str]) -> None:
        """
        Check that money is in the seller's currency.
        """
        invariant = "money_is_the_seller_s_currency"
        found = set(stored)
        self.findings.looked(invariant)
        if self.currency and found != {self.currency}:
            words = f"in {', '.join(sorted(found))}, the seller's is {self.currency}"
            self.findings.found(
                invariant, name, words, stored=found, computed=self.currency
            )
