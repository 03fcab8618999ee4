"""
What is the matter with a parcel is seen at the command line, with whose turn it is.
"""

import csv


def test_a_lost_parcel_is_shown_with_who_has_to_act(paid):
    """
    The order is Abnormal until the parcel is found; both say so, as text and as data.
    """
    paid.ok("orders accept 1002")
    paid.ok("orders ship 1002 --carrier post --tracking RM1GB")
    paid.ok("parcels track RM1GB lost")
    assert "lost" in paid.ok("parcels list 1002")
    shown = paid.ok("orders show 1002")
    for words in ("Abnormal", "parcel_lost", "to act", "carrier", "post RM1GB"):
        assert words in shown
    (hold,) = paid.json("orders show 1002")["order"]["holds"]
    assert ("parcel_lost", "carrier") == (hold["reason"], hold["who"])
    assert hold["deadline"] is not None

    paid.ok("parcels track RM1GB in_transit")
    assert [] == paid.json("orders show 1002")["order"]["holds"]
    assert "Abnormal" not in paid.ok("orders show 1002")


def test_a_replaced_parcel_is_seen_in_the_file(paid):
    """
    The shop's file says which parcel does not count any more.
    """
    paid.ok("orders accept 1002")
    paid.ok("orders ship 1002 --carrier post --tracking RM1GB")
    paid.ok("relay run")
    paid.ok("parcels void RM1GB --tracking RM2GB")
    paid.ok("relay run")
    with (paid.folder / "fulfilments.csv").open(newline="", encoding="utf-8") as file:
        first, second = csv.DictReader(file)

    assert ("", first["parcel"]) == (first["replaces"], second["replaces"])
    assert "RM2GB" == second["tracking_number"]
