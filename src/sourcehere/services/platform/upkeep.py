"""
The catalogue, kept up to date: what is changed, what it touches, and what it was.
"""

from collections.abc import Callable, Collection
from functools import partial

from ...domain.catalog.changes import ProductChange, VariantChange
from ...domain.effects.model import MessageKind
from ...domain.kernel.actor import Actor
from ...domain.kernel.values import frozen
from ...unit.platform_unit import PlatformUnit
from ..base.checks import require_staff
from ..base.commands import Given
from ..base.service import Service
from .editing import Edit, Edited, edit_product, product_of_variant
from .touching import Touched, find_touched


@frozen
class CatalogEdit:
    """
    What was changed in the catalogue, or would be, and what depends on it.

    Attributes:
        edited: Field by field; empty where all was so already.

        touched: Connections, open offers and quotes with the variants that changed.
    """

    edited: Edited
    touched: Touched


class Upkeep(Service):
    """
    Changes what the platform sells.
    """

    def change(
        self,
        variant_id: str,
        change: VariantChange,
        *,
        by: Actor,
        dry_run: bool = False,
        command_id: str = "",
    ) -> CatalogEdit:
        """
        Change a variant.

        Orders that are paid keep what they were paid with; an open offer is refused at
        payment where the change alters its price, its weight or what may carry it.

        Args:
            dry_run: Tell what would change, and change nothing.

        Raises:
            NotFoundError: If there is no such variant.

            InvalidInputError: If a field is out of its bounds; it names the field.

            AlreadyExistsError: If the SKU, case ignored, is another variant's.
        """
        edit = Edit(variants={variant_id: change})
        given = Given("" if dry_run else command_id, "change_variant", edit)
        find = partial(product_of_variant, variant_id=variant_id)
        return self._edit(given, find, edit, by=by, dry_run=dry_run)

    def change_product(
        self,
        product_id: str,
        change: ProductChange,
        *,
        by: Actor,
        dry_run: bool = False,
        command_id: str = "",
    ) -> CatalogEdit:
        """
        Change what all variants of a product share.

        Raises:
            NotFoundError: If there is no such product.

            InvalidInputError: If a field is out of its bounds; it names the field.
        """
        edit = Edit(product=change)
        request = (product_id, edit)
        given = Given("" if dry_run else command_id, "change_product", request)
        return self._edit(given, lambda _: product_id, edit, by=by, dry_run=dry_run)

    def discontinue(
        self,
        variant_id: str,
        *,
        by: Actor,
        dry_run: bool = False,
        command_id: str = "",
    ) -> CatalogEdit:
        """
        Stop selling a variant; the relay then takes it out of every seller's
        connections and waiting orders (`Pairing.drop_variant`).

        Raises:
            NotFoundError: If there is none.
        """
        edit = Edit(is_sold={variant_id: False})
        given = Given("" if dry_run else command_id, "discontinue", variant_id)

        def find(unit: PlatformUnit) -> str:
            if not dry_run:
                unit.ask(MessageKind.DROP_VARIANT, subject=variant_id)
            return product_of_variant(unit, variant_id)

        return self._edit(given, find, edit, by=by, dry_run=dry_run)

    def bring_back(
        self, variant_id: str, *, by: Actor, command_id: str = ""
    ) -> CatalogEdit:
        """
        Sell a variant again that was discontinued.

        What was connected to it stays without: what it supplies may have changed
        meanwhile, so that it is connected anew.

        Raises:
            NotFoundError: If there is none.
        """
        edit = Edit(is_sold={variant_id: True})
        given = Given(command_id, "bring_back", variant_id)
        find = partial(product_of_variant, variant_id=variant_id)
        return self._edit(given, find, edit, by=by)

    def touched(self, variant_ids: Collection[str]) -> Touched:
        """
        Find the connections, open offers and quotes of all sellers that depend on any
        of these variants; reads every connection once.
        """
        return self._units.platform(
            lambda unit: find_touched(unit, variant_ids), read_only=True
        )

    def _edit(
        self,
        given: Given,
        find: Callable[[PlatformUnit], str],
        edit: Edit,
        *,
        by: Actor,
        dry_run: bool = False,
    ) -> CatalogEdit:
        """
        Do *edit* to the product that is found, or work out what it would do.

        What it touches is read before and kept with the answer: sent again, the command
        answers so, even when the relay has ended those connections meanwhile.
        """
        require_staff(by, given.name)
        touched = self.touched({*edit.variants, *edit.is_sold})

        def work(unit: PlatformUnit) -> CatalogEdit:
            edited = edit_product(
                unit,
                find(unit),
                edit,
                by=by,
                zone=self._settings.zone,
                dry_run=dry_run,
            )
            is_changed = any(one.variant_id for one in edited.changed)
            return CatalogEdit(edited, touched if is_changed else Touched())

        if dry_run:
            return self._units.platform(work, read_only=True)
        return self._once_for_platform(given, work, CatalogEdit)
