"""
What is said of a connection: whether it can be used, and why not.
"""

from ..face.records.goods import FreightConnection
from ..face.records.payments import GatewayConnection
from ..face.records.talk import StoreView


def found_well(*, is_tried: bool) -> str:
    """
    Return what follows the connection's name: one that was not tried may be wrong.
    """
    return "can be used" if is_tried else "was not tried: its provider has no check()"


def why_unused(connection: FreightConnection | GatewayConnection | StoreView) -> str:
    """
    Return why nobody asks what is connected: it rests, or no plugin offers it here.
    """
    if connection.is_installed:
        return connection.why
    missing = f"no plugin offers {_offered_as(connection)} here"
    return f"{connection.why}; {missing}" if connection.why else missing


def _offered_as(connection: FreightConnection | GatewayConnection | StoreView) -> str:
    if isinstance(connection, StoreView):
        return connection.platform
    return connection.provider
