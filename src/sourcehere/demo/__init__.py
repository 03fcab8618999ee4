"""
The story that `sourcehere demo` tells: real orders of a real shop, from sync to refund.
"""

from .report import Report
from .sample import sample_path
from .stage import Options
from .story import open_for_demo, run

__all__ = ["Options", "Report", "open_for_demo", "run", "sample_path"]
