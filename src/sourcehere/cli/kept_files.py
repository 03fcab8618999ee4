"""
Files that nothing is written over: databases, and what shops read and are told.
"""

from collections.abc import Iterator
from pathlib import Path

from ..plugins.files import folder_of
from .context import STAFF_NAME, Context
from .errors import UsageError
from .opening import folder_here
from .pages import every

# How an SQLite database begins, the log beside it, and the index of that.
_DATABASE = (b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
_INDEX = b"\x18\xe2\x2d\0"
_MARK_LENGTH = 16


def require_free(ctx: Context, output: Path | None) -> None:
    """
    Look at a file that is there before it is written over.

    Raises:
        UsageError: If it is a database, or a file of a seller's shop.
    """
    if output is None or not output.is_file():
        return
    if _is_database(output):
        _refuse(output, "is a database")
    for path, whose in _of_shops(ctx):
        if path.exists() and path.samefile(output):
            _refuse(output, f"is a file of the shop {whose}")


def _refuse(output: Path, words: str) -> None:
    message = f"{output} {words}, and would be lost; name another file with --output"
    raise UsageError(message)


def _is_database(output: Path) -> bool:
    try:
        with output.open("rb") as file:
            return file.read(_MARK_LENGTH).startswith((*_DATABASE, _INDEX))
    except PermissionError:  # whoever may not read it is told so when it is written
        return False


def _of_shops(ctx: Context) -> Iterator[tuple[Path, str]]:
    """
    Return each file of a shop on this machine, of whichever seller, and whose it is.
    """
    for seller in every(ctx.sh.staff(STAFF_NAME).sellers.list):
        stores = ctx.sh.seller(seller.seller_id).stores
        folder = Path(folder_of(folder_here(), seller.seller_id))
        for store in every(stores.list):
            for path in stores.files(store.store_id):
                yield folder / path, f"{seller.seller_id}/{store.store_id}"
