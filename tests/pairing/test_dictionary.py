"""
What options say, in five languages and a user's own words.
"""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere.domain.pairing import option_words as data
from sourcehere.domain.pairing.dictionary import OptionWords, built_in_dictionary

WORDS = built_in_dictionary()
WRITTEN = [
    (kind, value, text.removeprefix("!"))
    for kind, meanings in data.VALUES.items()
    for value, columns in meanings.items()
    for text in (value, *(t for c in columns.split("|") for t in c.split(",")))
    if text
]


def means(name, value, words=WORDS):
    """
    Return what an option says: kind -> values, sorted.
    """
    return {kind: sorted(said) for kind, said in words.option(name, value).items()}


class TestBuiltIn:
    def test_every_word_of_the_table_means_its_value(self):
        """
        Whatever the language, the word alone is read as the value of its row.
        """
        for kind, value, text in WRITTEN:
            assert {kind: [value]} == means("option", text), text

    @given(st.sampled_from(WRITTEN), st.sampled_from(WRITTEN))
    def test_two_words_mean_the_same_or_differ_both_ways(self, one, other):
        """
        Synonyms are equal in both directions, and words of two values in none.
        """
        ours, theirs = means("x", one[2]), means("x", other[2])

        assert (ours == theirs) == (theirs == ours)
        assert (one[:2] == other[:2]) == (ours == theirs)

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (
                "navy",
                "Navy Blue|navy|NAVY BLUE|藏青色|Marineblau|azul marino|Bleu Marine",
            ),
            (
                "light blue",
                "light blue|浅蓝色|hellblau|hellblaue|azul claro|bleu clair",
            ),
            ("dark green", "dark green|深绿色|dunkelgrün|verde oscuro|vert foncé"),
            (
                "black",
                "Black|黑色|黑|schwarz|schwarze|schwarzer|negra|negros|noires|BLK",
            ),
            ("rose gold", "Rose Gold|玫瑰金|Roségold|oro rosa|or rose"),
        ],
    )
    def test_colours(self, value, words):
        """
        Endings and shades of a colour are the colour; a longer name is not a shorter.
        """
        for text in words.split("|"):
            assert {"colour": [value]} == means("Colour", text), text
        assert {"colour": ["blue"]} == means("Colour", "blue")

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            ("s", "S|small|klein|pequeño|petite|小号|小码"),
            ("xl", "XL|X-Large|extra large|extra groß|extra grande|加大码"),
            ("2xl", "2XL|XXL|xx-large|特大号|2X"),
            ("one size", "One Size|Einheitsgröße|talla única|taille unique|均码"),
            ("42", "42|42码|42号"),
            ("42.5", "42.5|42,5"),
            ("eu 42", "EU 42|42 EU|EUR 42|eu42"),
            ("us 9", "US 9|9 US|us9"),
        ],
    )
    def test_sizes(self, value, words):
        """
        Letters, words and numbers; numbers of two regions differ, and from a plain one.
        """
        for text in words.split("|"):
            assert {"size": [value]} == means("Size", text), text

    @pytest.mark.parametrize(
        ("kind", "names"),
        [
            ("colour", "Color|colour|颜色|Farbe|couleur|COULEURS"),
            ("size", "Size|尺码|Größe|Talla|Taille|Pointure"),
            ("style", "Style|款式|Motiv|Diseño|Modèle"),
        ],
    )
    def test_names_of_options(self, kind, names):
        """
        The name says of which kind a value is that the dictionary does not know.
        """
        for name in names.split("|"):
            assert {kind: ["ocean breeze"]} == means(name, "Ocean Breeze"), name

    def test_what_is_not_known_is_itself(self):
        """
        A colour that only ends in blue is no blue; an unknown name is its own kind.
        """
        assert {"colour": ["ocean blue"]} == means("Color", "Ocean Blue")
        assert {"handle": ["left"]} == means("Handle", "Left")
        assert {} == means("Title", "Default Title")

    def test_one_option_may_say_several_things(self):
        """
        Values of several kinds in one option are told apart, and two colours are two.
        """
        assert {"colour": ["black"], "size": ["xl"]} == means("Variant", "Black / XL")
        assert {"colour": ["navy"], "size": ["m"]} == means("Variant", "M-Navy Blue")
        assert {"colour": ["black", "white"]} == means("Color", "Black & White")
        assert (
            {"length": ["1000mm"]} == means("Size", "1m") == means("尺寸", "100 厘米")
        )


