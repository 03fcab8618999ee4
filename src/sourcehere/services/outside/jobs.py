"""
Work of our own that a commit asked for: done by the relay, safe to do twice.
"""

import operator
from collections.abc import Callable, Mapping, Sequence

from ...domain.effects.model import MessageKind, OutboxMessage
from ...domain.kernel.actor import SYSTEM
from ...domain.kernel.ids import SellerId, new_id
from ...ports.storage import Key, Row, picker
from ...unit.platform_unit import PlatformUnit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import VARIANTS
from ...unit.tables.orders import TAB_DELTAS, TABS_OF, TabDelta
from ...unit.tables.sellers import SELLERS
from ..base.ports import Ports
from ..base.service import Service
from ..intake.not_ours import NotOurSkus
from ..pairing.connections import Pairing
from ..platform.lacking import Lacking
from .untold import follow_pushes

FOLD_AT_MOST = 2_000
_TAB_KEY = TAB_DELTAS.table.key_of
_TAB = picker(TAB_DELTAS.table, ("kind", "store_id", "tab"))
_DELTA: Callable[[Row], int] = operator.itemgetter(TAB_DELTAS.table.position["delta"])


class Jobs(Service):
    """
    Does waiting jobs.
    """

    def __init__(
        self,
        ports: Ports,
        pairing: Pairing,
        not_ours: NotOurSkus,
        lacking: Lacking,
        forget_label: Callable[[str, str], None],
    ) -> None:
        """
        Do jobs by the services that they are about.

        Args:
            forget_label: Has the file of a seller's label removed.
        """
        super().__init__(ports)
        self._pairing = pairing
        self._lacking = lacking
        self._forget_label = forget_label
        self._not_ours = not_ours

    def batches(
        self, messages: Sequence[OutboxMessage]
    ) -> list[Sequence[OutboxMessage]]:
        """
        Put together the jobs that can be done in one go: those of one kind and seller.
        """
        groups: dict[tuple[str, str, object], list[OutboxMessage]] = {}
        for message in messages:
            place = (message.seller_id, message.kind, message.payload.get("store_id"))
            groups.setdefault(place, []).append(message)
        return list(groups.values())

    def do(self, batch: Sequence[OutboxMessage]) -> None:
        """
        Do the jobs of one of the `batches`.
        """
        first = batch[0]
        match first.kind:
            case MessageKind.TRY_WAITING_ORDERS:
                self._pairing.try_waiting(
                    first.seller_id,
                    str(first.payload["store_id"]),
                    sorted({sku for message in batch for sku in _skus(message)}),
                    by=SYSTEM,
                )
            case MessageKind.FOLLOW_CONNECTION:
                self._pairing.follow(
                    first.seller_id,
                    str(first.payload["store_id"]),
                    sorted({sku for message in batch for sku in _skus(message)}),
                    by=SYSTEM,
                )
            case MessageKind.LEAVE_OUT:
                self._not_ours.follow(first.seller_id, first.subject, by=SYSTEM)
            case MessageKind.FOLD_TABS:
                self.fold_tabs(first.seller_id)
            case MessageKind.FOLLOW_PUSH:
                orders = {message.lane for message in batch}
                self._units.seller(
                    first.seller_id, lambda unit: follow_pushes(unit, orders)
                )
            case MessageKind.FORGET_LABEL:
                for message in batch:
                    self._forget_label(message.seller_id, message.subject)
            case _:
                self._follow_catalog(
                    first.kind, sorted({message.subject for message in batch})
                )

    def _follow_catalog(self, kind: str, names: Sequence[str]) -> None:
        """
        Let every seller follow a change of the catalogue.
        """
        match kind:
            case MessageKind.DROP_VARIANT:
                for name in names:
                    self._drop_variant(name)
            case MessageKind.FOLLOW_STOCK:
                self._follow_stock(names)
            case _:
                msg = f"no job is called {kind!r}"
                raise AssertionError(msg)

    def _drop_variant(self, variant_id: str) -> None:
        def sellers(unit: PlatformUnit) -> list[SellerId]:
            variant = unit.get(VARIANTS, variant_id)
            if variant is not None and variant.is_sold:
                return []  # it was brought back meanwhile
            return _sellers(unit)

        for seller_id in self._units.platform(sellers, read_only=True):
            self._pairing.drop_variant(seller_id, variant_id, by=SYSTEM)

    def _follow_stock(self, variant_ids: Sequence[str]) -> None:
        """
        Let orders of all sellers follow what can be bought: paid ones wait for it, and
        the others take backups; for what is sold no more `drop_variant` sees to them.
        """
        for variant_id in variant_ids:
            self._lacking.follow(variant_id, by=SYSTEM)

        def look(unit: PlatformUnit) -> tuple[list[str], list[SellerId]]:
            found = unit.many(VARIANTS, [(name,) for name in variant_ids])
            sold = [str(variant.variant_id) for variant in found if variant.is_sold]
            return sold, _sellers(unit)

        sold, sellers = self._units.platform(look, read_only=True)
        for seller_id in sellers:
            self._pairing.use_backups(seller_id, sold, by=SYSTEM)

    def fold_tabs(self, seller_id: SellerId) -> int:
        """
        Add up tab deltas, so that a count stays a sum of few rows.

        Returns:
            How many rows became fewer.
        """

        def work(unit: SellerUnit) -> int:
            keys = _tab_keys(unit)
            # Locked and read again: somebody else may have folded some meanwhile.
            rows = unit.session.get(TAB_DELTAS.table, keys, lock=True)
            sums: dict[Key, int] = {}
            for row in rows:
                place = _TAB(row)
                sums[place] = sums.get(place, 0) + _DELTA(row)
            unit.session.delete(TAB_DELTAS.table, [_TAB_KEY(row) for row in rows])
            made = _added_up(unit.seller_id, sums)
            unit.insert(TAB_DELTAS, *made)
            return len(rows) - len(made)

        return self._units.seller(seller_id, work)


def _tab_keys(unit: SellerUnit) -> list[Key]:
    """
    Return the keys of the oldest deltas; as rows, since they are many and soon gone.
    """
    rows = unit.session.page(
        TABS_OF.index,
        (unit.seller_id,),
        after=None,
        until=None,
        limit=FOLD_AT_MOST,
        descending=False,
    )
    return list(map(_TAB_KEY, rows))


def _added_up(seller_id: SellerId, sums: Mapping[Key, int]) -> list[TabDelta]:
    folded = new_id()
    return [
        TabDelta(
            seller_id=seller_id,
            delta_id=folded,
            kind=str(kind),
            store_id=str(store_id),
            tab=str(tab),
            delta=total,
        )
        for (kind, store_id, tab), total in sums.items()
        if total
    ]


def _skus(message: OutboxMessage) -> list[str]:
    skus = message.payload["skus"]
    assert isinstance(skus, list)
    return [str(sku) for sku in skus]


def _sellers(unit: PlatformUnit) -> list[SellerId]:
    return [seller.seller_id for seller in unit.each(SELLERS.primary)]
