"""
A synthetic export of each platform, from the file to the tracking number told back.
"""

import csv
import io

import pytest

# What becomes of twenty orders; "open" ones are to be sent.
STATUSES = ("open", "unpaid", "cancelled", "refunded", "fulfilled") * 4
OPEN = [str(1000 + n) for n, status in enumerate(STATUSES) if status == "open"]


def shopify(number, status):
    paid = {"unpaid": "pending", "refunded": "refunded"}.get(status, "paid")
    sent = "fulfilled" if status == "fulfilled" else "unfulfilled"
    order = {
        "Name": f"#{number}",
        "Financial Status": paid,
        "Fulfillment Status": sent,
        "Currency": "USD",
        "Created at": "2025-01-05 10:11:12 +0200",
        "Cancelled at": "2025-01-06 10:00:00 +0200" if status == "cancelled" else "",
        "Shipping Name": "A Buyer",
        "Shipping Address1": "1 Road",
        "Shipping City": "Austin",
        "Shipping Zip": "'78701",
        "Shipping Country": "US",
        "Email": f"b{number}@example.com",
    }
    for sku in ("CUP", "HAT"):
        yield {
            **order,
            "Lineitem quantity": "2",
            "Lineitem name": sku.title(),
            "Lineitem price": "3.50",
            "Lineitem sku": sku,
            "Lineitem requires shipping": "true",
            "Lineitem fulfillment status": sent if sent == "fulfilled" else "pending",
        }
        # Rows after the first say little of the order.
        order = {"Name": f"#{number}", "Email": f"b{number}@example.com"}


def squarespace(number, status):
    for row in shopify(number, status):
        renamed = {n: text for n, text in row.items() if n != "Name"}
        renamed["Order ID"] = number
        renamed["Lineitem variant"] = "200g"
        if renamed.get("Fulfillment Status") == "unfulfilled":
            renamed["Fulfillment Status"] = "pending"
        yield renamed


def woocommerce(number, status):
    words = {"open": "processing", "unpaid": "on-hold", "fulfilled": "completed"}
    yield {
        "order_id": number,
        "order_number": number,
        "date": "2025-01-05 10:11:12",
        "status": words.get(status, status),
        "order_currency": "USD",
        "shipping_country": "US",
        "billing_email": f"b{number}@example.com",
        "line_items": "name:Cup|product_id:9|sku:CUP|quantity:2|total:7.00|meta:;"
        "name:Hat|product_id:10|sku:HAT|quantity:2|total:7.00|meta:",
    }


def woocommerce_advanced(number, status):
    words = {"open": "Processing", "unpaid": "On hold", "fulfilled": "Completed"}
    for place, sku in enumerate(("CUP", "HAT"), start=1):
        yield {
            "Order Number": number,
            "Order Status": words.get(status, status.title()),
            "Order Date": "2025-01-05 10:11",
            "Customer Note": "",
            "First Name (Billing)": "A",
            "Last Name (Billing)": "Buyer",
            "Company (Billing)": "",
            "Address 1&2 (Billing)": "1 Road",
            "City (Billing)": "Austin",
            "State Code (Billing)": "TX",
            "Postcode (Billing)": "78701",
            "Country Code (Billing)": "US",
            "Email (Billing)": f"b{number}@example.com",
            "Phone (Billing)": "5551234",
            "First Name (Shipping)": "A",
            "Last Name (Shipping)": "Buyer",
            "Address 1&2 (Shipping)": "1 Road",
            "City (Shipping)": "Austin",
            "State Code (Shipping)": "TX",
            "Postcode (Shipping)": "78701",
            "Country Code (Shipping)": "US",
            "Payment Method Title": "Card",
            "Cart Discount Amount": "0",
            "Order Subtotal Amount": "14.00",
            "Shipping Method Title": "Flat rate",
            "Order Shipping Amount": "3.00",
            "Order Refund Amount": "17.00" if status == "refunded" else "0",
            "Order Total Amount": "17.00",
            "Order Total Tax Amount": "0",
            "SKU": sku,
            "Item #": str(place),
            "Item Name": sku.title(),
            "Quantity (- Refund)": "0" if status == "refunded" else "2",
            "Item Cost": "3.5",
            "Coupon Code": "",
            "Discount Amount": "",
            "Discount Amount Tax": "",
        }


def etsy(number, status):
    if status in ("cancelled", "refunded"):
        return  # Etsy leaves them out of the items that were sold
    for place, sku in enumerate(("CUP", "HAT")):
        yield {
            "Sale Date": "01/05/25",
            "Item Name": f"{sku.title()} &amp; more",
            "Buyer": f"buyer{number}",
            "Quantity": "2",
            "Price": "3.50",
            "Currency": "USD",
            "Transaction ID": f"4{number}{place}",
            "Listing ID": f"9{place}",
            "Date Paid": "" if status == "unpaid" else "01/05/2025",
            "Date Shipped": "01/06/2025" if status == "fulfilled" else "",
            "Ship Country": "United States",
            "Order ID": number,
            "SKU": sku,
        }