class TestTexts:
    @pytest.mark.parametrize(
        ("title", "words", "apart", "within"),
        [
            (
                "Men's Cotton T-Shirt - Navy Blue / XL",
                "men cotton tshirt",
                {"colour": "navy", "size": "xl"},
                {"material": "cotton"},
            ),
            (
                "Summer Dress Black XL",
                "summer dress",
                {},
                {"colour": "black", "size": "xl"},
            ),
            (
                "Damen Schuhe Größe 38 rot",
                "damen schuhe",
                {},
                {"colour": "red", "size": "38"},
            ),
            ("Sneaker - Black / 42", "sneaker", {"colour": "black", "size": "42"}, {}),
            ("Lamp, Colour: Wine Red", "lamp", {"colour": "burgundy"}, {}),
            ("杯子（黑色，大号）", "杯 子", {"colour": "black", "size": "l"}, {}),
            ("口红 红色", "口 红", {}, {"colour": "red"}),
            ("T-Shirt M", "tshirt", {}, {"size": "m"}),
            ("M and S of L", "m and s of", {}, {"size": "l"}),
            ("Tasse rose or café", "tasse rose or", {}, {"colour": "brown"}),
            (
                "Wine Glass - Ocean Blue",
                "wine glass",
                {"colour": "ocean blue"},
                {"material": "glass"},
            ),
            ("iPhone 15 Case", "iphone 15 case", {}, {}),
        ],
    )
    def test_a_title_is_its_product_and_its_options(self, title, words, apart, within):
        """
        Values between separators stand apart, others are within; words that mean more
        than an option are read only apart; the rest names the product.
        """
        found = WORDS.read(title)

        assert words == " ".join(found.words)
        assert apart == {kind: " ".join(said) for kind, said in found.apart.items()}
        assert within == {kind: " ".join(said) for kind, said in found.within.items()}

    def test_options_go_before_the_title_and_the_title_before_the_sku(self):
        """
        What is said apart counts; a SKU is asked only for what nobody says.
        """
        found = WORDS.read("Mug red", options={"Farbe": "Blau"}, sku="MUG-BLK-XL")

        assert {"colour": {"blue"}, "size": {"xl"}} == found.apart
        assert {} == found.within
        assert "blau" == found.heard["colour", "blue"]

    def test_a_sku_is_not_read_in_sentences(self):
        """
        The first part of a SKU names the product, numbers in it mean nothing.
        """
        assert {"colour": {"black"}} == WORDS.read("Mug", sku="RED-42-BLK").apart


class TestExtended:
    def test_words_and_values_are_added(self):
        """
        A word for a known value, a new value with words, a new kind, a new name.
        """
        words = WORDS.extended(
            OptionWords(
                values={
                    "Colour".lower(): {"schwarz": ["Midnight"], "Peacock": ["孔雀蓝"]},
                    "scent": {"rose": ["Rosenduft"]},
                },
                names={"scent": ["Duft"]},
            )
        )

        assert {"colour": ["black"]} == means("Color", "midnight", words)
        assert {"colour": ["peacock"]} == means("颜色", "孔雀蓝", words)
        assert {"scent": ["rose"]} == means("Duft", "Rosenduft", words)
        assert "scent" == words.kind_of("duft")
        assert {"colour": ["midnight"]} == means("Color", "midnight")

    def test_a_users_meaning_goes_before_ours(self):
        """
        Where the shop's navy is black, it is.
        """
        words = WORDS.extended(OptionWords(values={"colour": {"black": ["Navy"]}}))

        assert {"colour": ["black"]} == means("Color", "navy", words)
        assert {"colour": ["navy"]} == means("Color", "navy blue", words)

    def test_nouns_are_words_of_the_product(self):
        """
        A noun in another language is the platform's word, and no option.
        """
        words = WORDS.extended(OptionWords(values={"word": {"mug": ["Tasse", "杯子"]}}))

        for title in ("Tasse - Schwarz", "杯子 - 黑色", "Mug - Black"):
            found = words.read(title)
            assert ("mug",) == found.words
            assert {"colour": {"black"}} == found.apart

    def test_extending_with_nothing_changes_nothing(self):
        """
        A dictionary extended by no word reads as before.
        """
        words = WORDS.extended(OptionWords())
        for (_, _, one), (_, _, other) in itertools.pairwise(WRITTEN):
            assert means("x", f"{one} / {other}") == means(
                "x", f"{one} / {other}", words
            )
