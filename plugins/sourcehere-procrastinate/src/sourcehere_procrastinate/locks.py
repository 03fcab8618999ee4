"""
The names of procrastinate's locks.
"""

from sourcehere import InvalidInputError

_OUR_OWN = "jobs"  # as the relay calls them


def order_lock(order_id: str) -> str:
    """
    Return the name of the lock of an order, for a host's own tasks about it.

    Jobs with the same lock run one after another, in the order in which they were
    deferred. Without it nothing goes wrong either: what two of them do to one order at
    once, one does first, and the other meets an order that has changed.

    Raises:
        InvalidInputError: If *order_id* is empty.
    """
    if not order_id:
        raise InvalidInputError(field="order_id", value="", expected="an order's id")
    return f"sourcehere order {order_id}"


def lock_of(name: str, only: str = "") -> str:
    """
    Return the name of the lock of a task, or of what *only* it is about.
    """
    return f"{name} {only}" if only else name


def done_alone(name: str, only: str) -> str | None:
    """
    Return the lock of a job about one shop or connection, of which no other is done
    meanwhile; None for our own waiting jobs, which wait for nobody outside: those of
    one seller are not to hold up those of another.
    """
    return None if only == _OUR_OWN else lock_of(name, only)
