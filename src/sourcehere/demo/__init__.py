"""
The story that `sourcehere demo` tells: real orders of a real shop, from sync to refund.
"""

from .story import Options, run

__all__ = ["Options", "run"]
