"""
The database fails between what is kept of a payment and the call: nothing was charged
then, and what is kept of it says nothing of the database.
"""

import pytest
from payment_world import balances, gateways, rounds, top_up, wallet

from sourcehere.ports.storage import (
    BusyError,
    CommitUnknownError,
    StorageFullError,
    StorageUnavailableError,
)
from sourcehere.testing.factories import open_bench
from sourcehere.testing.fake_gateway import FakeGateway
from sourcehere.testing.fake_gateways import FakeGateways

URL = "postgresql://orders@10.0.0.3/orders"


class FailingOnce:
    """
    A storage that fails once at the first read after a commit, when it is told to.
    """

    def __init__(self, inner):
        self._inner, self.error, self._is_next = inner, None, False
        self.url = inner.url

    def transact(self, work, /, *, read_only):
        """
        Fail, or do it.
        """
        if self._is_next and read_only:
            error, self.error, self._is_next = self.error, None, False
            raise error
        result = self._inner.transact(work, read_only=read_only)
        self._is_next = self.error is not None and not read_only
        return result

    def close(self):
        """
        Close the storage below.
        """
        self._inner.close()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            BusyError(url=URL, seconds=5, cause="10.0.0.3 is busy"),
            "the storage was busy for more than 5 seconds",
        ),
        (
            StorageUnavailableError(url=URL, cause="no route to 10.0.0.3"),
            "the storage did not answer, or could not do what it was asked",
        ),
        (
            StorageFullError(url=URL, cause="/mnt/orders"),
            "the storage did not answer, or could not do what it was asked",
        ),
        (CommitUnknownError(url=URL), "the answer to COMMIT was lost"),
    ],
)
def test_it_is_asked_later_and_says_nothing_of_the_database(storage, error, words):
    """
    Where the data is concerns no seller.
    """
    cards, failing = FakeGateway(), FailingOnce(storage)
    bench = open_bench(
        top_up=1_00, storage=failing, plugins=[FakeGateways(cards=cards)]
    )
    gateways(bench).connect("cards", provider="fake_gateway", config={})
    failing.error = error
    paid = top_up(bench)

    assert ("planned", words, []) == (paid.state, paid.error, cards.keys)
    rounds(bench)
    assert ("captured", "") == (
        wallet(bench).attempt(paid.attempt_id).state,
        wallet(bench).attempt(paid.attempt_id).error,
    )
    assert (51_00, 0, 0) == balances(bench)
