"""
Labels' files, which karrio hands out once.
"""

import os
from datetime import timedelta

import httpx2
import pytest
from karrio_lab import KarrioLab, buy

from sourcehere.ports.errors import DeclinedError
from sourcehere.ports.labels import PDF, PNG, ZPL


@pytest.fixture
def lab():
    """
    Return an account.
    """
    made = KarrioLab()
    yield made
    made.close()


def test_its_file_is_what_the_carrier_prints(lab):
    """
    In each format, by what it begins with.
    """
    for kind, media_type in (("PDF", PDF), ("PNG", PNG), ("ZPL", ZPL)):
        carrier = lab.connect(label_format=kind)
        sold = buy(lab, carrier, key=kind)
        file = carrier.label_file(sold.reference)
        assert media_type == file.media_type
        assert file.content.endswith(sold.tracking_number.encode())


def test_what_is_no_label_is_not_kept(lab):
    """
    An error page that came in its place; the label is sold all the same.
    """
    lab.server.own["/shp_0001"] = httpx2.Response(200, text="<html>busy</html>")
    sold = buy(lab)
    with pytest.raises(DeclinedError, match="not kept"):
        lab.connect().label_file(sold.reference)


def test_files_are_the_owner_s_for_a_while(lab):
    """
    They name recipients; a void one is printed no more.
    """
    carrier = lab.connect(labels_kept_days=7)
    old, void, new = (buy(lab, carrier, key=key) for key in "abc")
    files = sorted((lab.folder / "labels").rglob("*.pdf"))
    assert len(files) == 3
    assert {0o600} == {file.stat().st_mode & 0o777 for file in files}
    carrier.void_label(void.reference, idempotency_key="v")
    aged = carrier._labels._files._path() / (
        carrier._labels._files._stem(old.reference) + ".pdf"
    )
    then = (lab.clock.now() - timedelta(days=8)).timestamp()
    os.utime(aged, (then, then))
    last = buy(lab, carrier, key="d")
    for sold in (old, void):
        with pytest.raises(DeclinedError):
            carrier.label_file(sold.reference)
    for sold in (new, last):
        assert carrier.label_file(sold.reference)


@pytest.mark.parametrize("folder", ["", "/tmp/labels", "../labels"])
def test_without_a_folder_of_the_host_none_is_sold(lab, folder):
    """
    It could be printed once, by nobody.
    """
    carrier = lab.connect(labels_folder=folder)
    with pytest.raises(DeclinedError, match="folder"):
        buy(lab, carrier)
    with pytest.raises(DeclinedError, match="folder"):
        carrier.label_file("shp_0001")
    assert not lab.server.requests


def test_a_folder_that_cannot_be_written_is_found_before_the_sale(lab):
    """
    A file stands where it should be.
    """
    (lab.folder / "labels").write_text("")
    with pytest.raises(DeclinedError, match="labels_folder"):
        buy(lab)
    assert not lab.server.requests
