"""
What a shop was told of parcels, as a file for its importer.
"""

from typing import Literal

from ..domain.kernel.words import counted
from .context import Ctx
from .errors import UsageError
from .export_files import Output, opened
from .kept_files import require_free
from .output import Result
from .reading import read_instant

Importer = Literal["amazon", "ebay", "etsy", "shopify", "woocommerce", "plain"]


def fulfilments(
    store: str,
    /,
    *,
    ctx: Ctx,
    format: Importer | None = None,
    since: str = "",
    output: Output = None,
) -> Result:
    """
    Write what a shop was told of parcels to a file that its importer takes, or to
    standard output.

    Args:
        store: Which shop.

        format: Whose importer; what the shop's configuration says in fulfilments_as if
            not given, else plain, our own columns.

        since: Only what it was told from then on: a day, or a time, UTC without a zone.

        output: The file, which is written anew, unless it is one of a shop's own;
            standard output if not given, or -.
    """
    if output is None and ctx.said.as_json:
        message = "there is no JSON of it; name a file with --output"
        raise UsageError(message)
    require_free(ctx, output)
    start = read_instant(since, ctx.sh.zone) if since else None
    lines = ctx.shop.stores.fulfilments(store, format=format or "", since=start)
    with opened(output) as file:
        count = sum(1 for line in lines if file.write(line)) - 1  # without the header
    if output is None:
        return Result({"rows": count})
    words = f"{counted(count, 'row')} in {output}"
    return Result({"rows": count, "file": str(output)}, (words,))
