"""
Everything a service may reach, handed to each as one object.
"""

import attrs

from ...domain.kernel.clock import Clock
from ...domain.kernel.values import frozen
from ...ports.calendar import Calendars
from ...ports.hooks import Hooks, Providers
from ...ports.storage_errors import HostsTransactionError
from ...unit.units import Units
from .settings import Settings
from .watching import Watch, unwatched


@frozen
class Ports:
    """
    Everything a service may reach.

    Attributes:
        joins_host: Whether a host's transaction is open meanwhile: nobody outside is
            asked then, since its locks would be held for as long as they take.
    """

    units: Units
    clock: Clock
    providers: Providers
    hooks: Hooks
    settings: Settings
    calendars: Calendars
    watch: Watch = attrs.field(factory=unwatched)
    joins_host: bool = False

    def require_no_host(self, action: str) -> None:
        """
        Refuse to ask somebody outside while a host's transaction is open.

        Raises:
            HostsTransactionError: If it is.
        """
        if self.joins_host:
            raise HostsTransactionError(action=action)
