"""
Locks by name, for what must not be told twice at the same time in one process.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable

_LOCKS_MAX = 1_024


class KeyedLocks:
    """
    One lock for each key; those that were not used for long are forgotten.
    """

    def __init__(self) -> None:
        self._locks: OrderedDict[Hashable, threading.Lock] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, *key: Hashable) -> threading.Lock:
        """
        Return the lock of a key.
        """
        with self._lock:
            found = self._locks.setdefault(key, threading.Lock())
            self._locks.move_to_end(key)
            if len(self._locks) > _LOCKS_MAX:
                self._forget()
            return found

    def _forget(self) -> None:
        """
        Forget the oldest lock that nobody holds.
        """
        for key, lock in self._locks.items():
            if not lock.locked():
                del self._locks[key]
                return
