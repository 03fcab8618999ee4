"""
Two sides that must add up alike for every key, compared in memory of a fixed size.

One number per key would grow with the database. So keys are thrown together into a few
hundred sums, each amount multiplied by a number that its key decides: sums are alike
where every key's amounts are, and else only by a chance of one in 2 to the 60th. Where
one sum differs, the same rows are read again, and the keys that fell into it are
compared one by one.
"""

from collections.abc import Iterable, Iterator

_SUMS = 256
# Odd numbers that keep the amounts of one key apart within its sum.
_SECOND = 0x9E3779B97F4A7C15F39CC061
_THIRD = 0xBF58476D1CE4E5B994D049BB133111EB
_NOTHING = (0,)


def _together(first: int, second: int, third: int = 0) -> int:
    return first + second * _SECOND + third * _THIRD


class Tally:
    """
    What is stored against what follows from the rest, by key.
    """

    def __init__(self) -> None:
        self.stored_count = 0
        self._sums = [0] * _SUMS
        self._asked: frozenset[int] | None = None
        self._told: list[tuple[str, bool, tuple[int, ...]]] = []

    def store(self, key: str, *amounts: int) -> None:
        """
        Add what is stored under *key*, at most three amounts.
        """
        self.stored_count += 1
        if self._asked is not None:
            self._keep(key, amounts, is_stored=True)
            return
        if amounts == _NOTHING:
            return
        spread = hash(key) or 1  # as that of an empty text is nothing
        amount = amounts[0] if len(amounts) == 1 else _together(*amounts)
        self._sums[spread % _SUMS] += spread * amount

    def compute(self, key: str, *amounts: int) -> None:
        """
        Add what follows for *key* from something else.
        """
        if self._asked is not None:
            self._keep(key, amounts, is_stored=False)
            return
        spread = hash(key) or 1
        amount = amounts[0] if len(amounts) == 1 else _together(*amounts)
        self._sums[spread % _SUMS] -= spread * amount

    def _keep(self, key: str, amounts: tuple[int, ...], *, is_stored: bool) -> None:
        if (hash(key) or 1) % _SUMS in (self._asked or ()):
            self._told.append((key, is_stored, amounts))

    @property
    def unequal(self) -> frozenset[int]:
        """
        The sums that differ; none where the two sides are alike.
        """
        if not any(self._sums):  # as nearly always, and looked at in one go
            return frozenset()
        return frozenset(place for place, sum_ in enumerate(self._sums) if sum_)

    def ask(self, places: Iterable[int]) -> None:
        """
        From now on keep every key of the sums in *places*: the rows are told again.
        """
        self._asked = frozenset(places)

    def differences(self) -> Iterator[tuple[str, tuple[int, ...], tuple[int, ...]]]:
        """
        Go through the keys whose sides differ: key, stored, computed.
        """
        sides: dict[str, tuple[list[int], list[int]]] = {}
        for key, is_stored, amounts in self._told:
            both = sides.setdefault(key, ([0] * len(amounts), [0] * len(amounts)))
            side = both[0] if is_stored else both[1]
            for place, amount in enumerate(amounts):
                side[place] += amount
        for key in sorted(sides):
            stored, computed = sides[key]
            if stored != computed:
                yield key, tuple(stored), tuple(computed)

    def mark(self) -> tuple[int, list[int], int]:
        """
        Return where the sums stand now, to come back to.
        """
        return self.stored_count, list(self._sums), len(self._told)

    def back_to(self, mark: tuple[int, list[int], int]) -> None:
        """
        Forget what was told since *mark*.
        """
        self.stored_count, self._sums = mark[0], mark[1]
        del self._told[mark[2] :]
