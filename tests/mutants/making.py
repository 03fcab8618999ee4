"""
Which small changes a file of the library can have, and how one is made in a process
that has imported it.

The changes are mutmut's. They are not written to a copy of the sources: a function gets
the changed code where it stands, so that nothing is imported or collected again.
"""

import ast
import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import get_ignored_lines

SOURCES = Path(__file__).parents[2] / "src" / "sourcehere"

Loaded = Mapping[tuple[str, str], list[FunctionType]]


@dataclass(frozen=True)
class Mutant:
    """
    A function with one small change.

    Attributes:
        file: Its path below `src/sourcehere`.

        function: Its name, behind its class and a dot if it is a method.

        at: Where the lines *old* stand in the file, counted from 0.

        new: The lines that take their place.

        lines: Who runs one of these lines, counted from 1, runs the change.
    """

    file: str
    function: str
    at: int
    old: tuple[str, ...]
    new: tuple[str, ...]
    lines: frozenset[int]

    def __str__(self) -> str:
        """
        Write it as `survivors.txt` does; other lines of the file may move.
        """
        head = f"@ {self.file} {self.function}"
        changes = (*(f"-{line}" for line in self.old), *(f"+{n}" for n in self.new))
        return "\n".join((head, *changes))

    def source(self) -> str:
        """
        Return the text of its file, changed.
        """
        lines = (SOURCES / self.file).read_text("utf-8").splitlines()
        lines[self.at : self.at + len(self.old)] = self.new
        return "\n".join(lines) + "\n"


def mutants_of(path: Path) -> Iterator[Mutant]:
    """
    Yield every mutant of a file, but for its promises.
    """
    return (mutant for mutant in _all_of(path) if not _is_of_a_promise(mutant))


def _is_of_a_promise(mutant: Mutant) -> bool:
    """
    Tell whether it changes an `assert`, or the `strict` of a `zip`.

    They say what cannot happen, so nothing can be seen of them while they hold.
    """
    old, new = ("\n".join(lines) for lines in (mutant.old, mutant.new))
    is_strict = "strict=True" in old and "strict=True" not in new
    return is_strict or old.lstrip().startswith("assert ")


def _all_of(path: Path) -> Iterator[Mutant]:
    text = path.read_text("utf-8")
    wrapper = MetadataWrapper(cst.parse_module(text))
    ignored = get_ignored_lines(str(path), text, wrapper)
    visitor = MutationVisitor(mutation_operators, ignored)
    wrapper.visit(visitor)
    places = wrapper.resolve(PositionProvider)
    statements = _statements(text)
    for mutation in visitor.mutations:
        function = mutation.contained_by_top_level_function
        if not isinstance(function, cst.FunctionDef):
            continue  # a table of a module or a class: no function to change
        owner = _class_of(wrapper.module, function)
        changed = function.deep_replace(mutation.original_node, mutation.mutated_node)
        old = _lines_of(wrapper.module, owner, function)
        new = _lines_of(wrapper.module, owner, changed)
        before = _in_common(old, new)
        behind = _in_common(old[before:][::-1], new[before:][::-1])
        names = [node.name.value for node in (owner, function) if node]
        yield Mutant(
            file=str(path.relative_to(SOURCES)),
            function=".".join(names),
            at=places[function].end.line - len(old) + before,
            old=tuple(old[before : len(old) - behind]),
            new=tuple(new[before : len(new) - behind]),
            lines=_run_with(
                statements, places[function], places[mutation.original_node]
            ),
        )


def _class_of(module: cst.Module, method: cst.FunctionDef) -> cst.ClassDef | None:
    classes = [node for node in module.body if isinstance(node, cst.ClassDef)]
    return next((c for c in classes if method in c.body.body), None)


def _lines_of(
    module: cst.Module, owner: cst.ClassDef | None, function: cst.CSTNode
) -> list[str]:
    """
    Return the lines of a function, indented as in its class, which has nothing else.
    """
    node = function
    if owner:
        node = owner.with_changes(body=owner.body.with_changes(body=[function]))
    return module.code_for_node(node).splitlines()


def _in_common(some: list[str], others: list[str]) -> int:
    """
    Count the lines that two lists have in common at their beginning.
    """
    pairs = zip(some, others, strict=False)
    different = (i for i, (one, other) in enumerate(pairs) if one != other)
    return next(different, min(len(some), len(others)))


def _statements(text: str) -> list[tuple[int, int]]:
    """
    List the first and last lines of all statements, without those in them.
    """
    return [
        (node.lineno, _last_line(node))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.stmt)
        and not isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]


def _last_line(node: ast.stmt) -> int:
    inner = getattr(node, "body", None) or getattr(node, "cases", None)
    if not inner:
        return node.end_lineno or node.lineno
    first = getattr(inner[0], "pattern", inner[0])
    return max(node.lineno, first.lineno - 1)


def _run_with(
    statements: list[tuple[int, int]], function: CodeRange, place: CodeRange
) -> frozenset[int]:
    """
    Return the lines of the statement at *place*; of the whole function for its head.
    """
    line = place.start.line
    around = [lines for lines in statements if lines[0] <= line <= lines[1]]
    first, last = max(around, default=(function.start.line + 1, function.end.line))
    return frozenset(range(first, last + 1))


def loaded() -> Loaded:
    """
    Return every function of the library in this process, by file and name.
    """
    found = defaultdict(list)
    gc.unfreeze()  # or what was frozen once all tests were collected is not listed
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType):
            code = thing.__code__
            path = Path(code.co_filename)
            if path.is_relative_to(SOURCES):
                found[str(path.relative_to(SOURCES)), code.co_qualname].append(thing)
    return found


def make(mutant: Mutant, functions: Loaded) -> None:
    """
    Change the loaded function that *mutant* is about, and those it has made.

    Raises:
        LookupError: If it is not loaded: then no test can tell.
    """
    if (mutant.file, mutant.function) not in functions:
        msg = f"{mutant.file} {mutant.function} is not loaded"
        raise LookupError(msg)
    source = mutant.source()
    module = compile(source, str(SOURCES / mutant.file), "exec")
    inner = f"{mutant.function}.<locals>."
    for code in _codes_in(module):
        name = code.co_qualname
        for function in functions.get((mutant.file, name), ()):
            if name == mutant.function:
                _set_defaults(function, ast.parse(source))
                function.__code__ = code
            elif name.startswith(inner) and _is_alike(function.__code__, code):
                function.__code__ = code


def _codes_in(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes_in(one)


def _is_alike(old: CodeType, new: CodeType) -> bool:
    """
    Tell whether *new* is the code of the same inner function: two may have one name.
    """
    first = old.co_firstlineno, old.co_freevars
    return first == (new.co_firstlineno, new.co_freevars)


def _set_defaults(function: FunctionType, tree: ast.Module) -> None:
    """
    Set the defaults of a function as *tree* says, where they are plain values.
    """
    *owner, last = function.__qualname__.split(".")
    body = tree.body
    for name in owner:
        body = next(
            n.body for n in body if isinstance(n, ast.ClassDef) and n.name == name
        )
    given = next(
        n.args for n in body if isinstance(n, ast.FunctionDef) and n.name == last
    )
    function.__defaults__ = tuple(
        new.value if isinstance(new, ast.Constant) else old
        for old, new in zip(function.__defaults__ or (), given.defaults, strict=True)
    )
    function.__kwdefaults__ = (function.__kwdefaults__ or {}) | {
        argument.arg: new.value
        for argument, new in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        if isinstance(new, ast.Constant)
    }
