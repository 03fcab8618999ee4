"""
Every Python example of the pages runs, and prints what the page says it prints.
"""

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser

DOCS = Path(__file__).parents[2] / "docs"
# Snippets of a first plugin are files, checked as such; the reference is generated.
OF_FILES = {"first-plugin.md", "first-shop.md"}
PAGES = sorted(
    path
    for path in DOCS.rglob("*.md")
    if "```python" in path.read_text("utf-8")
    and "reference" not in path.parts
    and path.name not in OF_FILES
)


def run(example):
    """
    Run a Python block; names live as long as the page.
    """
    assert not example.namespace.get("said"), "the block before prints more than told"
    said = io.StringIO()
    code = compile(example.parsed, example.path, "exec")
    with redirect_stdout(said):
        exec(code, example.namespace)
    example.namespace["said"] = said.getvalue()


def compare(example):
    """
    Hold that the Python block before printed this.
    """
    assert example.parsed == example.namespace.pop("said")


PARSERS = [CodeBlockParser("python", run), CodeBlockParser("text", compare)]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(DOCS).as_posix())
def test_the_examples_of_a_page_run(page):
    """
    One after the other, as a reader would try them.
    """
    examples = list(Sybil(PARSERS, path=str(DOCS)).parse(page).examples())

    assert examples
    for example in examples:
        example.evaluate()
    assert not examples[-1].namespace.get("said"), (
        "a last block prints what no text has"
    )


def test_every_page_with_examples_is_run():
    """
    The pages that are meant are found.
    """
    names = {page.relative_to(DOCS).as_posix() for page in PAGES}

    assert {"concepts/orders.md", "guides/embedding.md", "guides/pairing.md"} <= names


# Of plugins: whose authors implement protocols from further inside.
AUTHORS = {"hooks.md", "http.md", "recipes.md"}
HOSTS = [page for page in PAGES if page.name not in AUTHORS]


@pytest.mark.parametrize("page", HOSTS, ids=lambda p: p.relative_to(DOCS).as_posix())
def test_pages_show_what_a_host_imports(page):
    """
    An example imports `sourcehere` and its test kit, nothing from further inside.
    """
    inside = (
        r"from sourcehere\."
        r"(?!(testing(\.simulator|\.kit)?|receiver|unit\.tables) import)"
        r"|\.app\.|_bench\("
    )

    assert not re.search(inside, page.read_text("utf-8"))
