"""
What can be wrong with a connection to a shop.
"""

from ..kernel.errors import StateError


class StoreRestsError(StateError):
    """
    A shop that is paused or disconnected: nothing is read from it or told to it.

    Attributes:
        state: `paused` or `disconnected`.

        why: What was said when it was paused; empty if nothing was.
    """

    def __init__(self, *, store_id: str, state: str, why: str) -> None:
        because = f" ({why})" if why else ""
        super().__init__(f"store {store_id} is {state}{because}")
        self.store_id = store_id
        self.state = state
        self.why = why

    @property
    def kept_words(self) -> str:
        """
        The same without why, which somebody typed.
        """
        return f"store {self.store_id} is {self.state}"
