"""
That a contract is run whole: no test of it is deleted or replaced in silence.
"""

from collections.abc import Mapping
from typing import ClassVar

_REASON_MIN = 20  # characters; "TODO" is no reason


class Guarded:
    """
    A contract whose every test runs, or is left out for a written reason.

    Attributes:
        left_out: Name of a test -> why this provider cannot pass it. Set the test to
            None in your class as well.
    """

    left_out: ClassVar[Mapping[str, str]] = {}

    def test_no_test_is_left_out_without_a_reason(self) -> None:
        """
        A test that was deleted or replaced has its reason in `left_out`.
        """
        tests = _tests_of(type(self))
        changed = {n for n, test in tests.items() if getattr(self, n, None) != test}
        mine = {n for n in changed if getattr(type(self), n, None) is not tests[n]}
        unexplained = sorted(mine - self.left_out.keys())
        assert unexplained == [], f"left out without a reason: {unexplained}"
        unknown = sorted(self.left_out.keys() - mine)
        assert unknown == [], f"not left out, or no test of the contract: {unknown}"
        short = sorted(n for n, why in self.left_out.items() if len(why) < _REASON_MIN)
        assert short == [], f"no reason worth the name: {short}"


def _tests_of(cls: type) -> dict[str, object]:
    """
    Return the tests of the contracts that *cls* is made of, by name.
    """
    found: dict[str, object] = {}
    for base in reversed(cls.__mro__):
        if base.__module__.startswith(__package__ or ""):
            tests = {n: v for n, v in vars(base).items() if n.startswith("test_")}
            found.update(tests)
    return found
