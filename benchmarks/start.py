"""
CPU time of a process that imports the library and opens memory.

    python benchmarks/start.py

Bytecode is kept, as it is wherever a package is installed: the first run writes it to
a folder of its own, whatever the environment says, and is not counted.
"""

import os
import resource
import subprocess
import sys
import tempfile

CODE = "import sourcehere; sourcehere.open('memory://')"
LIBRARIES = "import attrs, cattrs, pluggy, statemachine, iso4217"


def children():
    """
    Return the CPU seconds of all children so far.
    """
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def spent(code, environment):
    """
    Return the CPU seconds of one Python that runs *code*.
    """
    before = children()
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    return children() - before


def main():
    """
    Measure, and print what of it the libraries underneath take.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        best = []
        for code in (CODE, LIBRARIES, "pass"):
            spent(code, environment)
            best.append(min(spent(code, environment) for _ in range(10)) * 1000)
    print(f"import and open memory: {best[0]:.0f} ms CPU  (aim: at most 250)")
    print(f"  the libraries underneath {best[1]:.0f} ms, Python alone {best[2]:.0f} ms")


if __name__ == "__main__":
    main()
