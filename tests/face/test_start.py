"""
What a start imports: what is used, and nothing heavy beside it.
"""

import ast
import inspect
import subprocess
import sys
from importlib import import_module

import pytest

import sourcehere

# Of the order core itself, and of what it stands on.
CORE = (
    *("sourcehere.app", "sourcehere.builtin", "sourcehere.doors", "sourcehere.face"),
    *("sourcehere.plugins", "sourcehere.ports", "sourcehere.services"),
    *("sourcehere.unit", "sourcehere.domain.orders"),
    *("asyncio", "cattrs", "importlib.metadata", "iso4217", "pluggy", "statemachine"),
)
# What single commands, plugins and tests use.
HEAVY = (
    *("alembic", "charset_normalizer", "httpx2", "hypothesis", "holidays"),
    *("jsonschema", "markdown_it", "opentelemetry", "psycopg", "pygments", "pytest"),
    *("python_calamine", "rapidfuzz", "rich.markdown", "sqlalchemy", "sqlite3"),
    *("ssl", "stripe", "zoneinfo"),
)
LATER = ("sourcehere.face.desks", "sourcehere.services.audit.audit")


def imported(code, names):
    """
    Return which of *names* a new Python has imported after *code*.
    """
    told = f"import sys; {code}; sys.stderr.write(' '.join(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", told], check=True, capture_output=True, text=True
    )
    return set(names) & set(ran.stderr.split())


def test_importing_the_library_imports_nothing_else():
    """
    `import sourcehere` imports none of the core: names are imported when asked for.
    """
    assert set() == imported("import sourcehere", (*CORE, *HEAVY, "attrs"))


def test_one_name_imports_what_it_needs():
    """
    Asking for `Money` imports neither storage nor services, nor a chart's engine.
    """
    assert set() == imported("from sourcehere import Money", (*CORE, *HEAVY))


def test_help_imports_no_core(tmp_path, monkeypatch):
    """
    `sourcehere --help` imports only what draws it, and opens nothing.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCEHERE_DB", f"sqlite:///{tmp_path / 'orders.db'}")

    helped = "from sourcehere.cli import main; main(['--help'])"

    assert set() == imported(helped, (*CORE, *HEAVY))
    assert [] == list(tmp_path.iterdir())


def test_opening_memory_imports_no_adapter():
    """
    `sourcehere.open` imports no desk, no audit, and nothing that adapters stand on.
    """
    opened = "import sourcehere; sourcehere.open('memory://', load_entry_points=False)"
    kept = set(HEAVY) - {"ssl", "zoneinfo"}  # python-statemachine, and the clocks

    assert set() == imported(opened, (*kept, *LATER, "cyclopts", "rich"))


@pytest.mark.parametrize("name", sorted({*sourcehere.__all__, "open"}))
def test_every_name_is_found(name):
    """
    Each public name is there when it is asked for, and listed before: what its home
    has.
    """
    assert name in dir(sourcehere)
    found = getattr(sourcehere, name)
    if name in sourcehere._HOMES:
        home = import_module(f"sourcehere.{sourcehere._HOMES[name]}")
        assert found is getattr(home, name)
    assert vars(sourcehere)[name] is found  # it is not looked for again


def test_types_and_names_come_from_the_same_place():
    """
    What a type checker reads of a name is what a program gets.
    """
    tree = ast.parse(inspect.getsource(sourcehere))
    checked = next(node for node in tree.body if isinstance(node, ast.If)).body
    read = {
        (alias.asname or alias.name, node.module)
        for node in checked
        for alias in node.names
    }
    assigned = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
    }

    homes = ast.literal_eval(assigned["_HOMES"])

    assert read == set(homes.items())
    assert {*sourcehere.__all__, "open"} == {*homes, "__version__"}


def test_no_other_name():
    """
    A name that is not public is an error that says so.
    """
    with pytest.raises(AttributeError, match="has no attribute 'Orders'"):
        sourcehere.Orders  # noqa: B018 - asking is the test
