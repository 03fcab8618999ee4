"""
Write the reference's pages from the code, to be read in a checkout as they are.

    python docs/write_reference.py           # write docs/reference/
    python docs/write_reference.py --check   # fail when a page is stale

What a host calls comes first, then what plugin authors implement. What is inside the
library has pages too, in `internals/`: in a checkout they list the modules, the built
site shows everything in them.
"""

import importlib
import importlib.util
import pkgutil
import sys
from functools import cached_property
from pathlib import Path

import reference_host as host
from markdown_of import class_text, first_sentence, module_text, table
from reference_tables import commands_text, errors_text, events_text, hooks_text

import sourcehere
import sourcehere_sql
from sourcehere.app import App, compose
from sourcehere.services.base.service import Service

FOLDER = Path(__file__).parent / "reference"
HOST = {
    "open": "Opening the order core, and getting a desk",
    "seller-desk": "Everything one seller can do, and staff for that seller",
    "staff-desk": "What staff can do for the whole platform",
    "permissions": "Who may do what: every method and every role",
    "values": "What you pass: amounts, addresses, products, filters",
    "records": "What you get, and how to make JSON of it",
    "running": "What a host runs: workers, webhooks, the audit and the repair",
    "receiver": "Receiving webhooks over HTTP",
    "errors": "What can go wrong, and what to do about it",
    "events": "What is stored of every change",
    "commands": "Which command is allowed in which state",
}
AUTHORS = {
    "hooks": "What a plugin may implement",
    "ports": "The protocols of shops, carriers, gateways and storages",
    "exchanged": "The values that adapters take and return",
    "plugins": "The registry, and how configurations are read",
    "http": "The client of `sourcehere-http`, for plugins that speak to an HTTP API",
    "testing": "Fakes, factories, and the contract that every storage has to pass",
}
EXCHANGED = (
    "stores.model",
    "stores.listing",
    "freight.model",
    "warehouse.allocation",
)
# Package -> what a reader looks for there.
INTERNALS = {
    "face": "How desks are made: scopes, checked arguments, cursors, schemas",
    "app": "The services, put together",
    "services": "The processes, in nine rooms: one class each",
    "doors": "Doors: what plugins return, checked",
    "kernel": "Money, ids, clock, actor, errors, events, status tables",
    "catalog": "Products and variants",
    "orders": "Orders: lines, states, commands, events",
    "contacts": "Addresses and notes",
    "pairing": "Connections and mapping rules",
    "quotes": "Quote requests",
    "warehouse": "Lots, allocation, the stock ledger",
    "local_stock": "Goods at sellers' own places, and their movements",
    "freight": "Rate cards and delivery estimates",
    "wallet": "Accounts, checkouts, refunds",
    "shipments": "Parcels and tracking",
    "disputes": "Disputes and their policy",
    "stores": "Shops' orders as they arrive",
    "effects": "What is owed to the outside",
    "sellers": "One seller and their terms",
    "talk": "What sellers and staff say to each other",
    "unit": "The unit of work: how aggregates become rows",
    "builtin": "Plugins that ship with the core",
    "sourcehere_sql": "SQLite and PostgreSQL",
}


def pages() -> dict[str, str]:
    """
    Return every file of `docs/reference/` as it should be.
    """
    files = {f"internals/{name}.md": _internal(name) for name in INTERNALS}
    files["internals/index.md"] = _page(
        "Internals",
        "What is inside the library, for whoever works on it; hosts and plugins import"
        " nothing of this.\nIn a checkout these pages list the modules; the built site"
        " (`nox -s docs`) shows what is in them.",
        _links(INTERNALS),
    )
    texts = {
        "open": host.opening_text(),
        "seller-desk": host.desk_text("shop", sourcehere.SellerDesk),
        "staff-desk": host.desk_text("desk", sourcehere.StaffDesk),
        "permissions": _permissions(),
        "values": [class_text(one, level=2) for one in host.values()],
        "records": _records(),
        "running": host.running_text(),
        "receiver": [module_text("sourcehere.receiver")],
        "errors": errors_text(),
        "events": events_text(),
        "commands": commands_text(),
        "hooks": hooks_text(),
        "ports": _modules("sourcehere.ports"),
        "exchanged": [module_text(f"sourcehere.domain.{name}") for name in EXCHANGED],
        "plugins": _modules("sourcehere.plugins"),
        "http": _modules("sourcehere_http"),
        "testing": [*_modules("sourcehere.testing"), module_text("sourcehere_pytest")],
    }
    for name, text in texts.items():
        files[f"{name}.md"] = _page(_title(name), f"{(HOST | AUTHORS)[name]}.", *text)
    files["index.md"] = _index_page()
    return files


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _page(title: str, *parts: str) -> str:
    note = "Generated by `docs/write_reference.py`."
    return "\n\n".join([f"# {title}", note, *parts]) + "\n"


