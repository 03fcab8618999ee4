"""
Suggestions: which platform variants may supply what a shop sells.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

from ...domain.catalog.model import Variant, search_words
from ...domain.kernel.ids import ProductId, SellerId
from ...domain.kernel.skus import comparison_key
from ...domain.kernel.values import frozen
from ...domain.pairing.agreement import Candidate
from ...domain.pairing.dictionary import (
    NO_WORDS,
    OptionDictionary,
    OptionWords,
    built_in_dictionary,
)
from ...domain.pairing.matching import MatchIndex
from ...domain.pairing.similarity import title_similarity
from ...domain.pairing.suggestion import StoreVariant, Suggestion
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import (
    PRODUCTS,
    PRODUCTS_BY_WORD,
    VARIANTS,
    VARIANTS_BY_BARCODE,
    VARIANTS_BY_PRODUCT,
    VARIANTS_BY_SKU,
)
from ...unit.tables.orders import LINES, LINES_WAITING, ORDERS
from ...unit.tables.stores import STORES
from ..base.service import Service
from .match_opinions import ranked
from .waiting import waiting_orders

# A word that more products have is not looked up for a few SKUs.
_COMMON = 100
# Waiting lines of one SKU that are looked at to find its title.
_LINES_SEEN = 20
# More SKUs than these read the catalogue once rather than look words up.
_FEW = 50
_BATCH = 500

Progress = Callable[[int], None]


@frozen
class SuggestionReport:
    """
    What was found for many store variants.

    Attributes:
        suggestions: In the order of the store variants, best first for each.

        without: SKUs that nothing was found for.
    """

    suggestions: tuple[Suggestion, ...]
    without: tuple[str, ...]


class Suggesting(Service):
    """
    Suggests, with a reason each time; connecting is for others.
    """

    def suggest(
        self,
        seller_id: str,
        store_id: str,
        skus: Iterable[str | StoreVariant],
        *,
        words: OptionWords = NO_WORDS,
    ) -> tuple[Suggestion, ...]:
        """
        Suggest platform variants for SKUs of a shop, with the reason for each.

        A SKU or barcode that is the same decides; else options that are, read from the
        titles of waiting lines or from what a `StoreVariant` says. Titles only rank.
        Plugins are heard where several may be meant (`sourcehere_score_match`).

        Args:
            words: What the dictionary knows beside its own words and the settings'.

        Raises:
            NotFoundError: If the seller has no such shop.
        """
        asked = _distinct(skus)
        if len(asked) > _FEW:
            return self.suggest_many(
                seller_id, store_id, asked, words=words
            ).suggestions
        dictionary = self._dictionary(words)

        def work(unit: SellerUnit) -> tuple[Suggestion, ...]:
            unit.need(STORES, store_id)
            wanted = _with_titles(unit, store_id, asked)
            candidates = _candidates_for(unit, wanted, dictionary)
            index = MatchIndex(candidates, dictionary, title_similarity())
            return self._heard(wanted, candidates, index.suggest, store_id)

        return self._read(SellerId(seller_id), work)

    def suggest_many(
        self,
        seller_id: str,
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
        asked = _distinct(skus)

        def wanted(unit: SellerUnit) -> Sequence[StoreVariant]:
            unit.need(STORES, store_id)
            return _with_titles(unit, store_id, asked)

        found = self._read(SellerId(seller_id), wanted)
        return self._report(seller_id, store_id, found, words, progress)

    def suggest_all(
        self,
        seller_id: str,
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

        def waiting(unit: SellerUnit) -> list[StoreVariant]:
            unit.need(STORES, store_id)
            return _waiting(unit, store_id)

        found = self._read(SellerId(seller_id), waiting)
        return self._report(seller_id, store_id, found, words, progress)

    def suggest_for_product(
        self,
        seller_id: str,
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
        dictionary = self._dictionary(words)
        asked = _distinct(skus)

        def work(unit: SellerUnit) -> SuggestionReport:
            unit.need(STORES, store_id)
            unit.need(PRODUCTS, product_id)
            wanted = _with_titles(unit, store_id, asked)
            candidates = _of_products(unit, [product_id])
            index = MatchIndex(candidates, dictionary, title_similarity())
            return _reported(
                wanted,
                self._heard(wanted, candidates, index.within_product, store_id),
            )

        return self._read(SellerId(seller_id), work)

    def _dictionary(self, words: OptionWords) -> OptionDictionary:
        dictionary = built_in_dictionary()
        for more in (self._settings.option_words, words):
            if more != NO_WORDS:
                dictionary = dictionary.extended(more)
        return dictionary

    def _report(
        self,
        seller_id: str,
        store_id: str,
        wanted: Sequence[StoreVariant],
        words: OptionWords,
        progress: Progress | None,
    ) -> SuggestionReport:
        if not wanted:
            return SuggestionReport((), ())
        dictionary = self._dictionary(words)
        candidates = self._read(SellerId(seller_id), _whole_catalogue)
        index = MatchIndex(candidates, dictionary, title_similarity())
        found: list[Suggestion] = []
        for start in range(0, len(wanted), _BATCH):
            part = wanted[start : start + _BATCH]
            found += self._heard(part, candidates, index.suggest, store_id)
            if progress is not None:
                progress(start + len(part))
        return _reported(wanted, found)

    def _heard(
        self,
        wanted: Sequence[StoreVariant],
        candidates: Sequence[Candidate],
        suggest: Callable[[StoreVariant], tuple[Suggestion, ...]],
        store_id: str,
    ) -> tuple[Suggestion, ...]:
        hooks = self._ports.hooks
        known: dict[str, Candidate] = {}
        if hooks.scores_matches:
            known = {str(one.variant_id): one for one in candidates}
        return tuple(
            suggestion
            for listing in wanted
            for suggestion in ranked(
                suggest(listing), known, listing, hooks, store_id=store_id
            )
        )


def _reported(
    wanted: Sequence[StoreVariant], found: Sequence[Suggestion]
) -> SuggestionReport:
    have = {one.sku for one in found}
    without = tuple(one.sku for one in wanted if one.sku not in have)
    return SuggestionReport(tuple(found), without)


def _distinct(skus: Iterable[str | StoreVariant]) -> list[StoreVariant]:
    asked = [StoreVariant(one) if isinstance(one, str) else one for one in skus]
    by_sku = {one.sku: one for one in asked}
    return [by_sku[sku] for sku in sorted(by_sku)]


def _with_titles(
    unit: SellerUnit, store_id: str, asked: Sequence[StoreVariant]
) -> list[StoreVariant]:
    """
    Add titles, from waiting lines of the shop, to those variants that have none.
    """
    bare = [one.sku for one in asked if not (one.title or one.options)]
    titles = _titles(unit, store_id, bare)
    return [attrs.evolve(o, title=titles.get(o.sku, o.title)) for o in asked]


def _titles(unit: SellerUnit, store_id: str, skus: Sequence[str]) -> dict[str, str]:
    rows = {
        sku: unit.session.page(
            LINES_WAITING.index,
            (unit.seller_id, comparison_key(sku), 1),
            after=None,
            until=None,
            limit=_LINES_SEEN,
            descending=True,
        )
        for sku in skus
    }
    names = {(row[1],) for found in rows.values() for row in found}
    orders = unit.many(ORDERS, sorted(names, key=str))
    ours = {o.order_id for o in orders if o.store_id == store_id}
    return {
        sku: LINES.from_row(row).title
        for sku, found in rows.items()
        for row in reversed(found)
        if row[1] in ours
    }


def _waiting(unit: SellerUnit, store_id: str) -> list[StoreVariant]:
    found: dict[str, StoreVariant] = {}
    for _, lines in waiting_orders(unit, store_id):
        for line in lines:
            if line.is_waiting and line.sku.strip():
                found.setdefault(line.sku_key, StoreVariant(line.sku, line.title))
    return [found[key] for key in sorted(found)]


def _whole_catalogue(unit: SellerUnit) -> list[Candidate]:
    titles = {p.product_id: p.title for p in unit.each(PRODUCTS.primary)}
    return _candidates(unit.each(VARIANTS.primary), titles)


def _of_products(unit: SellerUnit, product_ids: Iterable[str]) -> list[Candidate]:
    keys = [(name,) for name in sorted(product_ids)]
    titles = {p.product_id: p.title for p in unit.many(PRODUCTS, keys)}
    return _candidates(unit.find(VARIANTS_BY_PRODUCT, keys), titles)


def _candidates(
    variants: Iterable[Variant], titles: Mapping[ProductId, str]
) -> list[Candidate]:
    return [
        Candidate(
            variant_id=variant.variant_id,
            product_id=variant.product_id,
            sku=variant.sku,
            sku_key=variant.sku_key,
            barcode=variant.barcode,
            title=variant.title,
            product_title=titles[variant.product_id],
            options=variant.options,
        )
        for variant in variants
        if variant.is_sold
    ]


def _candidates_for(
    unit: SellerUnit, wanted: Sequence[StoreVariant], dictionary: OptionDictionary
) -> list[Candidate]:
    """
    Read what a few store variants could mean: the products that share a word with them
    that not many have; everything where a title has no such word.
    """
    keys = [(comparison_key(one.sku),) for one in wanted]
    bars = {(b,) for one in wanted for b in (one.sku, one.barcode) if b}
    facts = unit.find(VARIANTS_BY_SKU, keys)
    facts += unit.find(VARIANTS_BY_BARCODE, sorted(bars))
    found: set[str] = {variant.product_id for variant in facts}
    blocks: dict[str, list[str]] = {}
    for one in wanted:
        said = dictionary.read(one.title).words
        mine = search_words(one.title, *said)
        for word in mine - blocks.keys():
            pairs = unit.page(PRODUCTS_BY_WORD, word, limit=_COMMON + 1)
            blocks[word] = [pair.product_id for pair in pairs]
        rare = [blocks[word] for word in mine if 0 < len(blocks[word]) <= _COMMON]
        if not rare and any(blocks[word] for word in mine):
            return _whole_catalogue(unit)
        found.update(name for block in rare for name in block)
    return _of_products(unit, found)
