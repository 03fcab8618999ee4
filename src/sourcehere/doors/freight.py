"""
What a freight provider returned becomes options we may charge.
"""

from collections.abc import Mapping, Sequence

from ..domain.freight.codes import CODE_MAX, NAME_MAX, flaw_of
from ..domain.freight.estimate import DAYS_MAX
from ..domain.freight.model import (
    FreightAnswer,
    FreightOption,
    FreightRequest,
    LeftOut,
)
from ..domain.kernel.checks import MINOR_MAX, WHOLE_MAX
from ..domain.kernel.money import Money
from ..domain.kernel.parcels import PlannedParcel
from ..ports.errors import ProtocolError
from ..ports.freight import FreightProvider, SupportsMethods
from .answers import Answerer, shown_value, storable

BAD_ANSWER = "bad_answer"
OTHER_CURRENCY = "other_currency"
_WORDS_MAX = 500
ITEMS_MAX = 500  # options, reasons, methods, parcels


def quote_of(
    provider: FreightProvider, request: FreightRequest, who: Answerer
) -> FreightAnswer:
    """
    Ask *provider*, and return of its answer what makes sense.

    An option that does not is left out with a reason that names the field; the others
    are kept. Of two options with one method the first counts.

    Raises:
        ProtocolError: If it is no answer at all, or anything was raised that is no
            error of this library.

        SourceHereError: As the provider raised it on purpose.
    """

    def ask() -> FreightAnswer:
        answer: object = provider.quote(request)
        if not isinstance(answer, FreightAnswer):
            who.refuse("answer", answer, "a FreightAnswer")
        return _trusted(answer, request, who)

    return who.ask(ask)


def methods_of(provider: FreightProvider, who: Answerer) -> tuple[str, ...] | None:
    """
    List the methods of *provider*; None if it cannot.

    Raises:
        ProtocolError: If what it lists makes no sense.
    """
    if not isinstance(provider, SupportsMethods):
        return None
    listed = who.ask(provider.methods)
    codes = _items("methods", listed, who)
    return tuple(_word("methods", "code", code, who, most=CODE_MAX) for code in codes)


def _trusted(
    answer: FreightAnswer, request: FreightRequest, who: Answerer
) -> FreightAnswer:
    options: dict[str, FreightOption] = {}
    left_out: list[LeftOut] = []
    for number, given in enumerate(_items("options", answer.options, who)):
        place = f"options[{number}]"
        try:
            option = _option(place, given, request, who)
            if option.method in options:
                who.refuse(f"{place}.method", option.method, "unique in the answer")
        except _OtherCurrencyError as error:
            left_out.append(_leave_out(given, OTHER_CURRENCY, str(error), who))
        except ProtocolError as error:
            left_out.append(_leave_out(given, BAD_ANSWER, error.detail, who))
        else:
            options[option.method] = option
    for number, reason in enumerate(_items("left_out", answer.left_out, who)):
        left_out.append(_reason(f"left_out[{number}]", reason, who))
    return FreightAnswer(tuple(options.values()), tuple(left_out))


def _items(field: str, value: object, who: Answerer) -> Sequence[object]:
    # What can be walked only once could not be checked and then used.
    if not isinstance(value, list | tuple):
        who.refuse(field, value, "a tuple")
    if len(value) > ITEMS_MAX:
        who.refuse(field, f"{len(value)} of them", f"{ITEMS_MAX} or fewer")
    return value


class _OtherCurrencyError(Exception):
    """
    A price in another currency than was asked for: usual, and no fault of the carrier.
    """


def _option(
    place: str, given: object, request: FreightRequest, who: Answerer
) -> FreightOption:
    if not isinstance(given, FreightOption):
        who.refuse(place, given, "a FreightOption")
    days_min = _whole(place, "days_min", given.days_min, who, most=DAYS_MAX)
    days_max = _whole(place, "days_max", given.days_max, who, most=DAYS_MAX)
    if days_max < days_min:
        expected = f"{days_min} or more, as days_min is"
        who.refuse(f"{place}.days_max", days_max, expected)
    return FreightOption(
        _word(place, "method", given.method, who, most=CODE_MAX),
        _word(place, "name", given.name, who, most=NAME_MAX),
        _price(place, given.price, request.currency, who),
        days_min,
        days_max,
        _whole(place, "chargeable_grams", given.chargeable_grams, who, most=WHOLE_MAX),
        who.connection,
        _parcels(place, given, request, who) if given.parcels else (),
    )


