"""
What a carrier, or a service that speaks to many, implements to sell labels.
"""

from datetime import timedelta
from typing import Protocol, runtime_checkable

import attrs

from ..domain.freight.model import FreightRequest
from ..domain.kernel.address import Address
from ..domain.kernel.money import Money
from ..domain.kernel.values import frozen

PDF, PNG, ZPL = "application/pdf", "image/png", "application/zpl"


@frozen(kw_only=True)
class LabelRequest:
    """
    A parcel to buy a label for.

    Attributes:
        method: The carrier's own code, as `quote` has it.

        number: What people call the order; printed where there is room.

        to: Who gets it.

        consignment: What is in it and where it leaves from, as `quote` is asked.
    """

    method: str
    number: str
    to: Address = attrs.field(repr=False)
    consignment: FreightRequest


@frozen(kw_only=True)
class SoldLabel:
    """
    A label as the carrier sold it.

    Attributes:
        reference: The carrier's own name for it, by which it is voided and its file is
            asked for, and no other's; 1 to 200 characters.

        carrier: Who carries it, as staff and shops write it.

        price: What it costs the platform, in whatever currency the carrier takes; never
            below zero.
    """

    reference: str
    carrier: str
    tracking_number: str
    price: Money


@frozen
class LabelFile:
    """
    What is printed.

    Attributes:
        media_type: `application/pdf`, `image/png` or `application/zpl`; the content has
            to be that.
    """

    content: bytes = attrs.field(repr=False)
    media_type: str


@runtime_checkable
class SupportsLabels(Protocol):
    """
    A freight provider that sells labels.

    A call that takes longer than `Settings.label_within` is given up, and nobody knows
    what became of it: the same key is sent again while it is honoured; after that the
    label is looked up (`SupportsFindLabel`), or a person has to find out.
    """

    def label_key_ttl(self) -> timedelta:
        """
        Return for how long the same key gets the same label, whatever else has changed;
        zero where it never does. Pure: nobody is asked.
        """
        ...

    def buy_label(self, request: LabelRequest, /, *, idempotency_key: str) -> SoldLabel:
        """
        Buy one label. The same key again is the same label, never a second one, while
        `label_key_ttl` lasts.

        Raises:
            DeclinedError: If it is not sold: nothing was bought, and nothing will be.

            ProviderError: Which kind says whether anything happened.
        """
        ...

    def void_label(self, reference: str, /, *, idempotency_key: str) -> None:
        """
        Take a label back, so that it costs nothing. One that is void already is no
        error: it is what was wanted.

        Raises:
            DeclinedError: If it cannot be taken back any more, or there is none.

            ProviderError: Which kind says whether anything happened.
        """
        ...

    def label_file(self, reference: str, /) -> LabelFile:
        """
        Return what is printed, as often as it is asked for; up to ten megabytes.

        Raises:
            DeclinedError: If there is no such label, or it is printed no more.

            ProviderError: If it does not answer.
        """
        ...


@runtime_checkable
class SupportsForgetLabel(Protocol):
    """
    A freight provider that keeps something that names recipients: labels' files.
    """

    def forget_label(self, reference: str, /) -> None:
        """
        Remove what is kept of a label, for good: its recipient is to be forgotten. What
        is not kept, or any more, is no error; its file is printed no more.

        Raises:
            ProviderError: If it is not removed for sure: it is asked again.
        """
        ...


@runtime_checkable
class SupportsFindLabel(Protocol):
    """
    A freight provider that can tell what was bought with a key.

    It is a capability of its own, since most carriers have one of the two only: they
    honour a key, or can be searched by it.
    """

    def find_label(self, idempotency_key: str, /) -> SoldLabel | None:
        """
        Return the label that was bought with a key, also where it is void by now. None
        says for sure that there is none: its units are then free again.

        Raises:
            ProviderError: If it cannot tell.
        """
        ...
