"""
What is registered, what is refused, and what a task says and leaves behind.
"""

import asyncio
import logging
from datetime import timedelta

import procrastinate
import psycopg
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from proc_host import BRISK, order_ids, set_up, ship
from procrastinate.testing import InMemoryConnector

from sourcehere import InvalidInputError, WorkerStep
from sourcehere_procrastinate import StepFailedError, order_lock, register
from sourcehere_procrastinate.stalled import take_up
from sourcehere_sql import SqlStorage

RUNS_MAX = 20  # of a worker, until nothing is left


def an_app(**defaults):
    return procrastinate.App(connector=InMemoryConnector(), worker_defaults=defaults)


def work(app, *names, **about):
    """
    Do a job of each task, and whatever they defer, until nothing is left.
    """

    async def run():
        async with app.open_async():
            for name in names:
                await app.tasks[name].defer_async(**about)
            # Periods are of no interest: each job is deferred here.
            app.periodic_registry.periodic_tasks.clear()
            for _ in range(RUNS_MAX):
                if not await app.job_manager.list_jobs_async(status="todo"):
                    return
                await app.run_worker_async(wait=False, install_signal_handlers=False)
        msg = "some jobs are never done"
        raise AssertionError(msg)

    asyncio.run(run())


def states(host):
    """
    Return the state of each job, in the order in which they were deferred.
    """
    ask = "SELECT task_name, status::text FROM procrastinate_jobs ORDER BY id"
    with psycopg.connect(host.plain_url) as connection:
        return connection.execute(ask).fetchall()


def locks(host):
    """
    Return the locks of the jobs of shops: while they are done, and while they wait.
    """
    ask = (
        "SELECT lock, queueing_lock FROM procrastinate_jobs"
        " WHERE task_name IN ('sourcehere.lane', 'sourcehere.store')"
    )
    with psycopg.connect(host.plain_url) as connection:
        return connection.execute(ask).fetchall()


class TestRegister:
    def test_every_step_of_a_worker_is_done_in_each_period(self):
        """
        There is nothing that a worker does and these tasks do not.
        """
        app = an_app()
        register(app, "memory://", every=timedelta(minutes=5))

        periodic = {
            task.task.name: task.cron
            for task in app.periodic_registry.periodic_tasks.values()
        }
        names = {f"sourcehere.{step}" for step in WorkerStep}
        assert dict.fromkeys(names | {"sourcehere.stalled"}, "*/5 * * * *") == periodic
        parts = {"sourcehere.lane", "sourcehere.store"}
        own = {name for name in app.tasks if name.startswith("sourcehere.")}
        assert names | parts | {"sourcehere.stalled"} == own

    def test_a_job_waits_once(self):
        """
        However slow workers are, periods do not pile up.
        """
        app = an_app()
        register(app, "memory://", name="shop_a", queue="a")

        for name in WorkerStep:
            task = app.tasks[f"shop_a.{name}"]
            assert (f"shop_a.{name}", "a") == (task.queueing_lock, task.queue)

    @pytest.mark.parametrize(
        ("every", "cron"),
        [
            (timedelta(seconds=1), "* * * * * */1"),
            (timedelta(seconds=20), "* * * * * */20"),
            (timedelta(minutes=1), "* * * * * */60"),
            (timedelta(hours=1), "*/60 * * * *"),
        ],
    )
    def test_periods(self, every, cron):
        """
        Parts of a minute, and of an hour.
        """
        app = an_app()
        register(app, "memory://", every=every)

        (task, *_) = app.periodic_registry.periodic_tasks.values()
        assert cron == task.cron

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"every": timedelta(seconds=7)}, "every"),
            ({"every": timedelta(seconds=90)}, "every"),
            ({"every": timedelta(0)}, "every"),
            ({"every": timedelta(seconds=0.5)}, "every"),
            ({"every": timedelta(hours=2)}, "every"),
            ({"name": ""}, "name"),
            ({"queue": ""}, "queue"),
            ({"stalled_after": timedelta(seconds=19)}, "stalled_after"),
        ],
    )
    def test_what_cannot_be_is_refused(self, wrong, field):
        """
        And no task is added.
        """
        app = an_app()
        before = set(app.tasks)
        with pytest.raises(InvalidInputError) as ei:
            register(app, "memory://", **wrong)

        assert field == ei.value.field
        assert before == set(app.tasks)

    def test_signs_of_life_are_those_of_the_app(self):
        """
        An app whose workers are seen often may find the dead ones soon.
        """
        register(an_app(**BRISK), "memory://", stalled_after=timedelta(seconds=1))
        slow = an_app(update_heartbeat_interval=60)
        with pytest.raises(InvalidInputError):
            register(slow, "memory://")


