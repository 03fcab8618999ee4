"""
Sums of a fixed size see every difference, and name it when they are told again.
"""

from hypothesis import given
from hypothesis import strategies as st

from sourcehere.services.audit.tally import Tally

AMOUNTS = st.lists(
    st.tuples(
        st.text("abc", max_size=3),
        st.tuples(*[st.integers(-(2**40), 2**40)] * 3),
    ),
    max_size=30,
)


def told(stored, computed):
    """
    Tell a tally both sides, and again what it asks for.
    """
    tally = Tally()
    for turn in range(2):
        for key, amounts in stored:
            tally.store(key, *amounts)
        for key, amounts in computed:
            tally.compute(key, *amounts)
        if turn == 0:
            tally.ask(tally.unequal)
    return tally


def summed(told):
    """
    Add up amounts by key.
    """
    sums = {}
    for key, amounts in told:
        before = sums.get(key, (0, 0, 0))
        sums[key] = tuple(a + b for a, b in zip(before, amounts, strict=True))
    return sums


@given(AMOUNTS, AMOUNTS)
def test_every_difference_is_named(stored, computed):
    """
    Exactly the keys whose amounts add up otherwise are named, with both sums.
    """
    left, right = summed(stored), summed(computed)
    nothing = (0, 0, 0)
    expected = [
        (key, left.get(key, nothing), right.get(key, nothing))
        for key in sorted(left.keys() | right.keys())
        if left.get(key, nothing) != right.get(key, nothing)
    ]

    assert expected == list(told(stored, computed).differences())


@given(AMOUNTS, st.randoms())
def test_the_order_does_not_matter(stored, random):
    """
    The same amounts in another order are no difference.
    """
    shuffled = list(stored)
    random.shuffle(shuffled)

    assert not told(stored, shuffled).unequal


def test_back_to_a_mark_nothing_was_told():
    """
    What was told since a mark is forgotten, whichever of both readings it is.
    """
    tally = Tally()
    tally.store("a", 1)
    mark = tally.mark()
    tally.store("b", 2)
    tally.back_to(mark)
    tally.compute("a", 1)

    assert not tally.unequal
    assert 1 == tally.stored_count

    tally.ask(range(256))
    mark = tally.mark()
    tally.store("b", 2)
    tally.back_to(mark)

    assert [] == list(tally.differences())
