"""
Which platform variants are suggested for a store variant, and why.
"""

import sys
from math import log1p

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcehere.domain.pairing import matching
from sourcehere.domain.pairing.agreement import Candidate
from sourcehere.domain.pairing.dictionary import built_in_dictionary
from sourcehere.domain.pairing.matching import MatchIndex
from sourcehere.domain.pairing.similarity import title_similarity, words_in_common
from sourcehere.domain.pairing.suggestion import REASONS, StoreVariant

WORDS = built_in_dictionary()
# English, Chinese, German, Spanish, French.
COLOURS = {
    "black": ("Black", "黑色", "Schwarz", "Negro", "Noir"),
    "navy": ("Navy Blue", "藏青色", "Marineblau", "Azul Marino", "Bleu Marine"),
    "blue": ("Blue", "蓝色", "Blau", "Azul", "Bleu"),
    "light blue": ("Light Blue", "浅蓝色", "Hellblau", "Azul Claro", "Bleu Clair"),
    "red": ("Red", "红色", "Rot", "Rojo", "Rouge"),
}
SIZES = {
    "s": ("S", "小号", "Klein", "Pequeño", "Petit"),
    "m": ("Medium", "中号", "Mittel", "Mediano", "Moyen"),
    "xl": ("XL", "加大码", "X-Large", "Extra Grande", "Extra Large"),
}
NOUNS = ("shirt", "dress", "towel", "mug", "soft", "long", "acme", "zeta")


def variant(product, sku, *, title="", barcode="", **options):
    """
    Return a candidate; its id is its SKU, its product's id the product's title.
    """
    return Candidate(
        variant_id=sku,
        product_id=product,
        sku=sku,
        sku_key=sku.lower(),
        barcode=barcode,
        title=title,
        product_title=product,
        options=options,
    )


def index_of(*candidates, similarity=None):
    """
    Build an index.
    """
    return MatchIndex(candidates, WORDS, similarity or title_similarity())


def found(index, *asked, **options):
    """
    Suggest; give (SKU of the platform, reason) in order.
    """
    wanted = StoreVariant(*asked, **options)
    return [(s.variant_id, s.reason) for s in index.suggest(wanted)]


SHIRTS = index_of(
    *(
        variant("Cotton T-Shirt", f"TS-{c}-{s}", Colour=COLOURS[c][0], Size=SIZES[s][0])
        for c in ("black", "navy", "blue")
        for s in ("m", "xl")
    ),
    variant("Wool Scarf", "SC-black", Colour="Black"),
    variant("Mug", "MUG"),
)


