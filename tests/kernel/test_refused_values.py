"""
An error shows what was refused as Python shows it, and says what is true of it.
"""

import enum

import pytest

from sourcehere import InvalidInputError
from sourcehere.domain.kernel.annotations import check_for
from sourcehere.domain.orders.kinds import OrderKind

MADE = "OrderKind('store') makes one of the text"


class Size(enum.Enum):
    """
    Members by numbers and by a text.
    """

    SMALL = 1
    LARGE = "large"


class Word(enum.StrEnum):
    """
    Another enum with the text of one of ours.
    """

    STORE = "store"


class Foreign(str):
    """
    A text of a plugin's own kind, which shows itself at length.
    """

    __slots__ = ()

    def __repr__(self):
        return f"Foreign({str(self) * 100})"


class Shy(Foreign):
    """
    One that cannot be shown at all.
    """

    __slots__ = ()

    def __repr__(self):
        raise LookupError


class Odd(int):
    """
    A number that cannot be shown.
    """

    def __repr__(self):
        raise LookupError


def refused(hint, value):
    """
    Return the error that a value is refused by.
    """
    with pytest.raises(InvalidInputError) as ei:
        check_for(hint)("f", value)
    return ei.value


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (Size, "large", "'large' is not a Size; Size('large') makes one of the text"),
        (Size, "1", "'1' is not a Size: one of 1, large"),
        (Size, 1, "1 is not a Size: one of 1, large"),
        (
            OrderKind,
            Word.STORE,
            f"<Word.STORE: 'store'> is not an OrderKind; {MADE}",
        ),
        (OrderKind, Foreign("store"), f"'store' is not an OrderKind; {MADE}"),
        (OrderKind, Shy("store"), f"'store' is not an OrderKind; {MADE}"),
    ],
)
def test_how_a_text_becomes_a_member(kind, value, said):
    """
    What is said to make one does; a text that only looks like a number makes none.
    """
    assert f"f: {said}" == str(refused(kind, value))


@pytest.mark.parametrize("value", [Foreign("x\n"), Shy("x\n")])
def test_a_text_is_shown_as_a_text(value):
    """
    Whatever kind of text a plugin's library makes; the error keeps a plain one.
    """
    error = refused(int, value)

    assert "f: 'x\\n' is not a whole number" == str(error)
    assert str is type(error.value)


def test_a_number_is_shown_as_a_number():
    """
    Also one of a kind that cannot be shown.
    """
    assert "f: 7 is not a text" == str(refused(str, Odd(7)))


def test_what_is_said_at_length_is_said_without_quotes():
    """
    Nobody wrote it, however much of it is left out.
    """
    error = refused(str, type("N" * 400, (), {})())

    assert f"f: a {'N' * 198}… is not a text" == str(error)
