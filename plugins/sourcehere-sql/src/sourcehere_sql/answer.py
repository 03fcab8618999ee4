"""
What is heard of one statement on a PostgreSQL connection.
"""

import psycopg
from psycopg.pq.abc import PGresult

# A statement with the types of its values, as it is prepared.
Form = tuple[str, tuple[int, ...]]


class Answer:
    """
    What is heard of one statement.

    Attributes:
        result: None until it is heard; it may tell of a failure.

        is_asked: Whether the server was told to send it, and not to collect more first.

        is_left: Whether its transaction has ended, and the next one is to hear it.
    """

    __slots__ = ("form", "is_asked", "is_left", "result")

    def __init__(self, form: Form | None = None) -> None:
        """
        Expect something.

        Args:
            form: What is being prepared; None for what is done.
        """
        self.form = form
        self.result: PGresult | None = None
        self.is_asked = False
        self.is_left = False


def is_stale(error: Exception) -> bool:
    """
    Tell whether what was prepared would answer in another shape by now: somebody has
    changed the type of a column.
    """
    # Its words are in the server's language, and its state is that of much else.
    return (
        isinstance(error, psycopg.errors.FeatureNotSupported)
        and error.diag.source_function == "RevalidateCachedQuery"
    )
