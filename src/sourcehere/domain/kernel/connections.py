"""
Every state of a connection to somebody outside: a shop, a carrier.
"""

from .machine import State, StateTable


class ConnectionChart(StateTable):
    """
    A connection is used, or rests.
    """

    new = State(initial=True)
    active = State()
    paused = State()
    disconnected = State()

    # The configuration fits; where the platform can try it, it was tried.
    connect = new.to(active) | disconnected.to(active)
    # A person, or a shop that refuses our credentials: nothing is asked or told, and
    # what is owed to it waits.
    pause = active.to(paused)
    resume = paused.to(active)
    # It is not needed any more.
    disconnect = active.to(disconnected) | paused.to(disconnected)


NEW: str = ConnectionChart.new.value
ACTIVE: str = ConnectionChart.active.value
PAUSED: str = ConnectionChart.paused.value
DISCONNECTED: str = ConnectionChart.disconnected.value
