"""
Contacts keep every version that they ever had.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from ...ports.storage import Key
from ...unit.tables.contacts import CONTACTS, NOTES
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.orders import ORDERS
from ...unit.tables.quotes import QUOTE_REQUESTS
from ..base.batches import batches
from .rows import each_plain, each_row, missing, parsed
from .scope import Scope

_VERSION = ("contact_id", "version", "erased_at")  # nothing personal


class NoteRow(NamedTuple):
    """
    What is looked at of a note: nothing personal.
    """

    note_id: str
    subject_id: str


def check_contacts(scope: Scope) -> None:
    """
    Check that no version of a contact is missing before its last one, and that of one
    that was erased the country is left. What is told of it names no person.
    """
    count = 0
    erased: list[Key] = []
    rows = each_plain(scope.unit, CONTACTS, scope.seller_id, _VERSION)
    for name, group in groupby(rows, key=itemgetter(0)):
        count += 1
        versions = []
        for row in group:
            versions.append(row[1])
            if row[2] is not None:
                erased.append((name, row[1]))
        if versions[0] != 1 or versions[-1] != len(versions):
            scope.findings.found(
                "contact_keeps_its_versions",
                name,
                f"of its versions there are {versions}",
                versions=versions,
            )
    scope.findings.looked("contact_keeps_its_versions", count)
    if erased:
        scope.findings.looked("erased_contact_is_forgotten", len(erased))
    for batch in batches(erased):
        _check_erased(scope, batch)


def _check_erased(scope: Scope, keys: Sequence[Key]) -> None:
    """
    Check that of each address the country alone is left; tell no word of what is.
    """
    place = CONTACTS.table.position["address"]
    wanted: list[Key] = [(scope.seller_id, *key) for key in keys]
    for row in scope.unit.session.get(CONTACTS.table, wanted, lock=False):
        _, name, version = row[:3]
        kept = sorted(key for key, value in parsed(str(row[place])).items() if value)
        if kept != ["country"]:
            scope.findings.found(
                "erased_contact_is_forgotten",
                str(name),
                f"version {version} was erased, and has {', '.join(kept)}",
                version=version,
            )


def check_notes(scope: Scope) -> None:
    """
    Check that notes are about orders, quote requests or disputes that are there.
    """
    notes = each_row(scope.unit, NOTES, scope.seller_id, NoteRow)
    for batch in batches(notes):
        scope.findings.looked("note_has_its_subject", len(batch))
        gone = _gone(scope, batch)
        for note in batch if gone else ():
            if (scope.seller_id, note.subject_id) in gone:
                scope.findings.found(
                    "note_has_its_subject",
                    note.note_id,
                    f"there is no order, quote request or dispute {note.subject_id}",
                    subject=note.subject_id,
                )


def _gone(scope: Scope, notes: Sequence[NoteRow]) -> set[Key]:
    keys: set[Key] = {(scope.seller_id, note.subject_id) for note in notes}
    for records in (ORDERS, QUOTE_REQUESTS, DISPUTES):
        keys = missing(scope.unit, records, keys) if keys else keys
    return keys
