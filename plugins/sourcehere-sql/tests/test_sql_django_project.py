"""
The example project of Django: its invoices and our orders commit together.
"""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import sourcehere
from sourcehere import MappingRule, Money, NewProduct, NewVariant, Price, RuleItem

PROJECT = Path(__file__).parents[3] / "examples" / "django_shop"
ORDERS = """\
order_number,sku,title,quantity,unit_price,placed_at,customer,country,currency
1001,LANTERN,Lantern,6,4.99,2026-11-02 09:30,C-7,GB,GBP
1002,LANTERN,Lantern,1,4.99,2026-11-02 09:31,C-8,GB,GBP
1003,LANTERN,Lantern,70,4.99,2026-11-02 09:32,C-9,GB,GBP
"""
BREAK = {"up_to_grams": 2000, "first_grams": 2000, "first_price": 450}
METHOD = {"code": "air", "name": "Air mail", "days_min": 6, "days_max": 12}
ZONES = [{"countries": ["*"], "breaks": [BREAK]}]
CARD = {"currency": "GBP", "methods": [{**METHOD, "zones": ZONES}]}
VISIT = """
    import json, os, sys
    import django
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    django.setup()
    from django.core.management import call_command
    for command in (
        ["check"],
        ["makemigrations", "--check", "--dry-run"],  # nothing is to be made
        ["migrate", "--verbosity", "0"],
    ):
        call_command(*command, stdout=sys.stderr)
    from django.test import Client
    from invoices.models import Invoice
    from invoices.views import refused
    import sourcehere

    paid, kept_from, dear = sys.argv[1:]
    Invoice.objects.create(order_id=kept_from, amount_minor=1, currency="GBP")
    client, said = Client(), []
    for method, path in [
        ("post", f"/sellers/lamps/orders/{paid}/pay"),
        ("post", f"/sellers/lamps/orders/{kept_from}/pay"),
        ("post", f"/sellers/lamps/orders/{dear}/pay"),
        ("post", f"/sellers/lamps/orders/{paid}/pay"),
        ("get", f"/sellers/lamps/orders/{paid}"),
        ("get", f"/sellers/lamps/orders/{kept_from}"),
        ("get", "/sellers/lamps/orders/none"),
    ]:
        answer = getattr(client, method)(path)
        said.append([answer.status_code, answer.json()])
    blocker = sourcehere.Blocker("role_not_allowed", "it is for staff")
    error = sourcehere.CommandRefusedError(
        kind="order", id="1", command="accept", blockers=[blocker]
    )
    said.append([refused(error).status_code, None])
    invoices = list(Invoice.objects.values_list("order_id", "amount_minor"))
    from django.conf import settings
    options = settings.DATABASES["default"]["OPTIONS"]
    print(json.dumps({"said": said, "invoices": invoices, "options": options}))
"""


@pytest.fixture(params=[False, True], ids=["plain", "named"])
def url(request, database_url):
    """
    Return the URL of a database, also one that says where our tables are, and that has
    options of the driver's.
    """
    if not request.param:
        return database_url
    if database_url.startswith("sqlite"):
        return f"{database_url}?prefix=sh_&busy_seconds=5"
    return f"{database_url}&schema=shop_a&pool_size=2&application_name=django_shop"


@pytest.fixture
def shop(url, tmp_path):
    """
    Return the order core with two orders that wait to be paid.
    """
    (tmp_path / "orders.csv").write_text(ORDERS)
    with sourcehere.open(url, folder=tmp_path) as sh:
        desk, shop = sh.staff("ann"), sh.seller("lamps")
        desk.sellers.register("lamps", name="Lamps", currency="GBP")
        wallet = desk.seller("lamps").wallet
        wallet.top_up(Money.parse("100", "GBP"), reference="T-1")
        desk.freight.connect("card", provider="rate_card", config=CARD)
        price = Price(Money.parse("1.70", "GBP"))
        variant = NewVariant(sku="71053", weight_grams=200, prices=(price,))
        made = desk.catalog.add(NewProduct(title="Lantern", variants=(variant,)))
        item = RuleItem(made.variants[0].variant_id)
        config = {"path": "orders.csv", "fulfilments_path": "s.csv", "currency": "GBP"}
        shop.stores.connect("site", platform="file", config=config)
        shop.connections.connect("site", [MappingRule("LANTERN", (item,))])
        shop.stores.sync("site")
        yield shop


def visit(url, *arguments):
    """
    Make the project's tables, and pay orders as its visitors do.
    """
    url = url.replace("postgresql+psycopg:", "postgresql:")
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(VISIT), *arguments],
        env=os.environ | {"DATABASE_URL": url},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    return json.loads(done.stdout)


@pytest.mark.share(3)
def test_an_order_is_paid_with_its_invoice_or_not_at_all(shop, url):
    """
    The invoice that was there already takes the payment back with it. Django sees none
    of our tables.
    """
    (paid,) = shop.orders.find_number("1001")
    (refused,) = shop.orders.find_number("1002")
    (dear,) = shop.orders.find_number("1003")
    told = visit(url, paid, refused, dear)

    (first, second, poor, again, shown, other, none, forbidden) = told["said"]
    assert [200, {"amount": "14.70", "currency": "GBP", "minor": 1470}] == [
        first[0],
        first[1]["total"],
    ]
    assert [409, 402, 409, 404, 403] == [
        one[0] for one in (second, poor, again, none, forbidden)
    ]
    assert [
        "AlreadyExistsError",
        "InsufficientFundsError",
        "CommandRefusedError",
        "NotFoundError",
    ] == [one[1]["type"] for one in (second, poor, again, none)]
    assert {"kind": "invoice", "key": refused} == second[1]["facts"]
    assert ["awaiting_shipping", "awaiting_payment"] == [
        one[1]["state"] for one in (shown, other)
    ]
    assert [[refused, 1], [paid, 1470]] == told["invoices"]
    assert Money.parse("85.30", "GBP") == shop.wallet.get().available
    name = "django_shop" if "application_name" in url else ""
    assert name == told["options"].get("application_name", "")
