"""
Quote requests together with what people typed into them, which is kept apart.
"""

from collections.abc import Sequence

from ...domain.kernel.values import frozen
from ...domain.quotes.model import QuoteRequest
from ...ports.storage import Key
from ...unit.base import Unit
from ...unit.words import words_of

LINK, PICTURES, REASON = "link", "pictures", "reason"


@frozen
class AskedQuote:
    """
    A request as people read it.

    Attributes:
        link: Where the seller saw the product.

        pictures: References to pictures of it.

        reason: Why it was declined, withdrawn or given up.
    """

    request: QuoteRequest
    link: str
    pictures: tuple[str, ...]
    reason: str


def with_words(
    unit: Unit, found: Sequence[tuple[Key, QuoteRequest]]
) -> list[tuple[Key, AskedQuote]]:
    """
    Return requests, each behind its key, with what was typed into them.
    """
    words = words_of(unit, [(q.seller_id, q.request_id) for _, q in found])
    return [
        (
            key,
            AskedQuote(
                request,
                words.get((request.request_id, LINK), ""),
                tuple(words.get((request.request_id, PICTURES), "").splitlines()),
                words.get((request.request_id, REASON), ""),
            ),
        )
        for key, request in found
    ]
