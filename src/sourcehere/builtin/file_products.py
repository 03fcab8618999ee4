"""
What a shop's file of products says that it sells.
"""

from ..domain.kernel.skus import comparison_key
from ..domain.kernel.values import frozen
from ..domain.stores.listing import ListedVariant
from .file_columns import OPTION
from .file_config import FileStoreConfig
from .file_content import digest_of
from .file_sheet import Columns, columns_of, fits, missing
from .file_table import read_table


@frozen
class ProductContent:
    """
    A file of products as it was read once.

    Attributes:
        digest: Names these bytes, read by this configuration.

        rows: Per record its variant or, in words, why it is none.
    """

    digest: str
    rows: tuple[ListedVariant | str, ...]

    @classmethod
    def parse(cls, data: bytes, config: FileStoreConfig) -> "ProductContent":
        """
        Read a whole file; a record that is no variant says why.

        1. Too many or few cells.
        2. The SKU is a fee code of the shop.
        3. There is neither a SKU nor an id of the variant.
        4. An earlier row is of the same SKU, in any case, and the same id.

        Raises:
            FileStoreError: If it cannot be read as configured.
        """
        sheet = config.products_sheet()
        table = read_table(
            data,
            path=sheet.path,
            fits=lambda header: fits(header, sheet),
            missing=lambda header: missing(header, sheet),
            encoding=config.encoding,
        )
        columns = columns_of(table.header, sheet)
        first_rows: dict[tuple[str, ...], int] = {}
        rows: list[ListedVariant | str] = []
        for row, cells in enumerate(table.rows, start=1):
            variant = _variant(columns, cells)
            wrong = columns.shape_problem(cells) or _problem(variant, config)
            if not wrong:
                names = (comparison_key(variant.sku), variant.external_variant_id)
                first = first_rows.setdefault(names, row)
                wrong = f"it is the variant of row {first} again" if first < row else ""
            rows.append(f"row {row}: {wrong}" if wrong else variant)
        return cls(digest_of(data, config), tuple(rows))


def _problem(variant: ListedVariant, config: FileStoreConfig) -> str:
    if variant.sku.strip().casefold() in config.fees:
        return "sku is a fee of the shop, no product"
    if not variant.sku.strip() and not variant.external_variant_id:
        return "sku and variant_id are empty"
    return ""


def _variant(columns: Columns, cells: list[str]) -> ListedVariant:
    def cell(name: str) -> str:
        return columns.cell(cells, name).strip()

    options = {
        name.removeprefix(OPTION).strip(): cell(name)
        for name in columns.positions
        if name.startswith(OPTION) and cell(name)
    }
    return ListedVariant(
        sku=columns.cell(cells, "sku"),  # verbatim, as orders have it
        title=columns.cell(cells, "title"),
        options=options,
        barcode=cell("barcode"),
        external_variant_id=cell("variant_id"),
        external_product_id=cell("product_id"),
    )
