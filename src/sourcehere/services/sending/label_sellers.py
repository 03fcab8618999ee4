"""
The freight connections that sell labels, and which of them a method means.
"""

from collections.abc import Sequence
from datetime import timedelta

from ...domain.freight.codes import SEPARATOR, MethodKey, full_code, meant_by
from ...domain.freight.errors import (
    AmbiguousMethodError,
    LabelsUnsupportedError,
    UnknownMethodError,
)
from ...domain.kernel.connections import ACTIVE
from ...domain.kernel.errors import NotFoundError
from ...domain.kernel.values import frozen
from ...doors.answers import Answerer
from ...ports.freight import FreightProvider
from ...ports.hooks import Providers
from ...ports.labels import SupportsLabels
from ...unit.tables.freight import ProviderConnection
from ..base.methods import listed_by
from ..base.resting import CarrierRestsError


@frozen
class LabelSeller:
    """
    A connection that sells labels.
    """

    name: str
    provider: SupportsLabels
    who: Answerer

    def key_ttl(self) -> timedelta:
        """
        Return for how long it honours a key.

        Raises:
            ProtocolError: If what it says makes no sense.
        """
        ttl: object = self.who.ask(self.provider.label_key_ttl)
        if not isinstance(ttl, timedelta) or ttl < timedelta(0):
            self.who.refuse("label_key_ttl", str(ttl), "a time, or none")
        return ttl


def seller_named(
    providers: Providers, connections: Sequence[ProviderConnection], name: str
) -> LabelSeller:
    """
    Make the provider of a connection.

    Raises:
        NotFoundError: If there is no such connection.

        CarrierRestsError: If it is paused or disconnected.

        LabelsUnsupportedError: If it sells no labels.

        CallerError: If its provider cannot be made.
    """
    known = {c.name: c for c in connections if c.kind == "freight"}
    connection = known.get(name)
    if connection is None:
        raise NotFoundError(kind="freight connection", id=name)
    if connection.state != ACTIVE:
        raise CarrierRestsError(name, connection.state, connection.why)
    provider: object = _made(providers, connection)
    if not isinstance(provider, SupportsLabels):
        raise LabelsUnsupportedError(connection=name, provider=connection.provider)
    return LabelSeller(name, provider, Answerer(connection.provider, name))


def method_meant(
    providers: Providers, connections: Sequence[ProviderConnection], method: str
) -> MethodKey:
    """
    Return which method of which connection that sells labels *method* means: a full
    code, or a short one that one of them has.

    Raises:
        LabelsUnsupportedError: If nobody sells labels, or the one that is named.

        UnknownMethodError: If none has it.

        AmbiguousMethodError: If several have it; says what each is called in full.

        CallerError: If the provider of a connection cannot be made.
    """
    name, parted, code = method.partition(SEPARATOR)
    if parted:
        seller = seller_named(providers, connections, name)
        listed = _listed(seller)
        if listed is not None and code not in listed:
            known = [full_code(name, one) for one in listed]
            raise UnknownMethodError(method=method, known=known)
        return name, code
    names = [c.name for c in connections if c.kind == "freight" and c.state == ACTIVE]
    keys: list[MethodKey] = []
    is_sold = False
    for one in names:
        try:
            seller = seller_named(providers, connections, one)
        except LabelsUnsupportedError:
            continue
        is_sold = True
        listed = _listed(seller)
        keys += [(one, c) for c in ([method] if listed is None else listed)]
    if not is_sold:
        raise LabelsUnsupportedError
    meant = meant_by(method, keys)
    if len(meant) > 1:
        codes = [full_code(*key) for key in meant]
        raise AmbiguousMethodError(method=method, codes=codes)
    if not meant:
        known = [full_code(*key) for key in keys]
        raise UnknownMethodError(method=method, known=known)
    return meant[0]


def _listed(seller: LabelSeller) -> tuple[str, ...] | None:
    provider: FreightProvider = seller.provider  # type: ignore[assignment]  # it is both
    return listed_by(provider, seller.who)


def _made(providers: Providers, connection: ProviderConnection) -> FreightProvider:
    return providers.freight_provider(
        connection.provider, connection.config, connection=connection.name
    )
