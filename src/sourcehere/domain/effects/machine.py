"""
Every state of a message to the outside, of an attempt to deliver it, and of what the
outside tells us.
"""

from ..kernel.machine import State, StateTable


class MessageChart(StateTable):
    """
    A message waits, is sent, and is done, dead, superseded or discarded.
    """

    waiting = State(initial=True)
    sending = State()
    done = State(final=True)
    superseded = State(final=True)
    discarded = State(final=True)
    dead = State()

    claim = waiting.to(sending)
    finish = sending.to(done)
    # Try again later; also what a lost worker's message becomes.
    retry = sending.to(waiting)
    # Out of retries: visible, and it parks its order and channel only.
    die = sending.to(dead)
    resend = dead.to(waiting)
    # A newer push of the same parcel says all that this one would.
    supersede = waiting.to(superseded) | dead.to(superseded)
    # A person says that it will never be sent: what stands behind it may go.
    discard = dead.to(discarded)


class AttemptChart(StateTable):
    """
    One attempt under one key: what is known of what became of it.
    """

    planned = State(initial=True)
    sending = State()
    succeeded = State(final=True)
    declined = State(final=True)
    unknown = State()
    absent = State(final=True)
    manual = State()

    # The key is stored before the first byte leaves.
    send = planned.to(sending)
    succeed = sending.to(succeeded)
    decline = sending.to(declined)
    # A timeout, a reset, nonsense, or a crash while sending.
    lose = sending.to(unknown)
    # Nothing happened for sure, and the same key may be used again.
    postpone = sending.to(planned)
    # The same key again, while the provider honours it.
    resend = unknown.to(sending)
    find = unknown.to(succeeded)
    refute = unknown.to(declined)
    # The provider knows nothing of it: a new attempt takes a new key.
    miss = unknown.to(absent)
    hand_over = unknown.to(manual)
    settle = manual.to(succeeded)
    dismiss = manual.to(declined)


class InboxChart(StateTable):
    """
    What a shop told by itself waits, and is done or dead.

    Nobody holds it while it is followed: whoever begins moves its next time ahead, so
    that it is begun again where a process died.
    """

    waiting = State(initial=True)
    done = State(final=True)
    discarded = State(final=True)
    dead = State()

    finish = waiting.to(done)
    # Try again later: the shop did not answer.
    retry = waiting.to(waiting)
    # Out of tries, or a definite no: visible, and nothing else waits for it.
    die = waiting.to(dead)
    resend = dead.to(waiting)
    # A person says that nobody need follow it.
    discard = dead.to(discarded)


WAITING: str = MessageChart.waiting.value
SENDING: str = MessageChart.sending.value
DONE: str = MessageChart.done.value
DEAD: str = MessageChart.dead.value
DISCARDED: str = MessageChart.discarded.value

# States after which nothing is owed any more.
FINISHED_STATES = MessageChart.ending_states()

DECLINED: str = AttemptChart.declined.value
PLANNED: str = AttemptChart.planned.value
SUCCEEDED: str = AttemptChart.succeeded.value
UNKNOWN: str = AttemptChart.unknown.value

# States in which an attempt may still turn out to have succeeded.
LIVE_STATES = frozenset(AttemptChart.state_names()) - AttemptChart.ending_states()

# States in which the same key is sent again.
SAME_KEY_STATES = LIVE_STATES - {AttemptChart.manual.value}

# What may have reached the provider: a refused or postponed attempt certainly has not.
MAY_HAVE_ARRIVED = (LIVE_STATES - {AttemptChart.planned.value}) | {SUCCEEDED}
