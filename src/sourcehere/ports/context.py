"""
What a provider may use of its surroundings.
"""

from typing import Protocol

import attrs

from ..domain.kernel.clock import Clock
from ..domain.kernel.values import frozen


class Logger(Protocol):
    """
    Where a provider writes what its operator should read; a `logging.Logger` is one.

    Never log a secret, nor personal data.
    """

    def debug(self, message: str, /, *arguments: object) -> None:
        """
        Say what helps only while looking for a fault.
        """
        ...

    def info(self, message: str, /, *arguments: object) -> None:
        """
        Say what happened as it should.
        """
        ...

    def warning(self, message: str, /, *arguments: object) -> None:
        """
        Say what somebody should look at.
        """
        ...

    def error(self, message: str, /, *arguments: object) -> None:
        """
        Say what failed.
        """
        ...


class Limiter(Protocol):
    """
    Keeps the calls of one connection within a carrier's or a shop's limit.

    All threads that serve the connection in this process share it, and it outlives the
    provider. It is a bucket of *burst* tokens that fills by *per_second*; each call
    takes one. Several processes do not know of each other: divide the limit.
    """

    def wait(self, *, per_second: float, burst: int) -> None:
        """
        Take a token; sleep until it is there.
        """
        ...

    def acquire(self, *, per_second: float, burst: int) -> bool:
        """
        Take a token if one is there, and tell whether.
        """
        ...


class NoLogger:
    """
    A logger that forgets everything.
    """

    def debug(self, message: str, /, *arguments: object) -> None:
        """
        Do nothing.
        """

    def info(self, message: str, /, *arguments: object) -> None:
        """
        Do nothing.
        """

    def warning(self, message: str, /, *arguments: object) -> None:
        """
        Do nothing.
        """

    def error(self, message: str, /, *arguments: object) -> None:
        """
        Do nothing.
        """


class NoLimiter:
    """
    A limiter that never limits.
    """

    def wait(self, *, per_second: float, burst: int) -> None:
        """
        Return at once.
        """

    def acquire(self, *, per_second: float, burst: int) -> bool:
        """
        Return True.
        """
        del per_second, burst
        return True


@frozen
class Context:
    """
    What a provider may use of its surroundings.

    Attributes:
        clock: Tells the time; in tests it stands still.

        connection: What the connection is called here: a store's id, a freight
            connection's name; empty for what has none, such as a policy.

        logger: The standard library's logger `sourcehere.plugins.<provider>`.

        limiter: Of this connection.

        folder: Below which it may open files that its configuration names; empty if the
            host gave none. It holds the files of the connection's seller alone where
            the host's folder has `{seller}` in its name.

        private_hosts: Hosts that it may call although their addresses are not public,
            such as `localhost`. Configurations are written by sellers: any other host
            has to be at a public address.
    """

    clock: Clock
    connection: str = ""
    logger: Logger = attrs.field(factory=NoLogger)
    limiter: Limiter = attrs.field(factory=NoLimiter)
    folder: str = ""
    private_hosts: tuple[str, ...] = ()
