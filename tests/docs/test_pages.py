"""
Pages made from the code are what the code says now, and nothing public is left out.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [ROOT / "src", ROOT / "plugins" / "sourcehere-sql" / "src"]
MODULES = sorted(
    path
    for folder in SOURCES
    for path in folder.rglob("*.py")
    if "migrations" not in path.parts and "egg-info" not in str(path)
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "script", ["draw_charts.py", "write_reference.py", "retell.py"]
)
def test_no_page_is_stale(script):
    """
    Drawings, reference and the tutorial's outputs equal what the code says now.
    """
    done = subprocess.run(
        [sys.executable, f"docs/{script}", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)


def undocumented(node, where):
    """
    Name what is public below *node* and says nothing of itself.
    """
    if ast.get_docstring(node) is None:
        yield where
    for child in node.body:
        if not isinstance(child, ast.ClassDef | ast.FunctionDef):
            continue
        # A function's inner functions are its own business, as is what has a `_`.
        if isinstance(node, ast.FunctionDef) or child.name.startswith("_"):
            continue
        yield from undocumented(child, f"{where}.{child.name}")


@pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_nothing_public_is_undocumented(path):
    """
    Every public module, class, method and function has a docstring.
    """
    tree = ast.parse(path.read_text("utf-8"))

    assert [] == list(undocumented(tree, path.stem))


def test_every_module_is_in_the_reference():
    """
    No module that has something public is missing from the reference's pages.
    """
    pages = (ROOT / "docs" / "reference").glob("*.md")
    shown = {
        line.removeprefix("::: ")
        for page in pages
        for line in page.read_text("utf-8").splitlines()
        if line.startswith("::: ")
    }
    public = {
        ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(
            ".__init__"
        )
        for folder in SOURCES
        for path in MODULES
        if path.is_relative_to(folder)
        and any(
            isinstance(node, ast.ClassDef | ast.FunctionDef)
            and not node.name.startswith("_")
            for node in ast.parse(path.read_text("utf-8")).body
        )
    }
    # The command has a page of its own, checked against the command itself; the demo
    # is a script.
    aside = ("sourcehere.cli", "sourcehere.demo")

    assert {n for n in public if not n.startswith(aside)} <= shown


def test_every_benchmark_has_its_numbers_in_the_docs():
    """
    What `nox -s benchmarks` measures stands in the page about performance.
    """
    page = (ROOT / "docs" / "performance.md").read_text("utf-8")
    measured = re.findall(r'"(\w+\.py)"', (ROOT / "noxfile.py").read_text("utf-8"))
    names = {name for name in measured if (ROOT / "benchmarks" / name).is_file()}

    assert {"suggestions.py", "million.py", "start.py"} <= names
    assert {n for n in names if f"benchmarks/{n}" in page} == names
