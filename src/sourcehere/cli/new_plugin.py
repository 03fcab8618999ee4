"""
`sourcehere new-plugin`.
"""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from keyword import iskeyword
from pathlib import Path
from string import Template
from typing import Literal

from .. import __version__
from .errors import UsageError
from .output import Result, facts

Kind = Literal["store", "freight", "payment", "policy"]
_ABOUT = {
    "store": "Shops on {title}",
    "freight": "{title}, a carrier",
    "payment": "{title}, a payment gateway",
    "policy": "{title}, an allocation policy",
}
_NEEDS = {
    "store": ("sourcehere", "sourcehere-http"),
    "freight": ("sourcehere",),
    "payment": ("sourcehere",),
    "policy": ("sourcehere",),
}
# What is to be done first.
_CONFIG = "Say in `src/{package}/config.py` what has to be known to connect it."
_CHOSEN = (
    "Nothing has to be known to connect a policy: it is chosen by its name, with"
    " `sourcehere sellers allocation` or `Settings.allocation_policy`."
)
_FIRST = {
    "store": _CONFIG,
    "freight": _CONFIG,
    "payment": _CONFIG,
    "policy": _CHOSEN,
}
_GUIDES = {
    "store": "first-shop.md",
    "freight": "first-plugin.md",
    "payment": "contracts.md",
    "policy": "contracts.md",
}
# Two packages of one name could not be told apart.
_OURS = frozenset(
    {
        "http",
        "karrio",
        "medusa",
        "procrastinate",
        "shopify",
        "sql",
        "stripe",
        "vendure",
        "woocommerce",
    }
)
# A plugin that offers what the core offers itself would be set aside.
_BUILT_IN = {"store": frozenset({"file"}), "payment": frozenset({"sandbox"})}
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_SUFFIX = ".template"
_IMPORTS = re.compile(r"(?:^from sourcehere[\w.]* import [^(\n]+\n)+", re.MULTILINE)


def run(kind: Kind, name: str, /, *, into: Path = Path()) -> Result:
    """
    Write the skeleton of a plugin, with a contract that says what is to be filled in.

    Args:
        kind: A store platform, a carrier, a payment gateway, or an allocation policy.

        name: What the platform, carrier or policy is called: small letters and digits,
            parts with a dash between them.

        into: The folder in which the plugin's own folder is made.
    """
    if not _NAME.fullmatch(name):
        message = (
            f"{name!r} cannot be a name: use small letters and digits, and a dash"
            " between parts, such as acme-post"
        )
        raise UsageError(message)
    words = _words(kind, name)
    if name in _OURS:
        message = f"{words['dist']} is a plugin of sourcehere's own: name another"
        raise UsageError(message)
    if name in _BUILT_IN.get(kind, ()):
        message = f"sourcehere itself offers {name!r}: name another"
        raise UsageError(message)
    home = into / words["dist"]
    if home.exists():
        message = f"{home} is there already: name another, or move it away"
        raise UsageError(message)
    for place, text in _texts(kind, words).items():
        path = home / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    made = {"folder": str(home), "kind": kind, "name": name}
    told = facts(
        {
            "written": str(home),
            "next": f"cd {home} && pip install -e '.[test]' && pytest",
        }
    )
    return Result(made, (told,))


def _words(kind: Kind, name: str) -> dict[str, str]:
    """
    Return what the templates name.
    """
    module = name.replace("-", "_")
    title = " ".join(part.capitalize() for part in name.split("-"))
    camel = _class_name(kind, title.replace(" ", ""))
    return {
        "name": name,
        "module": module,
        "upper": module.upper(),
        "title": title,
        "about": _ABOUT[kind].format(title=title),
        "dist": f"sourcehere-{name}",
        "package": f"sourcehere_{module}",
        "provider": camel,
        "config": f"{camel}Config",
        "lab": f"{camel}Lab",
        "server": f"{camel}Server",
        "guide": f"docs/guides/{_GUIDES[kind]}",
        "first": _FIRST[kind].format(package=f"sourcehere_{module}"),
        "needs": ", ".join(f'"{name}{_these()}"' for name in _NEEDS[kind]),
        "contract": camel,
    }


def _class_name(kind: Kind, camel: str) -> str:
    """
    Return what a plugin's class is called: what its skeleton names already, such as
    `Context`, and a word of Python's, such as `None`, with its kind behind it.
    """
    templates = _below(files(__package__).joinpath("skeletons", kind)).values()
    named = re.compile(rf"\b{camel}\b")
    is_taken = any(named.search(template) for template in templates)
    return camel + kind.capitalize() if is_taken or iskeyword(camel) else camel


def _these() -> str:
    """
    Return which releases of ours a plugin is for: those with the minor version of this
    one.
    """
    major, minor, *_ = __version__.split(".")
    return f">={major}.{minor},<{major}.{int(minor) + 1}"


def _texts(kind: Kind, words: dict[str, str]) -> dict[str, str]:
    """
    Return place -> text of all files of a plugin.
    """
    root = files(__package__).joinpath("skeletons")
    found: dict[str, str] = {}
    for folder in ("common", kind):
        for place, template in _below(root.joinpath(folder)).items():
            name = place.removesuffix(_SUFFIX).replace("__package__", words["package"])
            found[name] = _sorted(Template(template).substitute(words))
    return found


def _sorted(text: str) -> str:
    """
    Put the plugin's own imports where its name has its place among ours.
    """
    return _IMPORTS.sub(lambda found: "".join(_by_module(found[0])), text)


def _by_module(lines: str) -> list[str]:
    return sorted(lines.splitlines(keepends=True), key=lambda line: line.split()[1])


def _below(folder: Traversable, prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for one in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if one.is_dir():
            found |= _below(one, f"{prefix}{one.name}/")
        elif one.name.endswith(_SUFFIX):
            found[f"{prefix}{one.name}"] = one.read_text(encoding="utf-8")
    return found
