"""
Nobody but the domain writes a state's name: services and the unit ask the charts.
"""

import ast
from pathlib import Path

import sourcehere
from sourcehere.domain.disputes.machine import DisputeChart
from sourcehere.domain.effects.machine import AttemptChart, InboxChart, MessageChart
from sourcehere.domain.orders.kinds import CHARTS
from sourcehere.domain.quotes.machine import QuoteRequestChart
from sourcehere.domain.wallet.machine import CheckoutChart, RefundChart

SOURCE = Path(sourcehere.__file__).parent
OTHERS = (
    DisputeChart,
    AttemptChart,
    MessageChart,
    InboxChart,
    QuoteRequestChart,
    CheckoutChart,
    RefundChart,
)
STATES = {
    state for chart in (*CHARTS.values(), *OTHERS) for state in chart.state_names()
}


def names_of_other_things(tree):
    """
    Collect the texts that name an index, a field left out of a table or looked up in a
    document, or why money was refunded.
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called in ("way", "Reason", "get") and node.args:
            yield node.args[0]
        for keyword in node.keywords:
            if keyword.arg == "skip":
                yield from ast.walk(keyword.value)


def literal_states(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    others = set(names_of_other_things(tree))
    return [
        f"{path.relative_to(SOURCE)}:{node.lineno} {node.value!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value in STATES
        and node not in others
    ]


def test_services_write_no_state_by_its_name():
    """
    A state that services or the unit need is a constant or a set beside its chart.
    """
    found = [
        line
        for room in ("services", "unit")
        for path in sorted((SOURCE / room).rglob("*.py"))
        for line in literal_states(path)
    ]

    assert [] == found
