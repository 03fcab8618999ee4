"""
Which files of this machine a seller's shops are.
"""

from ...builtin.file_config import FileStoreConfig
from ...builtin.file_content import PROVIDER
from ..scope import reading
from .told import ToldDesk


class ShopFilesDesk(ToldDesk):
    """
    Says which files are a shop's, so that nobody writes over them.
    """

    @reading()
    def files(self, store_id: str) -> tuple[str, ...]:
        """
        Return the files that a shop is, as its configuration names them, below the
        folder for shops' files: those that are read, and the one to which what it is
        told is appended. A shop that is no file has none.

        Raises:
            NotFoundError: If the seller has no such shop.
        """
        store = self._app.stores.get(self._seller_id, store_id)
        if store.platform != PROVIDER:
            return ()
        path, told, products = (
            str(store.config.get(field) or "")
            for field in ("path", "fulfilments_path", "products_path")
        )
        config = FileStoreConfig(
            path=path, fulfilments_path=told, products_path=products
        )
        return tuple(config.paths.values())
