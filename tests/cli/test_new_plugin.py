"""
The skeleton of a plugin: it installs, and its contract says what is to be filled in.
"""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import sourcehere
from sourcehere import __version__

TESTS = {
    "store": "StoreContract",
    "freight": "FreightContract",
    "payment": "PaymentContract",
    "policy": "Policy",
}
# 17track can be no name: one begins with a letter.
OURS = sorted(
    path.parent.name.removeprefix("sourcehere-")
    for path in (Path(__file__).parents[2] / "plugins").glob("*/pyproject.toml")
    if "17track" not in path.parent.name
)


@pytest.mark.slow
@pytest.mark.parametrize("kind", TESTS)
class TestSkeleton:
    @pytest.fixture
    def home(self, shell, kind):
        """
        Make one.
        """
        made = shell.json(f"new-plugin {kind} acme-post --into plugins")
        assert {"folder": "plugins/sourcehere-acme-post", "kind": kind} == {
            name: made[name] for name in ("folder", "kind")
        }
        return Path(made["folder"]).absolute()

    @pytest.mark.share(2)
    def test_it_is_red_only_where_it_is_to_be_filled_in(self, home, kind):
        """
        Its contract runs at once; each failure says what is missing, and nothing else
        is wrong with it.
        """
        paths = [str(home / "src"), str(home / "tests"), *sys.path]
        quiet = ("-q", "--tb=line", "-p", "no:cacheprovider")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *quiet],
            check=False,
            capture_output=True,
            text=True,
            cwd=home,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        assert 1 == done.returncode, done.stdout + done.stderr
        lines = [n for n in done.stdout.splitlines() if n.startswith(("/", "E "))]
        assert lines
        assert [] == [n for n in lines if "NotImplementedError: fill in: " not in n]
        assert " passed" in done.stdout  # the guard, at least
        assert kind in TESTS


@pytest.mark.slow
def test_they_are_offered(shell):
    """
    By their names, when they are loaded.
    """
    homes = [shell.json(f"new-plugin {kind} acme-{kind}")["folder"] for kind in TESTS]
    code = (
        "from importlib import import_module\n"
        "from sourcehere.plugins import Registry\n"
        "from sourcehere.domain.kernel.clock import SystemClock\n"
        f"for kind in {list(TESTS)}:\n"
        "    it = import_module(f'sourcehere_acme_{kind}')\n"
        "    made = Registry([it], load_entry_points=False, clock=SystemClock())\n"
        "    print([o.name for d in made.describe() for o in d.providers])"
    )
    sources = [str(Path(home, "src").absolute()) for home in homes]
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*sources, *sys.path])},
    )
    offered = [f"['acme-{kind}']" for kind in TESTS]
    assert offered == done.stdout.splitlines(), done.stderr


@pytest.mark.slow
def test_their_types_are_right(shell, check_types):
    """
    From the first line on; a factory that makes something else would be told.
    """
    homes = [shell.json(f"new-plugin {kind} acme-{kind}")["folder"] for kind in TESTS]
    sources = [f"{home}/src" for home in homes]
    done = check_types("--strict", "--config-file=", *sources)
    assert 0 == done.returncode, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", ["aaa", "zzz", "http2", "sourcing-zed"])
def test_their_imports_are_sorted(shell, name):
    """
    By the settings that it has itself, wherever its name stands among ours.
    """
    homes = [
        shell.json(f"new-plugin {kind} {name} --into {kind}")["folder"]
        for kind in TESTS
    ]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", *homes],
        check=False,
        capture_output=True,
        text=True,
    )
    assert 0 == done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("kind", TESTS)
@pytest.mark.parametrize("name", ["none", "true", "context", "money", "any"])
def test_a_name_that_means_something_else(shell, kind, name):
    """
    Its class is called otherwise where the name is a word of Python's, or the skeleton
    has something of that name: each file can be read, and defines what it imports once.
    """
    home = Path(shell.json(f"new-plugin {kind} {name}")["folder"])
    for path in (home / "src").rglob("*.py"):
        tree = ast.parse(path.read_text())
        names = [
            *(n.name for n in ast.walk(tree) if isinstance(n, ast.ClassDef)),
            *(
                alias.asname or alias.name
                for n in ast.walk(tree)
                if isinstance(n, ast.ImportFrom)
                for alias in n.names
            ),
        ]
        assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("kind", TESTS)
def test_it_asks_for_this_minor_version(shell, kind):
    """
    pip refuses to install it beside a release that it was not written for.
    """
    home = Path(shell.json(f"new-plugin {kind} acme-post")["folder"])
    told = tomllib.loads((home / "pyproject.toml").read_text())["project"]

    major, minor, *_ = __version__.split(".")
    these = f">={major}.{minor},<{major}.{int(minor) + 1}"
    assert told["dependencies"][0] == f"sourcehere{these}"
    assert all(one.endswith(these) for one in told["dependencies"])


@pytest.mark.parametrize("kind", TESTS)
def test_its_instructions_name_files_that_are_there(shell, kind):
    """
    Whatever its README calls a file of the plugin.
    """
    home = Path(shell.json(f"new-plugin {kind} acme-post")["folder"])
    named = re.findall(r"`(src/[^`]+)`", (home / "README.md").read_text())

    assert [] == [name for name in named if not (home / name).is_file()]
    assert bool(named) == (kind != "policy")


@pytest.mark.parametrize("name", OURS)
def test_a_plugin_of_ours_is_not_made_again(shell, tmp_path, name):
    """
    Two packages of one name could not be told apart.
    """
    words = f"sourcehere-{name} is a plugin of sourcehere's own: name another"
    assert words in shell.refused(f"new-plugin store {name}", 2)
    assert [] == list(tmp_path.iterdir())


def test_what_is_offered_already_is_not_made_again(shell, tmp_path):
    """
    Of each name that the core offers itself: such a plugin would be set aside.
    """
    kinds = {
        "store platform": "store",
        "freight provider": "freight",
        "payment provider": "payment",
        "allocation policy": "policy",
    }
    with sourcehere.open("memory://", load_entry_points=False) as sh:
        plugins = sh.registry.describe()
    offered = [
        (kinds[one.kind], one.name)
        for plugin in plugins
        for one in plugin.providers
        if one.kind in kinds
    ]

    assert {("store", "file"), ("payment", "sandbox")} <= set(offered)
    for kind, name in offered:
        shell.refused(f"new-plugin {kind} {name}", 2)
    assert (
        "sourcehere: sourcehere itself offers 'file': name another\n"
        == shell.refused("new-plugin store file", 2)
    )
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "name", ["Acme", "acme_post", "1acme", "acme--post", "../x", "a b"]
)
def test_a_name_that_cannot_be_one_is_refused(shell, tmp_path, name):
    """
    Nothing is written.
    """
    assert "cannot be a name" in shell.refused(f"new-plugin store '{name}'", 2)
    assert [] == list(tmp_path.iterdir())


def test_what_is_there_stays(shell, tmp_path):
    """
    A second one of the name is refused.
    """
    shell.ok("new-plugin freight acme")
    (tmp_path / "sourcehere-acme" / "README.md").write_text("mine")
    assert "is there already" in shell.refused("new-plugin freight acme", 2)
    assert "mine" == (tmp_path / "sourcehere-acme" / "README.md").read_text()
