"""
Payers and their banks, and what gateways tell by themselves.
"""

from collections.abc import Sequence

from .books import DECLINED, SUCCEEDED, Operation
from .gateways import SimulatedGateway
from .people import Act, Person
from .world import World


class Bank(Person):
    """
    The payers of all gateways, and their banks: they decide, late or never; take money
    back, and give it back; and let what was returned not arrive.
    """

    likely = 0.4

    def __init__(self, world: World) -> None:
        super().__init__(world, "bank")

    @property
    def _gateway(self) -> SimulatedGateway:
        found: SimulatedGateway = self.one(list(self.world.gateways.values()))
        return found

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do.
        """
        return (
            (20, self._wait),
            (40, self._decide),
            (1, self._take_back),
            (1, self._give_back),
            (1, self._bounce),
            (3, self._pay_out),
        )

    def _wait(self) -> None:
        self.world.scheduler.step()
        self._gateway.go_on()

    def _decide(self) -> None:
        books = self._gateway.books
        one: Operation | None = self.one(books.undecided())
        if one is not None:
            accepts = self.chance(0.7)
            books.decide(one, SUCCEEDED if accepts else DECLINED)

    def decide_all(self) -> None:
        """
        Decide what waits for anybody but for those who never do.
        """
        for gateway in self.world.gateways.values():
            for one in gateway.books.undecided():
                gateway.books.decide(one, SUCCEEDED)

    def _take_back(self) -> None:
        books = self._gateway.books
        capture: Operation | None = self.one(list(books.captures())[-20:])
        left = 0 if capture is None else books.left_of(capture)
        if capture is not None and left:
            books.take_back(capture, self.number(1, left))

    def _give_back(self) -> None:
        books = self._gateway.books
        capture_id = self.one(list(books.taken_back))
        if capture_id is not None:
            books.give_back(books.operations[capture_id])

    def _bounce(self) -> None:
        books = self._gateway.books
        gone: Operation | None = self.one(books.returned()[-10:])
        if gone is not None:
            books.decide(gone, DECLINED)

    def _pay_out(self) -> None:
        self._gateway.books.pay_out()


class Teller(Person):
    """
    Receives what gateways tell by webhook: late, twice, in the wrong order, or never.
    """

    likely = 0.3

    def __init__(self, world: World) -> None:
        super().__init__(world, "teller")

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what it does.
        """
        return ((5, self._wait), (4, self._receive))

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _receive(self) -> None:
        name = self.one(list(self.world.gateways))
        gateway = self.world.gateways[name]
        last = len(gateway.books.told) - 1
        if last < 0:
            return
        body = gateway.webhook(self.number(max(last - 12, 0), last))
        self.app.payments.receive(name, headers={}, body=body)
