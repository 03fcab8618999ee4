"""
Which shipping methods the configured connections have, asked when one is chosen.
"""

from ...domain.freight.codes import SEPARATOR, MethodKey, full_code, meant_by
from ...domain.freight.errors import AmbiguousMethodError, UnknownMethodError
from ...domain.kernel.connections import DISCONNECTED
from ...domain.kernel.errors import SourceHereError
from ...doors.answers import Answerer
from ...doors.freight import methods_of
from ...ports.freight import FreightProvider
from ...ports.hooks import Providers
from ...unit.base import Unit
from ...unit.tables.freight import PROVIDERS, ProviderConnection


class MethodCheck:
    """
    Accepts codes of shipping methods; what it accepted once it need not look up again.
    """

    def __init__(self, providers: Providers) -> None:
        self._providers = providers
        self._accepted = {""}  # the cheapest method

    def require(self, unit: Unit, code: str) -> None:
        """
        Accept *code* if it can mean one method and no other.

        Where a connection cannot list its methods, every code that begins with its
        name is accepted, and short codes that nobody lists. Where nothing is connected
        yet, everything is: there is nothing to compare with.

        Raises:
            UnknownMethodError: If no connection can have it; says what there is.

            AmbiguousMethodError: If several have it; says what each is called in full.
        """
        if code in self._accepted:
            return
        connections = [
            c
            for c in unit.each(PROVIDERS.primary)
            if c.kind == "freight" and c.state != DISCONNECTED
        ]
        listed: list[MethodKey] = []
        unlisted: list[str] = []
        for connection in connections:
            methods = self._methods_of(connection)
            if methods is None:
                unlisted.append(connection.name)
            else:
                listed += [(connection.name, method) for method in methods]
        meant = meant_by(code, listed)
        if len(meant) > 1:
            codes = [full_code(*key) for key in meant]
            raise AmbiguousMethodError(method=code, codes=codes)
        if not meant and connections and not _may_be_of(unlisted, code):
            known = sorted(full_code(*key) for key in listed)
            known += [f"{name}{SEPARATOR}…" for name in unlisted]
            raise UnknownMethodError(method=code, known=known)
        self._accepted.add(code)

    def _methods_of(self, connection: ProviderConnection) -> tuple[str, ...] | None:
        try:
            provider = self._providers.freight_provider(
                connection.provider, connection.config, connection=connection.name
            )
        except SourceHereError:
            return None  # it may have any; a checkout says what is wrong with it
        return listed_by(provider, Answerer(connection.provider, connection.name))


def listed_by(provider: FreightProvider, who: Answerer) -> tuple[str, ...] | None:
    """
    List the methods of *provider*; None if it cannot, or lists what makes no sense.
    """
    try:
        return methods_of(provider, who)
    except SourceHereError:
        return None


def _may_be_of(unlisted: list[str], code: str) -> bool:
    if SEPARATOR not in code:
        return bool(unlisted)
    return any(code.startswith(f"{name}{SEPARATOR}") for name in unlisted)
