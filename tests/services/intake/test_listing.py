"""
What a shop says that it sells, before anyone orders it.
"""

import attrs
import pytest

from sourcehere import ProductsUnsupportedError, Settings
from sourcehere.domain.pairing.rules import MappingRule
from sourcehere.domain.pairing.supply import RuleItem
from sourcehere.domain.stores.errors import StoreRestsError
from sourcehere.domain.stores.listing import ListedVariant
from sourcehere.ports.errors import DeclinedError, ProtocolError
from sourcehere.ports.platforms import ProductPage
from sourcehere.testing.factories import nothing_moves, open_bench

CUP = ListedVariant(sku="cup", title="A cup", external_variant_id="11")
TIP = ListedVariant(sku="TIP", title="Tip", external_product_id="9")
BARE = ListedVariant(
    sku="",
    title="Wrap",
    options={"Colour": "red"},
    barcode="4006381333931",
    external_variant_id="12",
)


AN_ID = "a text of at most 200 characters without spaces around it"


def desk(bench):
    return bench.sh.seller("demo").connections


def test_all_pages_are_read_and_what_is_known_is_said(storage):
    """
    Each variant says what connects it, or that it is not ours; nothing is written.
    """
    bench = open_bench(storage=storage, settings=Settings(chunk=1))
    bench.shop.products += [CUP, TIP, BARE]
    connection_id = bench.connect(bench.rule("CUP"))
    desk(bench).mark_not_ours("shop", [], product_ids=["9"])
    with nothing_moves(bench):
        found = desk(bench).products("shop")

    assert () == found.rejected
    assert [
        ("cup", "11", connection_id, False, False),
        ("TIP", "", "", True, False),
        ("", "12", "", False, True),
    ] == [
        (
            one.sku,
            one.external_variant_id,
            one.connection_id,
            one.is_not_ours,
            one.is_open,
        )
        for one in found.variants
    ]
    wrap = found.variants[2]
    assert ({"Colour": "red"}, "4006381333931") == (dict(wrap.options), wrap.barcode)


def test_what_nothing_connects_is_suggested(bench):
    """
    By SKU, without a single order; what is connected, or has no SKU, is not asked.
    """
    bench.shop.products += [
        CUP,
        ListedVariant(sku="Hat", title="A hat"),
        ListedVariant(sku="SOCK", title="Sock"),
        BARE,
    ]
    bench.connect(bench.rule("CUP"))
    report = bench.sh.seller("demo").suggestions.for_products("shop")

    assert [("Hat", bench.variants["HAT"], "same_sku")] == [
        (one.sku, one.variant_id, one.reason) for one in report.suggestions
    ]
    assert ("SOCK",) == report.without


def test_what_cannot_be_trusted_is_said(bench):
    """
    Its neighbours are listed.
    """
    bench.shop.products += [
        CUP,
        attrs.evolve(CUP, sku=" ", external_variant_id=""),
        attrs.evolve(CUP, external_product_id=" 1"),
        attrs.evolve(CUP, title=None),
        "a cup",
    ]
    found = desk(bench).products("shop")

    assert ["cup"] == [one.sku for one in found.variants]
    assert (
        "sku: ' ' is not a SKU of 1 to 255 characters",
        f"external_product_id: ' 1' is not {AN_ID}",
        "variant.title: None is not a text",
        "variant: 'a cup' is not a ListedVariant",
    ) == found.rejected


@pytest.mark.parametrize(
    ("page", "field"),
    [
        (None, "page"),
        (ProductPage((), "", has_more=True), "cursor"),
        (ProductPage((), "again", has_more=True), "cursor"),
        (ProductPage(7, "", has_more=False), "variants"),
        (ProductPage((), "", has_more=1), "has_more"),
        (ProductPage((), "", has_more=False, rejected="no"), "rejected"),
        (ProductPage((), "", has_more=False, rejected=(7,)), "rejected"),
    ],
)
def test_a_page_that_makes_no_sense_is_refused(bench, page, field):
    """
    A shop that never comes to an end is not asked for ever.
    """
    bench.shop.pull_products = lambda _cursor, **_limit: page
    with nothing_moves(bench), pytest.raises(ProtocolError) as ei:
        desk(bench).products("shop")
    assert field == ei.value.field


def test_a_shop_that_cannot_or_may_not_answer(bench):
    """
    Its own error comes out, and one that rests is not asked.
    """

    def declined(_cursor, *, limit):
        assert limit
        raise DeclinedError(provider="fake", detail="no")

    bench.shop.pull_products = declined
    with nothing_moves(bench), pytest.raises(DeclinedError):
        desk(bench).products("shop")
    bench.sh.seller("demo").stores.pause("shop")
    with nothing_moves(bench), pytest.raises(StoreRestsError):
        desk(bench).products("shop")


def test_a_platform_says_what_it_could_not_read(bench):
    """
    Its words come with what we reject, as a terminal can show them.
    """
    page = ProductPage((CUP, " "), "", has_more=False, rejected=("row 2: \x1b[2J",))
    bench.shop.pull_products = lambda _cursor, **_limit: page
    found = desk(bench).products("shop")

    assert ("row 2: \\x1b[2J", "variant: ' ' is not a ListedVariant") == found.rejected


def connect_file(bench, folder, **more):
    """
    Connect a shop that is a file, whose orders nobody has written yet.
    """
    config = {
        "path": str(folder / "orders.csv"),
        "fulfilments_path": str(folder / "sent.csv"),
        "currency": "USD",
        **more,
    }
    bench.sh.seller("demo").stores.connect("file", platform="file", config=config)


def test_a_file_that_tells_no_products(bench, tmp_path):
    """
    Without a file of products it has orders only.
    """
    connect_file(bench, tmp_path)
    with nothing_moves(bench), pytest.raises(ProductsUnsupportedError) as ei:
        desk(bench).products("file")
    assert ("file", "file") == (ei.value.store_id, ei.value.platform)


def test_a_file_of_products_is_listed_and_suggested_for(storage, tmp_path):
    """
    Before the first order, page by page; nothing of it is kept.
    """
    rows = "sku,title,variant_id\ncup,A cup,\nHat,A hat,\n,Wrap,12\nSOCK,Sock,\nx\n"
    (tmp_path / "goods.csv").write_text(rows)
    settings = Settings(chunk=2)
    bench = open_bench(storage=storage, settings=settings, folder=str(tmp_path))
    connect_file(bench, tmp_path, products_path=str(tmp_path / "goods.csv"))
    rule = MappingRule("CUP", (RuleItem(bench.variants["CUP"]),))
    connection_id = desk(bench).connect("file", [rule]).connection_id
    with nothing_moves(bench):
        found = desk(bench).products("file")
        report = bench.sh.seller("demo").suggestions.for_products("file")

    assert [
        ("cup", "", connection_id),
        ("Hat", "", ""),
        ("", "12", ""),
        ("SOCK", "", ""),
    ] == [(o.sku, o.external_variant_id, o.connection_id) for o in found.variants]
    assert ("row 5: 1 cells, the header has 3",) == found.rejected
    assert [("Hat", bench.variants["HAT"])] == [
        (one.sku, one.variant_id) for one in report.suggestions
    ]
    assert ("SOCK",) == report.without
