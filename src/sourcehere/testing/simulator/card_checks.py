"""
What must be so of money that gateways moved.
"""

from collections.abc import Iterable, Iterator

from ...domain.effects.payment_stages import OPEN_STAGES, PaymentStage, PaymentStep
from ...domain.effects.payments import PaymentAttempt
from ...domain.wallet.model import Account, LedgerEntry
from ...domain.wallet.purposes import DEBT
from ...unit.tables.payments import PAYMENTS
from ...unit.tables.wallet import LEDGER
from ..rows import dump
from .books import PENDING, SUCCEEDED, Operation
from .truth import Wish
from .world import World

_KINDS = {PaymentStage.CAPTURED: "capture", PaymentStage.RETURNED: "refund"}


def check_cards(world: World) -> Iterator[str]:
    """
    Say what is not as gateways know it, or not as it was asked for.
    """
    rows = dump(world.storage, [PAYMENTS.table])[PAYMENTS.table.name]
    attempts = [PAYMENTS.from_row(row) for row in rows]
    yield from unlike_books(world, attempts)
    yield from _open(world, attempts)
    yield from _wishes(world)
    yield from _returns(world, attempts)
    yield from _clearing(world)


def moved_for(world: World, seller: str) -> int:
    """
    Return what gateways took of the cards of a seller, less what went back and what
    banks took back.
    """
    wishes = [w for w in world.truth.wishes.values() if w.seller == seller]
    return sum(world.gateways[w.gateway].books.moved_of(w.source) for w in wishes)


def unlike_books(world: World, attempts: Iterable[PaymentAttempt]) -> Iterator[str]:
    """
    Say what is booked and did not happen so; at any time.
    """
    for name, gateway in world.gateways.items():
        for words in gateway.books.wrong:
            yield f"{name}: {words}"
    seen: set[tuple[str, str]] = set()
    for attempt in attempts:
        kind = _KINDS.get(attempt.stage)
        if kind is None:
            continue
        place = (attempt.connection, attempt.gateway_id)
        one = world.gateways[attempt.connection].books.operations.get(place[1])
        if one is None or place in seen:
            yield f"{attempt.reference} is booked as {place[1]!r}: nothing, or twice"
            continue
        seen.add(place)
        found = (one.kind, one.reference, one.amount.minor)
        if found != (kind, attempt.reference, attempt.done_minor):
            yield f"{attempt.reference}: {attempt.done_minor} booked, and it is {found}"


def _open(world: World, attempts: Iterable[PaymentAttempt]) -> Iterator[str]:
    """
    Nothing is open but what the gateway itself does not know.
    """
    for attempt in attempts:
        if attempt.stage in OPEN_STAGES and is_known(world, attempt):
            yield f"{attempt.reference} is {attempt.stage} for ever"


def is_known(world: World, attempt: PaymentAttempt) -> bool:
    """
    Tell whether the gateway itself knows what became of an attempt.
    """
    one = world.gateways[attempt.connection].books.named(attempt.reference)
    return one is None or one.outcome is not PENDING


def _wishes(world: World) -> Iterator[str]:
    """
    Nobody is charged twice for one wish, or for one that was refused.
    """
    owing = _owing(world)
    for wish in world.truth.wishes.values():
        found = _operations_of(world, wish)
        taken = [o for o in found if o.kind == "capture" and o.outcome is SUCCEEDED]
        if found and not wish.attempt_id:
            yield f"{wish.source} was refused, and the gateway knows of it"
        # Whoever pays orders is charged what they owe, too.
        is_exact = not wish.shop_orders or wish.seller not in owing
        is_more = is_exact and any(one.amount.minor > wish.most for one in taken)
        if len(taken) > 1 or is_more:
            sums = [str(one.amount) for one in taken]
            yield f"{wish.source}: {sums} charged, {wish.most} wanted"


def _owing(world: World) -> set[str]:
    """
    Return the sellers who ever owed anything.
    """
    return {e.seller_id for e in _ledger(world) if e.account == Account.SELLER_DEBT}


def _ledger(world: World) -> list[LedgerEntry]:
    rows = dump(world.storage, [LEDGER.table])[LEDGER.table.name]
    return [LEDGER.from_row(row) for row in rows]


def _operations_of(world: World, wish: Wish) -> list[Operation]:
    operations = world.gateways[wish.gateway].books.operations.values()
    return [one for one in operations if one.source == wish.source]


def _returns(world: World, attempts: Iterable[PaymentAttempt]) -> Iterator[str]:
    """
    Money goes back where it was asked to, and nowhere else: what came too late is in
    the wallet if that was wanted.
    """
    known = {str(one.attempt_id): one for one in attempts}
    wishes = {w.attempt_id: w for w in world.truth.wishes.values() if w.attempt_id}
    gone: dict[str, int] = {}
    for back in known.values():
        if back.step is not PaymentStep.REFUND:
            continue
        wanted = world.truth.returns.get(back.attempt_id)
        if wanted is None:
            gone[back.capture_of] = gone.get(back.capture_of, 0) + back.amount_minor
        elif wanted != back.amount_minor:
            yield f"{back.reference}: {back.amount_minor} goes back of {wanted}"
    settling = _settling(world)
    for name, wish in wishes.items():
        capture = known[name]
        returned = gone.pop(name, 0)
        is_late = wish.returns and capture.stage is PaymentStage.CAPTURED
        wanted = capture.done_minor if is_late and not capture.has_paid else 0
        may_stay = capture.reference in settling and not returned
        if returned != wanted and not may_stay:
            told = f"{returned} goes back by itself, and {wanted} was asked for"
            yield f"{wish.source}: {told}"
    if gone:
        yield f"money goes back that nobody asked for: {gone}"


def _settling(world: World) -> set[str]:
    """
    Return the references of what may have settled a debt as it came, and then stays.
    """
    entries = _ledger(world)
    settled = {(e.seller_id, e.booked_at) for e in entries if e.purpose == DEBT}
    return {e.reference for e in entries if (e.seller_id, e.booked_at) in settled}


def _clearing(world: World) -> Iterator[str]:
    """
    What gateways and bank transfers moved is what is booked of them.
    """
    booked = dict.fromkeys(world.sellers, 0)
    for entry in _ledger(world):
        if entry.account == Account.PROVIDER_CLEARING:
            booked[entry.seller_id] -= entry.amount_minor
    for seller, minor in booked.items():
        wanted = world.truth.topped_up[seller] + moved_for(world, seller)
        if minor != wanted:
            yield f"{seller}: {minor} is booked from outside, {wanted} came"
