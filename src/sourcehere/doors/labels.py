"""
What carriers sell becomes labels that can be kept, and files that can be printed.
"""

from typing import Any

from ..domain.kernel.checks import MINOR_MAX, without_text
from ..domain.kernel.errors import SourceHereError
from ..domain.kernel.money import Money, exponent_of
from ..ports.labels import (
    PDF,
    PNG,
    ZPL,
    LabelFile,
    LabelRequest,
    SoldLabel,
    SupportsFindLabel,
    SupportsForgetLabel,
    SupportsLabels,
)
from .answers import Answerer, storable
from .stores import KEY_MAX, check_key

FILE_MAX = 10_000_000  # bytes
# Media type -> what such a file begins with; others are no labels we can print.
BEGINNINGS: dict[str, bytes] = {PDF: b"%PDF-", PNG: b"\x89PNG\r\n\x1a\n", ZPL: b"^XA"}
_TEXTS = ("reference", "carrier", "tracking_number")


def buy(
    provider: SupportsLabels, request: LabelRequest, who: Answerer, key: str
) -> SoldLabel:
    """
    Buy a label, and return it if it makes sense.

    Raises:
        ProviderError: If it is not sold, or nobody knows.
    """
    return _sold(who.ask(lambda: provider.buy_label(request, idempotency_key=key)), who)


def find(provider: SupportsFindLabel, who: Answerer, key: str) -> SoldLabel | None:
    """
    Look up what was bought with *key*.

    Raises:
        ProviderError: If the carrier cannot tell, or what it tells makes no sense.
    """
    found: object = who.ask(lambda: provider.find_label(key))
    return None if found is None else _sold(found, who)


def void(provider: SupportsLabels, reference: str, who: Answerer, key: str) -> None:
    """
    Have a label taken back.

    Raises:
        ProviderError: If it is not, or nobody knows.
    """

    # A provider that answers something says no more than one that answers nothing.
    def ask() -> None:
        provider.void_label(reference, idempotency_key=key)

    who.ask(ask)


def forget(provider: SupportsForgetLabel, reference: str, who: Answerer) -> None:
    """
    Have what is kept of a label removed.

    Raises:
        ProviderError: If it is not, or nobody knows.
    """

    def ask() -> None:
        provider.forget_label(reference)

    who.ask(ask)


def file_of(provider: SupportsLabels, reference: str, who: Answerer) -> LabelFile:
    """
    Ask for what is printed.

    Raises:
        ProviderError: If there is none, or it is not what it says it is.
    """
    file: object = who.ask(lambda: provider.label_file(reference))
    if not isinstance(file, LabelFile):
        who.refuse("file", without_text(file), "a LabelFile")
    if not isinstance(file.content, bytes):
        shown = without_text(file.content)  # a label has its buyer's name
        who.refuse("file.content", shown, "bytes, as they are printed")
    if not isinstance(file.media_type, str) or file.media_type not in BEGINNINGS:
        who.refuse("file.media_type", file.media_type, f"one of {list(BEGINNINGS)}")
    if not 0 < len(file.content) <= FILE_MAX:
        expected = f"1 to {FILE_MAX} bytes"
        who.refuse("file.content", len(file.content), expected)
    # An error page under the name of a PDF is found at the printer otherwise.
    if not file.content.lstrip().startswith(BEGINNINGS[file.media_type]):
        begins = repr(file.content[:20])
        who.refuse("file.content", begins, f"{file.media_type}, as it says")
    return file


def _sold(given: object, who: Answerer) -> SoldLabel:
    if not isinstance(given, SoldLabel):
        who.refuse("label", given, "a SoldLabel")
    texts: dict[str, Any] = {}
    for name in _TEXTS:
        value = getattr(given, name)
        who.check(str, f"label.{name}", value)
        texts[name] = storable(value.strip(), most=KEY_MAX + 1)
        check_key(who, f"label.{name}", texts[name])
    return SoldLabel(price=_price(given.price, who), **texts)


def _price(value: object, who: Answerer) -> Money:
    who.check(Money, "label.price", value)
    assert isinstance(value, Money)
    if not 0 <= value.minor <= MINOR_MAX:
        who.refuse("label.price", str(value.minor), f"0 to {MINOR_MAX}")
    try:
        exponent_of(value.currency)
    except SourceHereError:
        who.refuse("label.price", value.currency, "in a currency of ISO 4217")
    return Money(value.minor, value.currency)
