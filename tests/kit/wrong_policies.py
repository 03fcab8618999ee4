"""
Allocation policies that are wrong in one thing each.
"""

import attrs

from sourcehere.domain.warehouse.allocation import (
    AllocationPlan,
    LotPick,
    fill_available,
    split_available,
)


class Wrong:
    """
    Plans right, and spoils it.
    """

    def plan(self, demands, stock, /, *, country):
        """
        Change the right plan.
        """
        right = fill_available(demands, stock, country=country)
        if not right.picks:
            return right
        return self.spoil(right, stock)

    def spoil(self, plan, stock):
        """
        Be wrong.
        """
        raise NotImplementedError


def first(plan, **changes):
    """
    Change the first pick of a plan.
    """
    picks = (attrs.evolve(plan.picks[0], **changes), *plan.picks[1:])
    return attrs.evolve(plan, picks=picks)


class TakesMore(Wrong):
    """
    Does not look at what is there.
    """

    def spoil(self, plan, _):
        return first(plan, quantity=plan.picks[0].quantity + 7)


class TakesNothing(Wrong):
    """
    Picks no unit of a lot.
    """

    def spoil(self, plan, _):
        return first(plan, quantity=0)


class AnotherLot(Wrong):
    """
    Names a lot that is none.
    """

    def spoil(self, plan, _):
        return first(plan, lot_id="gone")


class AnotherItem(Wrong):
    """
    Names an item that the order has not.
    """

    def spoil(self, plan, _):
        return first(plan, item_id="9.9")


class Twice(Wrong):
    """
    Names a lot twice for an item.
    """

    def spoil(self, plan, _):
        return attrs.evolve(plan, picks=(plan.picks[0], *plan.picks))


class AnotherWarehouse(Wrong):
    """
    Names a warehouse where the lots are not.
    """

    def spoil(self, plan, _):
        return attrs.evolve(plan, warehouses=("XX1",))


class Silent(Wrong):
    """
    Does not say why.
    """

    def spoil(self, plan, _):
        return attrs.evolve(plan, reasons={})


class AnyCountry:
    """
    Serves from where nothing is sent there.
    """

    def plan(self, demands, stock, /, *, country):
        del country
        return fill_available(demands, stock, country="US")


class SplitsInSilence:
    """
    Takes from several warehouses and does not say so.
    """

    def plan(self, demands, stock, /, *, country):
        plan = split_available(demands, stock, country=country)
        return attrs.evolve(plan, is_split=False)


class SplitsNothing:
    """
    Calls an order split that is not served.
    """

    def plan(self, demands, stock, /, *, country):
        plan = fill_available(demands, stock, country=country)
        return plan if plan.picks else attrs.evolve(plan, is_split=True)


class RefusesWhatItServes:
    """
    Refuses an order, and keeps lots for it.
    """

    def plan(self, demands, stock, /, *, country):
        plan = fill_available(demands, stock, country=country)
        return attrs.evolve(plan, is_refused=True)


class TakesAtOnce:
    """
    Takes off the shelf what it plans.
    """

    def plan(self, demands, stock, /, *, country):
        plan = fill_available(demands, stock, country=country)
        stock.take(plan.picks)
        return plan


class Remembers:
    """
    Plans by what it planned before.
    """

    def __init__(self):
        self._before = None

    def plan(self, demands, stock, /, *, country):
        plan = self._before or fill_available(demands, stock, country=country)
        self._before = plan if plan.picks else None
        return plan


class Counts:
    """
    Has another reason each time.
    """

    asked = 0

    def plan(self, demands, stock, /, *, country):
        Counts.asked += 1
        plan = fill_available(demands, stock, country=country)
        words = f"answer {Counts.asked}"
        return attrs.evolve(plan, reasons=dict.fromkeys(plan.reasons, words))


class FromNothing:
    """
    Picks where there is nothing.
    """

    def plan(self, demands, stock, /, *, country):
        if stock.is_empty:
            pick = LotPick(demands[0].item_id, "none", 1)
            return AllocationPlan((pick,), ("CN1",), {})
        return fill_available(demands, stock, country=country)


class NoPlan:
    """
    Returns nothing where nothing is served.
    """

    def plan(self, demands, stock, /, *, country):
        plan = fill_available(demands, stock, country=country)
        return plan if plan.picks else None


WRONG = (
    *Wrong.__subclasses__(),
    *(AnyCountry, SplitsInSilence, SplitsNothing, TakesAtOnce, Remembers, Counts),
    *(FromNothing, NoPlan, RefusesWhatItServes),
)
