"""
Labels that are taken back.
"""

import httpx2
import pytest
from karrio_lab import KarrioLab, buy

from sourcehere.ports.errors import DeclinedError, ProtocolError


@pytest.fixture
def lab():
    """
    Return an account.
    """
    made = KarrioLab()
    yield made
    made.close()


@pytest.mark.parametrize("reference", ["../trackers", "a/b", "..", "", "a b", "ü", "?"])
def test_a_reference_leads_nowhere_else(lab, reference):
    """
    Packages put it into a path as it is.
    """
    with pytest.raises(DeclinedError, match="no such label"):
        lab.connect().void_label(reference, idempotency_key="v")
    assert not lab.server.requests


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"refund_status": "refunded"}, None),
        ({"refund_status": "rejected"}, DeclinedError),
        ({"refund_status": "not_applicable"}, DeclinedError),
        ({"refund_status": "perhaps"}, ProtocolError),
        ({"refund_status": None}, ProtocolError),
    ],
)
def test_a_refund_that_was_rejected_is_no_void_label(lab, told, error):
    """
    karrio takes any answer for done.
    """
    sold = buy(lab)
    lab.server.own["/refund"] = httpx2.Response(200, json=told)
    if error is None:
        lab.connect().void_label(sold.reference, idempotency_key="v")
        return
    with pytest.raises(error):
        lab.connect().void_label(sold.reference, idempotency_key="v")


def test_a_code_may_say_that_it_is_void_already(lab):
    """
    Where the connection says which.
    """
    sold = buy(lab)
    told = {"error": {"code": "ALREADY", "message": "it was refunded"}}
    lab.server.own["/refund"] = httpx2.Response(422, json=told)
    with pytest.raises(DeclinedError, match="it was refunded"):
        lab.connect().void_label(sold.reference, idempotency_key="v")
    again = lab.connect(void_codes=("ALREADY",))
    again.void_label(sold.reference, idempotency_key="v")
