"""
Orders of all sellers, as staff find them and move many of them.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar

from ...domain.kernel.checks import Prose
from ...domain.kernel.ids import HoldId, OrderId, SellerId
from ...domain.orders.holds import HoldReason
from ...domain.orders.search import OrderSearch
from ...domain.orders.views import OrderHeader
from ..finding import found_page
from ..lists import Page
from ..results import HoldPlaced, OrderState, Report
from ..scope import STAFF, Desk, command, reading
from .across import Done, across

T = TypeVar("T")


class AllOrdersDesk(Desk):
    """
    Finds orders across sellers, and moves many at a time.

    Orders are named by their ids, whosever they are. Each is done or refused by itself;
    sent again with the same `command_id`, a command goes on with what was not done.
    """

    @reading(STAFF)
    def search(
        self, search: OrderSearch, *, after: str = "", limit: int = 50
    ) -> Page[OrderHeader]:
        """
        Find orders of all sellers by whatever is known of them, all of it together:
        newest first, or where a date is asked for, the latest first.

        No call looks at more than 10,000 rows. Where that is too few to fill the page
        it is short, or empty, and goes on where `next` says.

        Raises:
            InvalidInputError: If a range ends before it begins, nothing is left of a
                text when it is compared, a store is named without its seller, or
                *limit* is not 1 to 500.

            InvalidCursorError: If *after* is no cursor of this search.
        """
        return found_page(
            self._app.order_search, search.seller_id, search, after=after, limit=limit
        )

    @command(STAFF, at_desk=True)
    def accept_many(
        self, order_ids: Sequence[str], *, command_id: str = ""
    ) -> Report[OrderState]:
        """
        Accept paid orders of any sellers in the warehouse: they enter the pick queue.
        """
        return self._across(
            order_ids,
            lambda seller_id, names: self._app.shipping.accept(
                seller_id, names, by=self._by, command_id=command_id
            ),
            lambda name, state: OrderState(OrderId(name), state),
        )

    @command(STAFF, at_desk=True)
    def reject_many(
        self, order_ids: Sequence[str], *, reason: Prose, command_id: str = ""
    ) -> Report[OrderState]:
        """
        End paid orders of any sellers that the platform does not supply, before
        anything left, and refund everything to the wallet.

        Args:
            reason: Why, as the sellers read it; kept apart from the orders' events as
                notes are.

        Raises:
            InvalidInputError: If no reason is given.
        """
        return self._across(
            order_ids,
            lambda seller_id, names: self._app.orders.reject(
                seller_id, names, reason, by=self._by, command_id=command_id
            ),
            lambda name, state: OrderState(OrderId(name), state),
        )

    @command(STAFF, at_desk=True)
    def hold_many(
        self,
        order_ids: Sequence[str],
        *,
        detail: Prose,
        reason: HoldReason = HoldReason.STAFF,
        until: date | datetime | None = None,
        command_id: str = "",
    ) -> Report[HoldPlaced]:
        """
        Place a hold on each of some orders of any sellers, as `orders.hold` does.

        Args:
            detail: Why; shown with each hold, and kept apart as notes are.

            reason: `STAFF`, or `ADDRESS` where the parcels cannot be addressed, or
                `OUT_OF_STOCK` where units cannot be bought.

            until: When holds of staff are released by themselves: a time, or the end of
                a day in the platform's zone; never if not given.
        """
        return self._across(
            order_ids,
            lambda seller_id, names: self._app.orders.hold_many(
                seller_id,
                names,
                detail=detail,
                by=self._by,
                reason=reason,
                until=self._until(until),
                command_id=command_id,
            ),
            lambda name, made: HoldPlaced(OrderId(name), HoldId(made)),
        )

    @command(STAFF, at_desk=True)
    def release_many(
        self,
        order_ids: Sequence[str],
        *,
        reason: HoldReason = HoldReason.STAFF,
        command_id: str = "",
    ) -> Report[OrderState]:
        """
        Release every hold of one reason on each of some orders of any sellers; an order
        that has none is refused.
        """
        return self._across(
            order_ids,
            lambda seller_id, names: self._app.orders.release_many(
                seller_id, names, by=self._by, reason=reason, command_id=command_id
            ),
            lambda name, state: OrderState(OrderId(name), state),
        )

    def _across(
        self,
        order_ids: Sequence[str],
        act: Callable[[SellerId, Sequence[str]], Done],
        convert: Callable[[str, str], T],
    ) -> Report[T]:
        """
        Do something to orders, seller by seller, and report in the order asked.
        """
        items = {name: (name, name) for name in order_ids}
        return across(self._app, items, act, convert)
