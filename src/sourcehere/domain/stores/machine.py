"""
Every state of a connection to a shop.
"""

from ..kernel.machine import State, StateTable


class StoreChart(StateTable):
    """
    A shop is read and told, or rests.
    """

    new = State(initial=True)
    active = State()
    paused = State()
    disconnected = State()

    # The configuration fits; where the platform can try it, it was tried.
    connect = new.to(active) | disconnected.to(active)
    # A person, or a shop that refuses our credentials: nothing is read or told, and
    # what is owed to the shop waits.
    pause = active.to(paused)
    resume = paused.to(active)
    # The seller does not sell there any more.
    disconnect = active.to(disconnected) | paused.to(disconnected)


NEW: str = StoreChart.new.value
ACTIVE: str = StoreChart.active.value
PAUSED: str = StoreChart.paused.value
DISCONNECTED: str = StoreChart.disconnected.value
