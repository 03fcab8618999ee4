"""
Keeping the calls of one connection within a limit, in this process.
"""

import threading
import time
from collections.abc import Callable


class TokenBucket:
    """
    A bucket of tokens that fills steadily; each call takes one. Full at first.

    Who has to wait takes its token at once, on credit: callers are served in the order
    they came, and each sleeps once, just long enough.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._lock = threading.Lock()
        self._filled_at = now()
        self._tokens: float | None = None  # below zero while somebody waits

    def wait(self, *, per_second: float, burst: int) -> None:
        """
        Take a token; sleep until it is there.

        Raises:
            ValueError: If the rate is not positive, or the bucket holds no token.
        """
        with self._lock:
            left = self._fill(per_second, burst) - 1
            self._tokens = left
        if left < 0:
            self._sleep(-left / per_second)

    def acquire(self, *, per_second: float, burst: int) -> bool:
        """
        Take a token if one is there, and tell whether.

        Raises:
            ValueError: If the rate is not positive, or the bucket holds no token.
        """
        with self._lock:
            tokens = self._fill(per_second, burst)
            is_there = tokens >= 1
            self._tokens = tokens - 1 if is_there else tokens
        return is_there

    def _fill(self, per_second: float, burst: int) -> float:
        if per_second <= 0 or burst < 1:
            msg = "a limit needs a positive rate and a burst of at least 1"
            raise ValueError(msg)  # a programming error of the provider's
        now = self._now()
        passed, self._filled_at = now - self._filled_at, now
        if self._tokens is None:
            return float(burst)
        return min(float(burst), self._tokens + passed * per_second)
