"""
Annotations mean the same in every Python: since 3.14 they are read in their class.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]


def own_names(body):
    """
    Return the names that a class gives to what it has.
    """
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                yield from (one.id for one in targets if isinstance(one, ast.Name))


def annotations(body):
    """
    Return the annotations that stand in a class, and where.
    """
    for node in body:
        match node:
            case ast.AnnAssign(annotation=found):
                yield node.lineno, found
            case ast.FunctionDef(returns=returned):
                given = [one.annotation for one in ast.walk(node.args) if is_arg(one)]
                yield from ((node.lineno, one) for one in (*given, returned) if one)


def is_arg(node):
    """
    Tell whether a node is an argument of a function.
    """
    return isinstance(node, ast.arg)


def shadowed(text):
    """
    Return (line, class, name) where an annotation has a name of its class.
    """
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            names = set(own_names(node.body))
            for line, annotation in annotations(node.body):
                used = {n.id for n in ast.walk(annotation) if isinstance(n, ast.Name)}
                yield from ((line, node.name, name) for name in sorted(used & names))


def test_no_annotation_has_a_name_of_its_class():
    """
    `-> list[str]` beside a method `list` is that method in Python 3.14, so that nobody
    can read what the function takes and returns.
    """
    files = [
        *ROOT.glob("src/**/*.py"),
        *ROOT.glob("plugins/*/src/**/*.py"),
        *ROOT.glob("examples/**/*.py"),
    ]
    found = [
        (str(path.relative_to(ROOT)), *place)
        for path in files
        for place in shadowed(path.read_text("utf-8"))
    ]

    assert len(files) > 500
    assert [] == found


def test_one_is_found():
    """
    In what a function takes, and in what a field holds.
    """
    text = (
        "class Desk:\n"
        "    set: set[int]\n"
        "    def list(self) -> int: ...\n"
        "    def many(self, *names: list[str]) -> tuple: ...\n"
    )

    assert [(2, "Desk", "set"), (4, "Desk", "list")] == list(shadowed(text))
