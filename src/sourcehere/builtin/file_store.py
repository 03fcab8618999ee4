"""
The store platform `file`: orders are read from a CSV, fulfilments appended to another.
"""

import os
from collections.abc import Iterator, Sequence

from ..domain.kernel.errors import InvalidInputError
from ..domain.stores.model import StoreOrderSnapshot
from ..plugins.files import (
    READ_MAX,
    OutsideFolderError,
    open_below,
    read_open,
    steps_below,
)
from ..ports.errors import (
    ConfigError,
    ConfigProblem,
    DeclinedError,
    UnauthorizedError,
)
from ..ports.platforms import Fulfilment, OrderPage, ParcelNotice
from .file_config import FileStoreConfig
from .file_fulfilments import PROVIDER, FulfilmentFile
from .file_orders import FileContent

_Stamp = tuple[int, int, int, int, int]


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
        self._parsed: tuple[_Stamp, FileContent] | None = None
        self.fulfilments = FulfilmentFile(config.fulfilments_path, folder=folder)

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
        if limit < 1:
            raise InvalidInputError(field="limit", value=limit, expected="positive")
        content = self._content()
        start = content.offset(cursor)
        groups = content.groups[start : start + limit]
        end = start + len(groups)
        has_more = end < len(content.groups)
        return OrderPage(
            orders=tuple(group.order for group in groups if group.order is not None),
            rejects=tuple(reject for group in groups for reject in group.rejects),
            charges=tuple(charge for group in groups for charge in group.charges),
            cursor=content.cursor(end) if has_more else "",
            has_more=has_more,
        )

    def fetch_order(self, external_id: str, /) -> StoreOrderSnapshot | None:
        """
        Read one order as the file has it now.

        Raises:
            DeclinedError: If the file has none of that number: an export may be of some
                days only, so that nobody knows whether the order is gone.

            FileStoreError: If the file cannot be read as configured.

            ProviderError: If the file cannot be opened.
        """
        found = self._content().orders.get(external_id)
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

    def _content(self) -> FileContent:
        try:
            with os.fdopen(open_below(self._folder, self._config.path), "rb") as file:
                stamp = _stamp(os.fstat(file.fileno()))
                if self._parsed is not None and self._parsed[0] == stamp:
                    return self._parsed[1]
                data = read_open(file, most=READ_MAX)
        except OSError as error:
            detail = f"{self._config.path}: {error.strerror or type(error).__name__}"
            if isinstance(error, PermissionError):
                raise UnauthorizedError(provider=PROVIDER, detail=detail) from None
            raise DeclinedError(provider=PROVIDER, detail=detail) from None
        content = FileContent.parse(data, self._config)
        # Stamped before reading: what was written meanwhile is seen the next time.
        self._parsed = (stamp, content)
        return content


def _outside(config: FileStoreConfig, folder: str) -> Iterator[ConfigProblem]:
    for field in ("path", "fulfilments_path"):
        if not folder:
            words = "the host gave no folder for shops that are files"
            yield ConfigProblem(field, words)
            continue
        try:
            steps_below(folder, getattr(config, field))
        except OutsideFolderError:
            yield ConfigProblem(field, "leads out of the folder for shops' files")


def _stamp(status: os.stat_result) -> _Stamp:
    """
    Tell two states of a file apart without reading it.
    """
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,  # a copy may bring an old modification time along
    )
