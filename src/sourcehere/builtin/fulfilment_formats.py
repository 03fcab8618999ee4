"""
Files of fulfilments as the importers of platforms take them: one table says all of it.

None of them has room for an idempotency key, so that nothing is ever appended to one:
each is written anew from what was pushed.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date

from ..domain.kernel.errors import InvalidInputError
from ..domain.kernel.skus import comparison_key
from ..domain.kernel.values import frozen
from .file_profile import PLAIN
from .file_tail import HEADER, encode_cells, inert

_CONTROL = re.compile(r"[\t\r\n]+")
# Of Amazon's list; any other carrier is "Other" there, with its name beside.
_AMAZON_CODES = {
    name.casefold(): name
    for name in (
        "4PX",
        "Australia Post",
        "Canada Post",
        "China Post",
        "DHL",
        "DPD",
        "FedEx",
        "GLS",
        "Royal Mail",
        "SF Express",
        "TNT",
        "UPS",
        "USPS",
        "Yanwen",
        "Yun Express",
    )
}


@frozen(kw_only=True)
class SentLine:
    """
    Complete units of one line of an order in one parcel.

    Attributes:
        order: What the shop calls the order, its prefix with it.

        line_id, product_id: The shop's own ids; empty where it has none.

        day: When the parcel left, by the shop's clock.

        is_last: Whether with this parcel all of the order has left.
    """

    order: str
    line_id: str
    product_id: str
    sku: str
    quantity: int
    carrier: str
    tracking_number: str
    day: date
    is_last: bool


Columns = Mapping[str, Callable[[SentLine], object]]


@frozen
class FulfilmentFormat:
    """
    What a platform's importer takes.

    Attributes:
        columns: Header -> what its cells hold, in the importer's order.
    """

    columns: Columns
    delimiter: str = ","

    def header(self) -> str:
        """
        Return the first line.
        """
        return self._line(list(self.columns))

    def row(self, sent: SentLine) -> str:
        """
        Return the line that says *sent*; no cell of it is a formula to a spreadsheet.
        """
        return self._line([show(sent) for show in self.columns.values()])

    def _line(self, cells: list[object]) -> str:
        texts = [inert(_CONTROL.sub(" ", str(cell)).strip()) for cell in cells]
        return encode_cells(texts, delimiter=self.delimiter).decode()


def _amazon_code(sent: SentLine) -> str:
    return _AMAZON_CODES.get(sent.carrier.casefold(), "Other")


def _amazon_name(sent: SentLine) -> str:
    return "" if sent.carrier.casefold() in _AMAZON_CODES else sent.carrier


def _ebay_transaction(sent: SentLine) -> str:
    """
    Return the id of a sale; 0 of one by auction, which has none, so that its line is
    known by its SKU or item.
    """
    name = sent.line_id.partition("#")[0]
    is_own = name not in (comparison_key(sent.sku), sent.product_id)
    return sent.line_id if is_own else "0"


FORMATS: Mapping[str, FulfilmentFormat] = {
    # Orders > Upload order related files > Shipping confirmation.
    "amazon": FulfilmentFormat(
        {
            "order-id": lambda s: s.order,
            "order-item-id": lambda s: s.line_id,
            "quantity": lambda s: s.quantity,
            "ship-date": lambda s: s.day.isoformat(),
            "carrier-code": _amazon_code,
            "carrier-name": _amazon_name,
            "tracking-number": lambda s: s.tracking_number,
            "ship-method": lambda _: "",
        },
        delimiter="\t",
    ),
    # Seller Hub > Reports > Uploads, "Add order tracking and shipping info": a row is a
    # whole transaction, so that there is no quantity.
    # https://developer.ebay.com/api-docs/sell/static/feed/fx-feeds-quick-reference.html
    "ebay": FulfilmentFormat(
        {
            "Shipping Status": lambda _: "Shipped",
            "Order Number": lambda s: s.order,
            "Item Number": lambda s: s.product_id,
            "Item Title": lambda _: "",  # not asked for
            "Custom Label": lambda s: s.sku,
            "Transaction ID": _ebay_transaction,
            "Shipping Carrier Used": lambda s: s.carrier,
            "Tracking Number": lambda s: s.tracking_number,
        }
    ),
    # Etsy has no importer; these are the headers of its own exports.
    "etsy": FulfilmentFormat(
        {
            "Order ID": lambda s: s.order,
            "Transaction ID": lambda s: s.line_id,
            "SKU": lambda s: s.sku,
            "Quantity": lambda s: s.quantity,
            "Carrier": lambda s: s.carrier,
            "Tracking Number": lambda s: s.tracking_number,
            "Date Shipped": lambda s: s.day.strftime("%m/%d/%Y"),
        }
    ),
    # Shopify has no importer; this is what the app Matrixify takes as "Orders".
    "shopify": FulfilmentFormat(
        {
            "Name": lambda s: s.order,
            "Command": lambda _: "UPDATE",
            "Line: Type": lambda _: "Fulfillment Line",
            "Line: SKU": lambda s: s.sku,
            "Line: Quantity": lambda s: s.quantity,
            "Fulfillment: Status": lambda _: "success",
            "Fulfillment: Processed At": lambda s: s.day.isoformat(),
            "Fulfillment: Tracking Company": lambda s: s.carrier,
            "Fulfillment: Tracking Number": lambda s: s.tracking_number,
        }
    ),
    # https://docs.zorem.com/docs/ast-pro/add-tracking-to-orders/csv-import/
    "woocommerce": FulfilmentFormat(
        {
            "order_id": lambda s: s.order,
            "tracking_provider": lambda s: s.carrier,
            "tracking_number": lambda s: s.tracking_number,
            "date_shipped": lambda s: s.day.strftime("%d-%m-%Y"),
            "status_shipped": lambda s: 1 if s.is_last else 2,  # wholly or in part
            "sku": lambda s: s.sku,
            "qty": lambda s: s.quantity,
        }
    ),
}
NAMES = (*FORMATS, PLAIN)


def check_format(field: str, name: str) -> None:
    """
    Accept the name of a format, `plain` for the one of our own.

    Raises:
        InvalidInputError: If there is none of that name.
    """
    if name not in NAMES:
        expected = f"one of {', '.join(NAMES)}"
        raise InvalidInputError(field=field, value=name, expected=expected)


def plain_header() -> str:
    """
    Return the first line of a file of our own.
    """
    return encode_cells(HEADER).decode()
