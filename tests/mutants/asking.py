"""
What the tests say to each mutant.

pytest collects once, in the process that stays. All that runs, runs in forks of it: all
tests once, to learn which lines each runs and how long it takes; then, for each mutant,
those tests that run its lines, until one fails.
"""

import gc
import os
import pickle
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import coverage
import hypothesis
import pytest
from choosing import Choice, Learned
from making import SOURCES, Loaded, Mutant, loaded, make

TESTS = (
    *("tests/orders", "tests/warehouse", "tests/wallet", "tests/services"),
    *("tests/explained", "tests/face", "tests/freight", "tests/plugins", "tests/unit"),
    *("tests/audit/test_corruption.py", "tests/audit/test_planted.py"),
)
ARGUMENTS = (
    *("-q", "-s", "--tb=native", "-p", "no:cacheprovider"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # of hypothesis, above
    *("-k", "not sqlite and not postgresql", "--hypothesis-profile=mutants"),
    "--ignore=tests/face/test_arguments.py",  # opens a storage as it is imported
    *TESTS,
)
GIGABYTES = 4  # what a mutant may use

# A test that fails is enough: how small its example can get does not matter.
hypothesis.settings.register_profile(
    "mutants",
    derandomize=True,
    deadline=None,
    database=None,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)

Answer = Callable[[Mutant, str], None]


def ask(
    mutants: Sequence[Mutant], *, seconds: Callable[[Mutant], float], answer: Answer
) -> int:
    """
    Ask the tests about *mutants*, and tell *answer* what they say to each.

    That is the test that failed, `time` or `crash`; `unreached` if no test runs these
    lines; `survived N of M` if none of N tests failed, of M that could be run; and
    `broken` if it could not be asked.

    Args:
        seconds: What tests may take together for a mutant, as they took when their
            lines were measured: about twice as long as they do.

    Returns:
        What pytest returns: not 0 if tests fail without a mutant.
    """
    asking = _Asking(mutants, seconds, answer)
    return int(pytest.main([*ARGUMENTS], plugins=[asking]))


class _Asking:
    """
    The plugin that forks where pytest would run the tests.
    """

    def __init__(
        self,
        mutants: Sequence[Mutant],
        seconds: Callable[[Mutant], float],
        answer: Answer,
    ) -> None:
        self._mutants = mutants
        self._seconds = seconds
        self._answer = answer
        self._failed: Callable[[pytest.Item, pytest.CallInfo[None]], None]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """
        Ask about each mutant.
        """
        functions = loaded()
        folder = session.config._tmp_path_factory.getbasetemp()  # shared by the forks
        gc.collect()
        gc.freeze()  # nothing of it is written to, and so copied, in a fork
        choice = Choice(self._learned(session, folder / "learned"))
        for mutant in self._mutants:
            chosen, among = choice.of(mutant, seconds=self._seconds(mutant))
            if not chosen:
                self._answer(mutant, "unreached")
                continue
            said = self._ask_one(session, mutant, functions, choice, chosen)
            if said.isdigit():
                choice.note(mutant, killer=int(said))
                said = session.items[int(said)].nodeid
            self._answer(mutant, said or f"survived {len(chosen)} of {among}")
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> None:
        """
        End the fork at the first test that fails.
        """
        if call.excinfo and not call.excinfo.errisinstance(pytest.skip.Exception):
            self._failed(item, call)

    def _learned(self, session: pytest.Session, kept: Path) -> Learned:
        """
        Run all tests once, unchanged.
        """

        def failed(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
            _say(f"{item.nodeid}\n{call.excinfo.getrepr(style='native')}")

        def run() -> None:
            self._failed = failed
            files = {str(SOURCES / mutant.file) for mutant in self._mutants}
            kept.write_bytes(pickle.dumps(_learn(session, sorted(files))))

        began = time.monotonic()
        said = _fork(run)
        if not kept.exists():
            pytest.exit(f"tests fail without a mutant: {said}", returncode=1)
        took = time.monotonic() - began
        print(f"{len(session.items)} tests, run once in {took:.0f} s", flush=True)
        return pickle.loads(kept.read_bytes())

    def _ask_one(
        self,
        session: pytest.Session,
        mutant: Mutant,
        functions: Loaded,
        choice: Choice,
        chosen: Sequence[int],
    ) -> str:
        """
        Return the place of the test that fails; empty if none does.
        """
        place = {session.items[number]: number for number in chosen}

        def run() -> None:
            self._failed = lambda item, _: _say(str(place[item]))
            limit = GIGABYTES << 30
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
            make(mutant, functions)
            for number, behind in zip(chosen, [*chosen[1:], None], strict=True):
                _must_end_within(1 + 10 * choice.seconds[number])
                _run_one(session, number, behind)

        return _fork(run)


def _learn(session: pytest.Session, paths: list[str]) -> Learned:
    """
    Run all tests, and return how long each takes and which lines of *paths* it runs.
    """
    learned = Learned()
    measured = coverage.Coverage(data_file=None, include=paths, config_file=False)
    measured.start()
    for number in range(len(session.items)):
        measured.switch_context(str(number))
        began = time.process_time()
        is_last = number + 1 == len(session.items)
        _run_one(session, number, None if is_last else number + 1)
        learned.seconds.append(time.process_time() - began)
    measured.stop()
    data = measured.get_data()
    for path in data.measured_files():
        file = str(Path(path).relative_to(SOURCES))
        for line, contexts in data.contexts_by_lineno(path).items():
            learned.by_line[file, line] = {int(one) for one in contexts if one}
    return learned


def _run_one(session: pytest.Session, number: int, behind: int | None) -> None:
    """
    Run one test; *behind* is the next, for which what both share is kept.
    """
    item = session.items[number]
    following = None if behind is None else session.items[behind]
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def _must_end_within(seconds: float) -> None:
    """
    Let this fork be killed when it has computed for so long, or hung for longer.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, 10 + 10 * seconds)


_SPEAKS = 9  # the descriptor by which a fork tells something


def _say(words: str) -> None:
    """
    Tell something, and end this fork.
    """
    os.write(_SPEAKS, words.encode())
    os._exit(0)


def _fork(run: Callable[[], None]) -> str:
    """
    Do something in a fork of this process; return what it told, or how it died.
    """
    heard, speaks = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(speaks, _SPEAKS, inheritable=False)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        try:
            run()
        finally:
            os._exit(0 if sys.exc_info()[0] is None else 1)
    os.close(speaks)
    _, status = os.waitpid(child, 0)
    os.set_blocking(heard, False)  # forks of the fork may live on, and keep it open
    said = b""
    with suppress(BlockingIOError):
        said = os.read(heard, 60_000)
    os.close(heard)
    if os.WIFSIGNALED(status):
        late = {signal.SIGPROF, signal.SIGALRM}
        return "time" if os.WTERMSIG(status) in late else "crash"
    return "broken" if os.WEXITSTATUS(status) else said.decode()
