"""
Labels are bought, voided, printed and resolved at the command line, by staff.
"""

import pytest

from sourcehere.testing import FakeCarriers, Fault, LabelCarrier


@pytest.fixture
def post():
    """
    Return a carrier that sells labels.
    """
    return LabelCarrier()


@pytest.fixture
def plugins(post):
    """
    Offer it.
    """
    return [FakeCarriers(post=post)]


@pytest.fixture
def selling(paid):
    """
    The shop with order 1002 accepted, and that carrier connected.
    """
    paid.ok("orders accept 1002")
    paid.write("post.json", '{"carrier": "post"}')
    paid.ok("freight connect post --provider fake_carrier --config post.json")
    return paid


def test_a_label_is_bought_printed_and_voided(selling):
    """
    Each says what it did, as text and as data; its price is for staff only.
    """
    bought = selling.json("labels buy 1002 --method post:std --command-id b")
    assert ("bought", "FP000001") == (bought["state"], bought["tracking_number"])
    assert {"amount": "4.12", "currency": "EUR", "minor": 412} == bought["price"]
    assert bought == selling.json("labels buy 1002 --method post:std --command-id b")
    assert "4.12 EUR" in selling.ok("labels list 1002")
    assert "4.12 EUR" in selling.ok("orders show 1002 --as staff:ann")
    assert "4.12 EUR" not in selling.ok("orders show 1002")
    assert "it is for staff" in selling.refused("labels list 1002 --as seller", 2)

    assert "FP000001.pdf" in selling.ok("labels file FP000001")
    assert (selling.folder / "FP000001.pdf").read_bytes().startswith(b"%PDF-")
    assert "there already" in selling.refused("labels file FP000001", 2)
    assert "11 bytes" in selling.ok("labels file FP000001 --to other.pdf")

    assert "void" in selling.ok("labels void FP000001")
    assert "not_carried" in selling.ok("orders show 1002")


def test_what_carriers_take_is_a_file(selling):
    """
    A row for each label, of all sellers and of some days, for staff.
    """
    selling.ok("labels buy 1002 --method post:std")
    head, row = selling.ok("labels export --asked-from 2020-01-01").splitlines()
    cells = dict(zip(head.split(","), row.split(","), strict=True))
    assert ("lamps", "bought", "FP000001", "4.12", "EUR") == (
        *(cells["seller_id"], cells["state"], cells["tracking_number"]),
        *(cells["price"], cells["currency"]),
    )
    assert 1 == len(selling.ok("labels export --asked-to 2020-01-01").splitlines())
    backwards = "labels export --asked-from 2030-01-02 --asked-to 2030-01-01"
    assert "a day not before 2030-01-02" in selling.refused(backwards, 2)
    assert "it is for staff" in selling.refused("labels export --as seller", 2)


def test_what_nobody_knows_is_resolved(selling, post):
    """
    A person says what the carrier has.
    """
    post.faults = [Fault.LOST_BEFORE]
    label = selling.json("labels buy 1002 --method post:std")
    assert "unknown" == label["state"]
    assert "unknown" in selling.ok("labels list")
    by_hand = "orders ship 1002 --carrier post --tracking T"
    assert label["label_id"] in selling.unmoved(by_hand, 3)
    assert "asked 0" in selling.ok("labels run")

    said = f"labels resolve {label['label_id']} bought --reference X --carrier post"
    selling.unmoved(f"{said} --tracking T9", 2)
    selling.unmoved(f"{said} --tracking T9 --price 4.12", 2)
    assert "T9" in selling.ok(f"{said} --tracking T9 --price '4.12 EUR'")
    assert "T9" in selling.ok("parcels list 1002")
