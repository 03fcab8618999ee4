"""
Which country a shop means: codes, and names that people and shops write.
"""

from collections.abc import Mapping
from functools import cache

from ..domain.kernel.countries import UNKNOWN_COUNTRY, country_code, is_country

# What no list of names has.
_NAMES = {
    "u.s.": "US",
    "u.s.a.": "US",
    "united states of america": "US",
    "america": "US",
    "u.k.": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "holland": "NL",
    "the netherlands": "NL",
    "south korea": "KR",
    "korea, south": "KR",
    "republic of korea": "KR",
    "russia": "RU",
    "turkey": "TR",
    "czech republic": "CZ",
    "ivory coast": "CI",
    "macau": "MO",
    "hong kong sar china": "HK",
    "macao sar china": "MO",
    "kosovo": "XK",
    "swaziland": "SZ",
    "cape verde": "CV",
    "palestine": "PS",
}


def country_of(text: str, aliases: Mapping[str, str]) -> str:
    """
    Return the ISO code of the country that *text* means; `ZZ` if nobody can tell.

    Args:
        aliases: Words in lower case -> code; they go first.
    """
    word = " ".join(text.split()).casefold()
    if not word:
        return UNKNOWN_COUNTRY
    known = aliases.get(word)
    if known is None:
        code = country_code(word.upper())
        known = code if is_country(code) else _names().get(word)
    return known or UNKNOWN_COUNTRY


@cache
def _names() -> Mapping[str, str]:
    """
    Return every name and three-letter code that is known here, in lower case.
    """
    names = dict(_NAMES)
    try:
        import pycountry  # noqa: PLC0415 - optional, and large
    except ImportError:
        return names
    for country in pycountry.countries:
        for field in ("name", "common_name", "official_name", "alpha_3"):
            name = getattr(country, field, "")
            if name:
                names.setdefault(str(name).casefold(), str(country.alpha_2))
    return names