def _parcels(
    place: str, given: FreightOption, request: FreightRequest, who: Answerer
) -> tuple[PlannedParcel, ...]:
    """
    Accept parcels that add up: to the price, and to what is sent.
    """
    field = f"{place}.parcels"
    parcels = [
        _parcel(f"{field}[{number}]", parcel, who)
        for number, parcel in enumerate(_items(field, given.parcels, who))
    ]
    total = sum(parcel.freight_minor for parcel in parcels)
    if total != given.price.minor:
        whole = f"parcels whose prices add up to {given.price}"
        who.refuse(field, str(Money(total, request.currency)), whole)
    units: dict[str, int] = {}
    for parcel in parcels:
        for name, quantity in parcel.quantities.items():
            units[name] = units.get(name, 0) + quantity
    wanted = {unit.name: unit.quantity for unit in request.units}
    if units != wanted:
        who.refuse(field, str(units), f"parcels that hold {wanted}")
    return tuple(parcels)


def _parcel(place: str, given: object, who: Answerer) -> PlannedParcel:
    if not isinstance(given, PlannedParcel):
        who.refuse(place, given, "a PlannedParcel")
    if not isinstance(given.quantities, Mapping):
        who.refuse(f"{place}.quantities", given.quantities, "a mapping")
    return PlannedParcel(
        quantities={
            _word(place, "quantities", name, who, most=CODE_MAX): _whole(
                place, "quantities", quantity, who, most=WHOLE_MAX
            )
            for name, quantity in given.quantities.items()
        },
        weight_grams=_whole(
            place, "weight_grams", given.weight_grams, who, most=WHOLE_MAX
        ),
        chargeable_grams=_whole(
            place, "chargeable_grams", given.chargeable_grams, who, most=WHOLE_MAX
        ),
        freight_minor=_whole(
            place, "freight_minor", given.freight_minor, who, most=MINOR_MAX
        ),
    )


# Each of these accepts at once what is usual, since every option of every order passes
# here, and looks for words only where something is wrong.


def _price(place: str, value: object, currency: str, who: Answerer) -> Money:
    if (
        type(value) is Money
        and value.currency == currency
        and 0 <= value.minor <= MINOR_MAX
    ):
        return value
    field = f"{place}.price"
    who.check(Money, field, value)
    assert isinstance(value, Money)
    if value.currency != currency:
        words = f"{field}: priced in {value.currency}, wanted in {currency}"
        raise _OtherCurrencyError(words)
    if value.minor < 0:
        who.refuse(field, str(value), "0 or more")
    return Money(value.minor, currency)


def _whole(place: str, name: str, value: object, who: Answerer, *, most: int) -> int:
    if type(value) is int and 0 <= value <= most:
        return value
    field = f"{place}.{name}"
    who.check(int, field, value)
    assert isinstance(value, int)
    if value < 0:
        who.refuse(field, value, "0 or more")
    if value > most:
        who.refuse(field, value, f"{most} or less")
    return int.__int__(value)


def _word(place: str, name: str, value: object, who: Answerer, *, most: int) -> str:
    """
    Accept a name in one line, which people type and every storage keeps.
    """
    if not isinstance(value, str):
        who.refuse(f"{place}.{name}", value, "a text")
    text = value if type(value) is str else str.__str__(value)  # of an enum's member
    expected = flaw_of(text, most=most)
    if expected:
        who.refuse(f"{place}.{name}", text, expected)
    return text


def _reason(field: str, given: object, who: Answerer) -> LeftOut:
    try:
        if not isinstance(given, LeftOut):
            who.refuse(field, given, "a LeftOut")
        for name in ("method", "code", "words"):
            value = getattr(given, name)
            if not isinstance(value, str):
                who.refuse(f"{field}.{name}", value, "a text")
        who.check(Mapping[str, str | int], f"{field}.facts", given.facts)
    except ProtocolError as error:
        return _leave_out(given, BAD_ANSWER, error.detail, who)
    return LeftOut(
        storable(given.method, most=CODE_MAX),
        storable(given.code, most=CODE_MAX),
        storable(given.words, most=_WORDS_MAX),
        who.connection,
        dict(given.facts),
    )


def _leave_out(given: object, code: str, words: str, who: Answerer) -> LeftOut:
    named = getattr(given, "method", "")
    method = storable(str(shown_value(named)), most=CODE_MAX) if named else ""
    return LeftOut(method, code, words, who.connection)