def _links(listed: dict[str, str], folder: str = "") -> str:
    return "\n".join(f"- [{n}]({folder}{n}.md): {w}." for n, w in listed.items())


def _index_page() -> str:
    names = ", ".join(f"`{name}`" for name in sorted(sourcehere.__all__))
    return _page(
        "Reference",
        f"## What a host calls\n\n{_links(HOST)}",
        f"`import sourcehere` has {names}.",
        f"## What plugin authors implement\n\n{_links(AUTHORS)}",
        "## Inside\n\n[Internals](internals/index.md): the modules, for whoever works"
        " on the library.",
    )


def _permissions() -> list[str]:
    return [
        (
            "Anybody else who calls a method gets `sourcehere.ForbiddenError`, or"
            " `sourcehere.CommandRefusedError` with the blocker `role_not_allowed`"
            " beside every other reason; a command about many reports it for each.\n"
            "A seller is at the seller's own desk only; staff, carriers and the host's"
            " own jobs (`SYSTEM`) may be at any.\n"
            "What takes in webhooks is the host's alone: `receive` of `sh.inbox`,"
            " `sh.tracking` and `sh.attempts`.\n"
            "`tests/face/test_permissions.py` calls every method as every role."
        ),
        *host.permission_text(),
    ]


def _records() -> list[str]:
    return [
        (
            "Everything here is frozen. `sourcehere.to_dict` makes plain data of it,"
            " and `sourcehere.schema_of` says of which form; `sourcehere schema NAME`"
            " prints the same."
        ),
        host.function_named("to_dict"),
        host.function_named("schema_of"),
        host.function_named("openapi_components"),
        host.function_named("openapi_ref"),
        host.function_named("http_status"),
        *(class_text(one, level=2) for one in host.records()),
    ]


def _home(name: str) -> str:
    """
    Return the full name of a package of ours, the domain's included.
    """
    if name == sourcehere_sql.__name__:
        return name
    inner = f"sourcehere.domain.{name}"
    return inner if importlib.util.find_spec(inner) else f"sourcehere.{name}"


def modules_of(name: str) -> list[str]:
    """
    List a package's modules that say something, or the module itself.
    """
    module = importlib.import_module(name)
    if not hasattr(module, "__path__"):
        return [name]
    inner = pkgutil.walk_packages(module.__path__, f"{name}.")
    found = [one.name for one in inner if "._" not in one.name]
    return [name, *(n for n in found if "migrations" not in n and _speaks(n))]


def _speaks(name: str) -> bool:
    return any(
        getattr(value, "__module__", None) == name
        for word, value in vars(importlib.import_module(name)).items()
        if not word.startswith("_")
    )


def _modules(package: str) -> list[str]:
    return [module_text(name) for name in modules_of(package)]


def _internal(name: str) -> str:
    modules = modules_of(_home(name))
    rows = [[f"`{m}`", first_sentence(importlib.import_module(m))] for m in modules]
    parts = [f"{INTERNALS[name]}.", table(["module", "what it is about"], rows)]
    if name == "app":
        parts.append(_services())
    return _page(f"`{name}`", *parts, *(f"::: {module}" for module in modules))


def _services() -> str:
    rows = []
    with compose("memory://", load_entry_points=False) as app:
        later = [n for n, v in vars(App).items() if isinstance(v, cached_property)]
        for name in (*vars(app), *later):
            value = getattr(app, name)
            if isinstance(value, Service):
                kind = f"{type(value).__module__}.{type(value).__qualname__}"
                words = first_sentence(type(value))
                rows.append([f"`app.{name}`", f"[`{kind}`][{kind}]", words])
    return table(["reached as", "class", "what it does"], rows)


def main() -> int:
    """
    Write the pages, or name the stale ones.
    """
    assert sourcehere_sql  # its errors are listed, too
    files = pages()
    there = {p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*.md")}
    stale = sorted(
        name
        for name in there | files.keys()
        if name not in files
        or name not in there
        or (FOLDER / name).read_text(encoding="utf-8") != files[name]
    )
    if "--check" in sys.argv:
        for name in stale:
            print(f"stale: docs/reference/{name}; run python docs/write_reference.py")
        return 1 if stale else 0
    (FOLDER / "internals").mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in files:
            (FOLDER / name).write_text(files[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
