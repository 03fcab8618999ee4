"""
`python -m sourcehere.cli`: the same as `sourcehere`.
"""

import sys

from . import main

sys.exit(main())
