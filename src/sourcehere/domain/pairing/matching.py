"""
Which platform variants may be meant by a store variant: blocks, never all pairs.

The rule, step by step, is in docs/guides/pairing.md. What decides is facts: SKU,
barcode, options. How alike titles are only ranks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from math import log1p
from operator import attrgetter, itemgetter

import attrs

from ..kernel.ids import ProductId
from ..kernel.skus import comparison_key
from .agreement import (
    Agreement,
    Candidate,
    Choice,
    Product,
    agreements,
    product_of,
    values_said,
)
from .dictionary import OptionDictionary, Reading, Values
from .similarity import Similarity
from .suggestion import REASONS, StoreVariant, Suggestion
from .words import MEASURES, joined_signs, shown

# Products looked at for one title; more share too little with it to be meant.
PRODUCTS_MAX = 10
LISTED_MAX = 5
# Words that so many products have are not looked up, unless a title has no other.
COMMON = 2_000
# Kinds that hold for a whole product where its title says them: `Curtain 100 cm`.
_OF_PRODUCTS = MEASURES | {"plug"}


class MatchIndex:
    """
    Candidates by SKU, by barcode and by the words of their titles; built once, asked
    as often as needed.
    """

    def __init__(
        self,
        candidates: Iterable[Candidate],
        dictionary: OptionDictionary,
        similarity: Similarity,
    ) -> None:
        self._dictionary = dictionary
        self._similarity = similarity
        self._by_sku: dict[str, list[Candidate]] = {}
        self._by_barcode: dict[str, list[Candidate]] = {}
        self._by_word: dict[str, list[Product]] = {}
        self._products = self._read(candidates)
        for product in self._products:
            for word in product.words:
                self._by_word.setdefault(word, []).append(product)
        self._weights = {
            word: _weight(len(self._products), len(block))
            for word, block in self._by_word.items()
        }
        self._weight_unknown = _weight(len(self._products), 1)
        self._near: dict[tuple[str, ...], list[tuple[int, Product]]] = {}

    def _read(self, candidates: Iterable[Candidate]) -> list[Product]:
        groups: dict[str, list[Candidate]] = {}
        for one in sorted(candidates, key=attrgetter("product_id", "sku_key")):
            groups.setdefault(one.product_id, []).append(one)
            self._by_sku.setdefault(one.sku_key, []).append(one)
            if one.barcode:
                self._by_barcode.setdefault(one.barcode, []).append(one)
        options = cache(self._dictionary.option)
        return [self._product(group, options) for group in groups.values()]

    def _product(
        self, group: Sequence[Candidate], options: Callable[[str, str], Values]
    ) -> Product:
        title = self._dictionary.read(group[0].product_title)
        words = dict.fromkeys(joined_signs(title.words))
        choices: list[Choice] = []
        for one in group:
            values = values_said(title, _OF_PRODUCTS)
            if one.options:
                of_options = [options(*pair) for pair in one.options.items()]
            else:
                own = self._dictionary.read(one.title)
                words |= dict.fromkeys(joined_signs(own.words))
                said = own if own.everything.strip() else title
                of_options = [values_said(said, None)]
            values |= {kind: v for each in of_options for kind, v in each.items()}
            choices.append(Choice(one, values))
        return product_of(words, choices)

    def suggest(self, wanted: StoreVariant) -> tuple[Suggestion, ...]:
        """
        Return what may supply *wanted*, best first; where SKU or barcode say it, only
        that.
        """
        facts = self.facts(wanted)
        if facts or not wanted.title:
            return facts
        reading = self._dictionary.read(
            wanted.title, options=wanted.options, sku=wanted.sku
        )
        found = [
            self._suggestion(wanted, reading, one, alike, is_chosen=False)
            for alike, product in self._near_to(joined_signs(reading.words))
            for one in agreements(reading, product, self._dictionary)
        ]
        found.sort(key=_rank)
        return tuple(found[:LISTED_MAX])

    def within_product(self, wanted: StoreVariant) -> tuple[Suggestion, ...]:
        """
        Return which of the candidates, all of a product that a person chose, is meant.

        Titles need not be alike. A variant that alone has the same options, each
        standing alone in the listing, can be connected unseen.
        """
        facts = self.facts(wanted)
        if facts:
            return facts
        reading = self._dictionary.read(
            wanted.title, options=wanted.options, sku=wanted.sku
        )
        text = " ".join(joined_signs(reading.words))
        found = [
            self._suggestion(
                wanted,
                reading,
                one,
                self._similarity(text, product.text),
                is_chosen=True,
            )
            for product in self._products
            for one in agreements(reading, product, self._dictionary)
        ]
        found.sort(key=_rank)
        clear = [one for one in found if one.reason == "same_options"]
        if len(clear) > 1:  # a person chooses
            found = [attrs.evolve(one, needs_person=True) for one in found]
        return tuple(found[:LISTED_MAX])

    def facts(self, wanted: StoreVariant) -> tuple[Suggestion, ...]:
        """
        Return the variants that have the SKU or barcode; it takes a person where these
        are several.
        """
        bars = dict.fromkeys(b for b in (wanted.barcode, wanted.sku) if b)
        same = [
            ("same_sku", one, f"the platform's SKU is {one.sku}")
            for one in self._by_sku.get(comparison_key(wanted.sku), ())
        ] + [
            ("same_barcode", one, f"the barcode of {one.sku} is {bar}")
            for bar in bars
            for one in self._by_barcode.get(bar, ())
        ]
        is_open = len({one.variant_id for _, one, _ in same}) > 1
        return tuple(
            Suggestion(
                wanted.sku,
                one.variant_id,
                one.product_id,
                reason,
                words,
                needs_person=is_open,
            )
            for reason, one, words in same
        )

    def _near_to(self, words: tuple[str, ...]) -> list[tuple[int, Product]]:
        """
        Return the products whose titles share the most with *words*, and how alike they
        are: words of at least half the weight of the lighter title, rare words weighing
        more.
        """
        known = self._near.get(words)
        if known is not None:
            return known
        wanted = frozenset(words)
        blocks = sorted(
            (block for word in wanted if (block := self._by_word.get(word))), key=len
        )
        rare = [block for block in blocks if len(block) <= COMMON] or blocks[:1]
        seen = {id(product): product for block in rare for product in block}
        text = " ".join(words)
        ours = self._weigh(wanted)
        near: list[tuple[float, ProductId, Product]] = []
        for product in seen.values():
            shared = self._weigh(wanted & product.words)
            theirs = self._weigh(product.words)
            if 2 * shared >= min(ours, theirs):
                near.append((-shared / (ours + theirs), product.product_id, product))
        near.sort(key=itemgetter(0, 1))
        found = [
            (self._similarity(text, product.text), product)
            for _, _, product in near[:PRODUCTS_MAX]
        ]
        # Equally alike, those that share more come first: the sort keeps their order.
        found.sort(key=lambda pair: -pair[0])
        self._near[words] = found
        return found

    def _weigh(self, words: frozenset[str]) -> int:
        return sum(self._weights.get(word, self._weight_unknown) for word in words)

    def _suggestion(
        self,
        wanted: StoreVariant,
        reading: Reading,
        one: Agreement,
        alike: int,
        *,
        is_chosen: bool,
    ) -> Suggestion:
        reason = "similar_title"
        if one.agreed:
            reason = "some_options" if one.unsaid else "same_options"
        parts = [_agreed_words(reading, one.agreed), f"title {alike} % alike"]
        parts[1:1] = [_unsaid_words(reading, kind) for kind in sorted(one.unsaid)]
        candidate = one.choice.candidate
        return Suggestion(
            wanted.sku,
            candidate.variant_id,
            candidate.product_id,
            reason,
            "; ".join(part for part in parts if part),
            alike=alike,
            needs_person=not (
                is_chosen
                and reason == "same_options"
                and one.agreed.keys() <= reading.apart.keys()
            ),
        )


def _weight(products: int, having: int) -> int:
    """
    Say how much a word tells that *having* of all products have: a rare one the most.

    A whole number, so that a sum is the same in whatever order it is made.
    """
    return round(1_000 * log1p(products / having)) if products else 0


def _rank(one: Suggestion) -> tuple[int, int]:
    return REASONS.index(one.reason), -one.alike


def _unsaid_words(reading: Reading, kind: str) -> str:
    unknown = " ".join(sorted(reading.stated(kind)))
    if unknown:
        return f"{kind} {shown(unknown)} is not in the dictionary"
    return f"{kind} not said"


def _agreed_words(reading: Reading, agreed: Mapping[str, frozenset[str]]) -> str:
    told: list[str] = []
    for kind, values in agreed.items():
        for value in sorted(values):
            heard = reading.heard.get((kind, value), value)
            same = "" if heard == value else f" = {shown(heard)}"
            told.append(f"{kind} {shown(value)}{same}")
    return ", ".join(told)
