"""
Numbers and names in a line of ours: in an error, an event, a list.
"""


def counted(count: int, noun: str) -> str:
    """
    Show how many: `1 unit`, `2 units`.
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def with_article(name: str) -> str:
    """
    Show one of a kind: `a dict`, `an Address`.
    """
    return f"an {name}" if name[0] in "AEIOaeio" else f"a {name}"
