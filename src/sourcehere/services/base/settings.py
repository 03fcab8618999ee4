"""
What a platform may decide otherwise, with what holds if it does not.
"""

from datetime import timedelta

import attrs

from ...domain.freight.handling import Handling
from ...domain.kernel.address import check_country
from ...domain.kernel.clock import check_zone
from ...domain.kernel.countries import country_code
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.values import frozen
from ...domain.pairing.dictionary import NO_WORDS, OptionWords
from ...domain.sellers.promises import AS_THE_PLATFORM_SAYS, Promises


@frozen(kw_only=True)
class Settings:
    """
    What a platform may decide otherwise.

    Attributes:
        pay_within: From entering Awaiting Payment to expiry.

        told_within: A shop is asked about an open order it has not told of for longer.

        checkout_valid: How long a checkout's prices hold.

        answer_within: How long a seller may take to answer in a dispute.

        promises: Within how many days the platform promises what waits for it; what is
            not done by then is overdue. A seller may have others.

        deliver_after: From the last parcel, or the last correction of one, to delivery
            by timer.

        stalled_after: From the last thing heard of a parcel to its order being held for
            it: nobody knows where it is.

        freight_within: How long carriers may take to answer one question, asked side
            by side; what has not answered by then is left out.

        pull_within: How long a shop may take to tell a page of its orders or of what it
            sells, to name its orders, or to be previewed; a file is read whole for the
            first page.

        push_within: How long a shop, or a plugin that listens, may take for one call of
            the relay.

        track_every: How often carriers are asked about each parcel that has not
            arrived.

        track_within: How long a carrier may take to tell of up to forty parcels.

        label_within: How long a carrier may take to sell a label, to void one, or to
            send its file.

        payment_within: How long a payment gateway may take for one call.

        payer_within: How long a payer may take to decide, such as for 3-D Secure; after
            that the attempt pays nothing any more. It is asked about rarely, and what
            arrives all the same is the seller's.

        chargebacks_every: How often gateways are asked whether a bank took a payment
            back.

        chargebacks_within: Until how long after a payment they are asked, and after
            what was last taken or given back of it.

        allocation_policy: From which stock orders are served, by its name. A seller may
            have another one.

        lease: How long a worker may keep messages it claimed; it is renewed while the
            worker lives.

        deliveries_max: Tries before a message is dead.

        chunk: How many items of a bulk command share a commit.

        pages_max: Pages that one sync of a shop reads at most; the next one goes on.

        idle_pages_max: Pages in a row that tell nothing which the same sync has not
            heard before, and then it ends; the next one goes on.

        told_days: For how many days is kept what a shop said, so that it can be shown;
            0 for not at all. A shop may have a number of its own.

        told_max: Characters that are kept of an answer, and of what came over the wire.

        webhook_max: Bytes of a webhook's body.

        webhook_headers_max: How many headers a webhook may have.

        option_words: What the dictionary of suggestions knows beside its own words.

        origin: The country, ISO 3166-1 alpha-2, where goods are bought and where the
            platform packs what it sources directly; its working days count there.

        handling: How many working days it takes to buy, to bring to the platform's
            warehouse, and to pack.

        zone: The IANA name of the platform's time zone, which is also that of its
            warehouses. A day that is given without a time ends with that day there, and
            delivery is estimated from the day it is there at payment.

    Raises:
        InvalidInputError: If there is no such zone, *origin* is no country, or a
            promise has no number of days.
    """

    pay_within: timedelta = timedelta(days=14)
    told_within: timedelta = timedelta(days=1)
    checkout_valid: timedelta = timedelta(hours=1)
    answer_within: timedelta = timedelta(days=14)
    promises: Promises = Promises(
        ship_days=7, receive_days=14, quote_days=3, dispute_days=3
    )
    deliver_after: timedelta = timedelta(days=45)
    stalled_after: timedelta = timedelta(days=20)
    freight_within: timedelta = timedelta(seconds=20)
    pull_within: timedelta = timedelta(minutes=5)
    push_within: timedelta = timedelta(seconds=30)
    track_every: timedelta = timedelta(hours=6)
    track_within: timedelta = timedelta(seconds=60)
    label_within: timedelta = timedelta(seconds=60)
    payment_within: timedelta = timedelta(seconds=60)
    payer_within: timedelta = timedelta(hours=1)
    chargebacks_every: timedelta = timedelta(days=1)
    chargebacks_within: timedelta = timedelta(days=180)
    allocation_policy: str = "fill_available"
    lease: timedelta = timedelta(minutes=5)
    deliveries_max: int = 8
    retry_after: timedelta = timedelta(seconds=30)
    chunk: int = 100
    pages_max: int = 1_000
    idle_pages_max: int = 50
    told_days: int = 30
    told_max: int = 100_000
    webhook_max: int = 1_000_000
    webhook_headers_max: int = 100
    option_words: OptionWords = NO_WORDS
    origin: str = attrs.field(default="CN", converter=country_code)
    handling: Handling = Handling()
    zone: str = "Asia/Shanghai"

    def __attrs_post_init__(self) -> None:
        """
        Refuse a zone or a country that there is not, and promises without a number.

        Raises:
            InvalidInputError: If there is no such zone, *origin* is no country, or a
                promise has no number of days.
        """
        check_zone(self.zone)
        check_country("origin", self.origin)
        for field, days in attrs.asdict(self.promises).items():
            if days == AS_THE_PLATFORM_SAYS:
                raise InvalidInputError(
                    field=f"promises.{field}", value=days, expected="0 to 366 days"
                )
