"""
Splits the reference text into its sentences.
"""

import re
from pathlib import Path

TEXT = Path(__file__).with_name("order-management.txt")

# A sentence ends at a full stop before a capital letter; an ordinal such as `1.` or
# `3.4.1` begins one.
_END = re.compile(r"(?<=[a-z”)])\.\s+(?=[A-Z“])")


def sentences():
    """
    Return every sentence, heading and list entry of the text, in order, spaces folded.
    """
    found = []
    for line in TEXT.read_text("utf-8").splitlines():
        folded = " ".join(line.split())
        if folded:
            parts = _END.split(folded)
            found += [part + "." for part in parts[:-1]] + [parts[-1]]
    return found
