"""
For plugins that speak to an HTTP API: a client whose failures are those of the ports.
"""

from .api import Api
from .reply import Reply

__all__ = ["Api", "Reply"]
