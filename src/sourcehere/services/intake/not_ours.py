"""
What a shop sells and the platform does not supply: it is left out of orders.

A tip, a protection plan or a download is a line like any other to the shop. Once it is
called not ours, no order waits for it, and no unit of it is wanted of us.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from ...domain.effects.model import Channel, MessageKind
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import AlreadyExistsError, InvalidInputError, NotFoundError
from ...domain.kernel.ids import OrderId, SellerId, StoreId, new_id
from ...domain.kernel.store_variants import known_as, product_key, variant_key
from ...domain.pairing.not_ours import NotOurs
from ...ports.storage import Key
from ...unit.seller_unit import SellerUnit
from ...unit.tables.pairing import CONNECTED_SKUS, NOT_OURS, NOT_OURS_OF
from ...unit.tables.stores import STORE_ORDERS, STORES
from ..base.commands import Given
from ..base.service import Service
from ..pairing.connecting import lock_store
from ..pairing.following import unpaid_lines
from ..pairing.lookup import connected_skus, is_left_out, names_not_ours
from .leaving_out import without_not_ours
from .parting import follow_help, lines_of, lock_records
from .supplying import counting, kept_lines, key_of


class NotOurSkus(Service):
    """
    Marks what is not ours, and lets unpaid orders follow.
    """

    def mark(
        self,
        seller_id: str,
        store_id: str,
        skus: Sequence[str] = (),
        *,
        variant_ids: Sequence[str] = (),
        product_ids: Sequence[str] = (),
        by: Actor,
        command_id: str = "",
    ) -> int:
        """
        Call SKUs, variants or products of a shop not ours; marked ones stay so.

        Lines of them leave all orders that are not paid, and are in no order that comes
        later. An order that has no other line is cancelled.

        Returns:
            How many orders changed.

        Raises:
            NotFoundError: If the seller has no such shop.

            AlreadyExistsError: If one is connected; end its connection first.

            InvalidInputError: If nothing is named, or a name is empty.
        """
        owner = SellerId(seller_id)
        names = _named(skus, variant_ids, product_ids)

        def work(unit: SellerUnit) -> None:
            lock_store(unit, store_id)
            keys = [(store_id, key) for key in names]
            for taken in unit.many(CONNECTED_SKUS, keys):
                raise AlreadyExistsError(kind="connection of SKU", key=taken.rule.name)
            known = {one.sku_key for one in unit.many(NOT_OURS, keys)}
            fresh = [
                NotOurs(
                    seller_id=owner,
                    store_id=StoreId(store_id),
                    sku_key=key,
                    name=name,
                    marked_at=unit.now,
                )
                for key, name in names.items()
                if key not in known
            ]
            unit.insert(NOT_OURS, *fresh)
            if fresh:
                _ask(unit, store_id)

        given = Given(command_id, "mark_not_ours", (store_id, tuple(names)))

        def mark_and_follow() -> int:
            self._once(owner, given, work, type(None))
            return self.follow(seller_id, store_id, by=by)

        return self._once_over(owner, given, mark_and_follow, int)

    def unmark(
        self,
        seller_id: str,
        store_id: str,
        skus: Sequence[str] = (),
        *,
        variant_ids: Sequence[str] = (),
        product_ids: Sequence[str] = (),
        command_id: str = "",
    ) -> None:
        """
        Let lines of what was called not ours be wanted again: in orders that come from
        now on, and in those that the shop tells again.

        Raises:
            NotFoundError: If the seller has no such shop, or one is not marked.

            InvalidInputError: If nothing is named, or a name is empty.
        """
        names = _named(skus, variant_ids, product_ids)

        def work(unit: SellerUnit) -> None:
            lock_store(unit, store_id)
            keys: list[Key] = [(store_id, key) for key in names]
            known = {one.sku_key for one in unit.many(NOT_OURS, keys)}
            for key, name in names.items():
                if key not in known:
                    raise NotFoundError(kind="SKU that is not ours", id=name)
            unit.delete(NOT_OURS, keys)

        given = Given(command_id, "unmark_not_ours", (store_id, tuple(names)))
        self._once(SellerId(seller_id), given, work, type(None))

    def list(self, seller_id: str, store_id: str) -> tuple[NotOurs, ...]:
        """
        List what a shop sells that is not ours, by name.

        Raises:
            NotFoundError: If the seller has no such shop.
        """

        def work(unit: SellerUnit) -> tuple[NotOurs, ...]:
            unit.need(STORES, store_id)
            return tuple(unit.each(NOT_OURS_OF, store_id))

        return self._read(SellerId(seller_id), work)

    def follow(self, seller_id: str, store_id: str, *, by: Actor) -> int:
        """
        Let what is not ours leave the unpaid orders of a shop, a hundred a commit; safe
        to do twice.

        Returns:
            How many orders changed.
        """
        owner, store = SellerId(seller_id), StoreId(store_id)

        def look(unit: SellerUnit) -> list[OrderId]:
            names = names_not_ours(unit, store)
            found = (pair for page in unpaid_lines(unit, store) for pair in page)
            hit = [
                order.order_id
                for order, line in found
                if not names.isdisjoint(line.keys)
            ]
            return [name for name in dict.fromkeys(hit) if name not in tried]

        def work(unit: SellerUnit, *, part: Sequence[OrderId]) -> int:
            pay_by = unit.now + self._settings.pay_within
            records = lock_records(unit, part)
            siblings = {name for record in records.values() for name in record.parts}
            unit.orders.load(sorted(siblings.union(part)))
            orders = unit.orders.load(part)
            not_ours = names_not_ours(unit, store)
            connected = connected_skus(
                unit, ((store, key) for o in orders for n in o.lines for key in n.keys)
            )
            count = 0
            for order in orders:
                key = (order.store_id, order.external_id)
                left = [
                    line.line
                    for line in order.lines
                    if is_left_out(connected, not_ours, store, line.keys)
                ]
                before = lines_of(order)
                lines = [order.line_of(number) for number in left]
                about = {key_of(line): line.quantity for line in lines}
                if not order.leave_out(left, by=by, at=unit.now, pay_by=pay_by):
                    continue
                count += 1
                follow_help(unit, order, before)
                kept = kept_lines(
                    counting(records[key], unit.orders.load(records[key].parts))
                )
                records[key] = without_not_ours(records[key], about, kept)
                unit.put(STORE_ORDERS, records[key])
            return count

        count = 0
        tried: set[OrderId] = set()
        # As in `Pairing.try_waiting`: lines may have gone to a new part meanwhile.
        while found := self._read(owner, look):
            tried.update(found)
            for part in self._parts(found):
                count += self._units.seller(owner, partial(work, part=part))
        return count


def _named(
    skus: Sequence[str], variant_ids: Sequence[str], product_ids: Sequence[str]
) -> Mapping[str, str]:
    """
    Return each name that is meant, by its key.
    """
    pairs = [
        *((known_as(sku, ""), sku) for sku in skus),
        *((variant_key(name.strip()), f"variant:{name}") for name in variant_ids),
        *((product_key(name.strip()), f"product:{name}") for name in product_ids),
    ]
    names = dict(pairs)
    if not names or "" in names:
        raise InvalidInputError(
            field="skus", value=list(names.values()), expected="names of what is sold"
        )
    return names


def _ask(unit: SellerUnit, store_id: str) -> None:
    """
    Queue the job by which unpaid orders follow; the relay does it after the commit.
    """
    unit.tell(
        Channel.JOB,
        MessageKind.LEAVE_OUT,
        lane=f"not-ours {store_id}",
        position=0,
        subject=store_id,
        key=new_id(),
        payload={"store_id": store_id},
    )
