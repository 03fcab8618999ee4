"""
Which HTTP status an error is answered with.
"""

from ..domain.kernel.errors import (
    AlreadyExistsError,
    CallerError,
    CommandRefusedError,
    CounterpartyError,
    ForbiddenError,
    IdempotencyConflictError,
    NotFoundError,
    SourceHereError,
    StateError,
)
from ..domain.stores.errors import WebhookTooLargeError
from ..domain.wallet.errors import InsufficientFundsError, SellerDebtError
from ..ports.errors import (
    DeclinedError,
    ProtocolError,
    SignatureError,
    TimedOutError,
    UnauthorizedError,
)
from ..ports.storage_errors import HostsTransactionError, SchemaVersionError
from ..services.base.resting import ConnectionRestsError
from ..unit.text.codecs import UnknownEventError

# The nearest class of an error decides.
HTTP_STATUSES: dict[type[Exception], int] = {
    SourceHereError: 500,
    CallerError: 400,
    ForbiddenError: 403,
    NotFoundError: 404,
    AlreadyExistsError: 409,
    WebhookTooLargeError: 413,
    # As the draft of the header `Idempotency-Key` has it.
    IdempotencyConflictError: 422,
    HostsTransactionError: 500,  # the host's mistake, whoever visits it
    StateError: 409,
    InsufficientFundsError: 402,
    SellerDebtError: 402,
    # The database is another release's.
    SchemaVersionError: 503,
    UnknownEventError: 503,
    # 429 is for none of them: whoever asks has done nothing too often when a carrier
    # throttles the host.
    CounterpartyError: 503,
    ConnectionRestsError: 503,
    SignatureError: 401,
    # A definite no, unlike the rest of its family: a client that tries again what was
    # answered with 503 would try this for nothing.
    DeclinedError: 422,
    # It is the host's credentials that were refused, not those of whoever asks.
    UnauthorizedError: 502,
    ProtocolError: 502,
    TimedOutError: 504,
}


def http_status(error: SourceHereError) -> int:
    """
    Return the HTTP status that an error is answered with.

    It follows from the error's family: 400 where the request is wrong, 409 where the
    state has moved on, 503 where somebody outside failed and trying later may help.
    The list of errors has those with a status of their own. A command refused because
    it is not for who asks is 403, as what is forbidden.
    """
    if isinstance(error, CommandRefusedError) and error.is_of_another_role:
        return HTTP_STATUSES[ForbiddenError]
    return http_status_of(type(error))


def http_status_of(kind: type[SourceHereError]) -> int:
    """
    Return the HTTP status of a kind of error.
    """
    return next(HTTP_STATUSES[one] for one in kind.__mro__ if one in HTTP_STATUSES)
