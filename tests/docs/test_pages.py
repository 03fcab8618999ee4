"""
Pages made from the code are what the code says now, and nothing public is left out.
"""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import attrs
import pytest

import sourcehere
from sourcehere import Money
from sourcehere.domain.stores.model import SnapshotLine
from sourcehere.face.schemas import RECORDS
from sourcehere.face.scope import access_of
from sourcehere.ports import platforms
from sourcehere.testing.kit import ShopOrder

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
    "script",
    ["draw_charts.py", "draw_terminal.py", "write_reference.py", "retell.py"],
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


@cache
def tree_of(path):
    """
    Return what is in a file, read once for the tests that walk through it.
    """
    return ast.parse(path.read_text("utf-8"))


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
    assert [] == list(undocumented(tree_of(path), path.stem))


def reference(folder="."):
    """
    Return all the reference's pages of *folder* as one text.
    """
    pages = sorted((ROOT / "docs" / "reference" / folder).glob("*.md"))
    return "\n".join(page.read_text("utf-8") for page in pages)


def headings(text):
    """
    Collect what headings name as code.
    """
    return set(re.findall(r"^#+ `([^`]+)`$", text, re.MULTILINE))


def test_every_module_is_in_the_reference():
    """
    No module that has something public is missing from the reference's pages.
    """
    shown = headings(reference())
    shown |= set(re.findall(r"^::: (\S+)$", reference("internals"), re.MULTILINE))
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
            for node in tree_of(path).body
        )
    }
    # The command has a page of its own, checked against the command itself; the demo
    # is a script.
    aside = (
        *("sourcehere.cli", "sourcehere.demo"),
        "sourcehere.testing.simulator.__main__",
    )

    assert {n for n in public if not n.startswith(aside)} <= shown


def test_everything_a_host_imports_can_be_read_in_a_checkout():
    """
    Every public name, every record and every method of a desk is written out.
    """
    text = reference()
    shown = headings(text)
    shown |= {name.removeprefix("sourcehere.") for name in shown}
    errors = set(re.findall(r"^\| `sourcehere\.(\w+)` \|", text, re.MULTILINE))
    families = set(re.findall(r"^## (\w+Error)$", text, re.MULTILINE))
    said_of = {"SYSTEM", "__version__", "SourceHereError", "SellerDesk", "StaffDesk"}
    methods = set()
    with sourcehere.open("memory://", load_entry_points=False) as sh:
        for desk in (sh.seller("a"), sh.staff("b")):
            for part, value in vars(desk).items():
                names = [n for n in dir(value) if access_of(getattr(type(value), n, 0))]
                methods |= {f"{part}.{name}" for name in names}

    assert len(methods) > 90
    assert methods <= shown
    assert set(RECORDS) <= shown
    assert set(sourcehere.__all__) <= shown | errors | families | said_of


def test_records_say_whether_they_take_keywords_only():
    """
    Whoever makes one would otherwise learn it from a `TypeError`.
    """
    text = reference()
    marked = set(
        re.findall(r"^class (\w+).*:  # takes keywords only$", text, re.MULTILINE)
    )
    shown = set(re.findall(r"^class (\w+).*:", text, re.MULTILINE))
    kinds = {
        *(kind for kind in RECORDS.values() if attrs.has(kind)),
        *(platforms.Fulfilment, platforms.OrderPage, Money, SnapshotLine, ShopOrder),
    }
    only = {k.__name__ for k in kinds if all(f.kw_only for f in attrs.fields(k))}
    names = {kind.__name__ for kind in kinds} & shown

    assert {"Fulfilment", "ShopOrder"} <= only
    assert only & names == marked & names
    assert len(names) > 50


def test_what_a_host_runs_is_there_as_it_is_called():
    """
    Each method of the parts of an open `SourceHere` stands under the name by which it
    is reached, what takes in webhooks of carriers and gateways included.
    """
    page = (ROOT / "docs" / "reference" / "running.md").read_text("utf-8")
    with sourcehere.open("memory://", load_entry_points=False) as sh:
        parts = {n: v for n, v in vars(sh).items() if not n.startswith("_")}
        called = {
            f"{part}.{method}"
            for part, value in parts.items()
            for method in dir(type(value))
            if not method.startswith("_")
            and access_of(getattr(type(value), method)) is not None
        }

    assert {"attempts.receive", "tracking.receive", "clocks.forget"} <= called
    assert called == set(
        re.findall(r"^### `(?!Worker)(\w+\.\w+)`$", page, re.MULTILINE)
    )


def test_machinery_is_not_among_what_a_host_calls():
    """
    What services and units are made of stands apart, in the internals.
    """
    machinery = "require_zone|once_for_platform|do_items|check_arguments|Scope"

    assert [] == re.findall(rf"`(?:\w+\.)*(?:{machinery})`", reference())


def test_every_benchmark_has_its_numbers_in_the_docs():
    """
    What `nox -s benchmarks` measures stands in the page about performance.
    """
    page = (ROOT / "docs" / "performance.md").read_text("utf-8")
    measured = re.findall(r'"(\w+\.py)"', (ROOT / "noxfile.py").read_text("utf-8"))
    names = {name for name in measured if (ROOT / "benchmarks" / name).is_file()}

    assert {"suggestions.py", "million.py", "start.py"} <= names
    assert {n for n in names if f"benchmarks/{n}" in page} == names
