"""
Which columns the files of a shop have, by our names and by the header's.
"""

from collections.abc import Mapping

from ..domain.kernel.errors import InvalidInputError
from ..domain.kernel.values import frozen

# What a file of orders must have, and one of those by which a line is known.
COLUMNS_NEEDED = ("order_number", "quantity", "placed_at")
IDENTITY_COLUMNS = ("sku", "variant_id", "title")

PRODUCT_COLUMNS = ("sku", "title", "variant_id", "product_id", "barcode")
UNASKED_PRODUCT_COLUMNS = frozenset({"variant_id", "product_id", "barcode"})
OPTIONAL_PRODUCT_COLUMNS = UNASKED_PRODUCT_COLUMNS | {"title"}
# `option:Colour` is a column of colours, as in files of our own catalogue.
OPTION = "option:"


@frozen
class Sheet:
    """
    A file, and the columns that are read of it.

    Attributes:
        path: As errors name it.

        titles: Our name -> the header's.

        unasked: Those of our names that the header need not have.

        prefix: Columns whose header begins so are read too, by that header; empty for
            none.
    """

    path: str
    titles: Mapping[str, str]
    unasked: frozenset[str]
    prefix: str = ""


def sheet_of(
    path: str,
    names: tuple[str, ...],
    given: Mapping[str, str],
    *,
    unasked: frozenset[str],
    prefix: str = "",
) -> Sheet:
    """
    Return the sheet at *path* whose columns are *names*, called as *given* says.

    A column that was named has to be there; an empty name says that there is none.
    """
    wanted = {**dict(zip(names, names, strict=True)), **given}
    titles = {name: title for name, title in wanted.items() if title}
    return Sheet(path, titles, unasked - given.keys(), prefix)


def check_columns(
    field: str,
    given: Mapping[str, str],
    *,
    names: tuple[str, ...],
    optional: frozenset[str],
    prefix: str = "",
) -> None:
    """
    Accept what a configuration calls the columns of a file.

    Raises:
        InvalidInputError: If it names a column that we do not read, or says that one is
            missing that has to be there.
    """
    for name, header in given.items():
        is_prefixed = bool(prefix) and name.startswith(prefix) and name != prefix
        if name not in names and not is_prefixed:
            known = [*names, *([f"{prefix}NAME"] if prefix else [])]
            raise InvalidInputError(
                field=field, value=name, expected=f"one of {', '.join(known)}"
            )
        if not header and name not in optional:
            raise InvalidInputError(
                field=f"{field}.{name}", value=header, expected="a column's name"
            )
