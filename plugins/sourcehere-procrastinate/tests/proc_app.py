"""
The app of a host, as procrastinate's command finds it.
"""

import os
from pathlib import Path

from proc_host import Host

host = Host(
    os.environ["PROC_URL"],
    Path(os.environ["PROC_FOLDER"]),
    float(os.environ["PROC_EVERY"]),
)
app, background = host.app()
