"""
Which addresses a URL that a seller typed may lead to.
"""

import pytest

from sourcehere_http.guarded import is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "169.254.169.254",
        "10.0.0.7",
        "100.64.0.1",
        "0.0.0.0",
        "192.0.0.192",
        "192.0.0.8",
        "192.88.99.1",
        "168.63.129.16",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fec0::1",
        "fd00::1",
        "ff0e::1",
        "::ffff:169.254.169.254",
        "::ffff:0:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::169.254.169.254",
        "2002:a9fe:a9fe::1",
        "2002:101:101::1",
        "::ffff:192.0.0.192",
        "64:ff9b::192.0.0.192",
        "3fff::1",
        "5f00::1",
        "2001:0:a9fe:a9fe::1",
    ],
)
def test_not_within_in_whatever_form(address):
    """
    Neither as it is, nor as IPv6 writes it for a gateway.
    """
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "2606:4700::1111", "64:ff9b::1.1.1.1"],
)
def test_all_others(address):
    """
    What is anybody's.
    """
    assert is_public(address)
