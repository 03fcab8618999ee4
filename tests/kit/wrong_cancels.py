"""
Adapters that cancel orders in a shop, wrong in one thing each.
"""

import attrs

from sourcehere.domain.stores.cancelling import ShopCancelReason
from sourcehere.ports.errors import DeclinedError, ProviderError
from sourcehere.testing.kit import ServerShop


class FailureIsYes(ServerShop):
    """
    Does not look at what went wrong.
    """

    def cancel_order(self, external_id, /, *, reason):
        """
        Say yes.
        """
        try:
            super().cancel_order(external_id, reason=reason)
        except DeclinedError:
            raise
        except ProviderError:
            return


class FailureIsNo(ServerShop):
    """
    Takes a broken line for a refusal.
    """

    def cancel_order(self, external_id, /, *, reason):
        """
        Say no.
        """
        try:
            super().cancel_order(external_id, reason=reason)
        except ProviderError as error:
            raise DeclinedError(provider=self.name, detail=error.detail) from error


class NoIsYes(ServerShop):
    """
    Does not look at what the shop answers.
    """

    def _not_cancelled(self, _, __):
        return


class AgainIsNo(ServerShop):
    """
    Takes what is cancelled already for a refusal.
    """

    def _is_cancelled(self, _):
        return False


class SentIsCancelled(ServerShop):
    """
    Takes every conflict for what it wanted.
    """

    def _is_cancelled(self, _):
        return True


class MissingIsCancelled(ServerShop):
    """
    Takes one that is not there for cancelled.
    """

    def _not_cancelled(self, external_id, words):
        if words == "sent":
            super()._not_cancelled(external_id, words)


class OnlyCustomers(ServerShop):
    """
    Has words for one reason.
    """

    def cancel_order(self, external_id, /, *, reason):
        """
        Refuse the others.
        """
        if reason is not ShopCancelReason.CUSTOMER:
            raise DeclinedError(provider=self.name, detail=f"no reason: {reason}")
        super().cancel_order(external_id, reason=reason)


class TakesBack(ServerShop):
    """
    Takes parcels back, so that the shop lets the order be cancelled.
    """

    def cancel_order(self, external_id, /, *, reason):
        """
        Whatever was sent.
        """
        for parcel in self._server._parcels.values():
            parcel.is_live = parcel.is_live and parcel.order != external_id
        super().cancel_order(external_id, reason=reason)


class Everything(ServerShop):
    """
    Cancels what the customer has ordered besides.
    """

    def cancel_order(self, external_id, /, *, reason):
        """
        All that is open.
        """
        super().cancel_order(external_id, reason=reason)
        for name, kept in list(self._server._orders.items()):
            if not kept.order.is_cancelled:
                super().cancel_order(name, reason=reason)


class Remembers(ServerShop):
    """
    Does not ask again for what it has asked for, whatever came of it.
    """

    def cancel_order(self, external_id, /, *, reason):
        """
        Ask once.
        """
        asked = self._server.__dict__.setdefault("asked", set())
        if external_id in asked:
            return
        asked.add(external_id)
        super().cancel_order(external_id, reason=reason)


class NoLines(ServerShop):
    """
    Takes the lines out instead: the order stands there, empty.
    """

    def cancel_order(self, external_id, /, *, reason):
        """
        Leave nothing to send.
        """
        super().cancel_order(external_id, reason=reason)
        kept = self._server._orders[external_id]
        kept.order = attrs.evolve(kept.order, is_cancelled=False)


WRONG = (
    FailureIsYes,
    FailureIsNo,
    NoIsYes,
    AgainIsNo,
    SentIsCancelled,
    MissingIsCancelled,
    OnlyCustomers,
    TakesBack,
    Everything,
    Remembers,
    NoLines,
)
