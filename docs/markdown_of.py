"""
Write a class, a function or a module as Markdown that reads well without a site.

Signatures are written as they stand in the source; docstrings lose their indentation,
and their sections (`Args:`, `Raises:` ...) become lists.
"""

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

LINE = 88
SECTIONS = ("Args", "Attributes", "Returns", "Raises", "Yields")


def first_sentence(thing: object) -> str:
    """
    Return the first paragraph of a docstring, on one line.
    """
    text = inspect.getdoc(thing) or ""
    return " ".join(text.split("\n\n")[0].split())


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """
    Write a table.
    """
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def class_text(cls: type, *, level: int, name: str = "") -> str:
    """
    Write a class: its fields, what it says of itself, and its public methods.
    """
    node = node_of(cls)
    parts = [f"{'#' * level} `{name or cls.__name__}`"]
    fields = list(_fields(node))
    if fields:
        parts.append(_code("\n    ".join([_head(cls.__name__, node), *fields])))
    if maker := _maker(node):
        parts.append(_code(signature(maker)))
    parts.append(doc_text(node))
    parts += [
        function_text(method, level=level + 1, name=f"{name or cls.__name__}.")
        for method in node.body
        if isinstance(method, ast.FunctionDef) and not method.name.startswith("_")
    ]
    return "\n\n".join(part for part in parts if part)


def _maker(node: ast.ClassDef) -> ast.FunctionDef | None:
    """
    Return how an object is made, as a function of the class's name, if its class says
    what it is made of.
    """
    if "Args:" not in (ast.get_docstring(node) or ""):
        return None
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and method.name == "__init__":
            made = ast.Constant(node.name)
            return ast.FunctionDef(node.name, method.args, [], [], made)
    return None


def _head(name: str, node: ast.ClassDef) -> str:
    """
    Write a class's first line, which says whether its fields are given by name only.
    """
    bases = ", ".join(ast.unparse(base) for base in node.bases)
    head = f"class {name}({bases}):" if bases else f"class {name}:"
    return f"{head}  # takes keywords only" if _takes_keywords(node) else head


def _takes_keywords(node: ast.ClassDef) -> bool:
    return any(
        word.arg == "kw_only" and ast.unparse(word.value) == "True"
        for mark in node.decorator_list
        if isinstance(mark, ast.Call)
        for word in mark.keywords
    )


def function_text(node: ast.FunctionDef, *, level: int, name: str = "") -> str:
    """
    Write a function or method: its signature and what it says of itself.
    """
    heading = f"{'#' * level} `{name}{node.name}`"
    return "\n\n".join([heading, _code(signature(node)), doc_text(node)])


def module_text(name: str, *, level: int = 2) -> str:
    """
    Write everything public of a module, in the order of its source.
    """
    tree = tree_of(inspect.getsourcefile(importlib.import_module(name)) or "")
    parts = [f"{'#' * level} `{name}`", doc_text(tree)]
    for node in tree.body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef):
            continue
        if node.name.startswith("_"):
            continue
        if isinstance(node, ast.FunctionDef):
            parts.append(function_text(node, level=level + 1))
        else:
            cls = getattr(importlib.import_module(name), node.name)
            parts.append(class_text(cls, level=level + 1))
    return "\n\n".join(parts)


def node_of(thing: type) -> ast.ClassDef:
    """
    Return where a class stands in its source.
    """
    tree = tree_of(inspect.getsourcefile(thing) or "")
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == thing.__name__:
            return node
    msg = f"{thing} has no source"
    raise LookupError(msg)


@cache
def tree_of(path: str) -> ast.Module:
    """
    Parse a source file, once.
    """
    return ast.parse(Path(path).read_text("utf-8"))


def _code(text: str) -> str:
    return f"```python\n{text}\n```"


def _fields(node: ast.ClassDef) -> Iterator[str]:
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            if not line.target.id.startswith("_"):
                kind = ast.unparse(line.annotation)
                yield f"{line.target.id}: {kind}{_default(line)}"
        # The members of an enum, and the states of a chart, are plain assignments.
        elif isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
            yield ast.unparse(line)


def _default(line: ast.AnnAssign) -> str:
    if line.value is None:
        return ""
    text = ast.unparse(line.value)
    if not text.startswith("attrs.field("):
        return f" = {text}"
    said = {word.arg: word.value for word in getattr(line.value, "keywords", ())}
    plain = said.get("default")
    if isinstance(plain, ast.Constant) and "converter" not in said:
        return f" = {plain.value!r}"
    return " = ..." if plain or "factory" in said else ""


def signature(node: ast.FunctionDef) -> str:
    """
    Write a signature, without `self`; one argument a line where it is long.
    """
    if any(ast.unparse(mark).endswith("property") for mark in node.decorator_list):
        return f"{node.name} -> {_returns(node)}  # a property"
    arguments = [text for text in _arguments(node.args) if text not in ("self", "cls")]
    short = f"{node.name}({', '.join(arguments)}) -> {_returns(node)}"
    if len(short) <= LINE:
        return short
    inner = "".join(f"    {text},\n" for text in arguments)
    return f"{node.name}(\n{inner}) -> {_returns(node)}"


def _returns(node: ast.FunctionDef) -> str:
    return ast.unparse(node.returns).strip("'") if node.returns else "None"


def _arguments(given: ast.arguments) -> Iterator[str]:
    plain = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(plain) - len(given.defaults)) + list(given.defaults)
    for argument, default in zip(plain, defaults, strict=True):
        yield _argument(argument, default)
    if given.vararg:
        yield f"*{ast.unparse(given.vararg)}"
    elif given.kwonlyargs:
        yield "*"
    for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        yield _argument(argument, default)
    if given.kwarg:
        yield f"**{ast.unparse(given.kwarg)}"


def _argument(argument: ast.arg, default: ast.expr | None) -> str:
    text = ast.unparse(argument)
    if default is None:
        return text
    return f"{text} = {ast.unparse(default)}" if argument.annotation else text


def doc_text(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> str:
    """
    Write a docstring: paragraphs on one line, sections as lists.
    """
    parts: list[str] = []
    for part in (ast.get_docstring(node) or "").split("\n\n"):
        title, _, rest = part.partition("\n")
        if title.removesuffix(":") in SECTIONS and title.endswith(":"):
            parts.append(f"**{title}**")
            parts.extend(_entries(textwrap.dedent(rest), title))
        elif part.startswith("    ") and parts and parts[-1].startswith("- "):
            parts.extend(_entries(textwrap.dedent(part), ""))
        else:
            parts.append(_paragraph(part))
    return re.sub(r"\n\n(?=- )", "\n\n", "\n\n".join(parts))


def _paragraph(text: str) -> str:
    if text.startswith(("    ", "- ", "1. ")):
        return text
    return " ".join(text.split())


def _entries(text: str, title: str) -> Iterator[str]:
    """
    Write the entries of a section; one begins where a line is not indented.
    """
    for entry in re.split(r"\n(?=\S)", text):
        words = " ".join(entry.split())
        named = re.match(r"(\**\w+): (.*)", words)
        if named and title != "Returns:":
            yield f"- `{named[1]}`: {named[2]}"
        else:
            yield f"- {words}"
