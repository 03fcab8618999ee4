"""
What a freight provider returned becomes options we may charge.
"""

from collections.abc import Sequence

from ..domain.freight.codes import CODE_MAX, NAME_MAX, flaw_of
from ..domain.freight.estimate import DAYS_MAX
from ..domain.freight.model import (
    FreightAnswer,
    FreightOption,
    FreightRequest,
    LeftOut,
)
from ..domain.kernel.money import Money
from ..ports.errors import ProtocolError
from ..ports.freight import FreightProvider, SupportsMethods
from .answers import Answerer, shown_value, storable

BAD_ANSWER = "bad_answer"
OTHER_CURRENCY = "other_currency"
_WORDS_MAX = 500


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
        return _trusted(answer, request.currency, who)

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
    named = enumerate(codes)
    return tuple(_word(f"methods[{n}]", code, CODE_MAX, who) for n, code in named)


def _trusted(answer: FreightAnswer, currency: str, who: Answerer) -> FreightAnswer:
    options: dict[str, FreightOption] = {}
    left_out: list[LeftOut] = []
    for number, given in enumerate(_items("options", answer.options, who)):
        field = f"options[{number}]"
        try:
            option = _option(field, given, currency, who)
            if option.method in options:
                who.refuse(f"{field}.method", option.method, "unique in the answer")
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
    return value


class _OtherCurrencyError(Exception):
    """
    A price in another currency than was asked for: usual, and no fault of the carrier.
    """


def _option(field: str, given: object, currency: str, who: Answerer) -> FreightOption:
    if not isinstance(given, FreightOption):
        who.refuse(field, given, "a FreightOption")
    method = _word(f"{field}.method", given.method, CODE_MAX, who)
    name = _word(f"{field}.name", given.name, NAME_MAX, who)
    price = _price(f"{field}.price", given.price, currency, who)
    days_min = _whole(f"{field}.days_min", given.days_min, who, most=DAYS_MAX)
    days_max = _whole(f"{field}.days_max", given.days_max, who, most=DAYS_MAX)
    if days_max < days_min:
        who.refuse(f"{field}.days_max", days_max, f"{days_min} or more, as days_min is")
    grams = _whole(f"{field}.chargeable_grams", given.chargeable_grams, who)
    return FreightOption(method, name, price, days_min, days_max, grams, who.connection)


def _price(field: str, value: object, currency: str, who: Answerer) -> Money:
    who.check(Money, field, value)
    assert isinstance(value, Money)
    if value.currency != currency:
        words = f"{field}: priced in {value.currency}, wanted in {currency}"
        raise _OtherCurrencyError(words)
    if value.minor < 0:
        who.refuse(field, str(value), "0 or more")
    return Money(value.minor, currency)


def _whole(field: str, value: object, who: Answerer, *, most: int | None = None) -> int:
    who.check(int, field, value)
    assert isinstance(value, int)
    if value < 0:
        who.refuse(field, value, "0 or more")
    if most is not None and value > most:
        who.refuse(field, value, f"{most} or less")
    return int(value)


def _word(field: str, value: object, most: int, who: Answerer) -> str:
    """
    Accept a name in one line, which people type and every storage keeps.
    """
    who.check(str, field, value)
    assert isinstance(value, str)
    expected = flaw_of(value, most=most)
    if expected:
        who.refuse(field, value, expected)
    return str.__str__(value)  # of a member of an enum, the text itself


def _reason(field: str, given: object, who: Answerer) -> LeftOut:
    try:
        if not isinstance(given, LeftOut):
            who.refuse(field, given, "a LeftOut")
        for name in ("method", "code", "words"):
            value = getattr(given, name)
            if not isinstance(value, str):
                who.refuse(f"{field}.{name}", value, "a text")
    except ProtocolError as error:
        return _leave_out(given, BAD_ANSWER, error.detail, who)
    return LeftOut(
        storable(given.method, most=CODE_MAX),
        storable(given.code, most=CODE_MAX),
        storable(given.words, most=_WORDS_MAX),
        who.connection,
    )


def _leave_out(given: object, code: str, words: str, who: Answerer) -> LeftOut:
    named = getattr(given, "method", "")
    method = storable(str(shown_value(named)), most=CODE_MAX) if named else ""
    return LeftOut(method, code, words, who.connection)
