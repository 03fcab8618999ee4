"""
What the contracts of those have in common that are tried on a lab.
"""

from collections.abc import Callable, Iterator
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
from .faults import SHAPES, WireFault

L = TypeVar("L")
# As the core makes keys and references: of one millisecond they are alike but for some
# digits, wherever these are.
ALIKE = (
    "0190a3b2-7c1d-7abc-8123-456789abcdef",
    "0190a3b2-7c1d-7abc-8123-456789abcde0",
    "0190a3b2-7c1d-7abd-8123-456789abcdef",
    "1190a3b2-7c1d-7abc-8123-456789abcdef",
)
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


def failure_of(call: Callable[[], object]) -> ProviderError | None:
    """
    Return the error that *call* tells, or None where it tells none.

    What a parser or a missing field raises is no error that tells what happened.
    """
    try:
        call()
    except ProviderError as error:
        return error
    except (AssertionError, NotImplementedError):
        raise
    except Exception as error:
        kind = type(error).__name__
        msg = f"{kind} came through: tell it as an error of sourcehere.ports.errors"
        raise AssertionError(msg) from error
    return None


def assert_told_as(
    fault: WireFault, error: ProviderError | None, *, may_be_done: bool = False
) -> None:
    """
    Hold an error to what happened.

    Args:
        may_be_done: Whether an answer of another shape may be told as done: it was, and
            not every adapter needs what is in it.
    """
    if error is None and may_be_done and fault in SHAPES:
        return
    assert error is not None, f"{fault} was told as done"
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
