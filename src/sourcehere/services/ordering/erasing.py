"""
Forgetting who an order went to, and what was written about it.

What is left keeps the books whole: the order, its money, its parcels and its events,
none of which holds personal data, and of the address the country.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from ...domain.contacts.model import ERASED, ContactVersion, Note
from ...domain.effects.labels import Label
from ...domain.effects.model import Channel, MessageKind
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker
from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ...domain.orders.order import Order
from ...domain.quotes.machine import OPEN, QUOTED
from ...domain.talk.model import Subject, conversation_id
from ...unit.seller_unit import SellerUnit
from ...unit.tables.contacts import CONTACT_VERSIONS, CONTACTS, NOTES, NOTES_OF
from ...unit.tables.disputes import DISPUTES_OF
from ...unit.tables.orders import BUYER_WORDS, BUYER_WORDS_OF, ORDERS_OF_ORIGIN
from ...unit.tables.pairing import HELP_OF
from ...unit.tables.quotes import QUOTES_OF
from ...unit.tables.shipments import (
    LABELS,
    LABELS_OF,
    PARCELS_OF,
    TRACKING_EVENTS,
    TRACKING_OF,
)
from ...unit.tables.stores import (
    STORE_ORDERS,
    TOLD,
    TOLD_NAMED,
    TOLD_NAMES,
    TOLD_NAMES_OF,
)
from ...unit.tables.talk import MESSAGES, MESSAGES_OF
from ...unit.tables.wallet import GOODWILLS, GOODWILLS_OF_ORDER
from ..base.commands import Given
from ..base.forgetting_places import without_place
from ..base.service import Service
from ..pairing.asked_quotes import LINK, PICTURES
from .said_outside import erase_failures, erase_problems, erase_refusals


@frozen(kw_only=True)
class Erased:
    """
    What was forgotten.

    Attributes:
        order_ids: The orders of that buyer's purchase: all parts of it, and what was
            sent again of them.

        addresses: Versions of the address that are gone.

        texts: Notes and messages about them, and what stood beside goodwill for them,
            whose words are gone.

        answers: How much of what the shop said is deleted, since it named the order.
    """

    order_ids: tuple[str, ...]
    addresses: int
    texts: int
    answers: int


class Erasing(Service):
    """
    Forgets buyers.
    """

    def erase_buyer(
        self, seller_id: str, order_id: str, *, by: Actor, command_id: str = ""
    ) -> Erased:
        """
        Forget who an order went to: name, address, phone and email, in all versions;
        what was written about it; where carriers said that its parcels were; and what
        its shop said that names it. Files of its labels are removed by the relay,
        wherever a carrier's plugin keeps them.

        Done again, it forgets what came since.

        Raises:
            CommandRefusedError: If a part of it is not over, or a dispute is open.
        """

        def work(unit: SellerUnit) -> Erased:
            orders = _all_parts(unit, unit.orders.one(order_id))
            for order in orders:
                order.require("erase_buyer", by=by)
            addresses = _erase_addresses(unit, orders)
            about = _about(unit, orders)
            texts = _erase_texts(unit, about)
            answers = _delete_answers(unit, orders)
            erase_refusals(
                unit,
                [str(order.order_id) for order in orders],
                about.streams,
                self._ports.hooks.subscribers,
            )
            facts = _erase_places(unit, orders)
            labels = _labels_of(unit, orders)
            if addresses or texts or answers or facts:
                for order in orders:
                    order.erase_buyer(by=by, at=unit.now)
                _forget_labels(unit, orders, labels)
            names = tuple(str(order.order_id) for order in orders)
            return Erased(
                order_ids=names, addresses=addresses, texts=texts, answers=answers
            )

        given = Given(command_id, "erase_buyer", order_id)
        return self._once(SellerId(seller_id), given, work, Erased)

    def why_not_erased(
        self, seller_id: str, order_id: str, *, by: Actor
    ) -> tuple[Blocker, ...]:
        """
        Return why another part of an order's purchase forbids to forget its buyer.

        Raises:
            NotFoundError: If there is no such order.
        """

        def work(unit: SellerUnit) -> tuple[Blocker, ...]:
            order = unit.orders.one(order_id, lock=False)
            return tuple(
                attrs.evolve(blocker, words=f"{_named(other)}: {blocker.words}")
                for other in _all_parts(unit, order, lock=False)
                if other.order_id != order.order_id
                for blocker in other.blockers("erase_buyer", by=by)
            )

        return self._read(SellerId(seller_id), work)


def _all_parts(unit: SellerUnit, order: Order, *, lock: bool = True) -> list[Order]:
    """
    Return the orders of one purchase: its parts, and what was sent again of them.
    """
    first = order
    if order.is_reship:
        first = unit.orders.one(order.origin_order_id, lock=False)
    names = {str(first.order_id), str(order.order_id)}
    if first.store_id:
        key = (first.store_id, first.external_id)
        record = unit.need(STORE_ORDERS, *key, lock=lock)
        names |= {*record.parts, *record.replaced}
    again = unit.find(ORDERS_OF_ORIGIN, [(name,) for name in sorted(names)])
    names |= {one.order_id for one in again}
    return unit.orders.load(sorted(names), lock=lock)


def _named(order: Order) -> str:
    return f"reship {order.number}" if order.is_reship else f"part {order.part}"


def _erase_addresses(unit: SellerUnit, orders: Sequence[Order]) -> int:
    contacts = sorted({order.contact_id for order in orders if order.contact_id})
    versions: list[ContactVersion] = unit.find(
        CONTACT_VERSIONS, [(name,) for name in contacts], lock=True
    )
    known = [version for version in versions if version.erased_at is None]
    unit.put(CONTACTS, *(version.erased(at=unit.now) for version in known))
    words = unit.find(BUYER_WORDS_OF, [(order.order_id,) for order in orders])
    unit.delete(BUYER_WORDS, [(word.order_id, word.word) for word in words])
    return len(known)


@frozen
class _About:
    """
    What people write about besides orders: where their words are.

    Attributes:
        asked: Quote requests, and their states.
    """

    orders: tuple[str, ...]
    disputes: tuple[str, ...]
    calls: tuple[str, ...]
    asked: Mapping[str, str]

    @property
    def subjects(self) -> tuple[str, ...]:
        """
        All of them.
        """
        return (*self.orders, *self.disputes, *self.calls, *self.asked)

    @property
    def talks(self) -> tuple[str, ...]:
        """
        The conversations about them.
        """
        return (
            *(conversation_id(Subject.ORDER, name) for name in self.orders),
            *(conversation_id(Subject.DISPUTE, name) for name in self.disputes),
            *(conversation_id(Subject.HELP, name) for name in self.calls),
            *(conversation_id(Subject.QUOTE, name) for name in self.asked),
        )

    @property
    def streams(self) -> tuple[str, ...]:
        """
        Of which events plugins are told.
        """
        return (*self.subjects, *self.talks)


def _about(unit: SellerUnit, orders: Iterable[Order]) -> _About:
    names = tuple(str(order.order_id) for order in orders)
    keys = [(name,) for name in names]
    return _About(
        orders=names,
        disputes=tuple(str(one.dispute_id) for one in unit.find(DISPUTES_OF, keys)),
        calls=tuple(str(one.help_id) for one in unit.find(HELP_OF, keys)),
        asked=_quotes_asked(unit, names),
    )


def _erase_texts(unit: SellerUnit, about: _About) -> int:
    messages = [
        message
        for message in unit.find(
            MESSAGES_OF, [(name,) for name in about.talks], lock=True
        )
        if message.text != ERASED or message.attachments
    ]
    unit.put(
        MESSAGES,
        *(attrs.evolve(one, text=ERASED, attachments=()) for one in messages),
    )
    subjects = [(name,) for name in about.subjects]
    notes = [
        note
        for note in unit.find(NOTES_OF, subjects, lock=True)
        if note.text != ERASED and not _is_needed(note, about.asked)
    ]
    unit.put(NOTES, *(attrs.evolve(note, text=ERASED) for note in notes))
    given = [
        one
        for one in unit.find(
            GOODWILLS_OF_ORDER, [(name,) for name in about.orders], lock=True
        )
        if one.note not in ("", ERASED)
    ]
    unit.put(GOODWILLS, *(attrs.evolve(one, note=ERASED) for one in given))
    return len(messages) + len(notes) + len(given)


def _quotes_asked(unit: SellerUnit, order_ids: Sequence[str]) -> dict[str, str]:
    """
    Return which quote requests were asked from lines of the orders, and their states.
    """
    columns = ("request_id", "state", "order_id")
    return {
        request_id: state
        for request_id, state, order_id, *_ in unit.each_of_columns(
            QUOTES_OF, columns=columns
        )
        if order_id in order_ids
    }


def _is_needed(note: Note, asked: Mapping[str, str]) -> bool:
    """
    Tell whether a note says which product staff still look for.
    """
    is_open = asked.get(note.subject_id) in (OPEN, QUOTED)
    return is_open and note.about in (LINK, PICTURES)


def _labels_of(unit: SellerUnit, orders: Iterable[Order]) -> list[Label]:
    """
    Return the buyer's labels, of which is no more said what carriers said of them.
    """
    labels = unit.find(LABELS_OF, [(one.order_id,) for one in orders], lock=True)
    told = [one for one in labels if one.error not in ("", ERASED)]
    unit.put(LABELS, *(attrs.evolve(one, error=ERASED) for one in told))
    return labels


def _forget_labels(
    unit: SellerUnit, orders: Iterable[Order], labels: Iterable[Label]
) -> None:
    """
    Owe it to the buyer that the files of labels are removed, wherever a plugin keeps
    them.
    """
    versions = {order.order_id: order.version for order in orders}
    for label in labels:
        if label.reference:
            version = versions[label.order_id]
            unit.tell(
                Channel.JOB,
                MessageKind.FORGET_LABEL,
                lane=f"forget {label.label_id}",
                position=version,
                subject=label.label_id,
                key=f"{label.label_id}:{version}",
                payload={},
            )


def _erase_places(unit: SellerUnit, orders: Iterable[Order]) -> int:
    """
    Blank where carriers said that the orders' parcels were: the last of these places is
    where the buyer lives.
    """
    found = unit.find(PARCELS_OF, [(order.order_id,) for order in orders])
    keys = [(parcel.parcel_id,) for parcel in found]
    told = unit.find(TRACKING_OF, keys, lock=True)
    known = [fact for fact in told if fact != without_place(fact)]
    unit.delete(TRACKING_EVENTS, [(fact.parcel_id, fact.key) for fact in known])
    unit.insert(TRACKING_EVENTS, *map(without_place, known))
    return len(known)


def _delete_answers(unit: SellerUnit, orders: Iterable[Order]) -> int:
    """
    Delete what the shop said that names them: a page that does is deleted whole.
    """
    places = sorted({(o.store_id, o.external_id) for o in orders if o.store_id})
    found = unit.find(TOLD_NAMED, places)
    told = sorted({(one.store_id, one.told_id) for one in found})
    erase_failures(unit, unit.many(TOLD, told))
    erase_problems(unit, places)
    names = unit.find(TOLD_NAMES_OF, told)
    unit.delete(TOLD_NAMES, [(one.store_id, one.told_id, one.name) for one in names])
    unit.delete(TOLD, told)
    return len(told)
