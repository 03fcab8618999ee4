"""
Every state of a connection to somebody outside: a shop, a carrier, a gateway.
"""

from .errors import CounterpartyError, StateError
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


class DisconnectedError(StateError):
    """
    A carrier or a gateway that is disconnected: it is connected again before anything
    else is done to it.

    Attributes:
        kind: `freight provider` or `gateway`.

        name: What its connection is called.

        why: What was said when it was disconnected; empty if nothing was.
    """

    def __init__(self, *, kind: str, name: str, why: str) -> None:
        self._kept = f"{kind} {name} is disconnected; connect it again first"
        because = f" ({why})" if why else ""
        super().__init__(
            f"{kind} {name} is disconnected{because}; connect it again first"
        )
        self.kind = kind
        self.name = name
        self.why = why

    @property
    def kept_words(self) -> str:
        """
        The same without why, which somebody typed.
        """
        return self._kept


class ConnectionTroubleError(CounterpartyError):
    """
    A carrier or a gateway of the platform that cannot be asked now, as sellers are told
    of it: without what it said, since that may speak of how the platform is set up.

    What it said is the cause, in the log, and at the staff's desk.

    Attributes:
        connection: What it is called here.

        may_pass: Whether trying later may help; else the platform's staff have to act.
    """

    def __init__(self, *, connection: str, may_pass: bool) -> None:
        words = (
            "it gives no answer that can be used; try again later"
            if may_pass
            else "it is not set up as it has to be; ask whoever runs the platform"
        )
        super().__init__(f"{connection}: {words}")
        self.connection = connection
        self.may_pass = may_pass
        self.words = words


_LEADS_TO = {"pause": PAUSED, "resume": ACTIVE, "disconnect": DISCONNECTED}


def rested(state: str, why: str, command: str, *, said: str) -> tuple[str, str]:
    """
    Return the state of a connection after *command*, and why it rests.

    A connection that is in that state already stays so; of two reasons the newer one is
    kept, where one is said.

    Raises:
        TransitionRefusedError: If the state does not allow the command.
    """
    if _LEADS_TO.get(command) == state:
        return state, said or why
    return ConnectionChart.after(state, command), said
