"""
What shops told as JSON, by which it is compared and as which it is kept.
"""

from ...domain.stores.model import StoreOrderSnapshot
from ...unit.text.codecs import dumper

write_snapshot = dumper(StoreOrderSnapshot)


class Texts:
    """
    The texts of snapshots, each written once.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[StoreOrderSnapshot, str]] = {}

    def of(self, snapshot: StoreOrderSnapshot) -> str:
        """
        Return the text of this very snapshot.
        """
        known = self._known.get(id(snapshot))
        if known is None:  # which is kept with it, so that no other has its id
            known = (snapshot, write_snapshot(snapshot))
            self._known[id(snapshot)] = known
        return known[1]
