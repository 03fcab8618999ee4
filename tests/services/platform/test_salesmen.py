"""
Each seller has a salesman, and knows where to reach them.
"""

import pytest

from sourcehere import CommandRefusedError, ForbiddenError, InvalidInputError
from sourcehere.domain.kernel.errors import NotFoundError
from sourcehere.domain.sellers.model import ContactChannel
from sourcehere.testing.factories import SELLER, nothing_moves

CHANNELS = {"whatsapp": "+86 138 0000 0000", "email": "ann@platform.example"}


@pytest.fixture
def ann(bench):
    """
    Staff, who said where Ann is reached.
    """
    desk = bench.sh.staff("ann").sellers
    desk.put_salesman("ann", name="Ann Li", channels=CHANNELS)
    return desk


def test_a_seller_asks_the_salesman_directly(bench, ann):
    """
    By the channels in the order that the salesman prefers.
    """
    shop = bench.sh.seller("demo")
    assert shop.salesman() is None
    ann.assign("demo", "ann")
    found = shop.salesman()

    assert ("ann", "Ann Li") == (found.salesman_id, found.name)
    assert (
        ContactChannel("whatsapp", "+86 138 0000 0000"),
        ContactChannel("email", "ann@platform.example"),
    ) == found.channels
    assert "ann" == shop.profile().salesman_id
    assert bench.app.audit.run().is_clean


def test_who_serves_whom_is_listed(bench, ann):
    """
    And who is served by nobody.
    """
    ann.register("other", name="Other", currency="USD")
    ann.assign("demo", "ann")

    assert ["demo"] == [s.seller_id for s in ann.served_by("ann")]
    assert ["other"] == [s.seller_id for s in ann.served_by("")]
    assert ["ann"] == [s.salesman_id for s in ann.salesmen()]
    ann.assign("demo", "")
    assert [] == list(ann.served_by("ann"))
    assert bench.sh.seller("demo").salesman() is None


def test_what_is_said_last_counts(bench, ann):
    """
    A number that is not said again is gone.
    """
    ann.assign("demo", "ann")
    ann.put_salesman("ann", name="Ann Li", channels={"phone": "+86 139"})

    assert (ContactChannel("phone", "+86 139"),) == (
        bench.sh.seller("demo").salesman().channels
    )


def test_nobody_unknown_serves(bench, ann):
    """
    Nor is a seller served who is not there.
    """
    with nothing_moves(bench), pytest.raises(NotFoundError) as ei:
        ann.assign("demo", "nobody")
    assert ("salesman", "nobody") == (ei.value.kind, ei.value.id)
    with nothing_moves(bench), pytest.raises(NotFoundError):
        ann.assign("nobody", "ann")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"salesman_id": "a b"}, "salesman_id"),
        ({"name": " "}, "name"),
        ({"channels": {"what's app": "1"}}, "channels"),
        ({"channels": {"phone": "1\n2"}}, "channels: phone"),
        ({"channels": {"phone": ""}}, "channels: phone"),
    ],
)
def test_a_channel_can_be_used(bench, wrong, field):
    """
    It has a name, and one line that reaches somebody.
    """
    given = {"salesman_id": "ann", "name": "Ann", "channels": CHANNELS} | wrong
    desk = bench.sh.staff("ann").sellers
    with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
        desk.put_salesman(given.pop("salesman_id"), **given)
    assert field == ei.value.field


@pytest.mark.usefixtures("ann")
def test_sellers_do_not_choose_their_salesman(bench):
    """
    Staff do.
    """
    services = bench.app.salesmen
    with nothing_moves(bench), pytest.raises((CommandRefusedError, ForbiddenError)):
        services.assign("demo", "ann", by=SELLER)
    with nothing_moves(bench), pytest.raises((CommandRefusedError, ForbiddenError)):
        services.put("ann", name="Me", channels={}, by=SELLER)
