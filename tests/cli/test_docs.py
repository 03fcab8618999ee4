"""
The page about the command knows every command, and only examples that are read.
"""

import inspect
import re
import shlex
from pathlib import Path

import pytest

from sourcehere.cli.entry import make_app

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
FLAGS = {"--help", "-h", "--version"}
GLOBAL = {"--db": 1, "--seller": 1, "--as": 1, "--json": 0}


def commands(app, path=()):
    """
    Return the words of every command that does something.
    """
    for name, inner in app.resolved_commands().items():
        if name in FLAGS:
            continue
        words = (*path, name)
        below = set(inner.resolved_commands()) - FLAGS
        if below:
            yield from commands(inner, words)
        else:
            yield " ".join(words)


def examples():
    """
    Return every line of the page that is a call of the command.
    """
    blocks = re.findall(r"```(?:console|bash)\n(.*?)```", PAGE.read_text(), re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line.removeprefix("$ ") for line in lines if "sourcehere " in line[:13]]


def without_globals(words):
    """
    Drop what may be said with every command.
    """
    left = []
    rest = iter(words)
    for word in rest:
        if word in GLOBAL:
            for _ in range(GLOBAL[word]):
                next(rest)
        else:
            left.append(word)
    return left


EVERY = sorted(commands(make_app()))
STARTS = [" ".join(without_globals(shlex.split(e))[1:]) for e in examples()]


def test_the_tree_is_as_large_as_it_was_meant():
    """
    The walk below really sees the commands.
    """
    assert {"orders pay", "cloud write-off", "demo", "audit"} <= set(EVERY)


@pytest.mark.parametrize("name", EVERY)
def test_every_command_has_an_example(name):
    """
    No command is missing from the page.
    """
    assert any(f"{start} ".startswith(f"{name} ") for start in STARTS)


@pytest.mark.parametrize("example", examples())
def test_every_example_is_understood(example):
    """
    The command reads each line of the page as it stands there.
    """
    words = without_globals(shlex.split(example)[1:])
    command, _, _ = make_app().parse_args(words, exit_on_error=False, print_error=False)
    assert command.__module__.startswith("sourcehere.cli")


@pytest.mark.parametrize("name", EVERY)
def test_every_command_says_what_it_does(name, capsys):
    """
    Each command has a help of its own, with a sentence about each argument.
    """
    make_app()([*name.split(), "--help"], result_action="return_value")
    out = capsys.readouterr().out
    assert f"sourcehere {name}" in " ".join(out.split())


def first_words():
    """
    Return every first word that does something, with the function that does it.
    """
    for name, inner in make_app().resolved_commands().items():
        if name not in FLAGS and inner.default_command is not None:
            yield name, inner.default_command


@pytest.mark.parametrize(("name", "function"), sorted(first_words()))
def test_its_help_is_all_that_its_function_says(shell, name, function):
    """
    Not only what the list of commands says: that a worker may be stopped, and where a
    shop's webhooks go, stands nowhere else.
    """

    def in_words(text):
        return " ".join(re.findall(r"\w+", text))

    about = inspect.cleandoc(function.__doc__).partition("\nArgs:")[0]
    assert in_words(about) in in_words(shell.ok(f"{name} --help"))
