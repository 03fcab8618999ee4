"""
For plugins that speak to an HTTP API: a client whose failures are those of the ports.
"""

from .api import Api
from .changes import Listed, OrderReader, Window
from .products import ProductReader
from .reply import Reply
from .strict import strict_json

__all__ = [
    "Api",
    "Listed",
    "OrderReader",
    "ProductReader",
    "Reply",
    "Window",
    "strict_json",
]
