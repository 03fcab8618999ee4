"""
What a shop's file says of an order: when, where to, and how far it has come there.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import attrs

from ..domain.kernel.address import UNKNOWN_COUNTRY, Address
from ..domain.kernel.values import light
from .file_cells import code_of
from .file_config import FileStoreConfig
from .file_layout import Layout, unknown_word
from .file_places import country_of
from .file_rows import RowSaid

_APART = timedelta(days=31)  # nobody adds to an order so much later
_WORDS = (
    "name",
    "company",
    "street",
    "city",
    "region",
    "postal_code",
    "phone",
    "email",
)
# Where marketplaces hide who gets a parcel, and where.
_HIDDEN, _HIDDEN_IN = "**", ("name", "street", "city", "postal_code")
_STATUSES = ("payment_status", "order_status", "fulfilment_status")


@light(kw_only=True)
class OrderFacts:
    """
    An order as its records say it, put together.

    Attributes:
        placed_at: None where no record has a time.

        currency: In capital letters; empty where the export says none.

        is_refunded: Whether all that was not sent was refunded.

        is_fulfilled: Whether the shop says of all of it that it is sent.

        doubts: What is doubtful about it.

        apart: Row -> what the statuses say of its lines, where they are not the same in
            all records; empty where they are.
    """

    number: str
    placed_at: datetime | None
    address: Address
    currency: str
    is_paid: bool
    is_cancelled: bool
    is_refunded: bool
    is_fulfilled: bool
    doubts: tuple[str, ...]
    apart: "Mapping[int, OrderFacts]" = attrs.field(factory=dict, eq=False)


def order_facts(
    rows: Sequence[RowSaid], config: FileStoreConfig, layout: Layout
) -> OrderFacts:
    """
    Put together what records say of their order: the first that says something counts,
    and one that was rejected where no other does.
    """
    sound = [row for row in rows if row.is_sound]
    if len(sound) < len(rows):
        rows = [*sound, *(row for row in rows if not row.is_sound)]
    facts: dict[str, str] = {}
    seen: Mapping[str, str] = {}
    for row in rows:
        if row.facts is not seen:  # records that say the same share it
            seen = row.facts
            facts = {**seen, **facts} if facts else {**seen}
    meanings, doubts = _meanings(facts, layout)
    countries = _countries(sound, layout) or _countries(rows, layout)
    times = _times(sound) or _times(rows)
    if len(countries) > 1:
        doubts.append(f"its records go to {' and '.join(countries)}")
    if times and max(times) - min(times) > _APART:
        doubts.append("its records are more than a month apart")
    if any(_HIDDEN in facts.get(name, "") for name in _HIDDEN_IN):
        doubts.append(
            "its address is hidden by asterisks: correct it, and confirm the order"
        )
    whole = OrderFacts(
        number=facts.get("order_number", ""),
        placed_at=times[0] if times else None,
        address=Address(
            country=countries[0] if countries else UNKNOWN_COUNTRY,
            customer=facts.get("customer", ""),
            **{name: facts.get(name, "") for name in _WORDS},
        ),
        currency=code_of(facts.get("currency", "")),
        is_paid=_is_paid(facts, meanings, config, layout),
        is_cancelled="cancelled_at" in facts or "cancelled" in meanings,
        is_refunded="refunded" in meanings,
        is_fulfilled="fulfilled" in meanings,
        doubts=tuple(doubts),
    )
    if all(_agrees(row.facts, facts) for row in rows):
        return whole
    return _mixed(whole, rows, facts, layout)


def _agrees(said: Mapping[str, str], facts: Mapping[str, str]) -> bool:
    if said.keys().isdisjoint(_STATUSES):
        return True  # so it is mostly: the records behind the first say little
    return all(
        said[name].casefold() == facts[name].casefold()
        for name in _STATUSES
        if name in said
    )


def _mixed(
    whole: OrderFacts,
    rows: Sequence[RowSaid],
    facts: Mapping[str, str],
    layout: Layout,
) -> OrderFacts:
    """
    Return an order whose records say different statuses: each counts for its own lines,
    and the order is cancelled where all of them are, unpaid where one is.
    """
    doubts = list(whole.doubts)
    apart: dict[int, OrderFacts] = {}
    is_unpaid = False
    for row in rows:
        has_own = any(name in row.facts for name in _STATUSES)
        said = {**facts, **row.facts} if has_own else facts
        meanings, questions = _meanings(said, layout)
        doubts += questions
        is_unpaid |= "unpaid" in meanings
        cancelled_at = row.facts if has_own else facts
        is_cancelled = "cancelled_at" in cancelled_at or "cancelled" in meanings
        apart[row.row] = attrs.evolve(
            whole,
            is_cancelled=is_cancelled,
            is_refunded=is_cancelled or "refunded" in meanings,
            is_fulfilled="fulfilled" in meanings,
        )
    return attrs.evolve(
        whole,
        is_paid=whole.is_paid and not is_unpaid,
        is_cancelled=all(one.is_cancelled for one in apart.values()),
        doubts=tuple(dict.fromkeys(doubts)),
        apart=apart,
    )


def _times(rows: Sequence[RowSaid]) -> list[datetime]:
    return [row.placed_at for row in rows if row.placed_at is not None]


def _meanings(
    facts: Mapping[str, str], layout: Layout
) -> tuple[frozenset[str], list[str]]:
    """
    Return what the statuses mean, and those that nobody knows.
    """
    found: set[str] = set()
    doubts: list[str] = []
    for name in _STATUSES:
        text = facts.get(name, "")
        meaning = layout.words[name].get(text.casefold())
        if meaning is not None:
            found.add(meaning)
        elif text:
            doubts.append(unknown_word(f"the {name.replace('_', ' ')}", text))
    if "partly" in found:
        doubts.append("it is sent in part, and the export does not say which units")
    if "partly_refunded" in found and not layout.has("quantity_refunded"):
        doubts.append("it is refunded in part, and the export does not say which units")
    return frozenset(found), doubts


def _is_paid(
    facts: Mapping[str, str],
    meanings: frozenset[str],
    config: FileStoreConfig,
    layout: Layout,
) -> bool:
    if "unpaid" in meanings:
        return False
    if meanings & {"paid", "fulfilled", "refunded", "partly_refunded"}:
        return True
    if layout.has("paid_at"):
        return "paid_at" in facts
    return config.paid_at_store


def _countries(rows: Sequence[RowSaid], layout: Layout) -> list[str]:
    """
    List where the records go, each country once; what nobody understands is `ZZ`.
    """
    return list(dict.fromkeys(_told(rows, layout.countries)))


def _told(rows: Sequence[RowSaid], aliases: Mapping[str, str]) -> Iterator[str]:
    for row in rows:
        text = row.facts.get("country", "")
        if text:
            yield country_of(text, aliases)
