"""
A command id stands for one request: every argument of a command is part of it.

Who repeats an id with another argument has to hear so (`IdempotencyConflictError`); an
argument that is left out of `Given` would get the first answer without a word.
"""

import ast
from pathlib import Path

import sourcehere

SERVICES = Path(sourcehere.__file__).parent / "services"
# Whose command it is stands in the key; who sends it may differ.
NOT_ASKED = {"self", "seller_id", "by", "command_id", "progress", "stop", "enough"}


def names_in(nodes):
    """
    Return the names that appear in *nodes*.
    """
    return {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}


def calls_of(function, name):
    """
    List the calls in *function* of something called *name*.
    """
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and name in (getattr(node.func, "id", ""), getattr(node.func, "attr", ""))
    ]


def left_out(function):
    """
    Return the arguments of *function* that its request does not depend on.
    """
    used = names_in(calls_of(function, "Given"))
    assigned = [
        (names_in(node.targets), names_in([node.value]))
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
    ]
    assigned += [
        (names_in([node.target]), names_in([node.value]))
        for node in ast.walk(function)
        if isinstance(node, ast.AnnAssign) and node.value is not None
    ]
    for _ in assigned:  # a request may be put together in steps
        used |= {n for to, of in assigned if to & used for n in of}
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return {one.arg for one in given} - used - NOT_ASKED


def commands():
    """
    Yield every method of a service that makes a request, with its file and name.

    A bulk command (`_each`) makes one of each item, which is part of it by itself.
    """
    for path in sorted(SERVICES.rglob("*.py")):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if "Given" in text else ():
            if isinstance(node, ast.FunctionDef) and calls_of(node, "Given"):
                where = f"{path.relative_to(SERVICES).as_posix()}: {node.name}"
                yield where, node, bool(calls_of(node, "_each"))


def test_every_argument_is_part_of_the_request():
    """
    No command forgets an argument, however new.
    """
    found = list(commands())

    assert len(found) > 40
    assert {} == {
        where: left_out(node)
        for where, node, is_bulk in found
        if not is_bulk and left_out(node)
    }
