"""
A product is found by any of the links that its page has.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere import InvalidInputError
from sourcehere.domain.catalog.links import product_key

SAME = {
    "1688:612345678901": [
        "https://detail.1688.com/offer/612345678901.html",
        "https://detail.1688.com/offer/612345678901.html?spm=a26352.1&sk=consign",
        "https://m.1688.com/offer/612345678901.html",
        "http://detail.m.1688.com/page/index.html?offerId=612345678901&sortType=1",
        "detail.1688.com/offer/612345678901",
    ],
    "taobao:520813250866": [
        "https://item.taobao.com/item.htm?id=520813250866",
        "https://item.taobao.com/item.htm?spm=a1z10.1&id=520813250866&ns=1&abbucket=2",
        "https://h5.m.taobao.com/awp/core/detail.htm?id=520813250866",
        "https://m.intl.taobao.com/detail/detail.html?id=520813250866",
        "https://world.taobao.com/item/520813250866.htm",
        "https://detail.tmall.com/item.htm?id=520813250866&skuId=3102",
        "https://detail.m.tmall.com/item.htm?id=520813250866",
        "https://detail.tmall.hk/hk/item.htm?id=520813250866",
    ],
    "aliexpress:1005001234567890": [
        "https://www.aliexpress.com/item/1005001234567890.html",
        "https://m.aliexpress.com/item/1005001234567890.html",
        "https://es.aliexpress.com/item/1005001234567890.html?gatewayAdapt=glo2esp",
        "https://www.aliexpress.com/item/Blue-Cup/1005001234567890.html",
        "https://www.aliexpress.com/i/1005001234567890.html",
        "https://www.aliexpress.com/store/product/Cup/911_1005001234567890.html",
        "https://www.aliexpress.us/item/1005001234567890.html?aff_fcid=x",
    ],
    "amazon:B08N5WRWNW": [
        "https://www.amazon.com/dp/B08N5WRWNW",
        "https://www.amazon.de/-/en/Echo-Dot/dp/B08N5WRWNW/ref=sr_1_3?keywords=echo",
        "https://www.amazon.co.uk/gp/product/b08n5wrwnw?th=1",
        "https://m.amazon.com.au/gp/aw/d/B08N5WRWNW/",
        "amazon.co.jp/exec/obidos/ASIN/B08N5WRWNW",
    ],
    "lanterns.example/products/blue-lantern": [
        "https://lanterns.example/products/blue-lantern",
        "https://www.lanterns.example/products/Blue-Lantern?variant=4411",
        "https://lanterns.example/collections/all/products/blue-lantern?utm_source=x",
        "https://lanterns.example/de/products/blue-lantern/",
    ],
    "shop.example/item?id=111": [
        "https://shop.example/item?id=111",
        "https://m.shop.example/item/?utm_medium=mail&id=111&fbclid=abc",
        "http://www.shop.example:8080/item?id=111#reviews",
    ],
}


@pytest.mark.parametrize(
    ("key", "link"), [(key, link) for key, links in SAME.items() for link in links]
)
def test_every_form_of_a_link_is_the_same_product(key, link):
    """
    The shop's own id counts, wherever in the link it stands.
    """
    assert key == product_key(link)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/item?id=111", "https://a.example/item?id=999"),
        ("https://a.example/item", "https://a.example/item?id=111"),
        (
            "https://detail.1688.com/offer/1234567.html",
            "https://m.1688.com/offer/7654321.html",
        ),
        (
            "https://www.amazon.com/dp/B08N5WRWNW",
            "https://www.amazon.com/dp/B08N5WRWNX",
        ),
        ("https://a.example/Cup", "https://a.example/cup"),
        ("https://notamazon.com/dp/B08N5WRWNW", "https://amazon.com/dp/B08N5WRWNW"),
        (
            "https://1688.com.evil.example/offer/1234567",
            "https://1688.com/offer/1234567",
        ),
    ],
)
def test_other_products_are_others(one, other):
    """
    What says which product it is makes a difference.
    """
    assert product_key(one) != product_key(other)


@pytest.mark.parametrize("link", ["http://[", "https://a.example:port/b"])
def test_what_is_no_link_is_refused(link):
    """
    It is named.
    """
    with pytest.raises(InvalidInputError) as ei:
        product_key(link)
    assert ("link", link) == (ei.value.field, ei.value.value)


def test_a_link_that_is_too_long_is_refused():
    """
    A product is found by it, so that its length is limited; what tracks is not counted.
    """
    assert "a.example/b" == product_key(f"https://a.example/b?utm_source={'x' * 300}")
    with pytest.raises(InvalidInputError):
        product_key(f"https://a.example/{'x' * 300}")


@given(
    number=st.integers(10**5, 10**15),
    tracked=st.dictionaries(
        st.sampled_from(["utm_source", "spm", "fbclid", "ref", "scm"]),
        st.text("abc123", max_size=5),
    ),
    front=st.sampled_from(["", "https://", "http://"]),
)
def test_what_tracks_makes_no_difference(number, tracked, front):
    """
    However many of them are behind it.
    """
    query = "".join(f"&{name}={value}" for name, value in tracked.items())

    assert f"taobao:{number}" == product_key(
        f"{front}item.taobao.com/item.htm?id={number}{query}"
    )
    assert f"a.example/b?id={number}" == product_key(
        f"{front}www.a.example/b?id={number}{query}"
    )
