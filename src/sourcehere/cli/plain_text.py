"""
Foreign text on a terminal: nothing in it moves the cursor or turns the writing.

Titles, names and carriers' words come from outside. An escape sequence in one could
hide a line, and U+202E shows `nosrep.exe` as `exe.person`.
"""


def plain(text: str) -> str:
    """
    Return *text* in one line, with escapes for what a terminal would act on.
    """
    if text.isprintable():
        return text
    return "".join([c if c.isprintable() else _escaped(c) for c in _one_line(text)])


def plain_lines(text: str) -> str:
    """
    Return *text* of several lines, each of them plain.
    """
    return "\n".join(map(plain, text.split("\n")))


def plain_json(document: str) -> str:
    """
    Return a JSON document that says the same, without what a terminal would act on.

    JSON itself escapes less: not U+009B, which begins a sequence, nor U+202E.
    """
    return "".join(
        [c if c.isprintable() or c == "\n" else _json_escaped(c) for c in document]
    )


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def _json_escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
