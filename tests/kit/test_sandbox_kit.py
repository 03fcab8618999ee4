"""
The contract of gateways, on the one that pretends.
"""

from collections import Counter
from itertools import count

import pytest
from lined import LinedGateway

from sourcehere.builtin.sandbox_books import BookFile
from sourcehere.builtin.sandbox_gateway import SandboxConfig, SandboxGateway
from sourcehere.domain.kernel.money import Money
from sourcehere.testing.factories import NOON, ManualClock
from sourcehere.testing.kit import CardState, FaultLine, PaymentContract

DECLINES = "tok_declined"


class SandboxLab:
    """
    The sandbox, from behind: what its file says.
    """

    def __init__(self, folder):
        self.line, self._folder, self._numbers = FaultLine(), str(folder), count()

    def connect(self):
        """
        Open it behind a line that can break.
        """
        config = SandboxConfig(path="books.jsonl")
        gateway = SandboxGateway(config, folder=self._folder, clock=ManualClock(NOON))
        return LinedGateway(gateway, self.line)

    def card(self, *, declines=False):
        """
        Name a card.
        """
        return DECLINES if declines else f"tok_{next(self._numbers)}"

    def shown(self, source, currency, /):
        """
        Add up a card.
        """
        total = Counter()
        for one in self._entries():
            if (one.source, one.currency) == (source, currency):
                total[one.kind] += one.minor
        captured = {name for one in self._entries() for name in one.of}
        reserved = sum(
            one.minor
            for one in self._entries()
            if one.kind == "authorize"
            and one.name not in captured
            and (one.source, one.currency) == (source, currency)
        )
        return CardState(
            reserved=Money(reserved, currency),
            taken=Money(total["capture"] - total["refund"], currency),
        )

    def operations(self):
        """
        Count what has a reference.
        """
        return Counter(one.reference for one in self._entries() if one.reference)

    def _entries(self):
        with BookFile("books.jsonl", folder=self._folder).open() as books:
            return list(books.entries.values())


class TestSandbox(PaymentContract):
    """
    The gateway that newcomers try at a shell.
    """

    @pytest.fixture(autouse=True)
    def folder(self, tmp_path):
        """
        Keep where the labs of a test have their folders.
        """
        self._folders = (tmp_path / str(number) for number in count())

    def make_lab(self):
        """
        Make one whose file is new.
        """
        folder = next(self._folders)
        folder.mkdir()
        return SandboxLab(folder)
