"""
What a shop in memory sells, and an adapter that passes the contract of products.
"""

import json
import threading
from collections.abc import Callable
from typing import Any

import attrs

from ...domain.stores.listing import ListedVariant
from ...ports.errors import DeclinedError
from ...ports.platforms import ProductPage, SupportsProducts
from .client import ServerClient
from .faults import FaultLine
from .products_lab import ProductIds, ShopProduct
from .server import Answer, through

_REFUSED = 400
_PAGE_MAX = 50
_ID_DIGITS = 20  # with zeros in front: such an id is no number
_PRODUCT_IDS = 10**19  # as many digits, more than a binary fraction holds


@attrs.define
class _Kept:
    ids: ProductIds
    product: ShopProduct


class ProductServer:
    """
    Variants by id, which are given out in order and never again.

    It is as awkward as real ones are: ids have zeros in front, pages are shorter than
    is asked for, drafts are told beside what is sold, and who has no SKU has null.
    """

    def __init__(self, adapter: "Callable[[ProductServer], SupportsProducts]") -> None:
        self._adapter = adapter
        self._kept: dict[str, _Kept] = {}
        self._ids = self._products = 0
        self._lock = threading.Lock()
        self.line = FaultLine()

    # The back door.

    def connect(self) -> SupportsProducts:
        """
        Make a new adapter.
        """
        return self._adapter(self)

    def add(self, product: ShopProduct, /) -> ProductIds:
        """
        Add a product.
        """
        self._products += 1
        name = f"{_PRODUCT_IDS + self._products}"
        ids = ProductIds(
            product_id=name,
            variant_ids=tuple(self._next_id() for _ in product.variants),
        )
        self._kept[name] = _Kept(ids, product)
        return ids

    def change(self, ids: ProductIds, product: ShopProduct, /) -> None:
        """
        Let a product be otherwise.
        """
        self._kept[ids.product_id].product = product

    def remove(self, ids: ProductIds, /) -> None:
        """
        Delete a product.
        """
        del self._kept[ids.product_id]

    # What adapters ask.

    def request(self, path: str) -> Answer:
        """
        Answer `/variants/after/<id>/<limit>` and `/variants/from/<offset>/<limit>`.

        Raises:
            ConnectionError: If the line breaks.
        """
        with self._lock:
            return through(self.line.meet(), lambda: self._answer(path))

    def _answer(self, path: str) -> Answer:
        *_, way, place, limit = path.split("/")
        count = min(int(limit), _PAGE_MAX)
        shown = self._shown()
        if way == "from":
            shown = shown[int(place) :]
        elif place and not self._is_id(place):
            return Answer(_REFUSED, '{"error": "there is no such place"}')
        elif place:
            shown = [one for one in shown if one["id"] > place]
        more = len(shown) > count
        return Answer(200, json.dumps({"variants": shown[:count], "more": more}))

    def _shown(self) -> list[dict[str, Any]]:
        found = [
            {
                "id": name,
                "sku": variant.sku or None,
                "options": [[n, value] for n, value in variant.options.items()],
                "barcode": variant.barcode or None,
                "product": {
                    "id": kept.ids.product_id,
                    "title": kept.product.title,
                    "status": "sold" if kept.product.is_sold else "draft",
                },
            }
            for kept in self._kept.values()
            for name, variant in zip(
                kept.ids.variant_ids, kept.product.variants, strict=True
            )
        ]
        return sorted(found, key=lambda one: str(one["id"]))

    def _is_id(self, place: str) -> bool:
        """
        Tell whether it was ever a variant's.
        """
        return place in {self._id(n) for n in range(1, self._ids + 1)}

    def _next_id(self) -> str:
        self._ids += 1
        return self._id(self._ids)

    def _id(self, number: int) -> str:
        return f"{number:0{_ID_DIGITS}}"


class ServerProducts(ServerClient):
    """
    Speaks to a `ProductServer`; keeps nothing between two calls.
    """

    name = "server products"

    def __init__(self, server: ProductServer) -> None:
        self._server = server

    def pull_products(self, cursor: str, /, *, limit: int) -> ProductPage:
        """
        Read what stands behind the last variant that was read.
        """
        told = self._read(cursor, limit)
        return ProductPage(
            tuple(self._variant(one) for one in told["variants"] if self._is_sold(one)),
            self._following(cursor, told["variants"]),
            told["more"],
        )

    def _read(self, cursor: str, limit: int) -> Any:
        path = f"/variants/after/{cursor}/{limit}"
        answer = self._asked(lambda: self._server.request(path))
        if answer.status == _REFUSED:
            raise DeclinedError(provider=self.name, detail=f"no place {cursor!r}")
        return self._object(answer, "variants", "more")

    def _following(self, cursor: str, told: Any) -> str:
        return str(told[-1]["id"]) if told else cursor

    def _is_sold(self, told: Any) -> bool:
        return bool(told["product"]["status"] == "sold")

    def _variant(self, told: Any) -> ListedVariant:
        product = told["product"]
        return ListedVariant(
            sku=told["sku"] or "",
            title=self._title(
                product["title"], [value for _, value in told["options"]]
            ),
            options=dict(told["options"]),
            barcode=told["barcode"] or "",
            external_variant_id=told["id"],
            external_product_id=product["id"],
        )

    def _title(self, product: str, values: list[str]) -> str:
        return f"{product} - {' / '.join(values)}" if values else product
