"""
A seller asks for a source and a price; a salesman answers.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

import attrs

from ..kernel.actor import Actor, Role
from ..kernel.checks import LINE_UNITS_MAX
from ..kernel.clock import NEVER
from ..kernel.countries import is_country
from ..kernel.errors import (
    Blocker,
    CommandRefusedError,
    InvalidInputError,
    require_known,
    wrong_role,
    wrong_state,
)
from ..kernel.events import Event
from ..kernel.ids import (
    OrderId,
    QuoteRequestId,
    SellerId,
    StoreId,
)
from ..kernel.seen import require_seen
from ..kernel.store_variants import known_as
from .events import (
    Quote,
    QuoteAnswered,
    QuoteAsked,
    QuoteEnded,
    QuoteOverdue,
    QuoteRevised,
    QuoteViewed,
)
from .machine import (
    ACCEPTED,
    OPEN,
    QUOTE_BY,
    QUOTED,
    VALID_UNTIL,
    QuoteRequestChart,
)

_SELLER, _STAFF = frozenset({Role.SELLER}), frozenset({Role.STAFF})
ROLES: dict[str, frozenset[Role]] = {
    "ask": _SELLER,
    "answer": _STAFF,
    "revise": _STAFF,
    "view": _SELLER | _STAFF,
    "accept": _SELLER,
    "decline": _SELLER,
    "expire": frozenset({Role.SYSTEM}),
    "give_up": _STAFF,
    "withdraw": _SELLER,
}


@attrs.define(kw_only=True)
class QuoteRequest:
    """
    One question for a source, and what became of it.

    Attributes:
        store_id: The shop that sells it; empty where it was asked without one.

        quantities, target_minor, currency: As `QuoteAsked` has them.

        terms_version: Since which version the quote is what it is.

        promised_by: Until when somebody promised to answer; NEVER once it is answered
            or has ended, and for no promise.

        is_overdue: Whether that time is over and nobody has answered.
    """

    seller_id: SellerId
    request_id: QuoteRequestId
    state: str = "new"
    version: int = 0
    store_id: StoreId = StoreId("")
    order_id: OrderId = OrderId("")
    line: int = 0
    sku: str = ""
    external_variant_id: str = ""
    title: str = ""
    quantity: int = 0
    quantities: tuple[int, ...] = ()
    target_minor: int | None = None
    currency: str = ""
    quote: Quote | None = None
    terms_version: int = 0
    asked_at: datetime | None = None
    viewed_at: datetime | None = None
    promised_by: datetime = NEVER
    is_overdue: bool = False
    pending: list[Event] = attrs.field(factory=list, repr=False, eq=False)

    @classmethod
    def replay(
        cls, seller_id: SellerId, request_id: QuoteRequestId, events: Iterable[Event]
    ) -> Self:
        """
        Return the request that *events* make.
        """
        request = cls(seller_id=seller_id, request_id=request_id)
        for event in events:
            request._apply(event)
        return request

    def blockers(
        self, command: str, *, by: Actor, at: datetime | None = None
    ) -> tuple[Blocker, ...]:
        """
        Return every reason why *by* cannot do *command* now; empty if it can.
        """
        require_known(command, ROLES)
        found: list[Blocker] = []
        if by.role not in ROLES[command]:
            found.append(wrong_role(command, by, roles=ROLES[command]))
        if command == "view":
            if self.quote is None:
                found.append(Blocker("not_answered", "nobody has quoted yet"))
        elif self.state not in (states := QuoteRequestChart.states_for(command)):
            found.append(wrong_state(command, self.state, needs=states))
        elif command == "accept" and at is not None and self._is_stale(at):
            found.append(Blocker("quote_expired", "its validity has ended; ask again"))
        elif command == "expire" and at is not None and not self._is_stale(at):
            found.append(Blocker("not_due", "it is still valid"))
        return tuple(found)

    def allowed(self, *, by: Actor, at: datetime | None = None) -> tuple[str, ...]:
        """
        List the commands that *by* can do now.
        """
        return tuple(c for c in ROLES if not self.blockers(c, by=by, at=at))

    @property
    def deadline(self) -> datetime:
        """
        When a quote nobody accepted ends, or a request nobody answered is overdue;
        NEVER where neither will happen.
        """
        if self.state in QUOTE_BY.states:
            return NEVER if self.is_overdue else self.promised_by
        if self.state not in VALID_UNTIL.states or self.quote is None:
            return NEVER
        return self.quote.valid_until

    @property
    def open_key(self) -> str:
        """
        What it is open for, as the shop's variants are compared: one request at a time;
        empty once it has ended, or where no variant of a shop was named.
        """
        if self.state not in (OPEN, QUOTED) or not self.store_id:
            return ""
        return known_as(self.sku, self.external_variant_id)

    @property
    def agreed_variant(self) -> str:
        """
        The variant whose price was agreed without a shop, for every order of the
        seller's; empty for all others.
        """
        is_agreed = self.state == ACCEPTED and not self.store_id
        return self.quote.variant_id if is_agreed and self.quote else ""

    def _is_stale(self, at: datetime) -> bool:
        return self.quote is not None and VALID_UNTIL.has_passed(
            self.quote.valid_until, at
        )

    def _require(self, command: str, *, by: Actor, at: datetime) -> None:
        found = self.blockers(command, by=by, at=at)
        if found:
            raise CommandRefusedError(
                kind="quote request",
                id=self.request_id,
                command=command,
                blockers=found,
            )

    def ask(self, facts: QuoteAsked) -> None:
        """
        Ask staff for a source and a price.

        Raises:
            CommandRefusedError: If it was asked already, or not by the seller.
        """
        self._require("ask", by=facts.by, at=facts.occurred_at)
        for quantity in (facts.quantity, *facts.quantities):
            if not 0 < quantity <= LINE_UNITS_MAX:
                expected = f"1 to {LINE_UNITS_MAX}"
                raise InvalidInputError(
                    field="quantities", value=quantity, expected=expected
                )
        if facts.target_minor is not None and facts.target_minor < 0:
            raise InvalidInputError(
                field="target", value=facts.target_minor, expected="0 or more"
            )
        self._record(attrs.evolve(facts, state=QuoteRequestChart.after("new", "ask")))

    def answer(
        self,
        quote: Quote,
        *,
        by: Actor,
        at: datetime,
        store_id: StoreId | None = None,
        sku: str | None = None,
        title: str | None = None,
    ) -> None:
        """
        Quote, as staff; unasked quotes name the store variant they are for.

        Raises:
            CommandRefusedError: If it is not open, or *by* is not staff.

            InvalidInputError: If the quote has no tier, or ends before it begins.
        """
        self._require("answer", by=by, at=at)
        _check_quote(quote, at)
        self._record(
            QuoteAnswered(
                state=QuoteRequestChart.after(self.state, "answer"),
                quote=quote,
                store_id=self.store_id if store_id is None else store_id,
                sku=self.sku if sku is None else sku,
                title=self.title if title is None else title,
                by=by,
                occurred_at=at,
            )
        )

    def revise(self, quote: Quote, *, by: Actor, at: datetime) -> None:
        """
        Replace a quote by a new one, as staff.

        Raises:
            CommandRefusedError: If nothing is quoted, or *by* is not staff.
        """
        self._require("revise", by=by, at=at)
        _check_quote(quote, at)
        state = QuoteRequestChart.after(self.state, "revise")
        self._record(QuoteRevised(state=state, quote=quote, by=by, occurred_at=at))

    def view(self, *, by: Actor, at: datetime) -> Quote:
        """
        Look at the quote; that the seller looked is kept once.

        Raises:
            CommandRefusedError: If nobody has quoted yet.
        """
        self._require("view", by=by, at=at)
        assert self.quote is not None
        if self.viewed_at is None and by.role == Role.SELLER:
            self._record(QuoteViewed(by=by, occurred_at=at))
        return self.quote

    def end(
        self,
        command: str,
        *,
        by: Actor,
        at: datetime,
        store_id: str = "",
        sku: str = "",
        seen: int | None = None,
    ) -> None:
        """
        Accept, decline, expire, give up or withdraw it.

        Args:
            store_id, sku: For what it is accepted, where it was asked without a shop.

            seen: The version that was looked at; None for whatever is quoted now.

        Raises:
            CommandRefusedError: If *command* cannot be done now by *by*, or the quote
                was revised since it was seen.
        """
        self._require(command, by=by, at=at)
        require_seen(
            kind="quote request",
            id=self.request_id,
            command=command,
            seen=seen,
            terms=self.terms_version,
        )
        state = QuoteRequestChart.after(self.state, command)
        self._record(
            QuoteEnded(
                state=state, store_id=StoreId(store_id), sku=sku, by=by, occurred_at=at
            )
        )

    def mark_overdue(self, *, by: Actor, at: datetime) -> None:
        """
        Record that nobody answered until when that was promised.

        Raises:
            CommandRefusedError: If it is not due, or somebody answered.
        """
        is_open = self.state in QUOTE_BY.states
        if not is_open or not QUOTE_BY.has_passed(self.deadline, at):
            raise CommandRefusedError(
                kind="quote request",
                id=self.request_id,
                command=QUOTE_BY.command,
                blockers=[Blocker("not_due", "nothing that was promised is overdue")],
            )
        self._record(QuoteOverdue(by=by, occurred_at=at))

    def _record(self, event: Event) -> None:
        self._apply(event)
        self.pending.append(event)

    def _apply(self, event: Event) -> None:
        match event:
            case QuoteAsked():
                self.store_id, self.order_id = event.store_id, event.order_id
                self.line, self.sku, self.title = event.line, event.sku, event.title
                self.external_variant_id = event.external_variant_id
                self.quantity, self.quantities = event.quantity, event.quantities
                self.target_minor = event.target_minor
                self.currency = event.currency
                self.asked_at = event.occurred_at
                self.promised_by = event.promised_by
            case QuoteOverdue():
                self.is_overdue = True
            case QuoteAnswered():
                self.quote, self.terms_version = event.quote, self.version + 1
                self.store_id = event.store_id
                self.sku, self.title = event.sku, event.title
            case QuoteRevised():
                self.quote, self.terms_version = event.quote, self.version + 1
                self.viewed_at = None
            case QuoteViewed():
                self.viewed_at = event.occurred_at
            case QuoteEnded() if event.store_id:
                self.store_id, self.sku = event.store_id, event.sku
        self.state = getattr(event, "state", self.state)
        if self.state not in QUOTE_BY.states:
            self.promised_by, self.is_overdue = NEVER, False
        self.version += 1


def _check_quote(quote: Quote, at: datetime) -> None:
    if not quote.tiers or min(t.unit_minor for t in quote.tiers) < 0:
        raise InvalidInputError(
            field="tiers", value=quote.tiers, expected="prices of zero or more"
        )
    if not 0 < quote.units <= LINE_UNITS_MAX:
        expected = f"1 to {LINE_UNITS_MAX}"
        raise InvalidInputError(field="units", value=quote.units, expected=expected)
    _check_freight(quote)
    if quote.valid_until <= at:
        expected, valid = f"after {at.isoformat()}", quote.valid_until
        raise InvalidInputError(field="valid_until", value=valid, expected=expected)


def _check_freight(quote: Quote) -> None:
    for field in ("freight_minor", "freight_more_minor"):
        amount = getattr(quote, field)
        if amount is not None and amount < 0:
            raise InvalidInputError(field=field, value=amount, expected="0 or more")
    if quote.freight_minor is not None and not quote.method:
        expected = "the method that the freight is promised for"
        raise InvalidInputError(field="method", value="", expected=expected)
    if quote.freight_minor is None and (
        quote.freight_more_minor is not None or quote.freight_country
    ):
        expected = "what sending the first unit costs"
        raise InvalidInputError(field="freight_minor", value=None, expected=expected)
    if quote.freight_country and not is_country(quote.freight_country):
        expected = "a country code of ISO 3166-1, or none"
        raise InvalidInputError(
            field="freight_country", value=quote.freight_country, expected=expected
        )
