"""
JSON Schema of the values that records are made of: texts, numbers, times, money.
"""

from datetime import date, datetime
from typing import Any

from ..domain.kernel.actor import Actor
from ..domain.kernel.errors import SourceHereError
from ..domain.kernel.money import Money

_MONEY = {
    "type": "object",
    "description": "An exact amount.",
    "properties": {
        "amount": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "minor": {"type": "integer"},
    },
    "required": ["amount", "currency", "minor"],
    "additionalProperties": False,
}
_ACTOR = {
    "type": "object",
    "properties": {"role": {"type": "string"}, "id": {"type": "string"}},
    "required": ["role", "id"],
    "additionalProperties": False,
}
_ERROR = {
    "type": "object",
    "description": "Why something was refused, or failed: whose turn it is, and why.",
    "properties": {
        "type": {"type": "string"},
        "family": {"enum": ["caller", "state", "counterparty"]},
        "message": {"type": "string"},
        "facts": {"type": "object"},
    },
    "required": ["type", "family", "message", "facts"],
    "additionalProperties": False,
}
_TIME = {"type": "string", "format": "date-time"}
# Instants of these names may never come: then they are null, as `to_dict` has them.
MAY_NEVER_COME = frozenset({"deadline", "next_at", "payable_until"})
PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    object: {},
    datetime: _TIME,
    date: {"type": "string", "format": "date"},
}
NAMED: dict[Any, dict[str, Any]] = {
    Money: _MONEY,
    Actor: _ACTOR,
    SourceHereError: _ERROR,
}