class TestReasons:
    def test_the_same_sku_decides(self):
        """
        A platform SKU that is the shop's, case ignored, is all that is suggested.
        """
        (one,) = SHIRTS.suggest(StoreVariant("mug", "Cotton T-Shirt - Black / M"))

        assert ("MUG", "same_sku", "the platform's SKU is MUG", False) == (
            one.variant_id,
            one.reason,
            one.words,
            one.needs_person,
        )

    def test_facts_that_disagree_need_a_person(self):
        """
        A barcode that names another variant than the SKU leaves a choice.
        """
        index = index_of(variant("Mug", "MUG"), variant("Jug", "JUG", barcode="MUG"))
        listed = index.suggest(StoreVariant("MUG"))

        assert [("MUG", "same_sku"), ("JUG", "same_barcode")] == [
            (s.variant_id, s.reason) for s in listed
        ]
        assert [True, True] == [s.needs_person for s in listed]
        (one,) = index.suggest(StoreVariant("X", barcode="MUG"))
        assert ("JUG", "the barcode of JUG is MUG", False) == (
            one.variant_id,
            one.words,
            one.needs_person,
        )

    @pytest.mark.parametrize("language", range(5))
    def test_options_agree_in_every_language(self, language):
        """
        Colour and size are the same whatever they are called; the reason says both.
        """
        colour, size = COLOURS["navy"][language], SIZES["xl"][language]
        (one,) = SHIRTS.suggest(
            StoreVariant("A1", f"Cotton T-Shirt - {colour} / {size}")
        )

        assert ("TS-navy-xl", "same_options", 100) == (
            one.variant_id,
            one.reason,
            one.alike,
        )
        assert one.needs_person  # the product is known by its title only

    def test_the_reason_is_in_words(self):
        """
        Each option as the dictionary and as the shop says it, and how alike titles are.
        """
        (one,) = SHIRTS.suggest(
            StoreVariant("A1", "Cotton T-Shirt", {"Farbe": "Schwarz", "尺码": "加大码"})
        )

        assert (
            "colour black = schwarz, size xl = 加大码; title 100 % alike" == one.words
        )

    def test_black_is_not_navy_blue(self):
        """
        The trap of comparing texts: `Black XL` is not `Navy Blue XL`, nor `Blue XL`.
        """
        assert [("TS-black-xl", "same_options")] == found(
            SHIRTS, "A1", "Cotton T-Shirt Black XL"
        )
        assert [("TS-navy-xl", "same_options")] == found(
            SHIRTS, "A1", "Cotton T-Shirt Navy Blue XL"
        )
        assert [("TS-blue-xl", "same_options")] == found(
            SHIRTS, "A1", "Cotton T-Shirt Blue XL"
        )

    def test_an_option_that_is_not_said_leaves_a_choice(self):
        """
        Without a size every size of the colour is listed, and says what is missing.
        """
        listed = SHIRTS.suggest(StoreVariant("A1", "Cotton T-Shirt - Black"))

        assert ["TS-black-m", "TS-black-xl"] == [s.variant_id for s in listed]
        assert {
            ("some_options", "colour black; size not said; title 100 % alike", True)
        } == {(s.reason, s.words, s.needs_person) for s in listed}

    def test_a_title_alone_is_only_similar(self):
        """
        Where no option speaks, the title ranks, last and never by itself.
        """
        (one,) = SHIRTS.suggest(StoreVariant("A1", "Coffee Mug"))

        assert ("MUG", "similar_title", True) == (
            one.variant_id,
            one.reason,
            one.needs_person,
        )
        assert [] == found(SHIRTS, "A1")
        assert [] == found(SHIRTS, "A1", "Bicycle Pump - Black")

    def test_an_unknown_colour_is_no_colour_it_ends_in(self):
        """
        `Ocean Blue` contradicts `Blue`; other words that nobody knows may be the same.
        """
        assert [] == found(SHIRTS, "A1", "Cotton T-Shirt - Ocean Blue / XL")
        index = index_of(
            variant("Bag", "B1", Color="Peacock"), variant("Bag", "B2", Color="Blue")
        )

        (one,) = index.suggest(StoreVariant("A1", "Bag", {"Farbe": "Pfauenblau"}))
        assert (
            "colour pfauenblau is not in the dictionary; title 100 % alike" == one.words
        )
        assert ("B1", "similar_title") == (one.variant_id, one.reason)
        assert [("B1", "same_options")] == found(index, "A1", "Bag - PEACOCK")

    def test_values_in_a_sentence_are_the_longest(self):
        """
        Of a product's values that are all there, the one that says more is meant.
        """
        index = index_of(
            variant("Cap", "C1", Style="Cat"), variant("Cap", "C2", Style="Cat Lover")
        )

        assert [("C2", "same_options")] == found(index, "A1", "Cap Cat Lover")
        assert [("C1", "same_options")] == found(index, "A1", "Cap, Cat")

    def test_measures_and_packs_contradict(self):
        """
        A metre is a hundred centimetres and no two; so are packs and plugs.
        """
        index = index_of(
            variant("Curtain 100 cm", "C1", Color="Red"),
            variant("Curtain 200 cm", "C2", Color="Red"),
            variant("Sock", "S2", Pack="2 pcs"),
            variant("Sock", "S5", Pack="5 pcs"),
            variant("Lamp", "L1", Plug="EU Plug"),
            variant("Lamp", "L2", Plug="US Plug"),
        )

        assert [("C1", "same_options")] == found(index, "A", "Vorhang Curtain 1m - rot")
        assert [("S5", "same_options")] == found(index, "A", "Sock, 5er-Pack")
        assert [("L2", "same_options")] == found(index, "A", "Lamp - 美规")

    def test_a_platform_title_may_have_the_options(self):
        """
        Variants without options are read by their own titles.
        """
        index = index_of(
            variant("Lamp", "LW", title="Lamp white"),
            variant("Lamp", "LR", title="Lamp red"),
        )

        assert [("LR", "same_options")] == found(index, "A", "Lampe Lamp - Rouge")

    def test_the_sku_says_what_the_title_does_not(self):
        """
        Codes in a SKU are read where nothing else tells the option.
        """
        assert [("TS-black-xl", "same_options")] == found(
            SHIRTS, "TEE-BLK-XL", "Cotton T-Shirt"
        )


