"""
Other versions of frozen values.
"""

import attrs
import pytest

from sourcehere.domain.kernel.evolving import evolved
from sourcehere.domain.kernel.money import Money


@attrs.frozen(kw_only=True)
class Counted(Money):
    """
    A subclass, with keyword-only fields.
    """

    number: int = 0


class TestEvolved:
    def test_it_is_what_attrs_gives(self):
        """
        The result equals that of `attrs.evolve`, and the original is untouched.
        """
        one = Counted(minor=5, currency="USD", number=1)

        assert attrs.evolve(one, minor=7, number=2) == evolved(one, minor=7, number=2)
        assert Counted(minor=5, currency="USD", number=1) == one

    def test_the_order_of_changes_does_not_matter(self):
        """
        Changes are taken by name.
        """
        one = Money(5, "USD")

        assert Money(7, "EUR") == evolved(one, currency="EUR", minor=7)
        assert Money(7, "EUR") == evolved(one, minor=7, currency="EUR")

    def test_a_field_that_does_not_exist(self):
        """
        An unknown field is a programming error.
        """
        with pytest.raises(TypeError, match="Money has no colour"):
            evolved(Money(5, "USD"), colour="red")
