"""
What has to be known to ask 17TRACK.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import attrs

API = "https://api.17track.net/track/v2.2"


def _without_slash(text: str) -> str:
    return text.strip().rstrip("/")


def _is_url(_: object, __: object, value: str) -> None:
    parts = urlsplit(value)
    is_plain = not (parts.query or parts.fragment or parts.username)
    if parts.scheme != "https" or not parts.hostname or not is_plain:
        msg = f"should be an address behind https, such as {API}"
        raise ValueError(msg)


def _is_said(_: object, __: object, value: str) -> None:
    if not value.strip() or not value.isascii() or not value.isprintable():
        msg = "should be the access key, from Settings, Security"
        raise ValueError(msg)


def _are_codes(_: object, __: object, value: Mapping[str, int]) -> None:
    wrong = [name for name, code in value.items() if code <= 0 or not name.strip()]
    if wrong:
        msg = f"should be names of carriers and 17TRACK's codes of them: {wrong}"
        raise ValueError(msg)


def _is_zone(_: object, __: object, value: str) -> None:
    try:
        ZoneInfo(value or "UTC")
    except (ValueError, OSError, LookupError):
        msg = "should be a time zone, such as Asia/Shanghai"
        raise ValueError(msg) from None


@attrs.frozen(kw_only=True)
class Track17Config:
    """
    One account of 17TRACK.

    Attributes:
        key: The access key (Settings, Security, Access Key); give it as
            `{"$env": "TRACK17_KEY"}`. Webhooks are signed with it, too.

        carriers: Whose parcels are asked for, as staff write them; empty for those of
            all carriers.

        codes: Carrier, as staff write it -> 17TRACK's code of it, such as 3011 for
            China Post, where the number alone does not tell whose it is.

        registers: Whether numbers that 17TRACK does not know are registered, which
            costs one of the account's quota each. If not, somebody else has to.

        zone: Where the clocks are of carriers that tell times without saying so, and
            told no other event with its offset before; what has no zone then is left
            out if this is empty.

        url: Of the API.
    """

    key: str = attrs.field(repr=False, metadata={"secret": True}, validator=_is_said)
    carriers: tuple[str, ...] = ()
    codes: dict[str, int] = attrs.field(factory=dict, validator=_are_codes)
    registers: bool = True
    zone: str = attrs.field(default="", validator=_is_zone)
    url: str = attrs.field(default=API, converter=_without_slash, validator=_is_url)
