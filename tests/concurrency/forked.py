"""
Opens the database at a URL, and forks children that use what was opened, as a server
with a preloaded application does. Prints as JSON what came of it.

What the parent does meanwhile is told too: `idle` waits, `busy` goes on writing in
threads of its own, `leaving` closes what it has opened.
"""

import json
import multiprocessing
import os
import sys
import threading
import time
import traceback

import sourcehere
from sourcehere.domain.kernel.ids import new_id
from sourcehere.domain.kernel.money import Money

CHILDREN = 6
TOP_UPS = 30
CENT = Money(1, "USD")


def top_up(sh, who, number):
    wallet = sh.staff("ann").seller("demo").wallet
    wallet.top_up(CENT, reference=f"{who}/{number}")


def top_up_often(sh, who):
    """
    Top the wallet up as often as told, and return an id that this process made.
    """
    for number in range(TOP_UPS):
        top_up(sh, who, number)
    return new_id()


def fork(work):
    """
    Run *work* in a child; return its process id, and where it says what it returned.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        return child, reader
    code = 1
    try:
        with os.fdopen(writer, "w") as out:
            out.write(work())
        code = 0
    except BaseException:  # noqa: BLE001 - shown, and told by how the child ends
        traceback.print_exc()
    os._exit(code)


def waited_for(child, reader):
    with os.fdopen(reader) as said:
        answer = said.read()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return answer


def race(*works):
    """
    Do every work in a process of its own, all beginning at once; give what each says.
    """
    barrier = multiprocessing.get_context("fork").Barrier(len(works))

    def run(work):
        barrier.wait()
        return work() or ""

    children = [fork(lambda work=work: run(work)) for work in works]
    return [waited_for(*child) for child in children]


class Busy:
    """
    Threads that top up until they are told to stop, and count how often they did.
    """

    def __init__(self, sh):
        self._sh = sh
        self._over = threading.Event()
        self._counts = [0, 0, 0]
        self._threads = [
            threading.Thread(target=self._run, args=(place,), daemon=True)
            for place in range(3)
        ]
        for thread in self._threads:
            thread.start()

    def _run(self, place):
        while not self._over.is_set():
            top_up(self._sh, f"thread {place}", self._counts[place])
            self._counts[place] += 1

    def stop(self):
        self._over.set()
        for thread in self._threads:
            thread.join()
        return sum(self._counts)


def main(url, meanwhile):
    sh = sourcehere.open(url)
    sh.staff("ann").sellers.register("demo", name="Demo", currency="USD")
    top_up(sh, "parent", 0)
    busy = Busy(sh) if meanwhile == "busy" else None
    children = []
    for number in range(CHILDREN):
        children.append(fork(lambda who=number: top_up_often(sh, who)))
        time.sleep(0.01)
    if meanwhile == "leaving":
        sh.close()
    ids = [waited_for(*child) for child in children]
    own = busy.stop() if busy else 0
    sh.close()
    with sourcehere.open(url) as again:
        balance = again.seller("demo").wallet.get().available.minor
        findings = len(again.audit.run(replay=True).violations)
    expected = 1 + CHILDREN * TOP_UPS + own
    print(
        json.dumps(
            {"missing": expected - balance, "ids": len(set(ids)), "findings": findings}
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