def ebay(number, status):
    if status in ("cancelled", "refunded"):
        return
    for place, sku in enumerate(("CUP", "HAT")):
        yield {
            "Sales Record Number": number,
            "Order Number": number,
            "Buyer Username": f"buyer{number}",
            "Ship To Country": "United States",
            "Item Number": f"22{place}",
            "Item Title": sku.title(),
            "Custom Label": sku,
            "Quantity": "2",
            "Sold For": "$3.50",
            "Sale Date": "Jan-05-25",
            "Paid On Date": "" if status == "unpaid" else "Jan-05-25",
            "Shipped On Date": "Jan-06-25" if status == "fulfilled" else "",
            "Transaction ID": f"5{number}{place}",
        }


def amazon(number, status):
    words = {"unpaid": "Pending", "cancelled": "Cancelled", "fulfilled": "Shipped"}
    if status == "refunded":
        return
    for sku in ("CUP", "HAT"):
        yield {
            "amazon-order-id": number,
            "purchase-date": "2025-01-05T10:11:12+00:00",
            "order-status": words.get(status, "Unshipped"),
            "product-name": f'{sku.title()} 5" tall',
            "sku": sku,
            "item-status": words.get(status, "Unshipped"),
            "quantity": "2",
            "currency": "USD",
            "item-price": "7.00",
            "ship-country": "US",
        }


def wix(number, status):
    for sku in ("CUP", "HAT"):
        yield {
            "Order number": number,
            "Date created": "Jan 5, 2025",
            "Time": "10:11:12 AM",
            "Contact email": f"b{number}@example.com",
            "Item": sku.title(),
            "SKU": sku,
            "Qty": "2",
            "Quantity refunded": "2" if status == "refunded" else "0",
            "Price": "3.50",
            "Delivery country": "USA",
            "Payment status": "Unpaid" if status == "unpaid" else "Paid",
            "Currency": "USD",
            "Fulfillment status": {
                "cancelled": "Canceled",
                "fulfilled": "Fulfilled",
            }.get(status, "Unfulfilled"),
        }


def tiktok(number, status):
    words = {"unpaid": "Unpaid", "cancelled": "Canceled", "fulfilled": "Shipped"}
    for sku in ("CUP", "HAT"):
        yield {
            "Order ID": f"{number}\t",
            "Order Status": words.get(status, "To ship"),
            "SKU ID": f"17{sku}\t",
            "Seller SKU": sku,
            "Product Name": sku.title(),
            "Quantity": "2",
            "Sku Quantity of return": "2" if status == "refunded" else "0",
            "SKU Unit Original Price": "USD 3.50",
            "Created Time": "01/05/2025 10:11:12 AM\t",
            "Paid Time": "" if status == "unpaid" else "01/05/2025 10:12:12 AM\t",
            "Shipped Time": "01/06/2025 9:00:00 AM\t" if status == "fulfilled" else "",
            "Country": "United States",
            "Buyer Username": f"buyer{number}",
        }


def tiendanube(number, status):
    paid = {"unpaid": "Pendiente", "refunded": "Reembolsado"}.get(status, "Recibido")
    order = {
        "Número de orden": number,
        "Email": f"b{number}@example.com",
        "Fecha": "05/01/2025 10:11:12",
        "Estado de la orden": "Cancelada" if status == "cancelled" else "Abierta",
        "Estado del pago": paid,
        "Estado del envío": "Enviado" if status == "fulfilled" else "Por enviar",
        "Moneda": "USD",
        "País": "México",
    }
    for sku in ("CUP", "HAT"):
        yield {
            **order,
            "Nombre del producto": sku.title(),
            "Precio del producto": "3,50",
            "Cantidad del producto": "2",
            "SKU": sku,
        }
        order = {"Número de orden": number}


def prestashop(number, status):
    states = {"unpaid": "10", "cancelled": "6", "refunded": "7", "fulfilled": "4"}
    for place, sku in enumerate(("CUP", "HAT")):
        yield {
            "id_order": number,
            "reference": number,
            "id_order_detail": f"6{number}{place}",
            "product_reference": sku,
            "product_name": sku.title(),
            "product_quantity": "2",
            "unit_price_tax_incl": "3.500000",
            "date_add": "2025-01-05 10:11:12",
            "current_state": states.get(status, "2"),
            "currency": "USD",
            "country_iso_code": "US",
        }


