"""
The store platform `file`: orders are read from a CSV, fulfilments appended to another,
and a third may tell what the shop sells.
"""

from collections.abc import Iterator, Sequence

from ..domain.kernel.errors import InvalidInputError
from ..domain.stores.model import StoreOrderSnapshot
from ..plugins.files import OutsideFolderError, steps_below
from ..ports.errors import ConfigError, ConfigProblem, DeclinedError
from ..ports.platforms import (
    Fulfilment,
    OrderPage,
    ParcelNotice,
    ProductPage,
    StorePreview,
)
from .file_config import FileStoreConfig
from .file_content import PROVIDER, ParsedFile, cursor_at, offset_of
from .file_fulfilments import FulfilmentFile
from .file_orders import FileContent
from .file_preview import preview_of
from .file_products import ProductContent


class FileStore:
    """
    A shop that exports its orders to a CSV file and imports fulfilments from another.

    The orders are parsed once per content of the file, not once per page. A file that
    changes between two pages is listed from its beginning again.

    Attributes:
        fulfilments: Where pushed fulfilments go.
    """

    def __init__(self, config: FileStoreConfig, *, folder: str) -> None:
        """
        Read and write only below *folder*; nothing is opened yet.

        Raises:
            ConfigError: If a path leads out of it, or no folder was given.
        """
        problems = tuple(_outside(config, folder))
        if problems:
            raise ConfigError(provider=f"store platform {PROVIDER}", problems=problems)
        self._config = config
        self._folder = folder
        self._orders = ParsedFile(
            config.path,
            folder=folder,
            parse=lambda data: FileContent.parse(data, self._config),
        )
        self.fulfilments = FulfilmentFile(config.written_path, folder=folder)

    def pull_orders(self, cursor: str, /, *, limit: int) -> OrderPage:
        """
        List up to *limit* order numbers from *cursor* on, by the row they begin in.

        A page also has the rejects and charges of its order numbers; those without any
        order count towards *limit* too. Behind the last page the cursor is empty: the
        next pull compares everything again.

        Raises:
            InvalidInputError: If *limit* is not positive.

            FileStoreError: If the file cannot be read as configured.

            ProviderError: If the file cannot be opened.
        """
        _check_limit(limit)
        content = self._orders.read()
        start = offset_of(cursor, digest=content.digest)
        groups = content.groups.page(start, limit)
        end = start + len(groups)
        has_more = end < len(content.groups)
        return OrderPage(
            orders=tuple(group.order for group in groups if group.order is not None),
            rejects=tuple(reject for group in groups for reject in group.rejects),
            charges=tuple(charge for group in groups for charge in group.charges),
            cursor=cursor_at(content.digest, end) if has_more else "",
            has_more=has_more,
        )

    def content_mark(self) -> str:
        """
        Name what the file holds, and how it is read.

        Raises:
            ProviderError: If it cannot be opened.
        """
        return self._orders.name(self._config)

    def order_names(self) -> frozenset[str]:
        """
        List all order numbers in the file.

        Raises:
            FileStoreError: If it cannot be read.

            ProviderError: If it cannot be opened.
        """
        return self._orders.read().orders.names()

    def preview(self) -> StorePreview:
        """
        Say what the file is, what its columns mean and what would be imported.

        Raises:
            FileStoreError: If it cannot be read.

            ProviderError: If it cannot be opened.
        """
        return preview_of(self._orders.read())

    def fetch_order(self, external_id: str, /) -> StoreOrderSnapshot | None:
        """
        Read one order as the file has it now.

        Raises:
            DeclinedError: If the file has none of that number: an export may be of some
                days only, so that nobody knows whether the order is gone.

            FileStoreError: If the file cannot be read as configured.

            ProviderError: If the file cannot be opened.
        """
        found = self._orders.read().orders.get(external_id)
        if found is None:
            detail = "the file has no such order; it may be of some days only"
            raise DeclinedError(provider=PROVIDER, detail=detail)
        return found

    def push_fulfilment(self, fulfilment: Fulfilment, /) -> str:
        """
        Append one fulfilment, unless its key is there already; return `row:<number>`.

        Raises:
            ProviderError: Which kind says whether anything happened.
        """
        return self._push(fulfilment)

    def push_tracking(self, notice: ParcelNotice, /) -> str:
        """
        Append a row without lines, unless its key is there; return `row:<number>`.

        Raises:
            ProviderError: Which kind says whether anything happened.
        """
        return self._push(notice)

    def _push(self, notice: ParcelNotice) -> str:
        outcome = self.fulfilments.push([notice])[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def push_fulfilments(
        self, fulfilments: Sequence[Fulfilment], /
    ) -> list[str | Exception]:
        """
        Append many with one write; per fulfilment `row:<number>` or a `ProviderError`.
        """
        return self.fulfilments.push(fulfilments)


class FileStoreWithProducts(FileStore):
    """
    A shop that exports what it sells, too.
    """

    def __init__(self, config: FileStoreConfig, *, folder: str) -> None:
        """
        Read the products at the path that *config* has for them.

        Raises:
            ConfigError: If a path leads out of *folder*, or no folder was given.
        """
        super().__init__(config, folder=folder)
        self._products = ParsedFile(
            config.products_path,
            folder=folder,
            parse=lambda data: ProductContent.parse(data, self._config),
        )

    def pull_products(self, cursor: str, /, *, limit: int) -> ProductPage:
        """
        List up to *limit* records from *cursor* on; those that are no variants of a
        product are rejected with their row and the reason.

        A file that changes between two pages is listed from its beginning again.

        Raises:
            InvalidInputError: If *limit* is not positive.

            FileStoreError: If the file cannot be read as configured.

            ProviderError: If the file cannot be opened.
        """
        _check_limit(limit)
        content = self._products.read()
        start = offset_of(cursor, digest=content.digest)
        rows = content.rows[start : start + limit]
        end = start + len(rows)
        has_more = end < len(content.rows)
        return ProductPage(
            variants=tuple(row for row in rows if not isinstance(row, str)),
            cursor=cursor_at(content.digest, end) if has_more else "",
            has_more=has_more,
            rejected=tuple(row for row in rows if isinstance(row, str)),
        )


def _check_limit(limit: int) -> None:
    if limit < 1:
        raise InvalidInputError(field="limit", value=limit, expected="positive")


def _outside(config: FileStoreConfig, folder: str) -> Iterator[ConfigProblem]:
    for field, path in config.paths.items():
        if not folder:
            words = "the host gave no folder for shops that are files"
            yield ConfigProblem(field, words)
            continue
        try:
            steps_below(folder, path)
        except OutsideFolderError:
            yield ConfigProblem(field, "leads out of the folder for shops' files")