class TestOrderLock:
    def test_an_order_has_one(self):
        """
        A host's tasks about one order run one after another.
        """
        assert "sourcehere order o-1" == order_lock("o-1")

    def test_no_order_has_none(self):
        """
        Else all tasks that forgot the order's id would wait for each other.
        """
        with pytest.raises(InvalidInputError):
            order_lock("")


@pytest.mark.slow
class TestTasks:
    def test_what_is_owed_is_delivered_by_connection(self, host):
        """
        One job looks what is owed, and each connection has one of its own.
        """
        app, background = host.app()
        with host.opened() as sh:
            set_up(sh, 2, one=0.0, two=0.0)
            for name in ("one", "two"):
                ship(sh, name, order_ids(sh, name, 2))
            work(app, "sourcehere.deliver")
            background.close()

            # Each seller's shop, and jobs of our own.
            lanes = [("sourcehere.lane", "succeeded")] * 3
            assert [("sourcehere.deliver", "succeeded"), *lanes] == states(host)
            shops = [f"sourcehere.lane {name}/shop" for name in ("one", "two")]
            # Our own jobs wait for nobody, so that they may be done beside each other.
            expected = {(None, "sourcehere.lane jobs"), *((s, s) for s in shops)}
            assert expected == set(locks(host))
            assert [2, 2] == [len(host.calls(name)) for name in ("one", "two")]
            (beat,) = sh.relay.workers()
            assert (6, 0) == (beat.delivered, beat.failed)
            assert beat.stopped_at is not None

    def test_each_step_ends_well(self, host):
        """
        Where nothing is to be done, too.
        """
        app, background = host.app()
        work(app, *(f"sourcehere.{step}" for step in WorkerStep))
        background.close()

        expected = [(f"sourcehere.{step}", "succeeded") for step in WorkerStep]
        assert sorted(expected) == sorted(states(host))

    def test_a_failed_step_tells_its_kind_and_no_more(self, host, caplog):
        """
        What somebody outside said stands in no log: it may be about a person.
        """
        app, background = host.app()
        with host.opened() as sh:
            set_up(sh, 0, one=0.0)
            sh.seller("one").stores.change(
                "shop", config={"name": "one", "orders": -1}, pull_every_s=1
            )
            while not sh.pulls.due():
                pass
            with caplog.at_level(logging.INFO):
                work(app, "sourcehere.store", store="one/shop")
            background.close()
            (beat,) = sh.relay.workers()

        assert [("sourcehere.store", "failed")] == states(host)
        assert ("ProtocolError", 1) == (beat.error, beat.failed)
        assert "pull of one/shop failed: ProtocolError" in caplog.text
        assert "Ann Lee" not in caplog.text

    def test_calls_are_told_under_the_commands_that_caused_them(self, host):
        """
        A platform that is opened to be traced tells of what its tasks do, each under
        the request of another process.
        """
        kept = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(kept))

        def traced():
            sh = host.opened()
            sh.trace(provider.get_tracer("host"))
            return sh

        app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(conninfo=host.plain_url),
            worker_defaults=BRISK,
        )
        background = register(
            app, traced, every=timedelta(seconds=1), stalled_after=timedelta(seconds=3)
        )
        with traced() as sh:
            set_up(sh, 2, one=0.0)
            orders = order_ids(sh, "one", 2)
            for order_id in orders:
                ship(sh, "one", [order_id])
            commands = [
                span.get_span_context()
                for span in kept.get_finished_spans()
                if span.name == "shipping.ship_many"
            ]
            kept.clear()
            work(app, "sourcehere.deliver")
            background.close()
        calls = {
            span.attributes["sourcehere.order"]: (span.kind, span.parent)
            for span in kept.get_finished_spans()
            if span.name == "relay.push_tracking"
        }

        assert orders == sorted(calls)
        for order_id, command in zip(orders, commands, strict=True):
            kind, parent = calls[order_id]
            assert SpanKind.CLIENT is kind
            assert (command.trace_id, command.span_id) == (
                parent.trace_id,
                parent.span_id,
            )

    def test_what_is_owed_soon_is_owed_with_the_hosts_own_rows(self, host):
        """
        The job is there if the host's transaction commits, and only then.
        """
        app, background = host.app()
        with host.opened() as sh, psycopg.connect(host.plain_url) as connection:
            set_up(sh, 2, one=0.0)
            first, second = order_ids(sh, "one", 2)
            joined = sh.over(SqlStorage.joined(connection))
            with connection.transaction(force_rollback=True):
                ship(joined, "one", [first])
                background.soon(connection=connection)
            assert [] == states(host)
            with connection.transaction():
                ship(joined, "one", [second])
                background.soon(connection=connection)
                background.soon(only="one/shop", connection=connection)
                background.soon(only="one/shop", connection=connection)
            connection.commit()
            work(app)
            background.close()

            assert 1 == len(host.calls("one"))
            assert 1 == sh.seller("one").orders.counts()["shipped"]
            assert sh.audit.run().is_clean

    def test_soon_once_is_enough(self, host):
        """
        Asked twice before it is done, it is done once.
        """
        app, background = host.app()
        with app.open():
            background.soon()
            background.soon()
            background.soon(only="one/shop")
            background.soon(only="one/shop")
            background.soon(only="two/shop")

        lanes = [("sourcehere.lane", "todo")] * 2
        assert [("sourcehere.deliver", "todo"), *lanes] == states(host)


