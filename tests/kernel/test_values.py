"""
A frozen value is what attrs would have made of the same class.
"""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere.domain.kernel.values import frozen, light


def both():
    """
    Return the same class, made by us and by attrs.
    """

    class Box:
        width: int
        name: str = attrs.field(default="", repr=False)
        note: str = attrs.field(default="", eq=False, repr=str.upper)
        facts: dict = attrs.field(factory=dict, hash=False)

    class Empty:
        pass

    return [(make(Box), make(Empty)) for make in (frozen, attrs.frozen)]


(OURS, OUR_EMPTY), (THEIRS, THEIR_EMPTY) = both()
FIELDS = st.tuples(
    st.integers(0, 2),
    st.sampled_from("ab"),
    st.sampled_from("ab"),
    st.dictionaries(st.just("k"), st.integers(0, 1)),
)


@given(FIELDS, FIELDS)
def test_comparing_hashing_and_printing_are_those_of_attrs(one, other):
    ours, theirs = (OURS(*one), OURS(*other)), (THEIRS(*one), THEIRS(*other))
    assert (ours[0] == ours[1]) is (theirs[0] == theirs[1])
    assert (ours[0] != ours[1]) is (theirs[0] != theirs[1])
    assert (hash(ours[0]) == hash(ours[1])) is (hash(theirs[0]) == hash(theirs[1]))
    assert repr(ours[0]) == repr(theirs[0])


def test_without_fields_all_are_one():
    assert OUR_EMPTY() == OUR_EMPTY()
    assert len({OUR_EMPTY(), OUR_EMPTY()}) == 1
    assert repr(OUR_EMPTY()) == repr(THEIR_EMPTY()) == "Empty()"


def test_another_class_is_never_equal():
    assert OURS(1) != THEIRS(1)
    assert OURS(1) != (1, "", "", {})
    assert OURS(1).__eq__(1) is NotImplemented


def test_nothing_can_be_assigned():
    box = OURS(1)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        box.width = 2
    assert box.width == 1


@frozen
class Loud:
    """
    Has methods of its own.
    """

    word: str

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 7

    def __repr__(self):
        return "loud"


def test_methods_of_the_class_itself_stay():
    assert Loud("a") == Loud("b")
    assert hash(Loud("a")) == 7
    assert repr(Loud("a")) == "loud"


def test_identity_and_hidden_fields_are_kept_where_asked_for():
    same, other = [frozen(eq=False, repr=False)(type("P", (), {}))() for _ in "ab"]
    assert same == same  # noqa: PLR0124 - identity is the point
    assert same != other
    assert repr(same).startswith("<")


@frozen(order=True)
class Rank:
    """
    Can be sorted.
    """

    place: int


def test_a_light_value_is_the_same_but_for_refusing_to_be_changed():
    """
    What is made light compares, hashes and prints as what is frozen; it can be changed,
    which type checkers refuse instead.
    """

    def point(make):
        return make(type("Point", (), {"__annotations__": {"x": int, "y": int}}))

    ours, theirs = point(light), point(frozen)
    one, other = ours(1, 2), theirs(1, 2)
    assert one == ours(1, 2) != ours(2, 1)
    assert one != other
    assert hash(one) == hash(other)
    assert repr(one) == repr(other) == "Point(x=1, y=2)"
    assert attrs.evolve(one, y=3) == ours(1, 3)

    one.x = 5
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        other.x = 5


def test_an_order_that_is_asked_for_is_that_of_attrs():
    assert sorted([Rank(2), Rank(1)]) == [Rank(1), Rank(2)]
    assert len({Rank(1), Rank(1)}) == 1


def test_a_subclass_compares_its_own_fields():
    @frozen
    class Wide(OURS):
        depth: int = 0

    assert Wide(1, depth=1) != Wide(1, depth=2)
    assert Wide(1) != OURS(1)
    assert Wide(1, note="a") == Wide(1, note="b")
