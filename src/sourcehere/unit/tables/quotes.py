"""
Quote requests.
"""

from datetime import datetime

from ...domain.quotes.model import QuoteRequest
from ..records import Records

QUOTE_REQUESTS: Records[QuoteRequest] = Records(
    "quote_request",
    QuoteRequest,
    key=["seller_id", "request_id"],
    skip=["pending"],
    derived=[("deadline", datetime), ("open_key", str), ("agreed_variant", str)],
    version="version",
)
QUOTES_OF = QUOTE_REQUESTS.way("of_seller", equal=["seller_id"], order=["request_id"])
QUOTES_BY_STATE = QUOTE_REQUESTS.way("by_state", equal=["state"], order=["request_id"])
QUOTES_OPEN_FOR = QUOTE_REQUESTS.way(
    "open_for", equal=["seller_id", "store_id", "open_key"], order=["request_id"]
)
QUOTES_AGREED = QUOTE_REQUESTS.way(
    "agreed", equal=["seller_id", "agreed_variant"], order=["request_id"]
)
QUOTES_DUE = QUOTE_REQUESTS.way("due", equal=["state"], order=["deadline"])

RECORDS = (QUOTE_REQUESTS,)
