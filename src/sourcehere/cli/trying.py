"""
What is said of a connection whose provider found nothing wrong with it.
"""


def found_well(*, is_tried: bool) -> str:
    """
    Return what follows the connection's name: one that was not tried may be wrong.
    """
    return "can be used" if is_tried else "was not tried: its provider has no check()"
