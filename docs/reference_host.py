"""
The pages of the reference that a host needs: what it opens, calls, gives and gets.
"""

import ast
import enum
import inspect
import typing
from collections.abc import Iterable, Iterator, Mapping
from types import NoneType

import attrs
from markdown_of import (
    class_text,
    doc_text,
    first_sentence,
    function_text,
    node_of,
    signature,
    table,
    tree_of,
)

import sourcehere
from sourcehere.domain.kernel.actor import Role
from sourcehere.face.schemas import RECORDS
from sourcehere.face.scope import Access, Desk, access_of

# The arguments that records hold too are shown with the other arguments.
SHARED = (
    sourcehere.Actor,
    sourcehere.Address,
    sourcehere.Money,
    sourcehere.Price,
    sourcehere.QuantityRange,
    sourcehere.RuleItem,
)


def desks() -> dict[str, dict[str, type[Desk]]]:
    """
    Return the parts of each desk: `shop` or `desk` -> attribute -> class.
    """
    with sourcehere.open("memory://", load_entry_points=False) as sh:
        return {"shop": _parts(sh.seller("a")), "desk": _parts(sh.staff("b"))}


def _parts(owner: object) -> dict[str, type[Desk]]:
    found = vars(owner).items()
    return {part: type(value) for part, value in found if isinstance(value, Desk)}


def methods_of(cls: type[Desk]) -> Iterator[tuple[str, Access, ast.FunctionDef]]:
    """
    Walk the public methods of a desk, those it inherits first.
    """
    for one in reversed(cls.__mro__):
        if not issubclass(one, Desk) or one is Desk:
            continue
        for node in node_of(one).body:
            if isinstance(node, ast.FunctionDef):
                access = access_of(getattr(cls, node.name))
                if access is not None:
                    yield node.name, access, node


def who(access: Access) -> str:
    """
    Say in words who may call a method.
    """
    if access.roles == frozenset(Role):
        return "everyone"
    return ", ".join(sorted(access.roles))


def opening_text() -> list[str]:
    """
    Write `sourcehere.open` and what it returns.
    """
    path = inspect.getsourcefile(inspect.unwrap(sourcehere.open)) or ""
    (node,) = (
        n
        for n in tree_of(path).body
        if isinstance(n, ast.FunctionDef) and n.name == "open"
    )
    return [
        function_text(node, level=2, name="sourcehere."),
        class_text(sourcehere.SourceHere, level=2),
    ]


def running_text() -> list[str]:
    """
    Write what a host runs by itself: the parts of `SourceHere`, and the worker.
    """
    with sourcehere.open("memory://", load_entry_points=False) as sh:
        parts = _parts(sh)
    return [
        (
            "See [operating](../guides/operating.md). A worker does all that waits; the"
            " parts of an open `SourceHere` are the same steps one by one, and what"
            " receives webhooks."
        ),
        *_parts_text("sh", parts),
        class_text(sourcehere.Worker, level=2),
    ]


def desk_text(name: str, cls: type) -> list[str]:
    """
    Write a desk: its parts in a table, then each with its methods.
    """
    own = [
        function_text(node, level=2, name=f"{name}.")
        for node in node_of(cls).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
    return [doc_text(node_of(cls)), *_parts_text(name, desks()[name]), *own]


def _parts_text(name: str, parts: Mapping[str, type[Desk]]) -> list[str]:
    rows = [[f"`{name}.{p}`", first_sentence(c)] for p, c in parts.items()]
    texts = [table(["part", "what it does"], rows)]
    for part, kind in parts.items():
        texts.append(f"## `{name}.{part}`\n\n{doc_text(node_of(kind))}")
        texts += [
            f"### `{part}.{method}`\n\n```python\n{signature(node)}\n```\n\n"
            f"{'Command' if access.is_command else 'Reading'}, for {who(access)}."
            f"\n\n{doc_text(node)}"
            for method, access, node in methods_of(kind)
        ]
    return texts


def permission_text() -> list[str]:
    """
    Write who may do what: each method of each desk, and every role.
    """
    roles = sorted(Role)
    texts = []
    for name, parts in desks().items():
        rows = [
            [
                f"`{part}.{method}`",
                "command" if access.is_command else "reading",
                *("yes" if role in access.roles else "" for role in roles),
            ]
            for part, kind in parts.items()
            for method, access, _ in methods_of(kind)
        ]
        title = {"shop": "At a seller's desk", "desk": "At the staff's desk"}[name]
        texts.append(f"## {title}\n\n" + table(["method", "kind", *roles], rows))
    return texts


def _closure(hints: Iterable[object]) -> set[type]:
    """
    Collect the attrs classes and enums that *hints* and their fields name.
    """
    found: set[type] = set()
    todo = list(hints)
    while todo:
        hint = todo.pop()
        while hasattr(hint, "__supertype__"):
            hint = hint.__supertype__
        todo.extend(typing.get_args(hint))
        hint = typing.get_origin(hint) or hint
        if not isinstance(hint, type) or hint in found or hint is NoneType:
            continue
        if not hint.__module__.startswith("sourcehere"):
            continue
        if attrs.has(hint):
            found.add(hint)
            todo.extend(typing.get_type_hints(hint).values())
        elif issubclass(hint, enum.Enum):
            found.add(hint)
    return found


def records() -> list[type]:
    """
    List the records that a host gets, and the records within them, by name.
    """
    named = [*RECORDS.values(), sourcehere.Page, sourcehere.Report]
    found = (one for one in _closure(named) if not issubclass(one, enum.Enum))
    return sorted(
        (one for one in found if one not in SHARED), key=lambda one: one.__name__
    )


def values() -> list[type]:
    """
    List what a host gives: arguments of methods, and what else `sourcehere` has.
    """
    hints: list[object] = list(SHARED)
    for parts in desks().values():
        for kind in parts.values():
            for method, _, _ in methods_of(kind):
                given = typing.get_type_hints(inspect.unwrap(getattr(kind, method)))
                hints.extend(h for name, h in given.items() if name != "return")
    public = [getattr(sourcehere, name) for name in sourcehere.__all__]
    classes = {one for one in public if isinstance(one, type)}
    hints.extend(RECORDS.values())  # for the words their fields may hold
    found = _closure(hints) | classes
    aside = {*records(), sourcehere.SourceHere, sourcehere.SellerDesk}
    aside |= {sourcehere.StaffDesk, sourcehere.Worker}
    return sorted(
        (
            one
            for one in found - aside
            if not issubclass(one, Exception) and not issubclass(one, Desk)
        ),
        key=lambda one: one.__name__,
    )


def function_named(name: str) -> str:
    """
    Write one of the functions of `sourcehere`.
    """
    function = getattr(sourcehere, name)
    path = inspect.getsourcefile(function) or ""
    (node,) = (
        n
        for n in tree_of(path).body
        if isinstance(n, ast.FunctionDef) and n.name == name
    )
    return function_text(node, level=2, name="sourcehere.")