# Each writes as its platform does: what parts its cells, and in which encoding.
EXPORTS = {
    "shopify": (shopify, ",", "utf-8"),
    "squarespace": (squarespace, ",", "utf-8"),
    "woocommerce": (woocommerce, ",", "utf-8"),
    "woocommerce_advanced": (woocommerce_advanced, ",", "utf-8"),
    "etsy": (etsy, ",", "utf-8"),
    "ebay": (ebay, ",", "utf-8-sig"),
    "amazon_all": (amazon, "\t", "cp1252"),
    "wix": (wix, ",", "utf-8"),
    "tiktok": (tiktok, ",", "utf-8-sig"),
    "tiendanube": (tiendanube, ";", "cp1252"),
    "prestashop": (prestashop, ";", "utf-8"),
}
# Which closed orders there are: cancelled, refunded, sent.
_CLOSED = {
    "etsy": [0, 0, 4],
    "ebay": [0, 0, 4],
    "amazon_all": [4, 0, 4],
    "woocommerce_advanced": [8, 0, 4],  # of what is refunded no units are left
}
# What has to be said beside the file.
_SAID = {"woocommerce_advanced": "--currency USD"}
_LEFT_OUT = {"etsy": 8, "ebay": 8, "amazon_all": 4}


def written(name):
    """
    Return a file of twenty orders, as the platform writes it.
    """
    rows_of, delimiter, encoding = EXPORTS[name]
    rows = [
        row
        for n, status in enumerate(STATUSES)
        for row in rows_of(str(1000 + n), status)
    ]
    names = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    if name == "tiktok":
        rows.insert(0, {column: f"{column} of the order." for column in names})
    is_bare = delimiter == "\t"  # with quotation marks in its texts
    writer = csv.DictWriter(
        text,
        names,
        delimiter=delimiter,
        quoting=csv.QUOTE_NONE if is_bare else csv.QUOTE_MINIMAL,
        quotechar=None if is_bare else '"',
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPORTS)
def test_from_the_file_to_the_number_told_back(shell, name):
    """
    It is known, shown and imported; what is open is paid and sent, and each line is
    told; what the shop cancelled, refunded or sent itself is never to be paid.
    """
    shell.set_up()
    (shell.folder / "export.csv").write_bytes(written(name))
    preview = shell.json(f"stores preview export.csv {_SAID.get(name, '')}")
    count = len(STATUSES) - _LEFT_OUT.get(name, 0)
    assert (count, 4, 0, []) == (
        preview["orders"],
        preview["unpaid"],
        preview["doubtful"],
        preview["rejected"],
    )
    closed = [preview[kind] for kind in ("cancelled", "refunded", "fulfilled")]
    assert _CLOSED.get(name, [4, 4, 4]) == closed
    shell.ok(f"stores connect mine --path export.csv {_SAID.get(name, '')} --yes")
    shell.ok("connections add mine CUP=MUG")
    shell.ok("connections add mine HAT=LAMP-R")
    shell.ok("relay run")

    waiting = shell.orders("--store mine --tab awaiting_payment")
    assert set(OPEN) == {number.strip("#") for number in waiting}
    # Those that the shop's customers have not paid.
    assert 4 == len(shell.orders("--store mine --tab abnormal"))
    names = " ".join(f"mine/{number}" for number in OPEN)
    shell.ok(f"orders pay {names} --yes")
    shell.ok(f"orders accept {names}")
    for place, number in enumerate(OPEN):
        shell.ok(f"orders ship mine/{number} --carrier post --tracking T{place}")
    shell.ok("relay run")
    text = (shell.folder / "export-fulfilments.csv").read_text("utf-8")
    told = csv.DictReader(io.StringIO(text))
    assert [(number, f"T{place}") for place, number in enumerate(OPEN)] == [
        (row["order_number"].strip("#"), row["tracking_number"]) for row in told
    ]
    again = shell.json("stores sync mine")["done"]["mine"]
    assert (0, count) == (again["changed"], again["unchanged"])


def test_rows_that_change_places_change_nothing(shell):
    """
    In the next export the second line stands first, and the columns elsewhere: nothing
    is paired anew, paid again or sent twice.
    """
    shell.set_up()
    rows = list(shopify("1000", "open"))
    names = list(dict.fromkeys(column for row in rows for column in row))
    first, second = rows
    swapped = [{**first, **{n: second[n] for n in second if n.startswith("Line")}}]
    swapped += [{**second, **{n: first[n] for n in second if n.startswith("Line")}}]

    def write(rows, names):
        text = io.StringIO()
        writer = csv.DictWriter(text, names)
        writer.writeheader()
        writer.writerows(rows)
        (shell.folder / "export.csv").write_text(text.getvalue(), "utf-8")

    write(rows, names)
    shell.ok("stores connect mine --path export.csv --yes")
    shell.ok("connections add mine CUP=MUG")
    shell.ok("relay run")
    shell.ok("orders process-paired mine/1000")
    shell.ok("orders pay mine/1000:1 --yes")
    before = shell.json("orders show mine/1000:1")["order"]["lines"]
    write(swapped, names[::-1])
    again = shell.json("stores sync mine")["done"]["mine"]

    assert 1 == again["changed"]
    assert before == shell.json("orders show mine/1000:1")["order"]["lines"]
    (waits,) = shell.json("orders show mine/1000:2")["order"]["lines"]
    assert ("HAT", 2) == (waits["sku"], waits["quantity"])
    assert () == tuple(shell.json("orders show mine/1000:1")["order"]["holds"])
    assert shell.json("audit")["violations"] == []


