"""
What carriers say of parcels becomes facts that can be kept.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import attrs

from ..domain.kernel.values import frozen
from ..domain.shipments.tracking import span_of
from ..ports.errors import DeclinedError, ProtocolError, ProviderError
from ..ports.tracking import CarrierFact, SupportsTracking, TrackedNumber
from .answers import Answerer, storable
from .failures import checked_failure
from .items import items_of
from .stores import KEY_MAX, check_key

FACTS_MAX = 1_000  # of one number
HINTS_MAX = 1_000  # numbers of one webhook
CARRIERS_MAX = 10_000
_PLACE_MAX = 200


@frozen
class NumberTold:
    """
    What was said of one number.

    Attributes:
        facts: Those that make sense.

        set_aside: What is wrong with the others, in words.

        failed: Why nothing was said; None where something was.
    """

    facts: tuple[CarrierFact, ...] = ()
    set_aside: tuple[str, ...] = ()
    failed: ProviderError | None = None

    @property
    def is_unknown(self) -> bool:
        """
        Whether the carrier does not know the number, which is usual while it is new.
        """
        return isinstance(self.failed, DeclinedError)


def carriers_of(provider: SupportsTracking, who: Answerer) -> frozenset[str]:
    """
    Return the carriers whose parcels *provider* knows, in lower case; none for all.

    Raises:
        ProtocolError: If what it lists makes no sense.
    """
    names = items_of(who, "carriers", who.ask(provider.carriers), str)
    if len(names) > CARRIERS_MAX:
        who.refuse("carriers", len(names), f"at most {CARRIERS_MAX}")
    for name in names:
        who.check(str, "carriers", name)
        check_key(who, "carriers", name)
    return frozenset(name.strip().casefold() for name in names)


def track(
    provider: SupportsTracking,
    numbers: Sequence[TrackedNumber],
    who: Answerer,
    now: datetime,
) -> list[NumberTold]:
    """
    Ask for *numbers*, and return of each answer what makes sense.

    Raises:
        ProviderError: If nothing is told of any.
    """
    answers = items_of(who, "answers", who.ask(lambda: provider.track(numbers)), list)
    if len(answers) != len(numbers):
        expected = f"{len(numbers)} answers, one for each number"
        who.refuse("answers", len(answers), expected)
    return [
        _told(answer, number, who, now)
        for answer, number in zip(answers, numbers, strict=True)
    ]


def hinted_numbers(numbers: object, who: Answerer) -> tuple[str, ...]:
    """
    Return the numbers of a webhook, each once, without the blanks around them.

    Raises:
        ProtocolError: If they make no sense, or there are too many.
    """
    found = items_of(who, "numbers", numbers, str)
    if len(found) > HINTS_MAX:
        who.refuse("numbers", len(found), f"at most {HINTS_MAX} numbers")
    for number in found:
        who.check(str, "numbers", number)
        check_key(who, "numbers", number)
    return tuple(dict.fromkeys(number.strip() for number in found))


def _told(
    answer: object, number: TrackedNumber, who: Answerer, now: datetime
) -> NumberTold:
    if isinstance(answer, BaseException):
        return NumberTold(failed=checked_failure(who, answer))
    try:
        given = items_of(who, "facts", answer, CarrierFact)
        if len(given) > FACTS_MAX:
            who.refuse("facts", len(given), f"at most {FACTS_MAX} facts")
    except ProtocolError as error:
        return NumberTold(failed=error)
    facts: dict[str, CarrierFact] = {}
    wrong: list[str] = []
    for place, fact in enumerate(given):
        try:
            read = partial(_fact, f"facts[{place}]", fact, number, who, now)
            good = who.ask(read)
        except ProtocolError as error:
            wrong.append(f"{number.tracking_number}: {error.detail}")
        else:
            facts.setdefault(good.key, good)
    return NumberTold(tuple(facts.values()), tuple(wrong))


def _fact(
    field: str, fact: object, number: TrackedNumber, who: Answerer, now: datetime
) -> CarrierFact:
    if not isinstance(fact, CarrierFact):
        who.refuse(field, fact, "a CarrierFact")
    if isinstance(fact.key, str) and isinstance(fact.place, str):
        fact = attrs.evolve(
            fact,
            key=storable(fact.key, most=KEY_MAX + 1),
            place=storable(fact.place, most=_PLACE_MAX),
        )
    who.check(CarrierFact, field, fact)
    check_key(who, f"{field}.key", fact.key)
    if fact.happened_at.tzinfo is None:
        who.refuse(f"{field}.happened_at", fact.happened_at, "a time with a zone")
    earliest, latest = span_of(number.shipped_at, now=now)
    if not earliest <= fact.happened_at <= latest:
        expected = f"between {earliest:%Y-%m-%d} and {latest:%Y-%m-%d}"
        who.refuse(f"{field}.happened_at", fact.happened_at, expected)
    return fact
