"""
Connections: the lasting pairing of a store product with a platform product.
"""

import enum
from collections.abc import Iterable
from datetime import datetime
from typing import Self

import attrs

from ..kernel.actor import Actor, Role
from ..kernel.countries import is_country
from ..kernel.errors import (
    Blocker,
    CommandRefusedError,
    InvalidInputError,
    require_known,
    wrong_role,
)
from ..kernel.events import Event, named
from ..kernel.ids import (
    ConnectionId,
    ProductId,
    SellerId,
    StoreId,
)
from ..kernel.values import frozen
from .rules import MappingRule, check_rules
from .supply import NOTHING_SHORT, RuleItem, Short


@frozen
class CountryMethod:
    """
    How parcels to one country are sent.

    Attributes:
        method: Empty for the cheapest.
    """

    country: str
    method: str


@named("connection.made")
@frozen(kw_only=True)
class ConnectionMade(Event):
    """
    A store product was connected.

    Attributes:
        methods: By country, where another method than *method* is wanted.
    """

    store_id: StoreId
    listing: str
    product_id: ProductId
    method: str
    rules: tuple[MappingRule, ...]
    methods: tuple[CountryMethod, ...] = ()


@named("connection.changed")
@frozen(kw_only=True)
class ConnectionChanged(Event):
    """
    A connection maps otherwise from now on; paid lines keep the version they had.

    Attributes:
        methods: By country, where another method than *method* is wanted.
    """

    product_id: ProductId
    method: str
    rules: tuple[MappingRule, ...]
    methods: tuple[CountryMethod, ...] = ()


@named("connection.removed")
@frozen(kw_only=True)
class ConnectionRemoved(Event):
    """
    A connection holds no longer.
    """


_MAY_CONNECT = frozenset({Role.SELLER, Role.STAFF, Role.SYSTEM})
ROLES: dict[str, frozenset[Role]] = {
    "connect": _MAY_CONNECT,
    "change": _MAY_CONNECT,
    "remove": _MAY_CONNECT,
}
_STATE_FOR = {"connect": "new", "change": "active", "remove": "active"}


@attrs.define(kw_only=True)
class Connection:
    """
    A lasting pairing, variant by variant, with the shipping method.

    Attributes:
        listing: The shop's key of its product; its SKU where it has no other.

        version: Counts its events; a line keeps the version it was paid with.

        methods: By country, where another method than *method* is wanted.
    """

    seller_id: SellerId
    connection_id: ConnectionId
    version: int = 0
    store_id: StoreId = StoreId("")
    listing: str = ""
    product_id: ProductId = ProductId("")
    method: str = ""
    rules: tuple[MappingRule, ...] = ()
    methods: tuple[CountryMethod, ...] = ()
    is_active: bool = False
    pending: list[Event] = attrs.field(factory=list, repr=False, eq=False)

    @classmethod
    def replay(
        cls, seller_id: SellerId, connection_id: ConnectionId, events: Iterable[Event]
    ) -> Self:
        """
        Return the connection that *events* make.
        """
        connection = cls(seller_id=seller_id, connection_id=connection_id)
        for event in events:
            connection._apply(event)
        return connection

    @property
    def state(self) -> str:
        """
        `new` before it was made, then `active`, in the end `ended`.
        """
        return "active" if self.is_active else "ended" if self.version else "new"

    def blockers(self, command: str, *, by: Actor) -> tuple[Blocker, ...]:
        """
        Return every reason why *by* cannot do *command* now; empty if it can.

        Raises:
            UnknownCommandError: If there is no such command.
        """
        require_known(command, ROLES)
        found: list[Blocker] = []
        if by.role not in ROLES[command]:
            found.append(wrong_role(command, by, roles=ROLES[command]))
        if self.state != _STATE_FOR[command]:
            advice = "; connect the product anew" if self.state == "ended" else ""
            words = f"it is {self.state}{advice}"
            found.append(Blocker("wrong_state", words, {"state": self.state}))
        return tuple(found)

    def allowed(self, *, by: Actor) -> tuple[str, ...]:
        """
        List the commands that *by* can do now.
        """
        return tuple(c for c in ROLES if not self.blockers(c, by=by))

    def _require(self, command: str, *, by: Actor) -> None:
        found = self.blockers(command, by=by)
        if found:
            raise CommandRefusedError(
                kind="connection",
                id=self.connection_id,
                command=command,
                blockers=found,
            )

    def make(self, facts: ConnectionMade) -> None:
        """
        Make the connection.

        Raises:
            CommandRefusedError: If it is made already, or not by seller or staff.

            InvalidInputError: If it maps nothing, maps twice, or to no units, or has
                a method for no country.
        """
        self._require("connect", by=facts.by)
        check_rules(facts.rules)
        _check_methods(facts.methods)
        self._record(facts)

    def change(self, facts: ConnectionChanged) -> None:
        """
        Change what the connection pairs from now on.

        Raises:
            CommandRefusedError: If it has ended, or not by seller or staff.

            InvalidInputError: If it maps nothing, maps twice, or to no units, or has
                a method for no country.
        """
        self._require("change", by=facts.by)
        check_rules(facts.rules)
        _check_methods(facts.methods)
        self._record(facts)

    def remove(self, *, by: Actor, at: datetime) -> None:
        """
        End the connection.

        Raises:
            CommandRefusedError: If it has ended, or not by seller or staff.
        """
        self._require("remove", by=by)
        self._record(ConnectionRemoved(by=by, occurred_at=at))

    def _record(self, event: Event) -> None:
        self._apply(event)
        self.pending.append(event)

    def _apply(self, event: Event) -> None:
        match event:
            case ConnectionMade():
                self.store_id = event.store_id
                self.listing = event.listing
                self._pair(event)
            case ConnectionChanged():
                self._pair(event)
            case ConnectionRemoved():
                self.is_active = False
        self.version += 1

    def _pair(self, event: ConnectionMade | ConnectionChanged) -> None:
        self.product_id = event.product_id
        self.method = event.method
        self.rules = event.rules
        self.methods = event.methods
        self.is_active = True


