"""
Prices that are ahead: whenever a variant is asked, its last price that began holds.
"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sourcehere import Money, NewVariant, Price, VariantChange
from sourcehere.domain.kernel.ids import ProductId, VariantId

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 20),  # the day on which it is said
        st.integers(-3, 20),  # how many days later it holds
        st.sampled_from(["USD", "EUR"]),
        st.integers(1, 10_000),
    ),
    max_size=8,
)


def priced(variant, currency):
    """
    Return the price of one unit, 0 where there is none.
    """
    return variant.unit_minor(currency, 1) if currency in variant.prices else 0


@given(CHANGES, st.integers(0, 45))
def test_the_last_that_began_holds(changes, asked):
    """
    Of all prices of a currency that began by a day, that which began last holds; of two
    that begin at one moment, that which was said last.
    """
    variant = NewVariant(
        sku="A", weight_grams=1, prices=(Price(Money(7, "USD")),)
    ).checked(ProductId("p"), VariantId("v"))
    model = {("USD"): [(-1, -1, 7)], "EUR": []}
    in_order = sorted(enumerate(changes), key=lambda pair: (pair[1][0], pair[0]))
    for place, (said, later, currency, minor) in in_order:
        now = BEGIN + timedelta(days=said)
        change = VariantChange(
            prices=(Price(Money(minor, currency)),),
            prices_from=now + timedelta(days=later),
        )
        variant = change.applied(variant, now=now, zone="UTC")
        model[currency].append((said + max(later, 0), place, minor, said))
    latest = max((said for said, *_ in changes), default=0)
    day = max(asked, latest)

    found = variant.at(BEGIN + timedelta(days=day))

    for currency, known in model.items():
        begun = [one for one in known if one[0] <= day]
        expected = max(begun, key=lambda one: (one[0], order(one)))[2] if begun else 0
        assert expected == priced(found, currency)


def order(one):
    """
    Return when a price was said, the first one before all.
    """
    return (one[3], one[1]) if len(one) > 3 else (-1, -1)