class TestWithinAProduct:
    def test_one_variant_with_the_same_options_needs_nobody(self):
        """
        In a product that a person chose, options that stand alone decide.
        """
        index = index_of(
            *(variant("Tasse", f"T{c}", 颜色=COLOURS[c][1]) for c in ("black", "red"))
        )
        (one,) = index.within_product(StoreVariant("A1", "Becher - Rouge"))

        assert ("Tred", "same_options", False) == (
            one.variant_id,
            one.reason,
            one.needs_person,
        )

    @pytest.mark.parametrize("title", ["Becher", "Becher Rouge", ""])
    def test_otherwise_a_person_looks(self, title):
        """
        Nothing said, or said within a sentence: listed, not decided.
        """
        index = index_of(
            *(variant("Tasse", f"T{c}", 颜色=COLOURS[c][1]) for c in ("black", "red"))
        )
        listed = index.within_product(StoreVariant("A1", title))

        assert listed
        assert all(s.needs_person for s in listed)

    def test_two_variants_alike_need_a_person(self):
        """
        Two variants of the same options are a choice.
        """
        index = index_of(
            variant("Cup", "C1", Color="Black"), variant("Cup", "C2", Color="黑色")
        )
        listed = index.within_product(StoreVariant("A1", "Cup - noir"))

        assert [("C1", True), ("C2", True)] == [
            (s.variant_id, s.needs_person) for s in listed
        ]


@st.composite
def worlds(draw):
    """
    Make a few products, and a listing with a colour and a size in some language.
    """
    candidates = []
    for number in range(draw(st.integers(1, 5))):
        words = draw(
            st.lists(st.sampled_from(NOUNS), min_size=1, max_size=4, unique=True)
        )
        language = draw(st.integers(0, 4))
        for colour in draw(st.sets(st.sampled_from(sorted(COLOURS)), min_size=1)):
            for size in draw(st.sets(st.sampled_from(sorted(SIZES)), min_size=1)):
                one = variant(
                    " ".join(words),
                    f"{number}/{colour}/{size}",
                    Color=COLOURS[colour][language],
                    Size=SIZES[size][language],
                )
                candidates.append(attrs.evolve(one, product_id=f"p{number}"))
    words = draw(st.lists(st.sampled_from(NOUNS), min_size=1, max_size=4, unique=True))
    colour = draw(st.sampled_from(sorted(COLOURS)))
    size = draw(st.none() | st.sampled_from(sorted(SIZES)))
    language = draw(st.integers(0, 4))
    before, between = draw(st.sampled_from([(" - ", " / "), (", ", ", "), (" ", " ")]))
    title = f"{' '.join(words)}{before}{COLOURS[colour][language]}"
    if size is not None:
        title += f"{between}{SIZES[size][language]}"
    return candidates, StoreVariant("A1", title), (words, colour, size)


