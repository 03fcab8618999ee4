"""
What came over the wire, as every storage can keep it.
"""

import re

# What PostgreSQL's texts cannot hold, and what would steer a terminal.
_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BYTES_OF_A_CHARACTER = 4


def wire_text(raw: bytes | str, *, most: int) -> str:
    """
    Return up to *most* characters of *raw*; what cannot be kept is shown as escapes.
    """
    if isinstance(raw, str):
        text = raw[:most]
    else:
        head = bytes(raw[: most * _BYTES_OF_A_CHARACTER])
        text = head.decode("utf-8", "backslashreplace")
    return _UNKEPT.sub(_escaped, text)[:most]


def _escaped(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode()
