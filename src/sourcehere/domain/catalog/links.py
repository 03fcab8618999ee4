"""
Which product a link is about, however it was copied: by the shop's own id of it.

Marketplaces have many addresses for one product: for phones, for countries, with its
name in it, and with what tracks the visitor behind it. What all of them share is an id.
The forms are those that the marketplaces' own pages link to.
"""

import re
from collections.abc import Callable, Iterable
from urllib.parse import SplitResult, parse_qsl, urlsplit

from ..kernel.checks import LINE_MAX
from ..kernel.errors import InvalidInputError

Reader = Callable[[str, SplitResult], str]

# Hosts for phones and of countries, which show the same page.
_SUBDOMAIN = re.compile(r"^(www\d?|m|mobile|touch|wap)\.")
_DIGITS = re.compile(r"[0-9]{5,20}")
_ASIN = re.compile(
    r"/(?:dp|gp/product|gp/aw/d|gp/offer-listing|exec/obidos/(?:asin|tg/detail/-)|o/asin"
    r"|product)/([a-z0-9]{10})(?=[/?]|$)"
)
_OFFER = re.compile(r"/offer/([0-9]{5,20})(?![0-9])")
_ITEM = re.compile(r"/(?:item|i)/(?:[^/]+/)*([0-9]{5,20})(?:\.html?)?$")
_STORE_ITEM = re.compile(r"/store/product/[^/]+/(?:[0-9]+_)?([0-9]{5,20})(?:\.html?)?$")
_HANDLE = re.compile(r"/products/([^/]+)")
# What says where a visitor came from, not what they look at.
_TRACKING = re.compile(
    r"^(utm_.*|[gfm]bclid|gclid|msclkid|dclid|yclid|twclid|ttclid|igshid|_ga|_gl|ref|ref_"
    r"|ref_src|referer|referrer|from|source|src|share.*|spm|scm|pvid|aff.*|sk|mc_.*"
    r"|campaign.*|tracking.*|trk|cmpid|ns_.*|hsa_.*|_kx|srsltid|gad_source|gbraid|wbraid)$"
)


def product_key(link: str) -> str:
    """
    Return what every link to the same product has in common: `1688:612345678901` for a
    marketplace that is known; else its host and path, with what its query says of the
    product.

    Raises:
        InvalidInputError: If it is no link, or what is left of it has more than 255
            characters: it is what a product is found by.
    """
    parts = _split(link)
    host = _SUBDOMAIN.sub("", (parts.hostname or "").lower().rstrip("."))
    for is_of, read in _MARKETPLACES:
        if is_of(host):
            known = read(host, parts)
            if known:
                return known
    key = _plain(host, parts)
    if len(key) > LINE_MAX:
        expected = (
            f"a link whose host, path and query have at most {LINE_MAX} characters"
        )
        raise InvalidInputError(field="link", value=link, expected=expected)
    return key


def _split(link: str) -> SplitResult:
    text = link.strip()
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
        _ = parts.hostname, parts.port
    except ValueError:
        raise InvalidInputError(
            field="link", value=link, expected="a link, such as https://a.example/b"
        ) from None
    return parts


def _plain(host: str, parts: SplitResult) -> str:
    path = parts.path.rstrip("/")
    handle = _HANDLE.search(path)
    if handle:  # as Shopify has them: below a collection, in a language, with a variant
        return f"{host}/products/{handle[1].lower()}"
    said = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.match(name.lower())
    )
    query = "&".join(f"{name}={value}" for name, value in said)
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def _is_below(*domains: str) -> Callable[[str], bool]:
    def is_of(host: str) -> bool:
        return any(host == d or host.endswith(f".{d}") for d in domains)

    return is_of


def _is_amazon(host: str) -> bool:
    return re.search(r"(^|\.)amazon\.(com?\.)?[a-z]{2,3}$", host) is not None


def _in_query(parts: SplitResult, names: Iterable[str]) -> str:
    said = {name.lower(): value for name, value in parse_qsl(parts.query)}
    for name in names:
        value = said.get(name, "")
        if _DIGITS.fullmatch(value):
            return value
    return ""


def _of_1688(_: str, parts: SplitResult) -> str:
    found = _OFFER.search(parts.path)
    number = found[1] if found else _in_query(parts, ("offerid", "id"))
    return number and f"1688:{number}"


def _of_taobao(_: str, parts: SplitResult) -> str:
    # Taobao and Tmall number their items together.
    number = _in_query(parts, ("id", "itemid", "item_id"))
    if not number:
        found = _ITEM.search(parts.path)
        number = found[1] if found else ""
    return number and f"taobao:{number}"


def _of_aliexpress(_: str, parts: SplitResult) -> str:
    found = _ITEM.search(parts.path) or _STORE_ITEM.search(parts.path)
    number = found[1] if found else _in_query(parts, ("productid", "itemid"))
    return number and f"aliexpress:{number}"


def _of_amazon(_: str, parts: SplitResult) -> str:
    found = _ASIN.search(parts.path.lower())
    return f"amazon:{found[1].upper()}" if found else ""


_MARKETPLACES: tuple[tuple[Callable[[str], bool], Reader], ...] = (
    (_is_below("1688.com"), _of_1688),
    (_is_below("taobao.com", "tmall.com", "tmall.hk"), _of_taobao),
    (_is_below("aliexpress.com", "aliexpress.us", "aliexpress.ru"), _of_aliexpress),
    (_is_amazon, _of_amazon),
)
