"""
What desks answer with has a schema that everybody can ask for.
"""

import json
from typing import get_args, get_origin, get_type_hints

import attrs
import jsonschema
from desk_world import METHODS

import sourcehere
from sourcehere import GoodwillReason, Money, Page, schema_of, to_dict
from sourcehere.face.schemas import RECORDS
from sourcehere.ports.labels import LabelFile


def records_in(hint):
    """
    Find the records in what a method returns.
    """
    made_of = get_origin(hint) or hint
    if get_args(hint):
        for inner in get_args(hint):
            yield from records_in(inner)
    elif isinstance(made_of, type) and attrs.has(made_of):
        yield made_of


def answered():
    """
    Return what the methods of all desks answer with: record -> a method.
    """
    found = {}
    with sourcehere.open("memory://", load_entry_points=False) as sh:
        desks = {"shop": sh.seller("a"), "desk": sh.staff("b")}
        for name, part, method, _ in METHODS:
            called = getattr(getattr(desks[name], part), method)
            where = f"{part}.{method}"
            for record in records_in(get_type_hints(called).get("return")):
                found.setdefault(record, where)
    return found


def test_every_record_that_is_answered_has_a_schema():
    """
    By its name, as `sourcehere schema` takes it.
    """
    found = answered()

    assert len(found) > 60
    unknown = found.keys() - set(RECORDS.values()) - {LabelFile}  # it is bytes
    assert {} == {record.__name__: found[record] for record in unknown}


def test_goodwill_fits_its_schema(shop, ann):
    """
    Both while it stands, and once it was taken back.
    """
    wallet = ann.wallet
    for reference in ("late", "lost"):
        wallet.give_goodwill(
            Money(5_00, "USD"), reference=reference, reason=GoodwillReason.LATE
        )
    wallet.take_back_goodwill("late")
    page = shop.wallet.goodwill()

    assert [True, False] == [one.taken_back_at is None for one in page.items]
    kind = RECORDS["GoodwillView"]
    told = json.loads(json.dumps(to_dict(page)))
    jsonschema.validate(told, schema_of(Page[kind]))
