"""
Which HTTP status each error is answered with.
"""

from datetime import timedelta

import pytest

from sourcehere import (
    Actor,
    Blocker,
    CommandRefusedError,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    Money,
    NotFoundError,
    ProtocolError,
    Role,
    SignatureError,
    WebhookTooLargeError,
    http_status,
)
from sourcehere.domain.kernel.errors import (
    AlreadyExistsError,
    IdempotencyConflictError,
    SourceHereError,
)
from sourcehere.domain.wallet.errors import InsufficientFundsError, SellerDebtError
from sourcehere.ports.errors import (
    DeclinedError,
    ThrottledError,
    TimedOutError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere.ports.storage_errors import (
    BusyError,
    CommitUnknownError,
    HostsTransactionError,
    RowExistsError,
    SchemaVersionError,
)
from sourcehere.services.base.resting import CarrierRestsError

MONEY = Money(500, "GBP")
WHO = Actor(Role.SELLER, "lamps")
SAID = {"provider": "post", "detail": "it said so"}


def refused(*codes):
    """
    Return the refusal of a command for reasons with these codes.
    """
    blockers = [Blocker(code, "it is so") for code in codes]
    return CommandRefusedError(kind="order", id="1", command="pay", blockers=blockers)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SourceHereError("no family"), 500),
        (InvalidInputError(field="limit", value=0, expected="more"), 400),
        (InsufficientFundsError(available=MONEY, needed=MONEY), 402),
        (SellerDebtError(debt=MONEY, needed=MONEY), 402),
        (ForbiddenError(actor=WHO, action="pay", words="it is not theirs"), 403),
        (refused("wrong_state", "role_not_allowed"), 403),
        (NotFoundError(kind="order", id="1"), 404),
        (AlreadyExistsError(kind="store", key="site"), 409),
        (RowExistsError(kind="store", key="site"), 409),
        (ConflictError(kind="order", key="1"), 409),
        (refused("wrong_state"), 409),
        (WebhookTooLargeError(part="body", size=2, most=1), 413),
        (IdempotencyConflictError(command_id="c", item=""), 422),
        (DeclinedError(**SAID), 422),
        (SignatureError(**SAID), 401),
        (HostsTransactionError(action="labels.buy"), 500),
        (ProtocolError(**SAID), 502),
        (UnauthorizedError(**SAID), 502),
        (BusyError(url="sqlite://", seconds=1, cause="locked"), 503),
        (CarrierRestsError("post", "paused", ""), 503),
        (CommitUnknownError(url="sqlite://"), 503),
        (SchemaVersionError(url="", found="2", expected="1", advice="upgrade"), 503),
        (ThrottledError(**SAID, retry_after=timedelta(seconds=1)), 503),
        (UnknownOutcomeError(**SAID), 503),
        (TimedOutError(provider="post", within=timedelta(seconds=1)), 504),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_has_the_status_of_what_to_do_about_it(error, status):
    """
    Its own, or that of the nearest error it is one of.
    """
    assert status == http_status(error)