def leave(host, app, *names):
    """
    Let jobs be in the hands of a worker that has died.
    """
    with app.open():
        for name in names:
            app.tasks[name].defer()
    with psycopg.connect(host.plain_url) as connection:
        connection.execute("UPDATE procrastinate_jobs SET status = 'doing'")


@pytest.mark.slow
class TestStalled:
    def test_a_job_of_a_dead_worker_is_done_again(self, host):
        """
        Until then it had kept the others of its kind from being done.
        """
        app, background = host.app()
        leave(host, app, "sourcehere.fire")
        work(app, "sourcehere.stalled")
        background.close()

        done = [("sourcehere.fire", "succeeded"), ("sourcehere.stalled", "succeeded")]
        assert done == states(host)

    def test_one_of_its_kind_that_waits_already_is_enough(self, host):
        """
        Then the dead worker's is over, and the other is done.
        """
        app, background = host.app()
        leave(host, app, "sourcehere.fire")
        work(app, "sourcehere.fire", "sourcehere.stalled")
        background.close()

        fire, stalled = "sourcehere.fire", "sourcehere.stalled"
        done = [(fire, "failed"), (fire, "succeeded"), (stalled, "succeeded")]
        assert done == states(host)

    def test_what_a_dead_worker_had_claimed_is_delivered(self, host):
        """
        At once: nobody waits until its lease is over.
        """
        app, background = host.app()
        with host.opened() as sh:
            set_up(sh, 1, one=0.0)
            ship(sh, "one", order_ids(sh, "one", 1))
            with app.open():
                app.tasks["sourcehere.lane"].defer(connection="one/shop")
            with psycopg.connect(host.plain_url) as connection:
                connection.execute("UPDATE procrastinate_jobs SET status = 'doing'")
                connection.execute(
                    "UPDATE sourcehere.outbox_message SET state = 'sending', epoch = 1,"
                    " worker = 'sourcehere job 1.0',"
                    " lease_until = now() + interval '1 hour'"
                    " WHERE connection = 'one/shop'"
                )
            work(app, "sourcehere.stalled")
            background.close()

            assert 1 == len(host.calls("one"))
            assert {"succeeded"} == {state for _, state in states(host)}

    def test_who_asks_is_alive(self, host):
        """
        Whatever its signs of life say: its own job is not taken from it.
        """
        app, _ = host.app()
        leave(host, app, "sourcehere.fire")
        with psycopg.connect(host.plain_url) as connection:
            (worker,) = connection.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - interval '1 hour') RETURNING id"
            ).fetchone()
            connection.execute("UPDATE procrastinate_jobs SET worker_id = %s", [worker])

        async def nothing(_):
            pass

        async def taken_up(alive):
            async with app.open_async():
                return await take_up(
                    app,
                    names=frozenset({"sourcehere.fire"}),
                    queue="sourcehere",
                    after=3,
                    alive=alive,
                    recover=nothing,
                )

        assert 0 == asyncio.run(taken_up(worker))
        assert [("sourcehere.fire", "doing")] == states(host)
        assert 1 == asyncio.run(taken_up(worker + 1))
        assert [("sourcehere.fire", "todo")] == states(host)

    def test_a_hosts_own_jobs_are_the_hosts(self, host):
        """
        Only the host knows whether they may be done twice.
        """
        app, background = host.app()

        @app.task(name="host.print", queue=background.queue)
        def print_invoices():
            raise AssertionError

        leave(host, app, "host.print")
        work(app, "sourcehere.stalled")
        background.close()

        own = [("host.print", "doing"), ("sourcehere.stalled", "succeeded")]
        assert own == states(host)


def test_the_error_has_its_facts():
    """
    A host's own middleware may ask for them.
    """
    error = StepFailedError(step="deliver", only="one/shop", error="BusyError")

    assert ("deliver", "one/shop", "BusyError") == (error.step, error.only, error.error)
    assert "deliver of one/shop failed: BusyError" == str(error)
    assert "fire failed: KeyError" == str(
        StepFailedError(step="fire", only="", error="KeyError")
    )
