"""
The charts that are drawn at a shell.
"""

import sys

import pytest


@pytest.fixture
def bare(shell, monkeypatch):
    """
    Return a shell where the package that draws is not installed.
    """
    monkeypatch.setitem(sys.modules, "mermaidx", None)
    return shell


def test_without_the_package_that_draws_it_is_a_table(bare):
    """
    What the docs type works with what they install.
    """
    assert "| Awaiting payment " in bare.ok("states store")


def test_the_document_needs_no_package(bare):
    """
    A program is told the moves.
    """
    told = bare.json("states refund")

    assert "refund" == told["kind"]
    assert {"from", "event", "to"} == set(told["moves"][0])


def test_a_drawing_that_was_asked_for_says_what_it_needs(bare):
    """
    The package, and the forms that need none.
    """
    told = bare.refused("states store --format svg", 2)

    assert "pip install mermaidx; --format md and mermaid need none" in told
