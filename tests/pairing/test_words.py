"""
Texts as they are compared.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere.domain.pairing.words import (
    joined_signs,
    measured_kind,
    normalised,
    segments_of,
    shown,
    words_of,
)


class TestNormalised:
    @pytest.mark.parametrize(
        ("text", "same"),
        [
            ("Größe", "grosse"),
            ("PEQUEÑO", "pequeno"),
            ("Foncé", "fonce"),
            ("ＸＬ　Ｂｌａｃｋ", "xl black"),
            ("黑色", "黑色"),
            ("ガ", "ガ"),  # the mark of kana makes another letter
        ],
    )
    def test_case_accents_and_width_do_not_matter(self, text, same):
        """
        One spelling for what people write in several.
        """
        assert same == normalised(text)

    @given(st.text())
    def test_it_is_idempotent(self, text):
        """
        What is normalised stays as it is.
        """
        assert normalised(text) == normalised(normalised(text))

    @given(st.text())
    def test_case_is_ignored_everywhere(self, text):
        """
        Upper case of any text is the same text, as far as it has one upper case.
        """
        if text.upper().casefold() == text.casefold():
            assert normalised(text) == normalised(text.upper())


class TestWords:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Men's T-Shirt", ("men", "tshirt")),
            ("l'homme d'or", ("homme", "or")),
            ("Kabel 1,5m", ("kabel", "1500mm")),
            ("10 cm / 1.000 kg", ("100mm", "1000g")),
            ("1,000 ml", ("1000ml",)),
            ("30 x 40 cm", ("300x400mm",)),
            ("30×40厘米", ("300x400mm",)),
            ("8 GB", ("8gb",)),
            ("1 TB", ("1000gb",)),
            ("pack of 2 mugs", ("2pcs", "mugs")),
            ("2er-Set Tassen", ("2pcs", "tassen")),
            ("5 Stück", ("5pcs",)),
            ("2件装", ("2pcs",)),
            ("iPhone15_Pro-Max", ("iphone15", "pro", "max")),
            ("2XL EU42", ("2xl", "eu42")),
            ("黑色T恤", ("黑", "色", "t", "恤")),
            ("", ()),
        ],
    )
    def test_what_is_written_in_several_ways_is_one(self, text, words):
        """
        Units, packs, hyphens and elisions are alike; each sign is a word.
        """
        assert words == words_of(text)

    def test_measures_say_what_they_measure(self):
        """
        A word that measures something is of that kind.
        """
        assert ["length", "weight", "volume", "memory", "pack", "", ""] == [
            measured_kind(w) for w in ("5mm", "5g", "5ml", "5gb", "5pcs", "5xl", "mm")
        ]

    @pytest.mark.parametrize(
        ("text", "segments"),
        [
            ("Cup - Black / XL", [("cup",), ("black",), ("xl",)]),
            ("Cup (Navy Blue, 1,5l)", [("cup",), ("navy", "blue"), ("1500ml",)]),
            ("Lampe: Noir & Blanc", [("lampe",), ("noir",), ("blanc",)]),
            ("T-Shirt 1/2", [("tshirt", "1", "2")]),
            ("杯子（黑色，大号）", [("杯", "子"), ("黑", "色"), ("大", "号")]),
        ],
    )
    def test_separators_part_a_text(self, text, segments):
        """
        What a writer set apart is apart; hyphens in words and numbers join.
        """
        assert segments == segments_of(text)

    def test_signs_are_looked_up_in_pairs(self):
        """
        Neighbouring signs tell titles apart; a lone one and other words stay.
        """
        assert ("连衣", "衣裙", "new", "杯") == joined_signs(
            ("连", "衣", "裙", "new", "杯")
        )
        assert "a 连衣裙 b" == shown("a 连 衣 裙 b")
