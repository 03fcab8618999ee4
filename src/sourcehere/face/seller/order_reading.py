"""
The seller's orders: found, listed, counted and read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from ...domain.kernel.address import Address
from ...domain.kernel.errors import Blocker, InvalidInputError
from ...domain.kernel.ids import OrderId, VariantId
from ...domain.orders.kinds import OrderKind
from ...domain.orders.search import OrderSearch
from ...domain.orders.tabs import Tab
from ...domain.orders.views import OrderHeader, OrderView
from ...services.ordering.story import TimelineEntry
from ...unit.tables.orders import ORDERS_OF
from ..exported import LINE_COLUMNS, ORDER_COLUMNS, Cell, LineOf, rows_of, whole
from ..finding import found_page
from ..lists import Cursor, Page, check_limit
from ..records.orders import OrderDetails, details_of
from ..scope import Desk, reading

_AT_ONCE = 100  # orders whose lines are read at a time


class OrdersReadingDesk(Desk):
    """
    Finds and shows orders.
    """

    @reading()
    def get(self, order_id: str) -> OrderView:
        """
        Return one order as it is now.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._app.orders.get(self._seller_id, order_id)

    @reading()
    def get_many(self, order_ids: Sequence[str]) -> tuple[OrderView, ...]:
        """
        Return orders as they are now, in the order asked, from one moment.

        Raises:
            NotFoundError: If the seller has none of some id.
        """
        return tuple(self._app.orders.get_many(self._seller_id, order_ids))

    @reading()
    def details(self, order_id: str) -> OrderDetails:
        """
        Return everything about an order, read at one moment: lines, parcels, refunds,
        disputes, its timeline, and what can be done now.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        sheet = self._app.orders.sheet(self._seller_id, order_id, by=self._by)
        return details_of(sheet, self._by)

    @reading()
    def list(
        self,
        *,
        tab: Tab = Tab.ALL,
        store_id: str = "",
        kind: OrderKind | None = None,
        after: str = "",
        limit: int = 50,
    ) -> Page[OrderHeader]:
        """
        List the orders of a tab, newest first, of one store or kind where asked.

        Raises:
            InvalidInputError: If *limit* is not 1 to 500.

            InvalidCursorError: If *after* is no cursor of this list.
        """
        check_limit(limit)
        wanted = "" if kind is None else kind.value
        cursor = Cursor(
            ("orders", self._seller_id, tab, store_id, wanted), ORDERS_OF.index
        )
        key = cursor.read(after)
        page = self._app.orders.page(
            self._seller_id,
            tab=tab,
            store_id=store_id,
            kind=wanted,
            after="" if key is None else str(key[0]),
            limit=limit,
        )
        return Page(page.orders, cursor.write((page.after,)) if page.after else "")

    @reading()
    def search(
        self, search: OrderSearch, *, after: str = "", limit: int = 50
    ) -> Page[OrderHeader]:
        """
        Find the seller's orders by whatever is known of them, all of it together:
        newest first, or where a date is asked for, the latest first.

        No call looks at more than 10,000 rows. Where that is too few to fill the page
        it is short, or empty, and goes on where `next` says.

        Raises:
            InvalidInputError: If a range ends before it begins, nothing is left of a
                text when it is compared, another seller is named, or *limit* is not 1
                to 500.

            InvalidCursorError: If *after* is no cursor of this search.
        """
        mine = self._seller_id
        if search.seller_id not in ("", mine):
            raise InvalidInputError(
                field="seller_id", value=search.seller_id, expected=f"{mine}, or empty"
            )
        searching = self._app.order_search
        return found_page(searching, mine, search, after=after, limit=limit)

    @reading()
    def export(self, search: OrderSearch | None = None) -> Iterator[Mapping[str, Cell]]:
        """
        Return orders as rows, column -> plain value, in the order of `search`; read as
        you go, so that many take no more memory.

        Args:
            search: What has to be true of them; all of the seller's if not given.

        Raises:
            InvalidInputError: As `search` does.
        """
        return rows_of(self._wanted(search), ORDER_COLUMNS)

    @reading()
    def export_lines(
        self, search: OrderSearch | None = None
    ) -> Iterator[Mapping[str, Cell]]:
        """
        Return the lines of orders as rows, as `export` does the orders: what was
        ordered, which of the platform's SKUs supply it, and what became of the units.

        Raises:
            InvalidInputError: As `search` does.
        """
        return rows_of(self._lines_of(self._wanted(search)), LINE_COLUMNS)

    def _wanted(self, search: OrderSearch | None) -> Iterator[OrderHeader]:
        return whole(self.list if search is None else partial(self.search, search))

    def _lines_of(self, headers: Iterable[OrderHeader]) -> Iterator[LineOf]:
        remaining = iter(headers)
        while names := [header.order_id for header in islice(remaining, _AT_ONCE)]:
            orders = self.get_many(names)
            variants = {i.variant_id for order in orders for i in order.items.values()}
            found = self._app.catalog.variants(sorted(variants))
            skus = {VariantId(name): variant.sku for name, variant in found.items()}
            for order in orders:
                for line in order.lines:
                    yield order, line, skus

    @reading()
    def counts(
        self, *, store_id: str = "", kind: OrderKind | None = None
    ) -> Mapping[Tab, int]:
        """
        Count the orders of every tab; the cost does not grow with the orders.
        """
        wanted = "" if kind is None else kind.value
        return self._app.orders.counts(self._seller_id, store_id=store_id, kind=wanted)

    @reading()
    def find_number(self, number: str) -> tuple[OrderId, ...]:
        """
        Return the ids of the orders that people call *number*, oldest first.
        """
        found = self._app.orders.find_number(self._seller_id, number)
        return tuple(OrderId(name) for name in found)

    @reading()
    def find_external(
        self, store_id: str, external_ids: Sequence[str]
    ) -> Mapping[str, tuple[OrderId, ...]]:
        """
        Return our orders of a shop's order ids; those we do not know are absent.
        """
        found = self._app.orders.find_external(self._seller_id, store_id, external_ids)
        return {name: tuple(OrderId(p) for p in parts) for name, parts in found.items()}

    @reading()
    def address(self, order_id: str) -> Address:
        """
        Return where an order goes; personal data.

        Raises:
            NotFoundError: If there is no such order, or it goes to no customer.
        """
        return self._app.orders.address(self._seller_id, order_id)

    @reading()
    def timeline(self, order_id: str) -> tuple[TimelineEntry, ...]:
        """
        Tell an order's story, oldest first; notes for staff are shown to staff only.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._app.orders.timeline(self._seller_id, order_id, by=self._by)

    @reading()
    def allowed(self, order_id: str) -> tuple[str, ...]:
        """
        List the commands that can be done to an order now, by whoever asks.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._app.orders.allowed(self._seller_id, order_id, by=self._by)

    @reading()
    def why_not(self, order_id: str, command: str) -> tuple[Blocker, ...]:
        """
        Return every reason why *command* cannot be done to an order now.

        An empty answer means that it can be done. For `pay` the order is priced as a
        checkout would, so that the reasons know the wallet, the method that was chosen,
        the fields that the address lacks, and the country that nobody serves. For
        `take_over` they know whether the shop added anything that is ours, for
        `serve_from_local_stock` what is there, for `erase_buyer` the other parts of the
        purchase, for `correct_address` whether the buyer was forgotten, for
        `request_cancel` whether that was rejected before, and for `restock` what is in
        the local stock or sent again. `allowed` looks at the order alone.

        For `pay` carriers are asked, so that it takes as long as they do, unless all
        freight is only computed, as by rate cards.

        Raises:
            NotFoundError: If the seller has none of that id.

            UnknownCommandError: If no order has such a command.

            HostsTransactionError: If a carrier has to be asked, and a host's
                transaction is open.
        """
        app, owner, by = self._app, self._seller_id, self._by
        if found := app.orders.why_not(owner, order_id, command, by=by):
            return found
        looks: dict[str, Callable[[], tuple[Blocker, ...]]] = {
            "pay": lambda: app.checkouts.why_not_paid(owner, order_id, by=by),
            "take_over": lambda: app.orders.why_not_taken_over(owner, order_id),
            "serve_from_local_stock": lambda: app.local_stock.why_not_served(
                owner, order_id
            ),
            "erase_buyer": lambda: app.erasing.why_not_erased(owner, order_id, by=by),
            "correct_address": lambda: app.orders.why_not_corrected(owner, order_id),
            "restock": lambda: app.cloud.why_not_restocked(owner, order_id),
            "request_cancel": lambda: app.disputes.why_not_cancelled(
                owner, order_id, by=by
            ),
        }
        return looks[command]() if command in looks else ()
