"""
Generated JSON functions say what the plain way of writing would, and read it back.
"""

import json
from datetime import UTC, date, datetime

import attrs
import pytest

import sourcehere  # noqa: F401 - declares every event
from sourcehere.domain.kernel.actor import Actor, Role
from sourcehere.domain.kernel.clock import to_micros
from sourcehere.domain.kernel.events import EVENT_TYPES
from sourcehere.ports.storage import ColumnKind
from sourcehere.testing.samples import sample
from sourcehere.unit.tables import ALL_RECORDS
from sourcehere.unit.text.codecs import dumper, loader, read_event, write_event

BY = Actor(Role.STAFF, "anna")
AT = datetime(2026, 1, 5, 9, 0, 0, 123456, tzinfo=UTC)


def plainly(value):
    """
    Return *value* as what JSON knows, without any generated code.
    """
    if isinstance(value, date):
        is_time = isinstance(value, datetime)
        return to_micros(value) if is_time else value.isoformat()
    if isinstance(value, Actor):
        return f"{value.role.value}:{value.id}"
    if attrs.has(type(value)):
        names = [f.name for f in attrs.fields(type(value)) if f.init]
        return {name: plainly(getattr(value, name)) for name in names}
    if isinstance(value, (tuple, frozenset)):
        return [plainly(one) for one in value]
    if isinstance(value, dict):
        return {key: plainly(one) for key, one in value.items()}
    return value


def text_of(value):
    """
    Write plain *value* as it is stored.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("name", sorted(n for n in EVENT_TYPES if "test." not in n))
def test_every_event(name):
    """
    An event is written field by field, without who and when, and read back equal.
    """
    cls = EVENT_TYPES[name]
    event = attrs.evolve(sample(cls), by=BY, occurred_at=AT)
    fields = plainly(event)
    del fields["by"], fields["occurred_at"]

    text = write_event(event)

    assert text_of(fields) == text
    assert event == read_event(name, cls.SCHEMA, text, by=BY, occurred_at=AT)


def json_fields():
    """
    List (class, field, kind) of every JSON column.
    """
    for records in ALL_RECORDS:
        kinds = {c.name: c.kind for c in records.table.columns}
        for field in attrs.fields(records.cls):
            if kinds.get(field.name) is ColumnKind.JSON:
                yield pytest.param(field.type, id=f"{records.table.name}.{field.name}")


@pytest.mark.parametrize("kind", list(json_fields()))
def test_every_json_column(kind):
    """
    A JSON column's value is written plainly and read back equal.
    """
    value = sample(kind)
    text = dumper(kind)(value)

    assert text_of(plainly(value)) == text
    assert value == loader(kind)(text)


def test_a_field_stored_before_it_existed_has_its_default():
    """
    JSON of an older release lacks newer fields; they are read as their defaults.
    """

    @attrs.frozen
    class Grown:
        old: int
        new: str = "x"
        newer: tuple[int, ...] = attrs.field(factory=tuple)

    assert (Grown(1), Grown(2, "y")) == loader(tuple[Grown, ...])(
        '[{"old":1},{"old":2,"new":"y","forgotten":0}]'
    )


def test_none_and_nothing():
    """
    None is null, an empty list is `[]`, and False is `false`.
    """
    assert "null" == dumper(int | None)(None)
    assert "[]" == dumper(tuple[int, ...])(())
    assert "false" == dumper(bool)(False)
    assert loader(int | None)("null") is None
    assert () == loader(tuple[int, ...])("[]")
