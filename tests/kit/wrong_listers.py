"""
Adapters that list what a shop sells, wrong in one thing each, as real ones have been.
"""

import json

import attrs

from sourcehere.ports.errors import DeclinedError, ProviderError, UnauthorizedError
from sourcehere.ports.platforms import ProductPage
from sourcehere.testing.kit.products_server import ServerProducts

NOTHING = {"variants": [], "more": False}


class ByOffset(ServerProducts):
    """
    Goes on by how many it has read, whatever was deleted of them.
    """

    def _read(self, cursor, limit):
        offset = int(cursor) if cursor.isdecimal() and len(cursor) < 5 else 0
        path = f"/variants/from/{offset}/{limit}"
        return self._object(self._asked(lambda: self._server.request(path)), "more")

    def _following(self, cursor, told):
        offset = int(cursor) if cursor.isdecimal() and len(cursor) < 5 else 0
        return str(offset + len(told))


class BySkuOrder(ServerProducts):
    """
    Reads the list by SKU, which a merchant may edit.
    """

    def pull_products(self, cursor, /, *, limit):
        read, more = [], True
        while more:
            told = self._read(read[-1]["id"] if read else "", 50)
            read, more = read + told["variants"], told["more"]
        place = json.loads(cursor or '["", ""]')
        rest = sorted(
            (one for one in read if [one["sku"] or "", one["id"]] > place),
            key=lambda one: (one["sku"] or "", one["id"]),
        )
        part = rest[:limit]
        return ProductPage(
            tuple(self._variant(one) for one in part if self._is_sold(one)),
            json.dumps([part[-1]["sku"] or "", part[-1]["id"]] if part else place),
            len(rest) > limit,
        )


class CountsTheRest(ServerProducts):
    """
    Goes on by how many are left, which there may be more of meanwhile.
    """

    def pull_products(self, cursor, /, *, limit):
        read, more = [], True
        while more:
            told = self._read(read[-1]["id"] if read else "", 50)
            read, more = read + told["variants"], told["more"]
        start = len(read) - int(cursor) if cursor.isdecimal() else 0
        part = read[start : start + limit] if start >= 0 else []
        left = len(read) - start - len(part)
        sold = tuple(self._variant(one) for one in part if self._is_sold(one))
        return ProductPage(sold, str(left), left > 0)


class CursorIsANumber(ServerProducts):
    """
    Takes whatever it is given for a number.
    """

    def _read(self, cursor, limit):
        path = f"/variants/from/{int(cursor or 0)}/{limit}"
        return self._object(self._asked(lambda: self._server.request(path)), "more")

    def _following(self, cursor, told):
        return str(int(cursor or 0) + len(told))


class NoSuchPlaceIsTheEnd(ServerProducts):
    """
    Takes a cursor that is refused for the end.
    """

    def _read(self, cursor, limit):
        try:
            return super()._read(cursor, limit)
        except DeclinedError:
            return NOTHING


class FirstPage(ServerProducts):
    """
    Believes that nobody sells more than a page of things.
    """

    def _read(self, cursor, limit):
        return {**super()._read(cursor, limit), "more": False}


class ShortIsTheEnd(ServerProducts):
    """
    Takes a page with fewer than it asked for to be the last.
    """

    def _read(self, cursor, limit):
        told = super()._read(cursor, limit)
        return {**told, "more": len(told["variants"]) == limit}


class FullIsMore(ServerProducts):
    """
    Believes that there is more whatever came, so that it never ends.
    """

    def _read(self, cursor, limit):
        return {**super()._read(cursor, limit), "more": True}


class NothingCrashes(ServerProducts):
    """
    Looks for the last of a page, also where there is none.
    """

    def _following(self, _, told):
        return told[-1]["id"]


class TellsTheLastAgain(ServerProducts):
    """
    Begins each page with the last variant of the page before.
    """

    def _following(self, cursor, told):
        return told[-2]["id"] if len(told) > 1 else super()._following(cursor, told)


class KeepsItsPlace(ServerProducts):
    """
    Remembers where it was, in memory.
    """

    place = ""

    def _read(self, cursor, limit):
        told = super()._read(self.place if cursor else "", limit)
        self.place = super()._following(cursor, told["variants"])
        return told

    def _following(self, cursor, told):
        return f"after {told[-1]['id']}" if told else cursor


class Remembers(ServerProducts):
    """
    Keeps what it has listed once.
    """

    def __init__(self, server):
        super().__init__(server)
        self._pages = {}

    def pull_products(self, cursor, /, *, limit):
        if (cursor, limit) not in self._pages:
            page = super().pull_products(cursor, limit=limit)
            self._pages[cursor, limit] = page
        return self._pages[cursor, limit]


class DraftsToo(ServerProducts):
    """
    Lists what nobody can buy yet.
    """

    def _is_sold(self, _):
        return True


class FirstVariants(ServerProducts):
    """
    Lists products, and of each its first variant.
    """

    def pull_products(self, cursor, /, *, limit):
        page = super().pull_products(cursor, limit=limit)
        first = {one.external_product_id: one for one in reversed(page.variants)}
        return attrs.evolve(page, variants=tuple(reversed(first.values())))


class FiftyOfAProduct(ServerProducts):
    """
    Lists the fifty variants of a product that the shop tells with it.
    """

    def _is_sold(self, told):
        size = dict(told["options"]).get("Size", "0")
        return super()._is_sold(told) and not (size.isdecimal() and int(size) >= 50)


class OneOfASku(ServerProducts):
    """
    Lists a SKU once.
    """

    def pull_products(self, cursor, /, *, limit):
        page = super().pull_products(cursor, limit=limit)
        last = {one.sku or one.external_variant_id: one for one in page.variants}
        return attrs.evolve(page, variants=tuple(last.values()))


class NoSkuNoVariant(ServerProducts):
    """
    Leaves out what has no SKU.
    """

    def _is_sold(self, told):
        return super()._is_sold(told) and bool(told["sku"])


class FailureIsTheEnd(ServerProducts):
    """
    Takes whatever goes wrong for the end of the list.
    """

    def _read(self, cursor, limit):
        try:
            return super()._read(cursor, limit)
        except ProviderError:
            return NOTHING


class FailureIsNo(ServerProducts):
    """
    Takes a broken line for a refusal.
    """

    def _broken(self, words):
        return DeclinedError(provider=self.name, detail=words)


class ThrottledIsRefused(ServerProducts):
    """
    Does not say when to come back.
    """

    def _throttled(self, _):
        return UnauthorizedError(provider=self.name, detail="429")


class ShapeIsNothing(ServerProducts):
    """
    Takes JSON of another shape for a list in which nothing is.
    """

    def _object(self, answer, *names):
        told = self._json(answer)
        is_right = isinstance(told, dict) and told.keys() >= set(names)
        return told if is_right else NOTHING


class Crashes(ServerProducts):
    """
    Lets the parser's own error through.
    """

    def _json(self, answer):
        return json.loads(answer.text)


WRONG = tuple(
    value
    for value in vars().values()
    if isinstance(value, type)
    and issubclass(value, ServerProducts)
    and value is not ServerProducts
)
