"""
Jobs whose worker has died: taken up again.
"""

import logging
from collections.abc import Awaitable, Callable

from procrastinate import App
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

_log = logging.getLogger("sourcehere.outside")


async def take_up(
    app: App,
    *,
    names: frozenset[str],
    queue: str,
    after: float,
    alive: int | None,
    recover: Callable[[Job], Awaitable[object]],
) -> int:
    """
    Let each job of a dead worker be done again, and return how many there were.

    Until then it holds its lock, so that nothing else is done in its place.

    Args:
        names: Of the tasks whose jobs are ours to take up.

        after: How many seconds ago a living worker was seen, at most.

        alive: The worker that asks, which is not dead whatever its heart does.

        recover: Takes back at once what the job had claimed.
    """
    stalled = await app.job_manager.get_stalled_jobs(
        queue=queue, seconds_since_heartbeat=after
    )
    mine = [
        job
        for job in stalled
        if job.task_name in names and (alive is None or job.worker_id != alive)
    ]
    for job in mine:
        await recover(job)
        await _again(app, job)
    return len(mine)


async def _again(app: App, job: Job) -> None:
    assert job.id is not None
    try:
        await app.job_manager.retry_job(job)
        became = "waits again"
    except UniqueViolation:  # the next one of its kind waits already
        failed = Status.FAILED
        await app.job_manager.finish_job(job, status=failed, delete_job=False)
        became = "is over: another waits"
    except ConnectorException:  # another worker took it up meanwhile
        became = "was taken up by another"
    _log.warning(
        "a worker died: job=%d task=%s, which %s", job.id, job.task_name, became
    )
