"""
Who sells, and who serves them.
"""

from ...domain.sellers.model import Salesman, Seller
from ..records import Records

SELLERS = Records("seller", Seller, key=["seller_id"])

SELLERS_SERVED = SELLERS.way("served", equal=["salesman_id"], order=["seller_id"])
SALESMEN = Records("salesman", Salesman, key=["salesman_id"])

RECORDS = (SELLERS, SALESMEN)
