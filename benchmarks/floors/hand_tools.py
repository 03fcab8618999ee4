"""
What the hand-written floors share: texts, instants, freight by the configured card.
"""

from datetime import UTC, date, datetime, timedelta
from json.encoder import encode_basestring as quote
from zoneinfo import ZoneInfo

import holidays

SECOND = 1_000_000  # in microseconds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIELDS = (
    *("country", "name", "company", "street", "city", "region", "postal_code", "phone"),
    *("email", "customer"),
)
_ADDRESS = "{{" + ",".join(f'"{name}":{{}}' for name in _FIELDS) + "}}"


def micros(at):
    """
    Count microseconds since 1970.
    """
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def address_text(a):
    """
    Write an address as JSON.
    """
    return _ADDRESS.format(
        *(quote(a.country), quote(a.name), quote(a.company), quote(a.street)),
        *(quote(a.city), quote(a.region), quote(a.postal_code), quote(a.phone)),
        *(quote(a.email), quote(a.customer)),
    )


def mark(parcel_id, delivered, stall_by):
    """
    Write what an order knows of its one parcel.
    """
    return (
        f'[{{"parcel_id":"{parcel_id}","is_delivered":{delivered},'
        f'"replaced_by":"","revision":0,"stall_by":{stall_by}}}]'
    )


def leaving(now):
    """
    Return the first and the last day on which goods bought now leave, and whether the
    holidays are announced: 2-3 working days to the warehouse, 0-1 there.
    """
    rest = holidays.country_holidays("CN", years=[2025, 2026, 2027])
    day = (_EPOCH + timedelta(microseconds=now)).astimezone(ZoneInfo("Asia/Shanghai"))
    first = last = date(day.year, day.month, day.day)
    for least, most in ((0, 0), (2, 3), (0, 1)):
        first = _working(rest, first, least)
        last = _working(rest, last, most)
    announced = {d.year for d in rest.weekend_workdays}
    return first, last, not {first.year, last.year} <= announced


def _working(rest, day, count):
    while not rest.is_working_day(day):
        day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=1)
        while not rest.is_working_day(day):
            day += timedelta(days=1)
    return day


def arrival(left, days, method, freight):
    """
    Write as JSON when goods arrive that leave as *left* says.
    """
    first, last, is_provisional = left
    earliest = first + timedelta(days=days[0])
    latest = last + timedelta(days=days[1])
    return (
        f'[{{"source":"direct","country":"CN","method":"{method}",'
        f'"freight_minor":{freight},"earliest":"{earliest.isoformat()}",'
        f'"latest":"{latest.isoformat()}",'
        f'"provisional":{"true" if is_provisional else "false"}}}]'
    )


class Freight:
    """
    The cheapest way by a rate card of countries and steps; equal questions once.
    """

    def __init__(self, card):
        self._methods = card["methods"]
        self._known = {}

    def cheapest(self, country, grams, method):
        """
        Return price, method and days.
        """
        asked = (country, grams, method)
        found = self._known.get(asked)
        if found is None:
            found = self._known[asked] = min(
                self._price(one, country, grams)
                for one in self._methods
                if method in ("", one["code"])
            )
        return found

    @staticmethod
    def _price(method, country, grams):
        zones = method["zones"]
        zone = next((z for z in zones if country in z["countries"]), zones[-1])
        step = zone["breaks"][0]
        above = max(grams - step["first_grams"], 0)
        steps = -(-above // step["additional_grams"])
        price = step["first_price"] + steps * step["additional_price"]
        return price, method["code"], (method["days_min"], method["days_max"])