def test_fees_are_kept_once_wherever_they_stand(shop):
    """
    Two equal fees of an order are two; in the next export they stand elsewhere, and
    another record takes the place of one.
    """

    def fees():
        found = shop.json("stores charges shop")
        return sorted((c["external_id"], c["code"], c["amount_text"]) for c in found)

    header, *rows = (shop.folder / "shop.csv").read_text("utf-8").splitlines()
    fee = "1003,POST,Postage,1,4.00,2030-12-01 08:28,19,FR"
    assert fee in rows
    shop.write("shop.csv", "\n".join([header, fee, fee, *rows[:-1]]) + "\n")
    shop.ok("stores sync shop")
    assert [("1003", "POST", "4.00")] * 2 == fees()
    other = "1001,POST,Postage,1,5.00,2030-12-01 08:26,17,GB"
    shop.write("shop.csv", "\n".join([header, other, *rows[:-1], fee, fee]) + "\n")
    shop.ok("stores sync shop")

    assert [("1001", "POST", "5.00"), *[("1003", "POST", "4.00")] * 2] == fees()


def test_an_order_of_no_units_is_wanted_no_more(shop):
    """
    What is not paid is cancelled, and what is paid is held, until the shop wants it
    again; both rows are told with their reason.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    shop.ok("orders pay 1002 --yes")
    text = (shop.folder / "shop.csv").read_text("utf-8")
    zero = text.replace("Lamp,3,", "Lamp,0,").replace("Lamp,6,", "Lamp,0,")
    shop.write("shop.csv", zero.replace("1001,CUP,Cup,2", "1001,CUP,Cup,0"))
    shop.ok("stores sync shop")

    assert "cancelled" == shop.orders()["1001"]
    (hold,) = shop.json("orders show 1002")["order"]["holds"]
    assert "store_cancelled" == hold["reason"]
    reasons = [p["external_id"] for p in shop.listed("stores problems shop")]
    assert 2 == reasons.count("1001")
    shop.write("shop.csv", text)
    shop.ok("stores sync shop")
    assert [] == shop.json("orders show 1002")["order"]["holds"]


def test_what_woocommerce_refunds_is_taken_off(shell):
    """
    Advanced Order Export writes what is left of a line: of one that was refunded whole
    nothing is sent, and the rest is as good as any order. A row of a further coupon is
    no line.
    """
    shell.set_up()
    first, second = woocommerce_advanced("1000", "open")
    first |= {"Quantity (- Refund)": "0", "Order Refund Amount": "7.00"}
    coupon = dict.fromkeys(("SKU", "Item #", "Item Name", "Item Cost"), "")
    coupon |= {"Quantity (- Refund)": "", "Coupon Code": "SUMMER"}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(second))
    writer.writeheader()
    writer.writerows([first, second, {**second, **coupon}])
    (shell.folder / "export.csv").write_text(text.getvalue(), "utf-8")
    found = shell.json("stores preview export.csv --currency USD")
    assert (1, 0, 0, []) == (
        *(found["orders"], found["cancelled"], found["doubtful"]),
        found["rejected"],
    )
    shell.ok("stores connect mine --path export.csv --currency USD --yes")
    shell.ok("connections add mine HAT=MUG")
    shell.ok("relay run")
    shell.ok("orders pay mine/1000 --yes")

    lines = shell.json("orders show mine/1000")["order"]["lines"]
    assert [("HAT", 2)] == [(x["sku"], x["quantity"]) for x in lines if x["quantity"]]


def test_a_preview_counts_one_line(shell):
    """
    It says in how many lines the name stands for the SKU; of one, that it is one.
    """
    shell.set_up()
    first, second = woocommerce_advanced("1000", "open")
    text = io.StringIO()
    writer = csv.DictWriter(text, list(first))
    writer.writeheader()
    writer.writerows([{**first, "SKU": ""}, second])
    (shell.folder / "export.csv").write_text(text.getvalue(), "utf-8")

    found = shell.json("stores preview export.csv --currency USD")
    assert "no SKU in 1 line: the name is used" in found["notes"]
