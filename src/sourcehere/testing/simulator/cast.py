"""
Everybody of a run.
"""

from .banks import Bank, Teller
from .bookkeepers import Bookkeeper
from .clerks import Clerk
from .machines import Carrier, Reader, Receiver, Time, Watchman, WorkerProcess
from .mediators import Mediator
from .packers import Packer
from .people import Person
from .salesmen import Salesman
from .scanners import Scanner
from .sellers import Customers, SellerPerson
from .stock_takers import StockTaker
from .storekeepers import Storekeeper
from .world import World


def cast_of(world: World) -> list[Person]:
    """
    Let everybody take part: of each kind two who do the same, beside one another.
    """
    people: list[Person] = [Carrier(world), Scanner(world), Time(world, "time")]
    for seller in world.sellers:
        people += [Customers(world, seller), Receiver(world, seller)]
        people += [SellerPerson(world, seller, place) for place in (1, 2)]
        people += [Reader(world, seller, place) for place in (1, 2)]
    people += [Bank(world), Teller(world)]
    people += [Bookkeeper(world, place) for place in (1, 2)]
    people += [Clerk(world, f"clerk{place}") for place in (1, 2)]
    people += [Mediator(world, place) for place in (1, 2)]
    people += [Salesman(world, place) for place in (1, 2)]
    people += [Storekeeper(world, place) for place in (1, 2)]
    people += [StockTaker(world, place) for place in (1, 2)]
    people += [Packer(world, place) for place in (1, 2)]
    people += [WorkerProcess(world, f"worker{place}") for place in (1, 2)]
    people.append(Watchman(world))
    for person in people:
        world.scheduler.add(person.name, person.live, likely=person.likely)
    return people