def _check_methods(methods: Iterable[CountryMethod]) -> None:
    seen: set[str] = set()
    for one in methods:
        if not is_country(one.country) or one.country in seen:
            raise InvalidInputError(
                field="methods",
                value=one.country,
                expected="countries of ISO 3166-1, each once",
            )
        seen.add(one.country)


@frozen
class ConnectedSku:
    """
    One store variant that is paired: how an arriving line finds its items.

    Attributes:
        sku_key: The key of its rule: a SKU as it is compared, or an id of the shop's.
    """

    seller_id: SellerId
    store_id: StoreId
    sku_key: str
    connection_id: ConnectionId
    connection_version: int
    method: str
    rule: MappingRule
    methods: tuple[CountryMethod, ...] = ()

    def method_to(self, country: str) -> str:
        """
        Return the shipping method for parcels to *country*; empty for the cheapest.
        """
        for one in self.methods:
            if one.country == country:
                return one.method
        return self.method

    def items_for(self, quantity: int, country: str) -> tuple[RuleItem, ...]:
        """
        Return the items that a line of *quantity* store units, in an order to
        *country*, needs in all; none if that is more than a line may have.
        """
        return self.rule.items_for(quantity, country)

    @property
    def priced_variant(self) -> str:
        """
        The variant for which the seller has a price of their own by it; empty for none.
        """
        return "" if self.rule.price is None else self.rule.items[0].variant_id

    @property
    def is_for_product(self) -> bool:
        """
        Whether it is for all variants of a product that no other rule is for.
        """
        return bool(self.rule.external_product_id)


@frozen
class BackedUpSku(ConnectedSku):
    """
    One store variant that is paired with backups, some of which may be needed now.

    Attributes:
        short: What cannot be bought now, of all that may supply it.
    """

    short: Short = NOTHING_SHORT

    def items_for(self, quantity: int, country: str) -> tuple[RuleItem, ...]:
        """
        Return the items that a line needs in all, backups in the place of what is
        short.
        """
        return self.rule.items_for(quantity, country, self.short)


class HelpState(enum.StrEnum):
    """
    Whether a call for help still waits; a call is done once, and stays so.
    """

    OPEN = "open"
    DONE = "done"


class HelpOutcome(enum.StrEnum):
    """
    How a call for help ended.
    """

    PAIRED = "paired"  # its line was paired
    ORDER = "order"  # the order was paid or has ended, or has no such line any more
    CLOSED = "closed"  # staff closed it


@frozen(kw_only=True)
class HelpRequest:
    """
    A seller's call for pairing help; staff connect on the seller's behalf. What was
    said is its conversation.

    Attributes:
        state: One of `HelpState`.

        outcome: One of `HelpOutcome`; empty while it is open.
    """

    seller_id: SellerId
    help_id: str
    order_id: str
    line: int
    state: str
    asked_at: datetime
    done_at: datetime | None = None
    outcome: str = ""
