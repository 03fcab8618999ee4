"""
A unit of work writes over what it has read, or it is done again.
"""

import threading

import attrs
import pytest

from sourcehere.domain.kernel.errors import ConflictError
from sourcehere.domain.warehouse.model import Warehouse
from sourcehere.testing.factories import NOON, ManualClock
from sourcehere.unit.tables.warehouse import WAREHOUSES
from sourcehere.unit.units import TRIES, Units

# Elsewhere there is one writer at a time.
while_others_write = pytest.mark.parametrize(
    "new_storage", ["postgresql"], indirect=True
)


@pytest.fixture
def units(storage):
    """
    Units of work on a storage that has one warehouse.
    """
    made = Units(storage, ManualClock(NOON))
    new = Warehouse(
        warehouse_id="CN1",
        name="first",
        country="CN",
        serves=("US",),
        priority=1,
        handling_minor={},
    )
    made.platform(lambda unit: unit.put(WAREHOUSES, new))
    return made


def kept(units):
    return units.platform(lambda unit: unit.need(WAREHOUSES, "CN1"), read_only=True)


def raise_priority(units):
    """
    Write over the warehouse, as somebody else, in a commit of its own.
    """

    def work(unit):
        known = unit.need(WAREHOUSES, "CN1", lock=True)
        unit.put(WAREHOUSES, attrs.evolve(known, priority=known.priority + 1))

    thread = threading.Thread(target=units.platform, args=(work,))
    thread.start()
    thread.join()


def read_by_key(unit):
    return unit.need(WAREHOUSES, "CN1")


def read_by_keys(unit):
    return unit.many(WAREHOUSES, [("CN1",)])[0]


def read_by_index(unit):
    return unit.find(WAREHOUSES.primary, [()])[0]


def read_by_page(unit):
    return unit.page(WAREHOUSES.primary)[0]


def read_by_slice(unit):
    return unit.slice(WAREHOUSES.primary, after=None, limit=1)[0][0][1]


def read_one_by_one(unit):
    return next(unit.each(WAREHOUSES.primary))


READINGS = [
    read_by_key,
    read_by_keys,
    read_by_index,
    read_by_page,
    read_by_slice,
    read_one_by_one,
]


@while_others_write
@pytest.mark.parametrize("read", READINGS)
def test_what_changed_since_it_was_read_is_read_again(units, read):
    """
    However a record was read without a lock: when somebody else wrote it since, the
    work is done again with what it is now, and neither change is lost.
    """
    runs = []

    def work(unit):
        known = read(unit)
        if not runs:
            raise_priority(units)
        runs.append(known.priority)
        unit.put(WAREHOUSES, attrs.evolve(known, name="second"))

    units.platform(work)

    assert [1, 2] == runs
    assert ("second", 2) == (kept(units).name, kept(units).priority)


@while_others_write
def test_a_lock_does_not_make_an_older_reading_good(units):
    """
    A record that changed between a first reading and its lock is not written by this
    work, which may have been made of the first: it is done again.
    """
    runs = []

    def work(unit):
        known = unit.need(WAREHOUSES, "CN1")
        if not runs:
            raise_priority(units)
        runs.append(known.priority)
        unit.need(WAREHOUSES, "CN1", lock=True)
        unit.put(WAREHOUSES, attrs.evolve(known, name="second"))

    units.platform(work)

    assert [1, 2] == runs
    assert ("second", 2) == (kept(units).name, kept(units).priority)


@while_others_write
def test_a_peek_does_not_cost_another_run(units):
    """
    What was only looked at to find what to lock may change until it is locked.
    """
    runs = []

    def work(unit):
        runs.append(unit.peek(WAREHOUSES, [("CN1",)])[0].priority)
        raise_priority(units)
        known = unit.need(WAREHOUSES, "CN1", lock=True)
        unit.put(WAREHOUSES, attrs.evolve(known, name="second"))

    units.platform(work)

    assert [1] == runs
    assert ("second", 2) == (kept(units).name, kept(units).priority)


@while_others_write
def test_what_changed_since_it_was_read_is_not_removed(units):
    """
    A record is removed as it was read, or the work is done again.
    """
    runs = []

    def work(unit):
        known = unit.need(WAREHOUSES, "CN1")
        if not runs:
            raise_priority(units)
        runs.append(known.priority)
        if known.priority == 1:
            unit.delete(WAREHOUSES, [("CN1",)])

    units.platform(work)

    assert [1, 2] == runs
    assert 2 == kept(units).priority


def test_what_was_not_read_is_not_written_over(units):
    """
    A record that the unit has not read is new: it does not take the place of another.
    """
    other = attrs.evolve(kept(units), name="other")
    runs = []

    def blind(unit):
        runs.append(unit.peek(WAREHOUSES, [("CN1",)]))
        unit.put(WAREHOUSES, other)

    with pytest.raises(ConflictError) as ei:
        units.platform(blind)

    assert ("warehouse", "('CN1',)") == (ei.value.kind, ei.value.key)
    in_haste_and_with_care = 2 if units.storage.url.startswith("postgresql") else 1
    assert TRIES * in_haste_and_with_care == len(runs)
    assert "first" == kept(units).name


def test_a_record_of_an_earlier_unit_is_written_over_as_it_was(units):
    """
    What another unit has read is written over while it is so, and left alone after.
    """
    read = kept(units)
    second, third = (attrs.evolve(read, name=name) for name in ("second", "third"))

    units.platform(lambda unit: unit.put_over(WAREHOUSES, [(read, second)]))
    with pytest.raises(ConflictError) as ei:
        units.platform(lambda unit: unit.put_over(WAREHOUSES, [(read, third)]))

    assert "warehouse" == ei.value.kind
    assert "second" == kept(units).name


def test_a_record_may_be_written_twice_in_one_unit(units):
    """
    What a unit has written is its own, to be written again and removed.
    """

    def twice(unit):
        known = unit.need(WAREHOUSES, "CN1")
        unit.put(WAREHOUSES, attrs.evolve(known, name="second"))
        unit.put(WAREHOUSES, attrs.evolve(known, name="third"))

    def anew(unit):
        known = unit.need(WAREHOUSES, "CN1")
        unit.put(WAREHOUSES, attrs.evolve(known, name="fourth"))
        unit.delete(WAREHOUSES, [("CN1",)])
        unit.put(WAREHOUSES, attrs.evolve(known, name="fifth"))

    units.platform(twice)
    assert "third" == kept(units).name
    units.platform(anew)
    assert "fifth" == kept(units).name
