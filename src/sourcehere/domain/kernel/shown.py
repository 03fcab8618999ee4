"""
Foreign text in a line of ours: in an error, an event, a list.
"""


def storable(text: str, *, most: int) -> str:
    """
    Return foreign text as every storage can keep it and a terminal can show it.

    Control characters, halves of characters and signs that turn the direction of
    writing are shown as escapes; what is longer than *most* ends with an ellipsis.
    """
    kept = text[: most + 1]
    if not kept.isprintable():
        kept = "".join([c if c.isprintable() else _escaped(c) for c in kept])
    return kept if len(kept) <= most else f"{kept[: most - 1]}…"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
