"""
Postal codes as they are compared, and whether a range of them covers one.

A code may be written in full-width digits, with a postal mark, with dashes of any
kind, or with its country in front: it is the same code. In Great Britain ranges are of
districts: `SE1` is not `SE10`, and `PA20` to `PA49` leaves `PA2 0BX` alone. (For the
parts of a British postcode see Royal Mail's guide to its Postcode Address File.)
"""

import enum
import re
import unicodedata

from .methods import PostalRange

GREAT_BRITAIN = "GB"
_POSTAL_MARKS = "\u3012\u3020\u3036"  # Japanese signs for "postal code"
_INWARD = re.compile(r"\d[A-Z]{2}")
_INWARD_LENGTH = 3
_DISTRICT = re.compile(r"([A-Z]{1,2})(?:(\d{1,2})([A-Z]?))?")


class Covered(enum.Enum):
    """
    Whether a range covers a code.
    """

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"  # the code is too short to say


def normalised(postal_code: str, country: str = "") -> str:
    """
    Return a postal code as it is compared: plain capitals and digits, without spaces,
    dashes, postal marks, and the country in front (`SE-111 22`).
    """
    text = unicodedata.normalize("NFKC", postal_code).upper()
    kept = [c for c in text if not _is_left_out(c)]
    code = "".join(kept)
    in_front = text.lstrip().removeprefix(country)
    is_prefixed = country and in_front != text.lstrip() and _begins_dashed(in_front)
    return code.removeprefix(country) if is_prefixed else code


def _is_left_out(character: str) -> bool:
    return (
        character.isspace()
        or character in _POSTAL_MARKS
        or unicodedata.category(character) in ("Pd", "Cf")
        or character == "\u2212"  # a minus sign, typed for a dash
    )


def _begins_dashed(text: str) -> bool:
    rest = text.lstrip()
    return bool(rest) and (unicodedata.category(rest[0]) == "Pd" or rest[0].isdigit())


def covers(postal: PostalRange, postal_code: str) -> Covered:
    """
    Tell whether *postal* covers a code of its country.
    """
    code = normalised(postal_code, postal.country)
    if postal.country == GREAT_BRITAIN and is_district(postal.first):
        return _covers_district(postal, code)
    length = len(postal.first)
    if len(code) >= length:
        is_inside = postal.first <= code[:length] <= postal.last
        return Covered.YES if is_inside else Covered.NO
    # A code shorter than the bounds could still become one of the range.
    could_be = postal.first[: len(code)] <= code <= postal.last[: len(code)]
    return Covered.UNKNOWN if could_be else Covered.NO


def is_district(code: str) -> bool:
    """
    Tell whether *code*, normalised, is a British area or district: `BT`, `SE1`, `EC1A`.
    """
    return _DISTRICT.fullmatch(code) is not None


def is_range_of_districts(first: str, last: str) -> bool:
    """
    Tell whether *first* to *last* are areas, or districts of one area, in their order.
    """
    one, other = _parts(first), _parts(last)
    if one is None or other is None:
        return False
    if not one[1] and not other[1]:
        return one[0] <= other[0]
    return bool(one[1] and other[1]) and one[0] == other[0] and one <= other


def _covers_district(postal: PostalRange, code: str) -> Covered:
    first, last = _parts(postal.first), _parts(postal.last)
    there = _parts(_outward(code))
    if first is None or last is None or there is None:
        return Covered.UNKNOWN if not code or code.isalpha() else Covered.NO
    area, number, suffix = there
    if not first[1]:
        return Covered.YES if first[0] <= area <= last[0] else Covered.NO
    if area != first[0]:
        return Covered.NO
    if not number:
        return Covered.UNKNOWN
    # A district without its letter has all of them: EC1 is EC1A, EC1M and the rest.
    lower = (number, suffix if first[2] else "")
    upper = (number, suffix if last[2] else "")
    is_inside = first[1:] <= lower and upper <= last[1:]
    return Covered.YES if is_inside else Covered.NO


def _outward(code: str) -> str:
    """
    Return the part of a British postcode that names the district; all of a short one.
    """
    inward = code[-_INWARD_LENGTH:]
    is_whole = len(code) > _INWARD_LENGTH + 1 and _INWARD.fullmatch(inward) is not None
    return code[:-_INWARD_LENGTH] if is_whole else code


def _parts(district: str) -> tuple[str, int, str] | None:
    """
    Return (area, number, letter) of a district; a number of 0 for a whole area.
    """
    found = _DISTRICT.fullmatch(district)
    if found is None:
        return None
    return found[1], int(found[2] or 0), found[3] or ""
