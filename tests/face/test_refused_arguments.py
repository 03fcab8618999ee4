"""
What the platform's desks refuse, and that nothing is stored of it.
"""

from datetime import date

import pytest

from sourcehere import AlreadyExistsError, FreightRequest, InvalidInputError, Money
from sourcehere.domain.freight.handling import Source
from sourcehere.testing.factories import nothing_moves, open_bench


@pytest.fixture
def ann():
    """
    Make the desk of somebody of the platform's staff.
    """
    bench = open_bench()
    with nothing_moves(bench):
        yield bench.sh.staff("ann")


class TestSellers:
    @pytest.mark.parametrize(
        ("name", "currency"), [("Another", "USD"), ("Demo shop", "EUR")]
    )
    def test_an_id_stands_for_one_seller(self, ann, name, currency):
        """
        A known id with another name or currency is refused, and says what it has.
        """
        with pytest.raises(AlreadyExistsError) as ei:
            ann.sellers.register("demo", name=name, currency=currency)

        assert "demo" == ei.value.key
        assert "in USD" in str(ei.value)


class TestWarehouses:
    @pytest.mark.parametrize("country", ["zz", "", "CHN", "C1"])
    def test_a_country_is_a_code(self, ann, country):
        """
        Where it stands and what it serves are codes in capitals; `*` is everywhere.
        """
        with pytest.raises(InvalidInputError, match=r"^country: .* such as GB$"):
            ann.warehouses.add("CN2", name="Two", country=country)
        with pytest.raises(InvalidInputError, match=r"^serves: .* such as GB$"):
            ann.warehouses.add("CN2", name="Two", country="CN", serves=["*", country])

    def test_one_fee_a_currency(self, ann):
        """
        Of two fees in one currency none would be right.
        """
        fees = [Money(20, "USD"), Money(30, "EUR"), Money(25, "USD")]
        with pytest.raises(InvalidInputError, match=r"handling: 'USD' is not one"):
            ann.warehouses.add("CN2", name="Two", country="CN", handling=fees)

    def test_no_fee_below_zero(self, ann):
        """
        A warehouse is paid for handling, and does not pay; no fee at all is fine.
        """
        below = [Money(20, "EUR"), Money(-1, "USD")]
        with pytest.raises(InvalidInputError, match=r"^handling: '-0.01 USD' is not"):
            ann.warehouses.add("CN2", name="Two", country="CN", handling=below)


class TestEstimates:
    @pytest.mark.parametrize(
        "days", [(2**31, 2**31), (-1, 3), (5, 4), (0, 1_001), (10**9, 10**9)]
    )
    def test_days_are_those_of_a_parcel(self, ann, days):
        """
        Days are 0 to 1,000, the least first.
        """
        with pytest.raises(InvalidInputError, match="days"):
            ann.freight.estimate(
                days_min=days[0], days_max=days[1], source=Source.DIRECT
            )

    @pytest.mark.parametrize("day", [date.max, date.min, date(9999, 1, 1)])
    def test_a_day_is_of_this_world(self, ann, day):
        """
        The end of the calendar is no day of payment.
        """
        with pytest.raises(InvalidInputError, match=r"^paid_on: .* from 1970 to 9998"):
            ann.freight.estimate(
                days_min=1, days_max=2, source=Source.CLOUD, paid_on=day
            )


class TestFreightRequests:
    def test_any_collection_of_words_will_do(self):
        """
        A list, a set and a generator ask the same.
        """
        made = [
            FreightRequest(
                country="GB", weight_grams=1, currency="GBP", attributes=words
            )
            for words in (["battery"], {"battery"}, (w for w in ["battery"]))
        ]

        assert 1 == len(set(made))

    @pytest.mark.parametrize("words", ["battery", [1], [None]])
    def test_words_are_texts_and_one_text_is_no_collection(self, words):
        """
        A single text would be taken for its letters.
        """
        with pytest.raises(InvalidInputError, match="a collection of words"):
            FreightRequest(
                country="GB", weight_grams=1, currency="GBP", fields_given=words
            )


def test_a_connection_is_no_storage_yet(bench):
    """
    Who forgets `joined` is told so, and not by Python.
    """
    with pytest.raises(InvalidInputError) as ei:
        bench.sh.over(object())
    assert ("storage", "object") == (ei.value.field, ei.value.value)
    assert "SqlStorage.joined(connection)" in str(ei.value)
    assert bench.sh.url == bench.sh.over(bench.app.storage).url
