"""
What a refusal says, and that it moves nothing.
"""

import pytest

from sourcehere import CommandRefusedError, InvalidInputError
from sourcehere.testing.factories import nothing_moves


def refused(bench, do):
    """
    Do something that is refused; return the kind, id, command and blockers.
    """
    with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
        do()
    error = ei.value
    return error.kind, error.id, error.command, *error.blockers


def invalid(bench, do):
    """
    Do something with a wrong argument; return the field, value and what was expected.
    """
    with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
        do()
    return ei.value.field, ei.value.value, ei.value.expected
