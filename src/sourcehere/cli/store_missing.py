"""
Open orders that a shop's file does not have: told, asked about, held.
"""

from collections.abc import Mapping, Sequence

from ..domain.kernel.words import counted
from ..domain.stores.errors import NamesUnsupportedError
from ..face.records.reports import MissingReport
from .context import Context


def missing_orders(
    ctx: Context, stores: Sequence[str], *, is_whole: bool
) -> dict[str, MissingReport]:
    """
    Return what is missing, by shop; where the files are whole, it is held.

    A person at a terminal is asked where nobody said that they are.
    """
    found: dict[str, MissingReport] = {}
    for name in stores:
        try:
            found[name] = ctx.shop.stores.missing(name)
        except NamesUnsupportedError:
            continue  # such a shop is asked one by one
        if not found[name].unpaid:
            continue
        question = f"{_found(name, found[name])}. {_QUESTION}"
        if is_whole or ctx.agrees(question):
            found[name] = ctx.shop.stores.hold_missing(name)
    return found


def plain_missing(name: str, found: MissingReport) -> str:
    """
    Say what is missing in a shop's file, and what to do; empty where nothing is.
    """
    if found.unpaid:
        return f"{_found(name, found)}; {_advice(name)}"
    if found.numbers:
        orders = counted(found.held, "unpaid order")
        words = "cancel or confirm each (`sourcehere orders confirm`)"
        verb = "is" if found.held == 1 else "are"
        return f"{name}: {orders} that the file does not have {verb} held: {words}"
    return ""


def words_of_missing(found: Mapping[str, MissingReport]) -> list[str]:
    """
    Say what is missing in the files of several shops.
    """
    said = [plain_missing(name, one) for name, one in found.items()]
    return [words for words in said if words]


_QUESTION = (
    "If it is a partial export, nothing follows from that. Does it have all orders of"
    " the shop, so that these are to be held?"
)


def _found(name: str, found: MissingReport) -> str:
    few = ", ".join(found.numbers[:5])
    more = " and others" if found.unpaid > len(found.numbers[:5]) else ""
    paid = f" (and {found.paid} that are paid, which go on)" if found.paid else ""
    begins, ends = found.placed_from, found.placed_to
    days = f", placed {begins:%Y-%m-%d} to {ends:%Y-%m-%d}" if begins and ends else ""
    orders = counted(found.unpaid, "open unpaid order")
    verb = "is" if found.unpaid == 1 else "are"
    return f"{name}: {orders}{paid} {verb} not in the file: {few}{more}{days}"


def _advice(name: str) -> str:
    return (
        "a partial export? Then nothing is to be done; if it has all orders of the"
        f" shop, `sourcehere stores sync {name} --whole` holds them"
    )
