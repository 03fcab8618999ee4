"""
Why a carrier, or a gateway, is not asked.
"""

from ...ports.errors import DeclinedError


class ConnectionRestsError(DeclinedError):
    """
    A connection that is paused, or rests after trouble: nobody asks the other side.
    """

    def __init__(self, provider: str, state: str, why: str) -> None:
        self._detail = f"the connection is {state}"
        because = f" ({why})" if why else ""
        super().__init__(provider=provider, detail=f"{self._detail}{because}")

    @property
    def kept_words(self) -> str:
        """
        The same without why, which somebody typed.
        """
        return f"{self.provider}: {self._detail}"


class CarrierRestsError(ConnectionRestsError):
    """
    A carrier that is paused: nobody asks it.
    """


class GatewayRestsError(ConnectionRestsError):
    """
    A payment gateway at which nothing new begins: it is paused, or rests after trouble.
    """
