"""
What CONTRIBUTING.md sends a newcomer to is there.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
SPANS = [
    span
    for line in re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL).splitlines()
    for span in re.findall(r"`([^`]+)`", line)
]
FILES = [
    path.relative_to(ROOT).as_posix()
    for folder in ("src", "tests", "plugins", "docs", "examples")
    for path in (ROOT / folder).rglob("*")
    if "__pycache__" not in path.parts
]
# Stand for any name.
PLACES = {"src/sourcehere/X/Y", "tests/Y", "tests/services/Y", "tests/X"}
PLACEHOLDER = re.compile(r"[<>*(]| ")
CODE = "\n".join(
    path.read_text("utf-8")
    for folder in ("src", "tests", "plugins")
    for path in sorted((ROOT / folder).rglob("*.py"))
)


def paths():
    """
    List the spans that are paths: with a slash, or a known ending.
    """
    return sorted(
        {
            span
            for span in SPANS
            if ("/" in span or span.endswith((".py", ".md", ".yml")))
            and not PLACEHOLDER.search(span)
            and span not in PLACES
        }
    )


def names():
    """
    List the spans that are names of code, the part behind the last dot.
    """
    found = {re.sub(r"\(.*", "", span).split(".")[-1] for span in SPANS}
    return sorted(
        name
        for name in found
        if re.fullmatch(
            r"_?[a-z]+(_[a-z]+)+|[A-Z][a-z]+([A-Z][a-z]+)+|[A-Z_]{4,}", name
        )
    )


@pytest.mark.parametrize("path", paths())
def test_the_path_exists(path):
    """
    A file or folder that is named lies below the root, `src/sourcehere` or its folder.
    """
    tail = "/" + path.rstrip("/")
    assert (ROOT / path).exists() or any(f"/{f}".endswith(tail) for f in FILES)


def test_the_names_are_in_the_code():
    """
    A class, function or constant that is named is written somewhere in the code.
    """
    assert len(names()) > 50
    assert set() == set(names()) - set(re.findall(r"\w+", CODE))


def test_every_plugin_has_its_line():
    """
    The list of folders has each distribution below `plugins`, and no other.
    """
    listed = re.findall(r"^plugins/([\w-]+)/ ", PAGE, re.MULTILINE)
    there = [path.parent.name for path in (ROOT / "plugins").glob("*/pyproject.toml")]

    assert sorted(there) == sorted(listed)
