"""
Events that older releases wrote are read as the present ones.
"""

import attrs
import pytest

from sourcehere.domain.kernel.actor import SYSTEM
from sourcehere.domain.kernel.events import Event, named, upcasts
from sourcehere.testing.factories import NOON
from sourcehere.unit.text.codecs import UnknownEventError, read_event, write_event


@named("test.weighed", schema=3)
@attrs.frozen(kw_only=True)
class Weighed(Event):
    """
    Its first schema had kilograms, its second no unit in the name.
    """

    weight_grams: int


@upcasts("test.weighed", schema=1)
def _grams(fields):
    return {"weight": fields["kilograms"] * 1000}


@upcasts("test.weighed", schema=2)
def _named(fields):
    return {"weight_grams": fields["weight"]}


class TestUpcasters:
    @pytest.mark.parametrize(
        ("schema", "data"),
        [(1, '{"kilograms":2}'), (2, '{"weight":2000}'), (3, '{"weight_grams":2000}')],
    )
    def test_every_schema_reads_as_the_present_one(self, schema, data):
        """
        A stored event is read through the upcasters of every schema since.
        """
        event = read_event("test.weighed", schema, data, by=SYSTEM, occurred_at=NOON)

        assert Weighed(weight_grams=2000, by=SYSTEM, occurred_at=NOON) == event
        assert '{"weight_grams":2000}' == write_event(event)

    @pytest.mark.parametrize(
        ("name", "schema"), [("test.weighed", 4), ("test.weighed", 0), ("test.no", 1)]
    )
    def test_what_cannot_be_read_is_named(self, name, schema):
        """
        An event of a newer release, or with no way to the present, is a typed error.
        """
        with pytest.raises(UnknownEventError) as ei:
            read_event(name, schema, "{}", by=SYSTEM, occurred_at=NOON)

        assert (name, schema) == (ei.value.name, ei.value.schema)

    def test_one_upcaster_a_schema(self):
        """
        A second upcaster for the same schema is a programming error.
        """
        with pytest.raises(TypeError, match="upcaster already"):
            upcasts("test.weighed", schema=1)(_grams)
