"""
What gateways say of payments becomes facts that can be kept.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from ..domain.kernel.checks import MINOR_MAX
from ..domain.kernel.errors import SourceHereError
from ..domain.kernel.money import Money, exponent_of
from ..ports.payments import (
    Chargeback,
    PaymentOutcome,
    PaymentProvider,
    PaymentRecord,
    Payout,
    PayoutEntry,
    SupportsChargebacks,
    SupportsPayouts,
)
from .answers import Answerer, storable, text_of
from .items import items_of
from .private import hide_cards
from .stores import KEY_MAX, check_key

REFERENCES_MAX = 1_000  # of one webhook
CHARGEBACKS_MAX = 100  # of one capture
PAYOUTS_MAX, ENTRIES_MAX = 10_000, 1_000_000
_DETAIL_MAX = 500
_URL_MAX = 2_000
_SCHEMES = ("https://", "http://")


def told(
    call: Callable[[], PaymentRecord], who: Answerer, *, reference: str
) -> PaymentRecord:
    """
    Have a payment made, and return what is told of it if that makes sense.

    Raises:
        ProviderError: If it is declined, or nobody knows.
    """
    return who.ask(lambda: _record(call(), who, reference))


def found(
    provider: PaymentProvider, who: Answerer, reference: str
) -> PaymentRecord | None:
    """
    Look a payment up.

    Raises:
        ProviderError: If the gateway cannot tell, or what it tells makes no sense.
    """

    def ask() -> PaymentRecord | None:
        record: object = provider.find(reference)
        return None if record is None else _record(record, who, reference)

    return who.ask(ask)


def key_ttl_of(provider: PaymentProvider, who: Answerer) -> timedelta:
    """
    Return for how long a gateway honours a key.

    Raises:
        ProtocolError: If what it says makes no sense.
    """
    ttl: object = who.ask(lambda: provider.key_ttl)
    if not isinstance(ttl, timedelta) or ttl < timedelta(0):
        who.refuse("key_ttl", text_of(ttl), "a time, or none")
    return ttl


def finds_by_reference(provider: PaymentProvider, who: Answerer) -> bool:
    """
    Tell whether what a gateway does not find did not happen.
    """
    return who.ask(lambda: provider.finds_by_reference) is True


def references_of(references: object, who: Answerer) -> tuple[str, ...]:
    """
    Return the references of a webhook, each once.

    Raises:
        ProtocolError: If they make no sense, or there are too many.
    """
    names = items_of(who, "references", references, str)
    if len(names) > REFERENCES_MAX:
        who.refuse("references", len(names), f"at most {REFERENCES_MAX} references")
    for name in names:
        who.check(str, "references", name)
        check_key(who, "references", name)
    return tuple(dict.fromkeys(names))


def chargebacks_of(
    provider: SupportsChargebacks, who: Answerer, capture_id: str
) -> tuple[Chargeback, ...]:
    """
    Ask what was taken back of a capture.

    Raises:
        ProviderError: If the gateway cannot tell, or what it tells makes no sense.
    """
    given = items_of(
        who, "chargebacks", who.ask(lambda: provider.chargebacks(capture_id)), list
    )
    if len(given) > CHARGEBACKS_MAX:
        who.refuse("chargebacks", len(given), f"at most {CHARGEBACKS_MAX}")
    seen: dict[str, Chargeback] = {}
    for place, one in enumerate(given):
        field = f"chargebacks[{place}]"
        if not isinstance(one, Chargeback):
            who.refuse(field, one, "a Chargeback")
        name = _name(who, f"{field}.gateway_id", one.gateway_id)
        amount = _money(who, f"{field}.amount", one.amount)
        _time(who, f"{field}.taken_at", one.taken_at)
        seen[name] = Chargeback(gateway_id=name, amount=amount, taken_at=one.taken_at)
    return tuple(seen.values())


def payouts_of(
    provider: SupportsPayouts, who: Answerer, since: datetime
) -> tuple[Payout, ...]:
    """
    Ask what was sent to the platform's bank account.

    Raises:
        ProviderError: If the gateway cannot tell, or what it tells makes no sense.
    """
    given = items_of(who, "payouts", who.ask(lambda: provider.payouts(since)), list)
    if len(given) > PAYOUTS_MAX:
        who.refuse("payouts", len(given), f"at most {PAYOUTS_MAX}")
    return tuple(
        _payout(who, f"payouts[{place}]", one) for place, one in enumerate(given)
    )


def _payout(who: Answerer, field: str, one: object) -> Payout:
    if not isinstance(one, Payout):
        who.refuse(field, one, "a Payout")
    entries = items_of(who, f"{field}.entries", one.entries, list)
    if len(entries) > ENTRIES_MAX:
        who.refuse(f"{field}.entries", len(entries), f"at most {ENTRIES_MAX}")
    _time(who, f"{field}.paid_at", one.paid_at)
    return Payout(
        gateway_id=_name(who, f"{field}.gateway_id", one.gateway_id),
        paid_at=one.paid_at,
        amount=_money(who, f"{field}.amount", one.amount, least=-MINOR_MAX),
        entries=tuple(
            _entry(who, f"{field}.entries[{place}]", entry)
            for place, entry in enumerate(entries)
        ),
    )


def _entry(who: Answerer, field: str, one: object) -> PayoutEntry:
    if not isinstance(one, PayoutEntry):
        who.refuse(field, one, "a PayoutEntry")
    return PayoutEntry(
        gateway_id=_name(who, f"{field}.gateway_id", one.gateway_id),
        amount=_money(who, f"{field}.amount", one.amount, least=-MINOR_MAX),
        fee=_money(who, f"{field}.fee", one.fee, least=-MINOR_MAX),
        moved=None
        if one.moved is None
        else _money(who, f"{field}.moved", one.moved, least=-MINOR_MAX),
    )


def _record(given: object, who: Answerer, reference: str) -> PaymentRecord:
    if not isinstance(given, PaymentRecord):
        who.refuse("payment", given, "a PaymentRecord")
    if given.reference != reference:
        who.refuse("payment.reference", given.reference, f"{reference!r}, as asked")
    if not isinstance(given.outcome, PaymentOutcome):
        who.refuse("payment.outcome", given.outcome, "a PaymentOutcome")
    who.check(str, "payment.detail", given.detail)
    who.check(bool, "payment.is_taken", given.is_taken)
    # Nothing was moved by what was declined: it needs no name and no amount.
    is_declined = given.outcome is PaymentOutcome.DECLINED
    amount = Money.zero("USD") if is_declined else given.amount
    return PaymentRecord(
        reference=reference,
        gateway_id=""
        if is_declined
        else _name(who, "payment.gateway_id", given.gateway_id),
        outcome=given.outcome,
        amount=_money(who, "payment.amount", amount),
        detail=storable(hide_cards(given.detail), most=_DETAIL_MAX),
        redirect_url=_url(who, given.redirect_url),
        is_taken=given.is_taken,
    )


def _url(who: Answerer, value: object) -> str:
    who.check(str, "payment.redirect_url", value)
    assert isinstance(value, str)
    if not value:
        return ""
    is_url = value.lower().startswith(_SCHEMES) and value.isprintable()
    if not is_url or len(value) > _URL_MAX or " " in value:
        expected = f"a URL of at most {_URL_MAX} characters"
        who.refuse("payment.redirect_url", value, expected)
    return value


def _name(who: Answerer, field: str, value: object) -> str:
    who.check(str, field, value)
    assert isinstance(value, str)
    name = storable(value.strip(), most=KEY_MAX + 1)
    check_key(who, field, name)
    return name


def _time(who: Answerer, field: str, value: object) -> None:
    who.check(datetime, field, value)
    assert isinstance(value, datetime)
    if value.tzinfo is None:
        who.refuse(field, value, "a time with a zone")


def _money(who: Answerer, field: str, value: object, *, least: int = 0) -> Money:
    who.check(Money, field, value)
    assert isinstance(value, Money)
    if not least <= value.minor <= MINOR_MAX:
        who.refuse(field, str(value.minor), f"{least} to {MINOR_MAX}")
    try:
        exponent_of(value.currency)
    except SourceHereError:
        who.refuse(field, value.currency, "in a currency of ISO 4217")
    return Money(value.minor, value.currency)
