"""
The packaged slice: 2,100 real orders of a real shop, rows verbatim (CC BY 4.0).
"""

from importlib.resources import files
from pathlib import Path


def sample_path() -> Path:
    """
    Return where the packaged orders are.

    Source: Online Retail, UCI Machine Learning Repository, D. Chen (2015),
    doi 10.24432/C5BW33, CC BY 4.0; see `sample-licence.txt` beside the file.
    """
    return Path(str(files(__package__) / "sample.csv"))
