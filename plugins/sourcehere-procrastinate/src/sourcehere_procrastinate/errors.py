"""
What a task says when it fails.
"""

from sourcehere import SourceHereError


class StepFailedError(SourceHereError):
    """
    A step that failed; the next period does it again.

    It names the kind of error only: what somebody outside answered may hold personal
    data, and procrastinate writes tracebacks to its log.

    Attributes:
        step: As a worker calls it.

        only: The shop or the connection that it was about; empty for all.

        error: The type of what was raised.
    """

    def __init__(self, *, step: str, only: str, error: str) -> None:
        about = f" of {only}" if only else ""
        super().__init__(f"{step}{about} failed: {error}")
        self.step = step
        self.only = only
        self.error = error
