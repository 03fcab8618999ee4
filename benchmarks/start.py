"""
CPU time of a process that imports the library and opens memory.

    python benchmarks/start.py
"""

import resource
import subprocess
import sys

CODE = "import sourcehere; sourcehere.open('memory://')"


def children():
    """
    Give the CPU seconds of all children so far.
    """
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def spent(code):
    """
    Give the CPU seconds of one Python that runs *code*.
    """
    before = children()
    subprocess.run([sys.executable, "-c", code], check=True)
    return children() - before


if __name__ == "__main__":
    ours = min(spent(CODE) for _ in range(5))
    bare = min(spent("pass") for _ in range(5))
    print(f"import and open memory: {ours * 1000:.0f} ms CPU (aim: at most 250)")
    print(f"  Python alone {bare * 1000:.0f} ms")
