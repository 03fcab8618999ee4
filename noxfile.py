"""
Every check a change must pass, one session each; `nox -l` lists them.
"""

import nox

nox.options.sessions = ["lint", "types", "tests", "docs", "examples"]
nox.options.default_venv_backend = "venv"

PROJECT = ("-c", "constraints.txt", "-e", ".[cli]", "-e", "plugins/sourcehere-sql")
DEVELOPMENT = ("-c", "constraints.txt", "-r", "requirements-dev.txt")
ALL = "not floors and not counterparts"  # with what is long


def install(session: nox.Session) -> None:
    """
    Install the project, its plugins and the development tools.
    """
    session.install(*PROJECT, *DEVELOPMENT)


@nox.session
def lint(session: nox.Session) -> None:
    """
    Format, lint, import contracts.
    """
    install(session)
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    # It has settings of its own, as every plugin that is written anew; ours hold, too.
    session.run("ruff", "check", "--config", "pyproject.toml", "examples/shop")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """
    Check types, strictly.
    """
    install(session)
    session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """
    Run the tests: in memory all of them, on databases a share of those of services.
    """
    install(session)
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
def pythons(session: nox.Session) -> None:
    """
    Run the tests on each Python that is installed here.
    """
    install(session)
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session
def everywhere(session: nox.Session) -> None:
    """
    Run every test on every storage.
    """
    install(session)
    session.run("pytest", "-n", "2", "-m", ALL, "--everywhere", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """
    Check every page against the code, run every example, and build the site.
    """
    install(session)
    session.install("-c", "constraints.txt", "-r", "requirements-docs.txt")
    session.run("pytest", "-n", "2", "tests/docs", *session.posargs)
    session.run("mkdocs", "build")


@nox.session
def examples(session: nox.Session) -> None:
    """
    Run the examples on the packaged orders.
    """
    install(session)
    session.run("python", "examples/online_retail.py", "src/sourcehere/demo/sample.csv")


@nox.session
def walks(session: nox.Session) -> None:
    """
    Walk among hostile shops, carriers and policies 2,500 times, not 25; at random
    300 times, not 4; and hold each storage against the model 200 times, not 10.
    """
    install(session)
    tests = ("tests/properties", "tests/storage", "plugins/sourcehere-sql/tests")
    session.run(
        *("pytest", "-n", "2", "-m", ALL, *tests, *session.posargs),
        env={
            "SOURCEHERE_WALKS": "2500",
            "SOURCEHERE_RANDOM_WALKS": "300",
            "SOURCEHERE_EXAMPLES": "200",
        },
    )


@nox.session
def bugs(session: nox.Session) -> None:
    """
    Plant bugs one by one, and let the simulator find each within a minute.
    """
    install(session)
    session.run("python", "tests/simulator/planted_bugs.py", *session.posargs)


@nox.session
def torture(session: nox.Session) -> None:
    """
    Ten million steps of the simulator, 500 kills, 200 rounds of every race of 16
    processes, and a server that is shot at for longer.

    It takes an hour and a half.
    """
    install(session)
    simulator = ("python", "-m", "sourcehere.testing.simulator", "--steps", "20000")
    session.run(*simulator, "--runs", "500")
    on = f"sqlite:///{session.create_tmp()}/{{seed}}.db"
    session.run(*simulator, "--runs", "20", "--seed", "1000", "--on", on)
    for tests, more in (
        ("tests/demo/test_kill.py", {"SOURCEHERE_KILLS": "250"}),
        (
            "tests/concurrency/test_process_races.py",
            {"SOURCEHERE_ROUNDS": "200", "SOURCEHERE_RACERS": "16"},
        ),
        (
            "tests/concurrency/test_under_fire.py",
            {
                "SOURCEHERE_PROCESSES": "16",
                "SOURCEHERE_ORDERS": "60",
                "SOURCEHERE_STOPS": "10",
            },
        ),
    ):
        session.run("pytest", "-m", "", tests, env=more)


@nox.session
def mutants(session: nox.Session) -> None:
    """
    Change the code a little at a time, and list the changes that no test notices.

    `nox -s mutants -- services/refunds domain/wallet` does it to these packages, and
    `-- --sample 300` to so many changes of all. All 7,900 take half an hour of a core.
    Tests run on the memory storage.
    """
    install(session)
    session.install("-c", "constraints.txt", "mutmut")
    session.run("python", "tests/mutants/mutate.py", *session.posargs)


@nox.session
def kit(session: nox.Session) -> None:
    """
    Print which test of a contract catches which wrong adapter; all on all, where the
    suite holds one test of each against one.
    """
    install(session)
    session.run("python", "tests/kit/table.py")


@nox.session
def breaks(session: nox.Session) -> None:
    """
    Break each adapter in one line, again and again; its suite turns red.
    """
    install(session)
    session.run("python", "tests/mutants/adapters.py", *session.posargs)


@nox.session
def long(session: nox.Session) -> None:
    """
    Run what takes ten seconds or more, and is left out of the suite.

    It takes three minutes.
    """
    install(session)
    session.run("pytest", "-m", "long", *session.posargs)


@nox.session
def counterparts(session: nox.Session) -> None:
    """
    Try adapters on the real servers that they are for, which npm installs once.

    It takes ten minutes, and a gigabyte of temporary files.
    """
    install(session)
    session.run("pytest", "-m", "counterparts", "plugins", *session.posargs)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """
    Compare the floors' rows with ours, then measure against them.

    It takes ten minutes, and some gigabytes of temporary files.
    """
    install(session)
    session.run("pytest", "-m", "", "tests/benchmarks")
    for arguments in (
        ("transition.py",),
        ("order_life.py",),
        ("order_life.py", "--orders", "500", "--chunk", "1"),
        ("order_life.py", "--import", "--orders", "10000", "--chunk", "1000"),
        ("order_life.py", "--on", "memory"),
        ("order_life.py", "--on", "postgresql"),
        (
            *("order_life.py", "--on", "postgresql"),
            *("--import", "--orders", "10000", "--chunk", "1000"),
        ),
        ("functions.py",),
        ("functions.py", "--on", "memory"),
        ("allocation.py",),
        ("million.py",),
        ("audit.py",),
        ("start.py",),
        ("suggestions.py",),
    ):
        session.run("python", f"benchmarks/{arguments[0]}", *arguments[1:])
