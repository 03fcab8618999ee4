"""
What a seller's shops were told of parcels, as files that importers take.
"""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ...builtin.file_profile import PLAIN
from ...builtin.file_tail import encode_notice
from ...builtin.fulfilment_formats import FORMATS, SentLine, check_format, plain_header
from ...domain.stores.model import Store
from ...ports.platforms import Fulfilment
from ...services.outside.told_parcels import ToldLine, ToldParcel
from ..scope import reading
from .previews import PreviewDesk


class FulfilmentsDesk(PreviewDesk):
    """
    Writes what shops were told.
    """

    @reading()
    def fulfilments(
        self, store_id: str, *, format: str = "", since: datetime | None = None
    ) -> Iterator[str]:
        """
        Return the lines of a file that says what a shop was told of parcels, as the
        importer of a platform takes it, oldest order first; read as you go.

        A parcel that was replaced is left out, and of a corrected number the newest
        stands there. One that completes no unit of a line is in a plain file only: an
        importer would count all of the order as sent.

        Args:
            format: One of amazon, ebay, etsy, shopify, woocommerce and plain; if not
                given what the shop's configuration says in `fulfilments_as`, else
                plain.

            since: Only what the shop was told then or later.

        Raises:
            NotFoundError: If the seller has no such shop.

            InvalidInputError: If there is no such format.
        """
        store = self._app.stores.get(self._seller_id, store_id)
        wanted = format or str(store.config.get("fulfilments_as") or PLAIN)
        check_format("format", wanted)
        return self._lines(store, wanted, since)

    def _lines(
        self, store: Store, wanted: str, since: datetime | None
    ) -> Iterator[str]:
        form = FORMATS.get(wanted)
        yield plain_header() if form is None else form.header()
        zone, prefix = _zone(store), str(store.config.get("number_prefix", ""))
        for told in self._told(store, since):
            if form is None:
                yield encode_notice(told.notice).decode()
                continue
            for line in _sent(told, prefix, zone):
                yield form.row(line)

    def _told(self, store: Store, since: datetime | None) -> Iterator[ToldParcel]:
        after = ""
        while True:
            found, after = self._app.told_parcels.page(
                self._seller_id, store.store_id, since=since, after=after
            )
            yield from found
            if not after:
                return


def _sent(told: ToldParcel, prefix: str, zone: ZoneInfo) -> Iterator[SentLine]:
    notice = told.notice
    if not isinstance(notice, Fulfilment):
        return
    for line in notice.lines:
        known = told.lines.get(line.external_line_id, ToldLine())
        yield SentLine(
            order=prefix + notice.number.removeprefix(prefix),
            line_id=line.external_line_id,
            product_id=known.external_product_id,
            sku=known.sku,
            quantity=line.quantity,
            carrier=notice.carrier,
            tracking_number=notice.tracking_number,
            day=notice.shipped_at.astimezone(zone).date(),
            is_last=told.is_last,
        )


def _zone(store: Store) -> ZoneInfo:
    """
    Return the clock of a shop, as its configuration says; UTC where it says none.
    """
    try:
        return ZoneInfo(str(store.config.get("time_zone") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
