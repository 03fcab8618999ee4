"""
What carriers answer about the goods of an order, with what was promised to the seller.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from ...domain.freight.choosing import ShippingRule
from ...domain.freight.codes import MethodKey, shortest_code
from ...domain.freight.model import (
    FreightAnswer,
    FreightOption,
    FreightRequest,
    LeftOut,
)
from ...domain.kernel.money import Money
from ...domain.kernel.parcels import PlannedParcel
from .carriers import Failure, FreightDesk, Quotes
from .consigning import Consigned
from .pricing import Goods
from .promised import with_promise

_Options = Mapping[MethodKey, FreightOption]


def ask_for(desk: FreightDesk, goods: Goods, request: FreightRequest) -> Quotes:
    """
    Return what all connections say to *goods*: from each place where they are split,
    else to *request*, which is for everything.
    """
    if not goods.consigned:
        return ask_as_one(desk, goods, request)
    quotes = _ask_each(desk, goods.consigned, goods.rule)
    return with_promise(quotes, desk, goods.promise)


def ask_as_one(desk: FreightDesk, goods: Goods, request: FreightRequest) -> Quotes:
    """
    Return what all connections say to *request*, wherever *goods* are.
    """
    return with_promise(desk.ask(request), desk, goods.promise)


def _ask_each(
    desk: FreightDesk, consigned: Sequence[Consigned], rule: ShippingRule
) -> Quotes:
    """
    Ask for each consignment, and add up method by method.

    A consignment that a method does not take goes as *rule* says of those that do, so
    that a carrier of one country is no obstacle for what leaves from another. Where one
    cannot go at all, the order cannot.
    """
    answers = [desk.ask(one.request) for one in consigned]
    known = answers[0]
    names = [key for answer in answers for key in answer.methods]
    by_key: list[_Options] = [
        {(o.connection, o.method): o for o in answer.answer.options}
        for answer in answers
    ]
    options: list[FreightOption] = []
    if all(by_key):
        for key in dict.fromkeys(key for found in by_key for key in found):
            taken = [
                found.get(key) or rule.pick(answer.answer.options)
                for found, answer in zip(by_key, answers, strict=True)
            ]
            named = next(option for option in taken if _key(option) == key)
            codes = [
                o.method if known.is_of_one else shortest_code(_key(o), names)
                for o in taken
            ]
            options.append(_together(named, consigned, taken, codes))
    options.sort(key=lambda o: (o.price.minor, o.method, o.connection))
    offered = {_key(option) for option in options}
    left_out = _left_out(consigned, answers, offered)
    failed: dict[str, Failure] = {}
    for answer in answers:
        failed |= answer.failed
    return Quotes(
        FreightAnswer(tuple(options), left_out), failed, known.listed, known.is_of_one
    )


def _key(option: FreightOption | LeftOut) -> MethodKey:
    return (option.connection, option.method)


def _together(
    named: FreightOption,
    consigned: Iterable[Consigned],
    taken: Sequence[FreightOption],
    codes: Iterable[str],
) -> FreightOption:
    """
    Return *named* with what all consignments cost, by the time the last is there.
    """
    parcels = [
        attrs.evolve(
            parcel,
            leaves_from=one.consignment.leaves_from,
            method=code,
            connection=option.connection,
            days_min=option.days_min,
            days_max=option.days_max,
        )
        for one, option, code in zip(consigned, taken, codes, strict=True)
        for parcel in option.parcels or (_parcel(one, option),)
    ]
    price = sum(option.price.minor for option in taken)
    return attrs.evolve(
        named,
        price=Money(price, named.price.currency),
        days_min=max(option.days_min for option in taken),
        days_max=max(option.days_max for option in taken),
        chargeable_grams=sum(option.chargeable_grams for option in taken),
        parcels=tuple(parcels),
    )


def _parcel(one: Consigned, option: FreightOption) -> PlannedParcel:
    return PlannedParcel(
        quantities={str(n): q for n, q in one.consignment.quantities.items()},
        weight_grams=one.request.weight_grams,
        chargeable_grams=option.chargeable_grams,
        freight_minor=option.price.minor,
    )


def _left_out(
    consigned: Iterable[Consigned],
    answers: Iterable[Quotes],
    offered: Iterable[MethodKey],
) -> tuple[LeftOut, ...]:
    """
    Say of each method that takes no consignment, or of all where one cannot go, why.
    """
    but = set(offered)
    found = [
        attrs.evolve(out, words=f"from {_place(one)}: {out.words}")
        for one, answer in zip(consigned, answers, strict=True)
        for out in answer.answer.left_out
        if _key(out) not in but
    ]
    return tuple(found)


def _place(one: Consigned) -> str:
    where = one.consignment
    return where.leaves_from or f"the platform's warehouse in {where.country}"
