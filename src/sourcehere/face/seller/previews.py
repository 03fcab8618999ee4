"""
Shops before they are connected.
"""

from collections.abc import Mapping

from ...builtin.file_profile import ExportProfile, export_profiles
from ...ports.platforms import StorePreview
from ..scope import reading
from .shop_files import ShopFilesDesk


class PreviewDesk(ShopFilesDesk):
    """
    Says what a shop would tell, and which exports are known.
    """

    @reading(outside=True)
    def preview(self, *, platform: str, config: Mapping[str, object]) -> StorePreview:
        """
        Look at what a shop would tell with that configuration: what it is, what its
        columns mean, and how many orders of which kind would be imported. Nothing is
        connected, and nothing is kept.

        Raises:
            UnknownProviderError: If no plugin offers *platform*.

            ConfigError: If *config* does not fit the platform.

            PreviewUnsupportedError: If it cannot be looked at beforehand.

            ProviderError: If the shop does not answer.
        """
        return self._app.stores.preview(self._seller_id, platform, config)

    @reading()
    def profiles(self) -> tuple[ExportProfile, ...]:
        """
        List the exports of platforms that the platform `file` knows.
        """
        return export_profiles()
