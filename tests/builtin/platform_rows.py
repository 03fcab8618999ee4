"""
Rows as the exports of platforms have them, and what is read of them.
"""

import csv
import io

from sourcehere.builtin.file_config import FileStoreConfig
from sourcehere.builtin.file_orders import FileContent


def read(*rows, parted=",", **config):
    """
    Read rows as a shop's orders; amounts without a currency are pounds.
    """
    header = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, header, delimiter=parted)
    writer.writeheader()
    writer.writerows(rows)
    wanted = {"path": "x.csv", "currency": "GBP"} | config
    return FileContent.parse(text.getvalue().encode(), FileStoreConfig(**wanted))


def lines(content, number="1"):
    """
    Return the lines of an order: id, SKU, units, of which sent, of which refunded,
    price.
    """
    return [
        (
            line.external_line_id,
            line.sku,
            line.quantity,
            line.quantity_fulfilled,
            line.quantity_refunded,
            "" if line.unit_price is None else str(line.unit_price),
        )
        for line in content.orders[number].lines
    ]


def rejects(content):
    """
    Return which records were rejected, and why.
    """
    return [(r.row, r.reason, r.detail) for g in content.groups for r in g.rejects]


def woo(items, number="1"):
    return {
        "order_id": number,
        "order_number": number,
        "date": "2026-11-01 10:00:00",
        "status": "processing",
        "shipping_country": "GB",
        "line_items": items,
    }


def amazon(**said):
    return {
        "amazon-order-id": "1",
        "purchase-date": "2026-11-01T10:00:00+00:00",
        "order-status": "Unshipped",
        "fulfillment-channel": "Merchant",
        "sku": "CUP",
        "item-status": "Unshipped",
        "quantity": "2",
        "currency": "USD",
        "item-price": "10.00",
        "ship-country": "US",
    } | {name.replace("_", "-"): text for name, text in said.items()}


def shopify(**said):
    return {
        "Name": "#1",
        "Financial Status": "paid",
        "Fulfillment Status": "unfulfilled",
        "Currency": "USD",
        "Created at": "2026-11-01 10:00:00 +0100",
        "Lineitem quantity": "2",
        "Lineitem name": "Cup",
        "Lineitem price": "3.00",
        "Lineitem sku": "CUP",
        "Lineitem fulfillment status": "pending",
        "Shipping Country": "US",
    } | {name.replace("_", " "): text for name, text in said.items()}


def tiktok(**said):
    return {
        "Order ID": "1\t",
        "Order Status": "To ship",
        "SKU ID": "17\t",
        "Seller SKU": "CUP",
        "Quantity": "2",
        "SKU Unit Original Price": "9.99",
        "Created Time": "11/01/2026 10:00:00 AM\t",
        "Shipped Time": "\t",
        "Country": "United States",
        "Fulfillment Type": "Fulfillment by seller",
    } | {name.replace("_", " "): text for name, text in said.items()}


def ebay(**said):
    return {
        "Sales Record Number": "5",
        "Order Number": "1",
        "Item Number": "221",
        "Item Title": "Cup",
        "Custom Label": "",
        "Quantity": "1",
        "Sold For": "$3.00",
        "Sale Date": "Nov-01-26",
        "Transaction ID": "0",
    } | {name.replace("_", " "): text for name, text in said.items()}


def plain(**said):
    return {
        "order_number": "1",
        "sku": "CUP",
        "quantity": "2",
        "unit_price": "5.00",
        "placed_at": "2026-11-01",
        "country": "GB",
        "currency": "",
    } | said


def bigcommerce(*details, **said):
    return {
        "Order ID": "1",
        "Customer Email": "mo@example.org",
        "Order Date": "26/11/2026",
        "Order Status": "Awaiting Fulfillment",
        "Total Quantity": "3",
        "Total Shipped": "0",
        "Order Currency Code": "USD",
        "Shipping First Name": "Mo",
        "Shipping Last Name": "Lee",
        "Shipping Street 1": "PO Box 7",
        "Shipping Suburb": "Eagle River",
        "Shipping State": "Alaska",
        "Shipping Zip": "99577",
        "Shipping Country": "United States",
        "Product Details": "|".join(details),
    } | {name.replace("_", " "): text for name, text in said.items()}


def lazada(**said):
    return {
        "orderItemId": "501",
        "lazadaId": "9",
        "sellerSku": "CUP",
        "lazadaSku": "7_MY-11",
        "createTime": "26 Nov 2026 10:15",
        "orderNumber": "1",
        "shippingName": "Mo Lee",
        "shippingAddress": "Jalan 7",
        "shippingCity": "Ipoh",
        "shippingCountry": "Malaysia",
        "paidPrice": "11.00",
        "unitPrice": "12.00",
        "itemName": "Cup",
        "variation": "Colour:Red",
        "shipmentTypeName": "Dropshipping",
        "status": "pending",
    } | said


def shopee(**said):
    return {
        "Order ID": "1",
        "Order Status": "To ship",
        "Ship Time": "",
        "Order Creation Date": "2026-11-26 10:15",
        "Order Paid Time": "2026-11-26 10:16",
        "Parent SKU Reference No.": "CUPS",
        "Product Name": "Cup",
        "SKU Reference No.": "CUP",
        "Variation Name": "Red",
        "Original Price": "12.00",
        "Deal Price": "11.00",
        "Quantity": "2",
        "Returned quantity": "0",
        "Username (Buyer)": "mo",
        "Receiver Name": "Mo Lee",
        "Delivery Address": "Jalan 7, Ipoh",
        "Country": "MY",
    } | {name.replace("_", " "): text for name, text in said.items()}
