"""
CPU time of a process that starts: imports the library, opens memory or a new file, says
its help.

    python benchmarks/start.py [--instructions]

Milliseconds differ from hour to hour on cores that are shared. With `--instructions`
those of each process are counted under cachegrind (Debian's `valgrind`), once each.

Bytecode is kept, as it is wherever a package is installed: the first run writes it to
a folder of its own, whatever the environment says, and is not counted.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile

from harness import instructions_of

STARTS = {
    "import the library": "import sourcehere",
    "sourcehere --help": "from sourcehere.cli import main; main(['--help'])",
    "import and open memory, with the installed plugins": (
        "import sourcehere; sourcehere.open('memory://')"
    ),
    "the same, without plugins": (
        "import sourcehere; sourcehere.open('memory://', load_entry_points=False)"
    ),
    "the same, and make a database file, with the installed plugins": (
        "import sourcehere, tempfile\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    sourcehere.open(f'sqlite:///{folder}/orders.db').close()"
    ),
    "the libraries underneath": "import attrs, cattrs, pluggy, statemachine, iso4217",
    "Python alone": "pass",
}
AIM = 300
ROUNDS = 10


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
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    return children() - before


def main():
    """
    Measure, and print each start.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instructions", action="store_true")
    counts = parser.parse_args().instructions
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if counts:
            print("thousand million instructions")
        else:
            print(f"ms CPU, the best of {ROUNDS} (aim: at most {AIM} on an idle core)")
        for name, code in STARTS.items():
            spent(code, environment)
            if counts:
                found = instructions_of("-c", code, environment=environment)
                print(f"{found / 1e9:6.2f}  {name}")
                continue
            best = min(spent(code, environment) for _ in range(ROUNDS)) * 1000
            print(f"{best:6.0f}  {name}")


if __name__ == "__main__":
    main()
