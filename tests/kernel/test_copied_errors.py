"""
Errors travel between processes, as a queue of jobs or a pool of processes sends them.
"""

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

import pytest

from sourcehere import CommandRefusedError, InvalidInputError, Money, SourceHereError
from sourcehere.domain.kernel.errors import InvalidAmountError
from sourcehere.domain.wallet.errors import InsufficientFundsError
from sourcehere.ports.errors import ThrottledError
from sourcehere.ports.storage_errors import BusyError, CommitUnknownError
from sourcehere.testing import sample_shop


def kinds_of(kind):
    """
    Return a kind of error and all kinds below it.
    """
    return [kind, *(one for below in kind.__subclasses__() for one in kinds_of(below))]


def refused():
    """
    Return what an order that cannot be paid raises.
    """
    demo = sample_shop()
    order_id = demo.customer_orders(SOCK=1)
    with pytest.raises(CommandRefusedError) as ei:
        demo.shop.checkouts.open([order_id])
    return ei.value


def told(error):
    """
    Return all that an error tells.
    """
    return type(error), str(error), error.args, vars(error), error.kept_words


@pytest.mark.parametrize("make", [copy.copy, copy.deepcopy, *range(6)])
@pytest.mark.parametrize(
    "error",
    [
        SourceHereError("no"),
        InvalidInputError(field="limit", value=0, expected="1 to 100"),
        InsufficientFundsError(available=Money(1, "GBP"), needed=Money(5, "GBP")),
        ThrottledError(provider="p", detail="slower", retry_after=timedelta(seconds=9)),
        BusyError(url="sqlite:///x.db", seconds=10, cause="locked"),
        CommitUnknownError(url="sqlite:///x.db"),
        refused(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_copy_tells_the_same(error, make):
    """
    Its kind, its words and its facts, by every protocol of pickle.
    """
    error.add_note("of a host's")
    if isinstance(make, int):
        copied = pickle.loads(pickle.dumps(error, make))
    else:
        copied = make(error)

    assert told(error) == told(copied)
    assert copied is not error


@pytest.mark.parametrize("kind", kinds_of(SourceHereError))
def test_every_kind_can_be_copied(kind):
    """
    Whatever a kind of error needs to be made.
    """
    error = kind.__new__(kind, "its words")
    vars(error).update(fact=Money(1, "GBP"))
    copied = pickle.loads(pickle.dumps(error))

    assert (kind, ("its words",)) == (type(copied), copied.args)
    assert {"fact": Money(1, "GBP")} == vars(copied)


@pytest.mark.slow
def test_a_pool_of_processes_tells_it_and_goes_on():
    """
    Who waits for the answer gets the error itself, and the pool is not broken by it.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        for _ in range(2):
            asked = pool.submit(Money.parse, "much", "GBP")
            with pytest.raises(InvalidAmountError) as ei:
                asked.result(timeout=60)
            assert ("much", "GBP") == (ei.value.text, ei.value.currency)
