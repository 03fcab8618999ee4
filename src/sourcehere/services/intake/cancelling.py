"""
Having orders cancelled in the shop that they came from.

The shop is asked to, and is then asked what became of the order. What it says is taken
in as whatever else it says: an order is cancelled here because it is cancelled there.
Nothing is kept of having asked; who asks once more asks for the same.
"""

from collections.abc import Mapping, Sequence

import attrs

from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import OrderId, SellerId
from ...domain.kernel.values import frozen
from ...domain.stores.cancelling import ShopCancelReason
from ...domain.stores.errors import CancelUnsupportedError, StoreRestsError
from ...domain.stores.model import Store
from ...doors.answers import words_of
from ...doors.failures import checked_failure
from ...ports.cancelling import SupportsCancel
from ...ports.errors import ProviderError
from ...ports.platforms import StorePlatform
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import STORE_ORDERS
from ..base.asking import ask_outside
from ..base.commands import SAID_OUTSIDE, Given
from .reconciling import Reconciling

_MOST = 100
_STANDS = "the shop does not say that it is cancelled; it may need some time"


@frozen(kw_only=True)
class ShopCancelReport:
    """
    What became of orders that a shop was asked to cancel, by the shop's own ids.

    Attributes:
        cancelled: The shop says that they are cancelled.

        not_cancelled: The shop says that they are not, or was not asked since something
            of them was sent from here; and why.

        unknown: The shop could not be asked what became of them, and why. The next sync
            tells, or asking again.
    """

    cancelled: tuple[str, ...]
    not_cancelled: Mapping[str, str] = attrs.field(metadata=SAID_OUTSIDE)
    unknown: Mapping[str, str] = attrs.field(metadata=SAID_OUTSIDE)


class ShopCancelling(Reconciling):
    """
    Asks shops to cancel orders.
    """

    def cancel_at_shop(
        self,
        seller_id: str,
        store_id: str,
        external_ids: Sequence[str],
        *,
        reason: ShopCancelReason,
        command_id: str = "",
    ) -> ShopCancelReport:
        """
        Have orders cancelled in their shop, and follow what it says then.

        Raises:
            InvalidInputError: If there are none, or more than a hundred.

            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            CancelUnsupportedError: If its platform does not cancel orders for others.
        """
        names = list(dict.fromkeys(external_ids))
        if not 1 <= len(names) <= _MOST:
            raise InvalidInputError(
                field="external_ids", value=len(names), expected=f"1 to {_MOST} orders"
            )
        owner = SellerId(seller_id)
        given = Given(command_id, "cancel_at_shop", (store_id, names, reason))
        return self._once_over(
            owner,
            given,
            lambda: self._cancel(owner, store_id, names, reason),
            ShopCancelReport,
        )

    def _cancel(
        self,
        owner: SellerId,
        store_id: str,
        names: Sequence[str],
        reason: ShopCancelReason,
    ) -> ShopCancelReport:
        store, platform = self.active(owner, store_id)
        if not isinstance(platform, SupportsCancel):
            raise CancelUnsupportedError(store_id=store_id, platform=store.platform)
        sent = self._read(owner, lambda unit: _sent(unit, store, names))
        why = {
            name: f"order {name}: parcels of {', '.join(order_ids)} have left"
            for name, order_ids in sent.items()
        }
        asked = [name for name in names if name not in sent]
        for name in asked:
            error = self._ask(store, platform, name, reason)
            why[name] = _STANDS if error is None else words_of(error)
        is_cancelled = dict.fromkeys(sent, False) | self._follow(store, platform, asked)
        return ShopCancelReport(
            cancelled=tuple(name for name in names if is_cancelled.get(name)),
            not_cancelled={n: why[n] for n in names if is_cancelled.get(n) is False},
            unknown={n: why[n] for n in names if n not in is_cancelled},
        )

    def _ask(
        self,
        store: Store,
        platform: SupportsCancel,
        name: str,
        reason: ShopCancelReason,
    ) -> Exception | None:
        told = self.answerer(store)

        def cancel() -> None:
            told.ask(lambda: platform.cancel_order(name, reason=reason))

        within = self._settings.push_within
        (outcome,) = ask_outside(
            self._watch, "stores.cancel", [(told, cancel)], within=within
        )
        if isinstance(outcome, Exception):
            return checked_failure(told, outcome)
        return None

    def _follow(
        self, store: Store, platform: StorePlatform, names: Sequence[str]
    ) -> dict[str, bool]:
        """
        Take in what the shop says of orders now; return whether each is cancelled, for
        those of which it says anything.
        """
        told = self.answerer(store)
        while names:
            try:
                answers = self.ask_about(platform, told, names)
                if self.take_in(store, answers) is None:  # it told newer things
                    store, platform = self.active(store.seller_id, store.store_id)
                    continue
            except (ProviderError, StoreRestsError):
                return {}
            said = {one.external_id: one.cancelled for one in answers.found}
            return said | dict.fromkeys(answers.gone, False)
        return {}


def _sent(
    unit: SellerUnit, store: Store, names: Sequence[str]
) -> Mapping[str, tuple[OrderId, ...]]:
    """
    Return which orders must not be cancelled: something of them has left from here.
    """
    keys = [(store.store_id, name) for name in names]
    records = unit.many(STORE_ORDERS, keys)
    parts = [part for record in records for part in record.parts]
    sent = {o.order_id for o in unit.orders.headers(parts, lock=False) if o.parcel_ids}
    found = {r.external_id: tuple(p for p in r.parts if p in sent) for r in records}
    return {name: order_ids for name, order_ids in found.items() if order_ids}
