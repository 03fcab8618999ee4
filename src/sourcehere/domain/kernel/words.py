"""
Numbers in a line of ours: in an error, an event, a list.
"""


def counted(count: int, noun: str) -> str:
    """
    Show how many: `1 unit`, `2 units`.
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
