"""
Who sells.
"""

from ...domain.sellers.model import Seller
from ..records import Records

SELLERS = Records("seller", Seller, key=["seller_id"])

RECORDS = (SELLERS,)
