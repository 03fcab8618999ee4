"""
The calls to a carrier about one label: with no transaction open, and a time limit.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from ...domain.effects.labels import Label
from ...domain.kernel.errors import SourceHereError
from ...domain.kernel.values import frozen
from ...doors.failures import checked_failure
from ...doors.labels import buy, file_of, find, forget, void
from ...doors.private import Hide, hide_nothing, hider_of
from ...ports.errors import DeclinedError, ProviderError, UnknownOutcomeError
from ...ports.labels import (
    LabelFile,
    LabelRequest,
    SoldLabel,
    SupportsFindLabel,
    SupportsForgetLabel,
)
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.freight import PROVIDERS, ProviderConnection
from ..base.asking import ask_outside
from ..base.ports import Ports
from .carrier_circuits import CarrierCircuits
from .label_sellers import LabelSeller, seller_named

T = TypeVar("T")


@frozen
class NobodyCanTell:
    """
    The key is too old to be sent again, and the carrier cannot be searched by it.
    """


@frozen
class KnowsOfNone:
    """
    The carrier is sure that nothing was bought with the key.
    """


@frozen
class NotAsked:
    """
    The carrier was not asked: its connection rests, or cannot be made.
    """

    error: SourceHereError


Said = SoldLabel | KnowsOfNone | NobodyCanTell | NotAsked | ProviderError


class LabelCalls:
    """
    Asks carriers about labels, and keeps in their circuits how they answered.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._settings = ports.settings
        self._circuits = CarrierCircuits(ports)

    def connections(self) -> list[ProviderConnection]:
        """
        List the freight connections, by name.
        """

        def work(unit: PlatformUnit) -> list[ProviderConnection]:
            return [c for c in unit.each(PROVIDERS.primary) if c.kind == "freight"]

        return self._ports.units.platform(work, read_only=True)

    def rests(self, name: str) -> bool:
        """
        Tell whether a connection rests after trouble.
        """
        return self._circuits.rests(name)

    def seller(self, name: str) -> LabelSeller:
        """
        Make the provider of a connection that sells labels.

        Raises:
            SourceHereError: If there is none, it rests, or it cannot be made.
        """
        return seller_named(self._ports.providers, self.connections(), name)

    def bought(self, label: Label, request: LabelRequest, *, is_first: bool) -> Said:
        """
        Buy a label, or find out whether it was bought before.

        Args:
            is_first: Whether nothing can have been bought with its key yet.
        """
        try:
            seller = self.seller(label.connection)
            is_honoured = self.honours(seller, label)
        except SourceHereError as error:
            return NotAsked(error)
        hide = hider_of(request.to)
        if is_first or is_honoured:
            provider, who = seller.provider, seller.who
            ask = partial(buy, provider, request, who, label.key)
            return self._call(seller, "buy", label, ask, hide=hide)
        if not isinstance(seller.provider, SupportsFindLabel):
            return NobodyCanTell()
        found = self._call(
            seller,
            "find",
            label,
            partial(find, seller.provider, seller.who, label.key),
            hide=hide,
        )
        if isinstance(found, DeclinedError):  # to tell; it says nothing of the label
            return UnknownOutcomeError(provider=found.provider, detail=found.detail)
        return KnowsOfNone() if found is None else found

    def honours(self, seller: LabelSeller, label: Label) -> bool:
        """
        Tell whether the key of a label still gets the same label.
        """
        return label.planned_at + seller.key_ttl() > self._ports.clock.now()

    def voided(self, label: Label) -> NotAsked | ProviderError | None:
        """
        Have a label taken back; return why it is not.
        """
        try:
            seller = self.seller(label.connection)
        except SourceHereError as error:
            return NotAsked(error)
        who, key = seller.who, label.void_key
        ask = partial(void, seller.provider, label.reference, who, key)
        return self._call(seller, "void", label, ask)

    def file(self, label: Label) -> LabelFile:
        """
        Ask for what is printed.

        Raises:
            ProviderError: If there is none, or it is not what it says it is.

            SourceHereError: If its connection rests, or cannot be made.
        """
        seller = self.seller(label.connection)
        ask = partial(file_of, seller.provider, label.reference, seller.who)
        said = self._call(seller, "file", label, ask)
        if isinstance(said, SourceHereError):
            raise said
        return said

    def forget(self, label: Label) -> None:
        """
        Have what its carrier's plugin keeps of a label removed, if it keeps anything.

        Raises:
            ProviderError: If it is not removed for sure.

            SourceHereError: If its connection rests, or cannot be made.
        """
        seller = self.seller(label.connection)
        if isinstance(seller.provider, SupportsForgetLabel):
            ask = partial(forget, seller.provider, label.reference, seller.who)
            said = self._call(seller, "forget", label, ask)
            if isinstance(said, SourceHereError):
                raise said

    def _call(
        self,
        seller: LabelSeller,
        what: str,
        label: Label,
        ask: Callable[[], T],
        *,
        hide: Hide = hide_nothing,
    ) -> T | ProviderError:
        (told,) = ask_outside(
            self._ports.watch,
            f"labels.{what}",
            [(seller.who, ask)],
            within=self._settings.label_within,
            about={
                "label": label.label_id,
                "order": label.order_id,
                "attempt": label.void_sends if what == "void" else label.sends,
            },
        )
        said = (
            checked_failure(seller.who, told, hide=hide)
            if isinstance(told, Exception)
            else told
        )
        error = said if isinstance(said, ProviderError) else None
        self._circuits.judge(seller.name, error)
        return said
