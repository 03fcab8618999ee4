"""
Everything a service may reach, handed to each as one object.
"""

import attrs

from ...domain.kernel.clock import Clock
from ...domain.kernel.values import frozen
from ...ports.calendar import Calendars
from ...ports.hooks import Hooks, Providers
from ...unit.units import Units
from .settings import Settings
from .watching import Watch, unwatched


@frozen
class Ports:
    """
    Everything a service may reach.
    """

    units: Units
    clock: Clock
    providers: Providers
    hooks: Hooks
    settings: Settings
    calendars: Calendars
    watch: Watch = attrs.field(factory=unwatched)