def by_brute_force(candidates, words, colour, size):
    """
    Compare with every candidate: who is meant and for what reason, ties by id.
    """
    titles = {c.product_id: frozenset(c.product_title.split()) for c in candidates}
    having = {w: sum(w in title for title in titles.values()) for w in NOUNS}

    def weigh(some):
        return sum(round(1000 * log1p(len(titles) / (having[w] or 1))) for w in some)

    expected = {}
    for one in candidates:
        theirs = titles[one.product_id]
        shared = weigh(theirs & set(words))
        _, its_colour, its_size = one.sku.split("/")
        siblings = {
            c.sku.split("/")[2] for c in candidates if c.product_id == one.product_id
        }
        is_near = 2 * shared >= min(weigh(theirs), weigh(set(words)))
        agrees = its_colour == colour and size in (None, its_size)
        if shared and is_near and agrees:
            is_open = size is None and len(siblings) > 1
            expected[one.sku] = "some_options" if is_open else "same_options"
    return expected


@pytest.mark.slow
class TestAgainstEveryPair:
    @settings(max_examples=20)
    @given(worlds())
    def test_blocks_find_what_comparing_every_pair_finds(self, world):
        """
        On small data, where no list is cut, the index misses and invents nothing.
        """
        candidates, wanted, (words, colour, size) = world
        limit, matching.LISTED_MAX = matching.LISTED_MAX, 10_000
        try:
            listed = index_of(*candidates).suggest(wanted)
        finally:
            matching.LISTED_MAX = limit

        assert by_brute_force(candidates, words, colour, size) == {
            s.variant_id: s.reason for s in listed
        }

    @settings(max_examples=20)
    @given(worlds())
    def test_contradicting_options_are_never_the_same(self, world):
        """
        Whatever titles are like, a suggestion has the colour and size that are said.
        """
        candidates, wanted, (_, colour, size) = world
        index = index_of(*candidates)
        for one in (*index.suggest(wanted), *index.within_product(wanted)):
            _, its_colour, its_size = one.variant_id.split("/")
            assert its_colour == colour
            assert size in (None, its_size)

    @settings(max_examples=20)
    @given(worlds(), st.randoms())
    def test_the_order_of_candidates_does_not_matter(self, world, seeded):
        """
        Suggestions are the same, in the same order, however the catalogue is read.
        """
        candidates, wanted, _ = world
        shuffled = list(candidates)
        seeded.shuffle(shuffled)

        assert index_of(*candidates).suggest(wanted) == index_of(*shuffled).suggest(
            wanted
        )

    @settings(max_examples=20)
    @given(worlds())
    def test_without_rapidfuzz_the_same_are_found(self, world):
        """
        How alike titles are ranks; what is suggested, and why, does not depend on it.
        """
        candidates, wanted, _ = world
        limit, matching.LISTED_MAX = matching.LISTED_MAX, 10_000
        try:
            listed, plainly = (
                index_of(*candidates, similarity=one).suggest(wanted)
                for one in (title_similarity(), words_in_common)
            )
        finally:
            matching.LISTED_MAX = limit

        def reasons(found):
            return {s.variant_id: s.reason for s in found}

        assert reasons(listed) == reasons(plainly)

    @settings(max_examples=20)
    @given(worlds())
    def test_reasons_come_before_likeness(self, world):
        """
        Best reason first, then the more alike.
        """
        candidates, wanted, _ = world
        listed = index_of(*candidates).suggest(wanted)
        ranks = [(REASONS.index(s.reason), -s.alike) for s in listed]

        assert ranks == sorted(ranks)
        assert all(s.needs_person for s in listed)


def test_words_in_common_is_a_percentage():
    """
    The measure without rapidfuzz: words of both that both have.
    """
    assert [100, 67, 0, 0] == [
        words_in_common("a b", "b a"),
        words_in_common("a b c", "a b d"),
        words_in_common("a", "b"),
        words_in_common("", ""),
    ]


def test_without_rapidfuzz_words_in_common_are_the_measure(monkeypatch):
    """
    Where the extra is not installed, titles are ranked without it.
    """
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)

    assert words_in_common is title_similarity.__wrapped__()
