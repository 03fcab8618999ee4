"""
Every Python example of these pages runs, and prints what the page says it prints.
"""

import io
from contextlib import redirect_stdout

from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser


def run(example: Example) -> None:
    """
    Run a Python block; names live as long as the page.
    """
    said = io.StringIO()
    code = compile(example.parsed, example.path, "exec")
    with redirect_stdout(said):
        exec(code, example.namespace)  # noqa: S102 - the pages are ours
    example.namespace["said"] = said.getvalue()


def compare(example: Example) -> None:
    """
    Hold that the Python block before printed this.
    """
    assert example.parsed == example.namespace["said"]


pytest_collect_file = Sybil(
    parsers=[CodeBlockParser("python", run), CodeBlockParser("text", compare)],
    patterns=[
        "concepts/*.md",
        "guides/embedding.md",
        "guides/operating.md",
        "guides/pairing.md",
    ],
).pytest()
