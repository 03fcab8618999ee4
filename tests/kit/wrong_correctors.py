"""
Adapters of shops that put parcels right, or tell carriers, wrongly in one thing each.
"""

import attrs

from sourcehere.testing.kit.fake_store import ServerShop


class Corrector(ServerShop):
    """
    Tells a parcel that takes another one's place otherwise.
    """

    def _tell(self, notice, lines):
        if notice.replaces_reference:
            return self._correct(notice, lines)
        return super()._tell(notice, lines)

    def _ordered(self, notice):
        order = self.fetch_order(notice.external_id)
        return {line.external_line_id: line.quantity for line in order.lines}

    def _kept(self, notice):
        """
        Return the parcels of an order that the server has.
        """
        parcels = self._server._parcels.values()
        return [one for one in parcels if one.order == notice.external_id]


class OneOfEach(Corrector):
    """
    Puts a number right with one unit of each line.
    """

    def _correct(self, notice, lines):
        return ServerShop._tell(self, notice, dict.fromkeys(lines, 1))


class AllOfEach(Corrector):
    """
    Puts a number right with all that was ordered of each line.
    """

    def _correct(self, notice, lines):
        ordered = self._ordered(notice)
        return ServerShop._tell(self, notice, {name: ordered[name] for name in lines})


class AllLines(Corrector):
    """
    Puts a number right with all that was ordered.
    """

    def _correct(self, notice, lines):
        return ServerShop._tell(self, notice, self._ordered(notice) if lines else {})


class FirstLine(Corrector):
    """
    Puts a number right with the first line of the parcel.
    """

    def _correct(self, notice, lines):
        return ServerShop._tell(self, notice, dict(list(lines.items())[:1]))


class OneNumberForAll(Corrector):
    """
    Puts a number right on every parcel of the order.
    """

    def _correct(self, notice, lines):
        made = ServerShop._tell(self, notice, lines)
        for one in self._kept(notice):
            one.number = notice.tracking_number
        return made


class TheOnlyOne(Corrector):
    """
    Believes that an order has one parcel.
    """

    def _correct(self, notice, lines):
        for one in self._kept(notice):
            one.is_live = False
        return ServerShop._tell(self, notice, lines)


class NoCarrier(ServerShop):
    """
    Tells a number without whose it is.
    """

    def _tell(self, notice, lines):
        return super()._tell(attrs.evolve(notice, carrier=""), lines)


class OneCarrier(ServerShop):
    """
    Has one carrier for everything.
    """

    def _tell(self, notice, lines):
        return super()._tell(attrs.evolve(notice, carrier="Royal Mail"), lines)


class FirstCarrier(ServerShop):
    """
    Tells the carrier of the order's first parcel.
    """

    def _tell(self, notice, lines):
        known = vars(self._server).setdefault("first_carriers", {})
        carrier = known.setdefault(notice.external_id, notice.carrier)
        return super()._tell(attrs.evolve(notice, carrier=carrier), lines)


class AsciiCarrier(ServerShop):
    """
    Writes a carrier as its terminal can show it.
    """

    def _tell(self, notice, lines):
        carrier = notice.carrier.encode("ascii", "replace").decode()
        return super()._tell(attrs.evolve(notice, carrier=carrier), lines)


class NumberWithoutCarrier(ServerShop):
    """
    Tells no carrier where no unit is sent.
    """

    def push_tracking(self, notice, /):
        return super().push_tracking(attrs.evolve(notice, carrier=""))


class KeepsCarrier(Corrector):
    """
    Puts a number right, and leaves the carrier.
    """

    def _correct(self, notice, lines):
        (old,) = [
            one
            for one in self._kept(notice)
            if f"ref-{one.key}" == notice.replaces_reference
        ]
        told = attrs.evolve(notice, carrier=old.carrier)
        return ServerShop._tell(self, told, lines)


class KnownByNumber(ServerShop):
    """
    Takes a parcel whose number is there for told, whatever else is put right.
    """

    def _tell(self, notice, lines):
        found = self._known(notice)
        return f"ref-{found}" if found else super()._tell(notice, lines)

    def _known(self, notice):
        for one in self._server._parcels.values():
            place = (one.order, one.number, one.is_live)
            if place == (notice.external_id, notice.tracking_number, True):
                return one.key
        return ""


class FoundByNumber(KnownByNumber):
    """
    Takes a key for taken where its number is there.
    """

    def find_push(self, notice, /):
        found = self._known(notice)
        return f"ref-{found}" if found else None

    def _tell(self, notice, lines):
        return ServerShop._tell(self, notice, lines)


WRONG = tuple(
    value
    for value in vars().values()
    if isinstance(value, type)
    and issubclass(value, ServerShop)
    and value not in (ServerShop, Corrector)
)
