"""
What carriers say, without what may be somebody's: they repeat what they were sent.
"""

import re
from collections.abc import Iterable

_SHOWN_MAX = 200
_LEAST = 3  # letters; shorter values are words of every language
_PERSONAL = re.compile(r"[^\s'\"<>]+@[^\s'\"<>]+|\+?\d[\d -]{8,}\d")


def shown(text: object, private: Iterable[str] = ()) -> str:
    """
    Return one line of what a carrier says, with addresses, long numbers and *private*
    values blanked.
    """
    line = " ".join(str(text or "").split())
    for value in sorted(set(private), key=len, reverse=True):
        if len(value.strip()) >= _LEAST:
            line = re.sub(re.escape(value.strip()), "...", line, flags=re.IGNORECASE)
    return _PERSONAL.sub("...", line)[:_SHOWN_MAX]
