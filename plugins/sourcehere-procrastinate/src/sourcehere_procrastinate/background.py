"""
The tasks: each step of a worker's round, by connection and by shop where one of them
could hold up the others.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.tasks import Task, configure_task

import sourcehere
from sourcehere import InvalidInputError, SourceHere, WorkerStep

from . import stalled
from .errors import StepFailedError
from .locks import done_alone, lock_of
from .periods import cron_of
from .process import Process, Stop

if TYPE_CHECKING:
    import psycopg

# Whoever finds out what is to be done, and what is short, comes before what may take
# long.
_FIRST = 10
_HEARTBEAT = 10.0  # seconds, if the app says nothing else
_ALONE = (WorkerStep.FIRE, WorkerStep.FORGET)


class Background:
    """
    The tasks of a platform in an app of procrastinate; `register` makes them.

    Attributes:
        name: What the names of all its tasks begin with.

        queue: Where its jobs are.
    """

    def __init__(
        self,
        app: procrastinate.App,
        process: Process,
        *,
        name: str,
        queue: str,
        every: timedelta,
        stalled_after: timedelta,
    ) -> None:
        """
        Add the tasks to *app*.
        """
        self.name = name
        self.queue = queue
        self._app = app
        self._process = process
        self._stalled_after = stalled_after
        self._cron = cron_of(every)
        self._tasks: dict[str, Task[..., Any, ...]] = {}
        self._add_steps()

    @property
    def platform(self) -> SourceHere:
        """
        The platform that the tasks of this process work on, opened when it is first
        asked for: a host's own tasks need no other.
        """
        return self._process.platform

    def soon(
        self, *, only: str = "", connection: "psycopg.Connection[Any] | None" = None
    ) -> None:
        """
        Let what is owed be delivered now, not in the next period.

        Args:
            only: To this connection, such as `seller/store`: where it is known, nobody
                has to look.

            connection: Of a host's own transaction: the job is written in it, and is
                there if the transaction commits. An app that is open for asynchronous
                use cannot do that.
        """
        name = f"{self.name}.lane" if only else f"{self.name}.deliver"
        waits = lock_of(name, only)
        job = configure_task(
            name=name,
            job_manager=self._app.job_manager,
            queue=self.queue,
            priority=0 if only else _FIRST,
            lock=done_alone(name, only) if only else None,
            # Within a transaction the lock that makes jobs one would let it wait for
            # every other that is delivering soon.
            queueing_lock=waits if connection is None else None,
            connection=connection,
        )
        with suppress(AlreadyEnqueued):
            job.defer(**({"connection": only} if only else {}))

    def close(self) -> None:
        """
        Write that this process works no more, and close the platform that its tasks
        opened; a process that ends does it by itself.
        """
        self._process.close()

    def _add_steps(self) -> None:
        for step in WorkerStep:
            if step == WorkerStep.PULL:
                self._add_each(step, "store", "store", self._due)
            elif step == WorkerStep.DELIVER:
                self._add_each(step, "lane", "connection", self._lanes)
            else:
                self._add(step, self._doing(step), alone=step in _ALONE)
        self._add_taking_up()

    def _add(
        self, name: str, function: Callable[[Job], Any], *, alone: bool = False
    ) -> None:
        """
        Add what is done again and again.
        """

        async def run(context: procrastinate.JobContext, timestamp: int = 0) -> None:
            del timestamp  # which period it is of
            await function(context.job)

        full = f"{self.name}.{name}"
        task = self._app.task(
            name=full,
            queue=self.queue,
            queueing_lock=full,
            lock=full if alone else None,
            pass_context=True,
            priority=_FIRST,
        )(run)
        self._app.periodic(cron=self._cron)(task)
        self._tasks[name] = task

    def _add_each(
        self,
        step: WorkerStep,
        part: str,
        argument: str,
        found: Callable[[Stop], Iterable[str]],
    ) -> None:
        """
        Add a step that looks what there is to do, and the task of each part of it.
        """

        async def run(context: procrastinate.JobContext, /, **about: str) -> None:
            claimant = self._claimant(context.job)
            await self._step(step, about[argument], claimant)

        full = f"{self.name}.{part}"
        task = self._app.task(name=full, queue=self.queue, pass_context=True)(run)
        self._tasks[part] = task

        async def defer(_: Job) -> None:
            for only in await self._process.run(found):
                waits = lock_of(full, only)
                lock = done_alone(full, only)
                job = task.configure(lock=lock, queueing_lock=waits)
                with suppress(AlreadyEnqueued):
                    await job.defer_async(**{argument: only})

        self._add(step, defer)

    async def _step(self, step: WorkerStep, only: str = "", claimant: str = "") -> None:
        def work(stop: Stop) -> None:
            worker = self._process.worker
            worker.do(step, only=only, claimant=claimant, stop=stop)

        try:
            await self._process.run(work)
        except Exception as error:  # noqa: BLE001 - whatever it is, only its kind is told
            kind = type(error).__name__
        else:
            return
        raise StepFailedError(step=step, only=only, error=kind)

    def _doing(self, step: WorkerStep) -> Callable[[Job], Any]:
        async def do(_: Job) -> None:
            await self._step(step)

        return do

    def _due(self, _: Stop) -> Iterable[str]:
        return self._process.platform.pulls.due()

    def _lanes(self, _: Stop) -> Iterable[str]:
        return [
            lane.connection
            for lane in self._process.platform.relay.load()
            if (lane.waiting or lane.sending) and lane.next_at is None
        ]

    def _claimant(self, job: Job) -> str:
        return f"{self.name} job {job.id}.{job.attempts}"

    def _add_taking_up(self) -> None:
        lane = f"{self.name}.lane"

        async def recover(job: Job) -> None:
            if job.task_name == lane:
                worker, sh = self._claimant(job), self._process
                await sh.run(lambda _: sh.platform.relay.recover(worker=worker))

        async def take_up(job: Job) -> None:
            await stalled.take_up(
                self._app,
                names=frozenset(f"{self.name}.{name}" for name in self._tasks),
                queue=self.queue,
                after=self._stalled_after.total_seconds(),
                alive=job.worker_id,
                recover=recover,
            )

        self._add("stalled", take_up)


def register(
    app: procrastinate.App,
    platform: str | Callable[[], SourceHere],
    *,
    every: timedelta = timedelta(seconds=10),
    queue: str = "sourcehere",
    name: str = "sourcehere",
    stalled_after: timedelta = timedelta(seconds=30),
) -> Background:
    """
    Add to *app* whatever a worker of the platform does, as periodic tasks.

    Any number of procrastinate's workers may do them, beside each other and beside
    `sourcehere worker`. What is owed to a connection is delivered by one job at a time,
    and a shop is read by one.

    Args:
        platform: The URL of its database, or what opens it, with the host's plugins and
            settings. It is opened by the first task of a process, and closed when the
            process ends.

        every: How often is looked for what there is to do: a whole part of a minute or
            of an hour.

        queue: Where the jobs are, for workers that do nothing else.

        name: What the names of tasks and locks begin with; another one for each
            platform of the app.

        stalled_after: For how long a worker has given no sign of life before its jobs
            are taken up by others; longer than procrastinate's
            `update_heartbeat_interval`, at least twice as long.

    Raises:
        InvalidInputError: If *name* or *queue* is empty, there is no such period, or a
            worker of the app's defaults gives signs of life less than twice in
            *stalled_after*.
    """
    for field, value in (("name", name), ("queue", queue)):
        if not value:
            raise InvalidInputError(field=field, value=value, expected="a name")
    heartbeat = app.worker_defaults.get("update_heartbeat_interval", _HEARTBEAT)
    if stalled_after < timedelta(seconds=2 * heartbeat):
        raise InvalidInputError(
            field="stalled_after",
            value=str(stalled_after),
            expected=f"at least twice the {heartbeat:g} s between two signs of life",
        )
    opened = (
        partial(sourcehere.open, platform) if isinstance(platform, str) else platform
    )
    return Background(
        app,
        Process(opened, every=every),
        name=name,
        queue=queue,
        every=every,
        stalled_after=stalled_after,
    )
