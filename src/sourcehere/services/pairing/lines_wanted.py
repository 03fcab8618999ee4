"""
What somebody wants a line of an order to be: units of variants that are on sale.
"""

from collections.abc import Sequence

from ...domain.kernel.checks import LINE_UNITS_MAX
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import VariantId
from ...domain.orders.lines import NewItem
from ...unit.seller_unit import SellerUnit
from .connecting import variants_on_sale


def units_wanted(
    unit: SellerUnit, items: Sequence[tuple[str, int]]
) -> tuple[NewItem, ...]:
    """
    Return (variant, units) as items of a line.

    Raises:
        InvalidInputError: If nothing is wanted, or a quantity is not possible.

        NotFoundError: If a variant is not there, or not sold any more.
    """
    if not items:
        raise InvalidInputError(
            field="items", value=items, expected="at least one variant"
        )
    for name, quantity in items:
        if not 0 < quantity <= LINE_UNITS_MAX:
            raise InvalidInputError(
                field=f"items: {name}",
                value=quantity,
                expected=f"1 to {LINE_UNITS_MAX} units",
            )
    variants_on_sale(unit, {name for name, _ in items})
    return tuple([NewItem(VariantId(name), quantity) for name, quantity in items])
