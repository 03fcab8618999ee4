"""
People and addresses: the tables with personal data.
"""

from ...domain.contacts.model import ContactVersion, Note
from ..records import Records

CONTACTS = Records(
    "contact_version", ContactVersion, key=["seller_id", "contact_id", "version"]
)
CONTACT_VERSIONS = CONTACTS.way(
    "of_contact", equal=["seller_id", "contact_id"], order=["version"]
)
NOTES = Records("note", Note, key=["seller_id", "note_id"])
NOTES_OF = NOTES.way("of_subject", equal=["seller_id", "subject_id"], order=["note_id"])

RECORDS = (CONTACTS, NOTES)
