"""
Sending an order elsewhere, and what its freight costs more or less by that.
"""

from collections.abc import Sequence
from functools import partial
from typing import NoReturn

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.address import Address
from ...domain.kernel.errors import Blocker, CommandRefusedError, ConflictError
from ...domain.kernel.ids import SellerId
from ...domain.kernel.money import Money
from ...domain.orders.order import Order
from ...domain.wallet.model import Account
from ...domain.wallet.purposes import SUPPLEMENT
from ...unit.seller_unit import SellerUnit
from ...unit.tables.contacts import CONTACT_VERSIONS, CONTACTS
from ...unit.tables.freight import ProviderConnection
from ..base.commands import Given
from ..pairing.following import follow_country
from ..paying.carriers import FreightDesk
from ..paying.freight import ask_for_freight
from ..paying.moved_freight import MovedFreight, freight_difference, moved_freight
from ..refunds.entitled import freight_alone_left
from ..refunds.refunding import MOVED, Reason, book_refund
from .many import OrdersAtOnce

_TRIES = 3
_ERASED = Blocker(
    "buyer_erased",
    "its buyer was forgotten, and stays so; draft an order by hand instead",
)


@attrs.frozen
class _Asked:
    """
    The difference that was found for what was to be asked.
    """

    moved: tuple[MovedFreight, ...]
    minor: int


class _AsksOutsideError(Exception):
    """
    Carriers have to be asked, which is not done within a transaction.
    """

    def __init__(
        self,
        moved: tuple[MovedFreight, ...],
        connections: Sequence[ProviderConnection],
    ) -> None:
        super().__init__()
        self.moved = moved
        self.connections = connections


class Readdressing(OrdersAtOnce):
    """
    Corrects addresses.
    """

    def correct_address(
        self,
        seller_id: str,
        order_id: str,
        address: Address,
        *,
        by: Actor,
        command_id: str = "",
        supplement: Money | None = None,
    ) -> None:
        """
        Send an order elsewhere; the former address is kept as an older version. Lines
        that are not paid become what their rules have for its country.

        Where the freight of a paid order costs less to the new address, the difference
        is refunded; where it costs more, it is captured from the wallet.

        Args:
            supplement: The most that the freight may cost more.

        Raises:
            CommandRefusedError: If a parcel has left, its buyer was forgotten, a paid
                order would change country, its method does not go there, or the freight
                would cost more than *supplement*.

            FreightUnavailableError: If the carrier does not say what it costs there.

            HostsTransactionError: If it has to be asked, and a host's transaction is
                open.

            InsufficientFundsError: If the wallet does not hold what it costs more.

            SellerDebtError: If it costs more, and the seller owes something.

            CurrencyMismatchError: If *supplement* is in another currency.
        """
        agreed = () if supplement is None else (supplement,)
        given = Given(command_id, "correct_address", (order_id, address, *agreed))
        owner, asked = SellerId(seller_id), _Asked((), 0)
        for _ in range(_TRIES):
            try:
                return self._once(
                    owner,
                    given,
                    partial(
                        self._correct,
                        order_id=order_id,
                        address=address,
                        asked=asked,
                        supplement=supplement,
                        by=by,
                    ),
                    type(None),
                )
            except _AsksOutsideError as needed:
                desk = FreightDesk(self._ports, needed.connections)
                minor = freight_difference(desk, order_id, needed.moved)
                asked = _Asked(needed.moved, minor)
        raise ConflictError(kind="order", key=order_id)

    def why_not_corrected(self, seller_id: str, order_id: str) -> tuple[Blocker, ...]:
        """
        Return why the address of an order cannot be corrected, whatever it is to be.

        Raises:
            NotFoundError: If there is no such order.
        """

        def work(unit: SellerUnit) -> tuple[Blocker, ...]:
            order = unit.orders.one(order_id, lock=False)
            versions = unit.find(CONTACT_VERSIONS, [(order.contact_id,)])
            is_erased = versions[-1].erased_at is not None
            return (_ERASED,) if is_erased else ()

        return self._read(SellerId(seller_id), work)

    def _correct(
        self,
        unit: SellerUnit,
        *,
        order_id: str,
        address: Address,
        asked: _Asked,
        supplement: Money | None,
        by: Actor,
    ) -> None:
        order = unit.orders.one(order_id)
        order.require("correct_address", by=by)
        known = unit.need(CONTACTS, order.contact_id, order.contact_version)
        # The shop may have told newer ones that a paid order did not follow.
        versions = unit.find(CONTACT_VERSIONS, [(order.contact_id,)])
        if versions[-1].erased_at is not None:
            _refuse(order, _ERASED)
        version = versions[-1].version + 1
        origin = self._settings.origin
        moved = moved_freight(unit, order, known.address, address, origin=origin)
        order.correct_address(
            version=version, country=address.country, by=by, at=unit.now
        )
        if moved != asked.moved:
            # Whoever else is slow, or down, has nothing to do with it.
            needed = {one.connection for one in moved}
            carriers = ask_for_freight(unit)()
            raise _AsksOutsideError(moved, [c for c in carriers if c.name in needed])
        newer = attrs.evolve(
            known, version=version, address=address, recorded_at=unit.now
        )
        unit.write_contact(newer)
        if moved:
            _settle(unit, order, asked.minor, supplement, by=by)
        if address.country != known.address.country:
            pay_by = unit.now + self._settings.pay_within
            follow_country(unit, [order], by=by, pay_by=pay_by)


def _settle(
    unit: SellerUnit, order: Order, minor: int, supplement: Money | None, *, by: Actor
) -> None:
    """
    Capture what the freight costs more, or refund what it costs less.
    """
    if minor > 0:
        _require_agreed(order, order.money(minor), supplement)
        order.supplement_freight(minor, by=by, at=unit.now)
        unit.book(
            [(Account.WALLET_AVAILABLE, -minor), (Account.FREIGHT, minor)],
            currency=order.currency,
            purpose=SUPPLEMENT,
            reference=order.order_id,
        )
    back = min(-minor, freight_alone_left(unit, order))
    if back > 0:
        book_refund(unit, order, (), freight_minor=back, why=Reason(MOVED, by))


def _require_agreed(order: Order, more: Money, supplement: Money | None) -> None:
    if supplement is not None and (supplement - more).minor >= 0:
        return
    words = f"its freight costs {more} more to there; agree to that as a supplement"
    _refuse(order, Blocker("supplement_due", words, {"supplement": str(more)}))


def _refuse(order: Order, blocker: Blocker) -> NoReturn:
    raise CommandRefusedError(
        kind="order",
        id=order.order_id,
        command="correct_address",
        blockers=[blocker],
    )
