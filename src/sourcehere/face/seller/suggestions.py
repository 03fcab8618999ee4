"""
Which platform variants may be meant by what a shop sells, and why.
"""

from collections.abc import Callable, Iterable

from ...domain.pairing.dictionary import NO_WORDS, OptionWords
from ...domain.pairing.suggestion import StoreVariant, Suggestion
from ...services.pairing.suggesting import SuggestionReport
from ..scope import Desk, reading

Progress = Callable[[int], None]


class SuggestionsDesk(Desk):
    """
    Suggests connections; a person or a rule decides.
    """

    @reading()
    def for_skus(
        self,
        store_id: str,
        skus: Iterable[str | StoreVariant],
        *,
        words: OptionWords = NO_WORDS,
    ) -> tuple[Suggestion, ...]:
        """
        Suggest platform variants for a few SKUs of a shop, best first for each.

        A SKU or barcode that is the same decides; else options that are, read from the
        titles of waiting lines or from what a `StoreVariant` says. Titles only rank.

        Args:
            words: What the dictionary of options knows beside its own words.

        Raises:
            NotFoundError: If the seller has no such shop.
        """
        return self._app.pairing.suggest(self._seller_id, store_id, skus, words=words)

    @reading()
    def for_many(
        self,
        store_id: str,
        skus: Iterable[str | StoreVariant],
        *,
        words: OptionWords = NO_WORDS,
        progress: Progress | None = None,
    ) -> SuggestionReport:
        """
        Suggest for many store variants; the catalogue is read and indexed once.

        Args:
            progress: Called after every few hundred with how many are done.

        Raises:
            NotFoundError: If the seller has no such shop.
        """
        return self._app.pairing.suggest_many(
            self._seller_id, store_id, skus, words=words, progress=progress
        )

    @reading()
    def for_waiting(
        self,
        store_id: str,
        *,
        words: OptionWords = NO_WORDS,
        progress: Progress | None = None,
    ) -> SuggestionReport:
        """
        Suggest for everything that orders of a shop wait for, by SKU.

        Raises:
            NotFoundError: If the seller has no such shop.
        """
        return self._app.pairing.suggest_all(
            self._seller_id, store_id, words=words, progress=progress
        )

    @reading()
    def for_products(
        self,
        store_id: str,
        *,
        words: OptionWords = NO_WORDS,
        progress: Progress | None = None,
    ) -> SuggestionReport:
        """
        Suggest for everything with a SKU that a shop says it sells and nothing
        connects, before anyone orders it.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            ProductsUnsupportedError: If its platform does not tell products.

            ProviderError: If the shop cannot answer.
        """
        sold = self._app.listing.products(self._seller_id, store_id).variants
        wanted = [
            StoreVariant(one.sku, one.title, one.options, one.barcode)
            for one in sold
            if one.is_open and one.sku.strip()
        ]
        return self._app.pairing.suggest_many(
            self._seller_id, store_id, wanted, words=words, progress=progress
        )

    @reading()
    def within_product(
        self,
        store_id: str,
        skus: Iterable[str | StoreVariant],
        product_id: str,
        *,
        words: OptionWords = NO_WORDS,
    ) -> SuggestionReport:
        """
        Match SKUs of one listing with the variants of a product that a person chose.

        Where all options are the same, and stand alone in the title, nobody needs to
        look again: `needs_person` is false.

        Raises:
            NotFoundError: If the seller has no such shop, or there is no such product.
        """
        return self._app.pairing.suggest_for_product(
            self._seller_id, store_id, skus, product_id, words=words
        )
