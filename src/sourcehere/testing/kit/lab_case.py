"""
What the contracts of those have in common that are tried on a lab.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

import pytest

from ...ports.errors import (
    DeclinedError,
    ProtocolError,
    ProviderError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from ...ports.providers import SupportsClose
from .faults import WireFault

L = TypeVar("L")
# What may be raised where nobody knows whether it happened.
_UNKNOWN = (UnknownOutcomeError, ProtocolError)


class LabCase(Generic[L]):
    """
    A test class on one fresh lab per test.
    """

    def make_lab(self) -> L:
        """
        Make the other side, and what a test needs to look behind it.
        """
        raise NotImplementedError

    @pytest.fixture
    def lab(self) -> Iterator[L]:
        """
        Return the lab, and close it afterwards if it can be closed.
        """
        made = self.make_lab()
        yield made
        if isinstance(made, SupportsClose):
            made.close()


def assert_told_as(fault: WireFault, error: ProviderError) -> None:
    """
    Hold an error to what happened.
    """
    if fault is WireFault.THROTTLED:
        assert isinstance(error, ThrottledError), repr(error)
        assert error.retry_after.total_seconds() > 0
    elif fault is WireFault.UNAUTHORIZED:
        assert isinstance(error, UnauthorizedError), repr(error)
    elif fault is WireFault.DOWN:
        kinds = (*_UNKNOWN, ThrottledError)
        assert isinstance(error, kinds), repr(error)
    else:
        assert isinstance(error, _UNKNOWN), repr(error)
    assert not isinstance(error, DeclinedError)
