"""
Within a host's transaction, which may yet be rolled back, nobody outside is told or
asked to do anything.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
from desk_world import METHODS, NAMES, a_world, arguments, desk_of

from sourcehere import Role, SourceHereError
from sourcehere.face.opening import SourceHere
from sourcehere.ports.storage import HostsTransactionError
from sourcehere.testing.factories import nothing_moves


class Within:
    """
    A storage as a host's open transaction is one: what is kept may be rolled back.
    """

    joins_host = True

    def __init__(self, storage):
        self._storage = storage
        self.url = storage.url

    def transact(self, work, /, *, read_only):
        """
        Run work.
        """
        return self._storage.transact(work, read_only=read_only)

    def close(self):
        """
        Leave it to its owner.
        """


def done_outside(bench):
    """
    Return what a gateway, a carrier and a shop were asked to do.
    """
    registry = bench.app.registry
    cards = registry.payment_provider("fake_gateway", {}, connection="cards")
    post = registry.freight_provider("fake_carrier", {"carrier": "post"}, connection="")
    shop = bench.shop
    told = [shop.fulfilments, shop.stock, shop._changes]
    return repr([cards.keys, cards.looks, post.keys, post.voided, *told])


class Hosted:
    """
    A bench over a host's transaction.
    """

    def __init__(self, bench):
        self.app = bench.app.over(Within(bench.app.storage))
        self.sh = SourceHere(self.app)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "part", "method", "access"), METHODS, ids=NAMES)
def test_every_method_of_every_desk(name, part, method, access):
    """
    What would have something done outside is refused, and has changed nothing; what is
    not refused has nothing done there.
    """
    bench, values = a_world()
    before = done_outside(bench)
    for role in sorted(access.roles & {Role.SELLER, Role.STAFF}):
        called = getattr(getattr(desk_of(Hosted(bench), name, role), part), method)
        given = arguments(bench, values, f"{name}.{part}.{method}", called)
        if access.outside:
            with nothing_moves(bench), pytest.raises(HostsTransactionError) as ei:
                called(**given)
            assert method == ei.value.action.split(".")[1]
            continue
        with suppress(SourceHereError):
            called(**given)
    assert before == done_outside(bench)


@pytest.mark.parametrize(
    "part", ["relay", "attempts", "inbox", "tracking", "labels", "pulls"]
)
def test_no_round_of_a_worker(part):
    """
    What is claimed within it nobody else would see.
    """
    bench, _ = a_world()
    before = done_outside(bench)
    with nothing_moves(bench), pytest.raises(HostsTransactionError):
        getattr(Hosted(bench).sh, part).run()
    assert before == done_outside(bench)


def test_no_worker():
    """
    One is not even made.
    """
    bench, _ = a_world()
    with pytest.raises(HostsTransactionError) as ei:
        Hosted(bench).sh.worker(name="w", every=timedelta(seconds=1))
    assert "worker" == ei.value.action
