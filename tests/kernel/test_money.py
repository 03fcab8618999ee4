"""
Amounts are exact: parsed, split and rounded without losing a minor unit.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere.domain.kernel.errors import (
    CurrencyMismatchError,
    InvalidAmountError,
    UnknownCurrencyError,
)
from sourcehere.domain.kernel.money import Money, divide_half_up, exponent_of

weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)


class TestParse:
    @pytest.mark.parametrize(
        ("text", "currency", "minor"),
        [
            ("12.34", "USD", 1234),
            ("12", "USD", 1200),
            ("12.", "USD", 1200),
            (".5", "USD", 50),
            (" 7.10 ", "USD", 710),
            ("+1", "USD", 100),
            ("-1.25", "USD", -125),
            ("0.005", "USD", 1),
            ("0.004", "USD", 0),
            ("-0.005", "USD", -1),
            ("-0.004", "USD", 0),
            ("1.005", "USD", 101),
            ("199", "JPY", 199),
            ("0.5", "JPY", 1),
            ("1.2345", "KWD", 1235),
            ("1.2344", "KWD", 1234),
            ("90071992547409.93", "USD", 9007199254740993),
        ],
    )
    def test_plain_decimals_round_half_up_to_a_minor_unit(self, text, currency, minor):
        """
        A plain decimal becomes minor units of its currency, halves away from zero.
        """
        assert Money(minor, currency) == Money.parse(text, currency)

    @pytest.mark.parametrize(
        "text", ["", " ", "1e9", "1,5", "1 000", "Infinity", "NaN", "0x10", "--1", "."]
    )
    def test_what_is_no_plain_decimal_is_refused(self, text):
        """
        Exponents, separators, infinities and nothing at all never become money.
        """
        with pytest.raises(InvalidAmountError) as ei:
            Money.parse(text, "USD")

        assert (text, "USD") == (ei.value.text, ei.value.currency)

    @pytest.mark.parametrize("currency", ["", "usd", "US", "ZZZ", "XXX"])
    def test_a_currency_without_minor_units_in_iso_4217_is_refused(self, currency):
        """
        Only currencies that ISO 4217 gives decimals can be parsed.
        """
        with pytest.raises(UnknownCurrencyError) as ei:
            Money.parse("1", currency)

        assert currency == ei.value.currency

    @given(st.integers(-(10**12), 10**12), st.sampled_from(["USD", "JPY", "KWD"]))
    def test_what_is_printed_parses_back(self, minor, currency):
        """
        Parsing the printed amount gives the amount.
        """
        money = Money(minor, currency)

        assert money == Money.parse(str(money).removesuffix(f" {currency}"), currency)


class TestPrinting:
    @pytest.mark.parametrize(
        ("minor", "currency", "text"),
        [
            (1_234, "USD", "12.34"),
            (5, "USD", "0.05"),
            (-1_205, "USD", "-12.05"),
            (1_234, "JPY", "1234"),
            (1_234, "KWD", "1.234"),
        ],
    )
    def test_an_amount_is_written_as_apis_read_it(self, minor, currency, text):
        """
        With all its decimals and no sign of the currency; it reads back.
        """
        money = Money(minor, currency)

        assert text == money.decimal_text
        assert money == Money.parse(text, currency)

    def test_decimals_are_those_of_the_currency(self):
        """
        An amount is shown with as many decimals as its currency has.
        """
        assert "12.34 USD" == str(Money(1234, "USD"))
        assert "1234 JPY" == str(Money(1234, "JPY"))
        assert "1.234 KWD" == str(Money(1234, "KWD"))
        assert "-0.05 USD" == str(Money(-5, "USD"))

    def test_exponents_come_from_iso_4217(self):
        """
        Dollars have two decimals, yen none, Kuwaiti dinars three.
        """
        assert [2, 0, 3] == [exponent_of(c) for c in ("USD", "JPY", "KWD")]


class TestSplit:
    def test_leftover_units_go_to_the_earliest_parts(self):
        """
        Ten cents in three parts are four, three and three.
        """
        parts = Money(10, "USD").split([1, 1, 1])

        assert [4, 3, 3] == [part.minor for part in parts]

    def test_a_part_of_weight_zero_gets_nothing(self):
        """
        What has no weight gets no leftover unit either.
        """
        parts = Money(5, "USD").split([0, 1, 0, 1])

        assert [0, 3, 0, 2] == [part.minor for part in parts]

    @given(st.integers(-(10**12), 10**12), weights)
    def test_nothing_is_lost_or_invented(self, minor, weights):
        """
        The parts sum to the whole, and each is its exact share or the unit beside it.
        """
        parts = Money(minor, "USD").split(weights)

        assert minor == sum(part.minor for part in parts)
        total = sum(weights)
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part.minor * total - minor * weight) < total
            assert weight or not part.minor

    @pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [2, -1]])
    def test_weights_that_divide_nothing_are_a_programming_error(self, weights):
        """
        No positive weight, or a negative one, is refused.
        """
        with pytest.raises(ValueError, match="weights need"):
            Money(10, "USD").split(weights)


class TestRounding:
    @pytest.mark.parametrize(
        ("numerator", "denominator", "quotient"),
        [
            (1, 2, 1),
            (-1, 2, -1),
            (3, 2, 2),
            (-3, 2, -2),
            (5, 2, 3),
            (-5, 2, -3),
            (1, 3, 0),
            (2, 3, 1),
            (-1, 3, 0),
            (-2, 3, -1),
            (0, 7, 0),
            (149, 100, 1),
            (150, 100, 2),
            (-150, 100, -2),
            (-149, 100, -1),
        ],
    )
    def test_halves_go_away_from_zero(self, numerator, denominator, quotient):
        """
        Division gives the nearest whole; a half goes away from zero on both sides.
        """
        assert quotient == divide_half_up(numerator, denominator)

    @given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
    def test_rounding_is_symmetric_and_off_by_half_at_most(self, number, denominator):
        """
        A number and its negative round to opposites, at most half a unit away.
        """
        quotient = divide_half_up(number, denominator)

        assert -quotient == divide_half_up(-number, denominator)
        assert 2 * abs(quotient * denominator - number) <= denominator

    def test_a_ratio_is_rounded_once(self):
        """
        Ninety percent of 5 cents is 4.5 and so 5; of minus 5 cents, minus 5.
        """
        assert Money(5, "USD") == Money(5, "USD").times_ratio(9, 10)
        assert Money(-5, "USD") == Money(-5, "USD").times_ratio(9, 10)


class TestTwoCurrencies:
    @pytest.mark.parametrize(
        "combine",
        [
            lambda a, b: a + b,
            lambda a, b: a - b,
            lambda a, b: a < b,
            lambda a, b: a <= b,
            lambda a, b: a > b,
            lambda a, b: a >= b,
        ],
    )
    def test_they_are_never_combined(self, combine):
        """
        Adding or comparing two currencies is an error that names both.
        """
        with pytest.raises(CurrencyMismatchError) as ei:
            combine(Money(1, "USD"), Money(1, "EUR"))

        assert ("USD", "EUR") == (ei.value.left, ei.value.right)

    def test_equal_numbers_of_two_currencies_differ(self):
        """
        One cent is not one euro cent.
        """
        assert Money(1, "USD") != Money(1, "EUR")

    def test_a_sum_names_its_currency(self):
        """
        Nothing added up is zero in the currency asked for; a stranger is refused.
        """
        assert Money(0, "JPY") == Money.sum([], "JPY")
        assert Money(6, "JPY") == Money.sum([Money(n, "JPY") for n in (1, 2, 3)], "JPY")
        with pytest.raises(CurrencyMismatchError):
            Money.sum([Money(1, "USD")], "JPY")
