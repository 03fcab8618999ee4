"""
Postal codes and countries as people and shops write them.
"""

import pytest

from sourcehere.domain.freight.methods import PostalRange
from sourcehere.domain.freight.postal import Covered, covers, normalised
from sourcehere.domain.kernel.address import Address
from sourcehere.domain.kernel.countries import COUNTRIES
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.domain.kernel.skus import comparison_key
from sourcehere.ports.errors import ConfigError
from sourcehere.testing.factories import open_bench, snapshot

YES, NO, UNKNOWN = Covered.YES, Covered.NO, Covered.UNKNOWN


class TestCodes:
    @pytest.mark.parametrize(
        ("country", "written", "compared"),
        [
            ("JP", "\uff11\uff10\uff10\u2212\uff10\uff10\uff10\uff11", "1000001"),
            ("JP", "\u3012100-0001", "1000001"),
            ("US", "96801\u20131234", "968011234"),
            ("SE", "SE-111 22", "11122"),
            ("SE", "se 111 22", "11122"),
            ("SE", "11122", "11122"),
            ("LV", "LV\u20111010", "1010"),
            ("GB", "se1 2ab", "SE12AB"),
            ("DE", "DE-10115", "10115"),
            ("CA", "x0a\u200b 1b2", "X0A1B2"),
            ("IE", "D02 AF30", "D02AF30"),
            ("SE", "SEAL", "SEAL"),
            ("DE", "", ""),
        ],
    )
    def test_it_is_one_code_however_it_is_written(self, country, written, compared):
        """
        Digits of any width, marks, dashes, spaces, and the country in front.
        """
        assert compared == normalised(written, country)


class TestBritishDistricts:
    @pytest.mark.parametrize(
        ("first", "last", "code", "covered"),
        [
            ("PA20", "PA49", "PA2 0BX", NO),
            ("PA20", "PA49", "PA20 0BX", YES),
            ("PA20", "PA49", "PA49 7UN", YES),
            ("PA20", "PA49", "PA50 1AA", NO),
            ("PA20", "PA49", "pa20", YES),
            ("PA20", "PA49", "PA", UNKNOWN),
            ("PA20", "PA49", "P", NO),
            ("PA20", "PA49", "PO20 1AA", NO),
            ("SE1", "SE1", "SE1 9GF", YES),
            ("SE1", "SE1", "SE10 9GF", NO),
            ("SE1", "SE1", "SE1P 9GF", YES),
            ("EC1A", "EC1A", "EC1A 1BB", YES),
            ("EC1A", "EC1A", "EC1M 1BB", NO),
            ("BT", "BT", "BT1 5GS", YES),
            ("BT", "BT", "BT", YES),
            ("BT", "BT", "B1 1AA", NO),
            ("IV", "KW", "KA27 8AA", YES),
        ],
    )
    def test_a_range_is_of_districts(self, first, last, code, covered):
        """
        By area and number of the outward code, not by the letters it begins with.
        """
        assert covered is covers(PostalRange("GB", first, last), code)

    @pytest.mark.parametrize(
        ("first", "last"),
        [("PA49", "PA20"), ("PA1", "PB2"), ("BT", "BT9"), ("BT9", "BT")],
    )
    def test_a_range_that_makes_no_sense_is_refused(self, first, last):
        """
        Districts are of one area, and in their order.
        """
        card = {
            "currency": "GBP",
            "methods": [
                {
                    "code": "a",
                    "name": "A",
                    "days_min": 1,
                    "days_max": 2,
                    "zones": [
                        {
                            "countries": ["UK"],
                            "postal_ranges": [
                                {"country": "GB", "first": first, "last": last}
                            ],
                            "breaks": [
                                {
                                    "up_to_grams": None,
                                    "first_grams": 500,
                                    "first_price": 1,
                                    "additional_grams": 0,
                                    "additional_price": 0,
                                }
                            ],
                        }
                    ],
                }
            ],
        }
        with pytest.raises(ConfigError, match="a district of the same area"):
            open_bench().sh.staff("ann").freight.connect(
                "gb", provider="rate_card", config=card
            )


class TestShortCodes:
    @pytest.mark.parametrize(
        ("code", "covered"),
        [("99", UNKNOWN), ("9", UNKNOWN), ("", UNKNOWN), ("98", NO), ("995", YES)],
    )
    def test_one_that_could_be_in_the_range_is_not_the_rest(self, code, covered):
        """
        `99` may be Alaska or not: nobody knows.
        """
        assert covered is covers(PostalRange("US", "995", "999"), code)


class TestCountries:
    def test_there_are_as_many_as_iso_has(self):
        """
        249 officially assigned codes, and Kosovo's.
        """
        assert 250 == len(COUNTRIES)

    @pytest.mark.parametrize(("written", "code"), [("UK", "GB"), ("EL", "GR")])
    def test_what_people_write_is_understood(self, written, code):
        """
        An address, a zone and a request mean the same country.
        """
        assert code == Address(country=written).country
        assert code == PostalRange(written, "1", "2").country

    @pytest.mark.parametrize("code", ["QQ", "gb", "", "GBR", "AA"])
    def test_what_is_no_country_is_refused(self, code):
        """
        ISO 3166-1 does not have it.
        """
        with pytest.raises(InvalidInputError, match="ISO 3166-1"):
            Address(country=code)


class TestSkus:
    @pytest.mark.parametrize(
        "written",
        [
            "CAF\u00c9-1",
            "cafe\u0301-1",
            " caf\u00e9-1\u200b ",
            "\ufeffCAF\u00c9-1\u00a0",
        ],
    )
    def test_one_sku_however_it_is_written(self, written):
        """
        Accents in one character or two, no width, outer spaces, any case.
        """
        assert "caf\u00e9-1" == comparison_key(written)

    def test_an_order_is_paired_by_it(self):
        """
        The shop sends what was copied from a web page.
        """
        bench = open_bench(connected=["CUP"])
        (order_id,) = bench.sync(snapshot(**{"\u200bcup\u00a0": 1}))

        assert "awaiting_payment" == bench.app.orders.get("demo", order_id).state
