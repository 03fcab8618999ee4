"""
The pages of the reference that are tables: events, errors, commands, hooks.
"""

import inspect
from collections.abc import Iterable, Iterator, Mapping

import attrs
from markdown_of import first_sentence, table

import sourcehere
from sourcehere.domain.disputes import model as disputes
from sourcehere.domain.kernel.errors import CallerError, CounterpartyError, StateError
from sourcehere.domain.kernel.events import EVENT_TYPES, Event
from sourcehere.domain.orders import rules
from sourcehere.domain.orders.kinds import CHARTS, KINDS, KindOfOrder
from sourcehere.domain.pairing import model as pairing
from sourcehere.domain.quotes import model as quotes
from sourcehere.face.http_statuses import http_status_of
from sourcehere.plugins.hookspecs import HookSpecs


def events_text() -> list[str]:
    """
    Write what is stored of every change; all modules have to be imported before.
    """
    common = {field.name for field in attrs.fields(Event)}
    rows = []
    for name, kind in sorted(EVENT_TYPES.items()):
        fields = [f.name for f in attrs.fields(kind) if f.name not in common]
        listed = ", ".join(f"`{field}`" for field in fields)
        rows.append([f"`{name}`", str(kind.SCHEMA), first_sentence(kind), listed])
    return [
        (
            "What is stored of every change, by its stable name. All of them have"
            " `occurred_at` and `by`; none holds personal data."
        ),
        table(["name", "schema", "what happened", "facts"], rows),
    ]


def errors_text() -> list[str]:
    """
    Write every error, by family: its meaning, and the facts it carries.
    """
    parts = []
    families = {
        CallerError: "The request is wrong, and stays wrong",
        StateError: "The state has moved on: read again, then decide",
        CounterpartyError: "Somebody outside failed: later it may work",
    }
    for family, words in families.items():
        rows = [
            [
                f"`{_address(kind)}`",
                first_sentence(kind),
                _facts(kind),
                str(http_status_of(kind)),
            ]
            for kind in sorted(_below(family), key=lambda k: k.__name__)
        ]
        listed = table(["error", "meaning", "facts", "HTTP"], rows)
        parts.append(f"## {family.__name__}\n\n{words}.\n\n{listed}")
    return [
        (
            "Everything raised on purpose is a `sourcehere.SourceHereError` of one of"
            " three families. Facts are attributes. What raises has changed nothing."
            " The last column is what `sourcehere.http_status` returns of it."
        ),
        *parts,
    ]


def _address(kind: type) -> str:
    """
    Return where an error is imported from: `sourcehere` itself, if it is there.
    """
    if getattr(sourcehere, kind.__name__, None) is kind:
        return f"sourcehere.{kind.__name__}"
    return f"{kind.__module__}.{kind.__qualname__}"


def _facts(kind: type) -> str:
    given = inspect.signature(kind.__init__).parameters.values()
    named = [one.name for one in given if one.kind is one.KEYWORD_ONLY]
    return ", ".join(f"`{name}`" for name in named)


def _below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        if one.__module__.partition(".")[0] in ("sourcehere", "sourcehere_sql"):
            yield one
            yield from _below(one)


def commands_text() -> list[str]:
    """
    Write every command: who may do it, and in which states.
    """
    rows = [
        [
            f"`{name}`",
            _roles(rule.roles),
            *(_states(kind, name) for kind in CHARTS),
        ]
        for name, rule in rules.RULES.items()
    ]
    heads = ["command", "who", *(kind.label.lower() for kind in KINDS.values())]
    parts = [
        "## Orders\n\nThe states in which each command may be done.\n\n"
        + table(heads, rows)
    ]
    parts.insert(0, f"## Kinds of order\n\n{_kinds()}")
    others: dict[str, Mapping[str, frozenset[object]]] = {
        "Quote requests": quotes.ROLES,
        "Disputes": disputes.ROLES,
        "Connections": pairing.ROLES,
    }
    for title, roles in others.items():
        listed = [[f"`{name}`", _roles(who)] for name, who in roles.items()]
        parts.append(f"## {title}\n\n" + table(["command", "who"], listed))
    return [
        (
            "What `allowed`, `why_not` and every refusal are made of."
            " The states of quote requests and disputes stand in their"
            " [charts](../charts/quote-request.md)."
        ),
        *parts,
    ]


def _kinds() -> str:
    """
    Write what sets the kinds of order apart, as a table.
    """
    facts = [f.name for f in attrs.fields(KindOfOrder) if f.type is bool]
    words = [name.replace("_", " ") for name in facts]
    rows = [
        [
            kind.label,
            f"`{name}`",
            f"`{kind.word}`",
            *("yes" if getattr(kind, fact) else "no" for fact in facts),
        ]
        for name, kind in KINDS.items()
    ]
    heads = ["kind", "stored as", "on the command line", *words]
    return table(heads, rows) + "\n\nFrom `sourcehere.domain.orders.kinds`."


def _roles(roles: Iterable[object]) -> str:
    return ", ".join(sorted(str(role) for role in roles))


def _states(kind: str, command: str) -> str:
    found = sorted(rules.states_for(kind, command))
    return ", ".join(f"`{state}`" for state in found) or "none"


def hooks_text() -> list[str]:
    """
    Write every hook that a plugin may implement.
    """
    parts = []
    for name, spec in vars(HookSpecs).items():
        if not name.startswith("sourcehere_"):
            continue
        signature = str(inspect.signature(spec)).replace("(self, ", "(")
        signature = signature.replace("(self)", "()").replace("sourcehere.", "")
        words = inspect.cleandoc(spec.__doc__)
        parts.append(f"## `{name}`\n\n```python\n{name}{signature}\n```\n\n{words}")
    return [inspect.cleandoc(HookSpecs.__doc__ or ""), *parts]
