"""
Adapters that tell a shop its stock, wrong in one thing each, as real ones have been.
"""

import attrs

from sourcehere.ports.errors import DeclinedError, ProviderError
from sourcehere.testing.kit.stock_server import ServerStock


class Adds(ServerStock):
    """
    Tells the number as a change of it.
    """

    def push_stock(self, levels, /):
        """
        Add.
        """
        wanted = {level.external_variant_id: level.quantity for level in levels}
        self._asked(lambda: self._server.request(wanted, adds=True))
        return [None for _ in levels]


class NoZero(ServerStock):
    """
    Leaves out what there is none of.
    """

    def push_stock(self, levels, /):
        """
        Tell the others.
        """
        super().push_stock([level for level in levels if level.quantity])
        return [None for _ in levels]


class CutAtAThousand(ServerStock):
    """
    Tells no more than a field of its form takes.
    """

    def push_stock(self, levels, /):
        """
        Cut.
        """
        cut = [attrs.evolve(x, quantity=min(x.quantity, 999)) for x in levels]
        return super().push_stock(cut)


class FirstPage(ServerStock):
    """
    Tells the first fifty.
    """

    def push_stock(self, levels, /):
        """
        Tell some.
        """
        return super().push_stock(levels[:50]) + [None for _ in levels[50:]]


class BySku(ServerStock):
    """
    Takes two variants with one SKU for one.
    """

    def push_stock(self, levels, /):
        """
        Tell the last one of a SKU.
        """
        last = {level.sku.casefold(): level for level in levels}
        super().push_stock(list(last.values()))
        return [None for _ in levels]


class OthersAreNone(ServerStock):
    """
    Takes what it is not told of for sold out.
    """

    def push_stock(self, levels, /):
        """
        Tell the others that there is none.
        """
        told = {level.external_variant_id for level in levels}
        every = dict.fromkeys(self._server._units.keys() - told, 0)
        self._asked(lambda: self._server.request(every))
        return super().push_stock(levels)


class GoneIsTold(ServerStock):
    """
    Does not look at what was not taken.
    """

    def _gone(self, _):
        return None


class GoneFailsAll(ServerStock):
    """
    Lets one that is gone spoil the others.
    """

    def _gone(self, level):
        raise super()._gone(level)


class ServersOrder(ServerStock):
    """
    Returns answers in another order.
    """

    def push_stock(self, levels, /):
        """
        Those that are told first.
        """
        return sorted(super().push_stock(levels), key=lambda one: one is not None)


class FailureIsNo(ServerStock):
    """
    Takes a broken line for a refusal.
    """

    def push_stock(self, levels, /):
        """
        Say no.
        """
        try:
            return super().push_stock(levels)
        except ProviderError as error:
            refused = DeclinedError(provider=self.name, detail=error.detail)
            return [refused for _ in levels]


class FailureIsYes(ServerStock):
    """
    Does not look at what went wrong.
    """

    def push_stock(self, levels, /):
        """
        Say yes.
        """
        try:
            return super().push_stock(levels)
        except ProviderError:
            return [None for _ in levels]


class Remembers(ServerStock):
    """
    Does not tell again what it has told: customers bought meanwhile.
    """

    def push_stock(self, levels, /):
        """
        Tell what is another number than before.
        """
        known = self._server.__dict__.setdefault("remembered", {})
        fresh = [x for x in levels if known.get(x.external_variant_id) != x.quantity]
        known |= {x.external_variant_id: x.quantity for x in levels}
        super().push_stock(fresh)
        return [None for _ in levels]


class ShapeIsNothing(ServerStock):
    """
    Takes JSON of another shape for an answer in which nothing is.
    """

    def _object(self, answer, *names):
        told = self._json(answer)
        is_right = isinstance(told, dict) and told.keys() >= set(names)
        return told if is_right else dict.fromkeys(names, ())


WRONG = (
    Adds,
    NoZero,
    CutAtAThousand,
    FirstPage,
    BySku,
    OthersAreNone,
    GoneIsTold,
    GoneFailsAll,
    ServersOrder,
    FailureIsNo,
    FailureIsYes,
    Remembers,
    ShapeIsNothing,
)
