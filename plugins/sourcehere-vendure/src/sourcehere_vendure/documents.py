"""
The GraphQL documents, which are files beside this one.
"""

import re
from functools import cache
from importlib.resources import files

_SPREAD = re.compile(r"\.\.\.(\w+)")


@cache
def document(name: str) -> str:
    """
    Return the document *name* with every fragment that it uses.
    """
    folder = files(__package__).joinpath("graphql")
    text = folder.joinpath(f"{name}.graphql").read_text("utf-8")
    known: set[str] = set()
    while missing := set(_SPREAD.findall(text)) - known:
        for fragment in sorted(missing):
            text += "\n" + folder.joinpath(_file_of(fragment)).read_text("utf-8")
        known |= missing
    return text


def _file_of(fragment: str) -> str:
    """
    Return where a fragment is: `OrderFields` in `order_fields.graphql`.
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", fragment).lower() + ".graphql"
