"""
The kinds of order: one list of facts, and nothing in the product asks which kind it is.
"""

import ast
from pathlib import Path

import pytest

import sourcehere
from sourcehere.domain.orders.kinds import KINDS, OrderKind
from sourcehere.domain.orders.rules import states_for

SOURCE = Path(sourcehere.__file__).parent
FACTS = (
    "pairs_lines",
    "tells_shop",
    "goes_to_customer",
    "pays_freight",
    "may_draw_on_stock",
    "ends_in_stock",
    "is_bought_in_bulk",
)


def compared_kinds(tree):
    """
    List the lines where an order's kind is compared, or named by its stored text.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            members = [
                side
                for side in sides
                if isinstance(side, ast.Attribute)
                and isinstance(side.value, ast.Name)
                and side.value.id == "OrderKind"
            ]
            is_kind = any(
                isinstance(s, ast.Attribute) and s.attr == "kind" for s in sides
            )
            texts = [s.value for s in sides if isinstance(s, ast.Constant)]
            if members or (is_kind and set(texts) & set(OrderKind)):
                yield node.lineno
        if isinstance(node, ast.Constant) and node.value == OrderKind.CLOUD.value:
            yield node.lineno
        # What makes an order names its kind by the enum.
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Order":
            for given in node.keywords:
                if given.arg == "kind" and isinstance(given.value, ast.Constant):
                    yield given.value.lineno


def lines_of(text):
    """
    List those lines of a file; most files speak of no kind, and are not parsed.
    """
    speaks = "kind" in text or "OrderKind" in text or OrderKind.CLOUD.value in text
    return compared_kinds(ast.parse(text)) if speaks else ()


class TestKinds:
    def test_every_kind_has_its_facts(self):
        """
        What sets the three kinds apart is exactly this.
        """
        facts = {
            kind.word: {fact for fact in FACTS if getattr(kind, fact)}
            for kind in KINDS.values()
        }

        assert set(OrderKind) == KINDS.keys()
        assert {
            "store": set(FACTS) - {"ends_in_stock", "is_bought_in_bulk"},
            "manual": {"goes_to_customer", "pays_freight", "may_draw_on_stock"},
            "cloud": {"ends_in_stock", "is_bought_in_bulk"},
        } == facts

    @pytest.mark.parametrize("kind", KINDS)
    def test_commands_follow_from_facts(self, kind):
        """
        Only what pairs lines connects SKUs, and only what ends in stock is received.
        """
        has = {c: bool(states_for(kind, c)) for c in ("connect_sku", "receive")}

        assert {
            "connect_sku": KINDS[kind].pairs_lines,
            "receive": KINDS[kind].ends_in_stock,
        } == has

    def test_code_asks_for_facts_and_not_for_kinds(self):
        """
        No file but `kinds.py` compares a kind or writes its stored name.
        """
        found = [
            f"{path.relative_to(SOURCE)}:{line}"
            for path in sorted(SOURCE.rglob("*.py"))
            if path.name != "kinds.py"
            for line in lines_of(path.read_text(encoding="utf-8"))
        ]

        assert [] == found
