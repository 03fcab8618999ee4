"""
Many products at once, as a file has them: what is known is changed, what is new added.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import attrs

from ...domain.catalog.changes import FieldChange, ProductChange, VariantChange
from ...domain.catalog.model import NewVariant, Variant
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import CounterpartyError, SourceHereError
from ...domain.kernel.ids import ProductId, VariantId, new_id
from ...domain.kernel.skus import comparison_key
from ...domain.kernel.values import frozen
from ...ports.storage import RowExistsError
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.catalog import VARIANTS_BY_SKU
from ..base.checks import require_staff
from ..base.commands import Given
from ..base.service import Service
from .catalog import NewProduct, listing_of, write_listings
from .editing import Edit, edit_product
from .touching import Touched, find_touched

_LOOK = 500  # SKUs looked up at a time


@frozen(kw_only=True)
class CatalogRow:
    """
    A variant as a file has it, known by its SKU.

    Attributes:
        place: Where it stands, such as `row 3`; told when it is rejected.

        product: What variants of one product have in common: its title. Empty where
            the row is a product of its own.

        change: What the row says of the variant; what it does not say stays as it is.

        about: What it says of the product.
    """

    place: str
    sku: str
    product: str = ""
    change: VariantChange
    about: ProductChange = ProductChange()


@frozen(kw_only=True)
class RowChanged:
    """
    A variant that a row changed, or its product, and what.
    """

    product_id: ProductId
    variant_id: VariantId
    sku: str
    changes: tuple[FieldChange, ...]


@frozen(kw_only=True)
class RowRejected:
    """
    A row that is wrong; nothing of it was done.
    """

    place: str
    sku: str
    reason: str


@frozen(kw_only=True)
class Upserted:
    """
    What became of every row, and what depends on the variants that were changed.

    Attributes:
        added: SKUs that are new.

        unchanged: How many rows say what is so already.
    """

    added: tuple[str, ...] = ()
    changed: tuple[RowChanged, ...] = ()
    unchanged: int = 0
    rejected: tuple[RowRejected, ...] = ()
    touched: Touched = Touched()


@attrs.define
class _Group:
    """
    The rows of one product, which are written together.
    """

    product_id: str = ""
    title: str = ""
    rows: list[CatalogRow] = attrs.field(factory=list)


class Upserting(Service):
    """
    Takes products as files have them.
    """

    def upsert(
        self,
        rows: Sequence[CatalogRow],
        *,
        by: Actor,
        dry_run: bool = False,
        command_id: str = "",
        progress: Callable[[int], None] | None = None,
    ) -> Upserted:
        """
        Change the variants whose SKUs are known, and add the others, product by
        product, in several commits.

        A wrong row is rejected with its reason, and the rest go on. The same rows again
        change nothing, so that a run that was cut off is begun anew.

        Raises:
            StorageUnavailableError: If the database goes away; what was done stays, and
                the same rows again do the rest.

        Args:
            dry_run: Tell what would be done, and do nothing.

            progress: Told how many rows were done, after each commit.
        """
        require_staff(by, "upsert_products")

        def work() -> Upserted:
            return self._upsert(rows, by=by, dry_run=dry_run, progress=progress)

        given = Given("" if dry_run else command_id, "upsert_products", tuple(rows))
        report = self._once_over_for_platform(given, work, Upserted)
        changed = {one.variant_id for one in report.changed if one.variant_id}
        touched = self._units.platform(
            lambda unit: find_touched(unit, changed), read_only=True
        )
        return attrs.evolve(report, touched=touched)

    def _upsert(
        self,
        rows: Sequence[CatalogRow],
        *,
        by: Actor,
        dry_run: bool,
        progress: Callable[[int], None] | None,
    ) -> Upserted:
        known = self._known(rows)
        sound, rejected = _sorted_out(
            rows, known, self._ports.clock.now(), self._settings.zone
        )
        report = Upserted(rejected=tuple(rejected))
        for part in self._parts(_grouped(sound, known)):
            done = self._do(part, known, by=by, dry_run=dry_run)
            report = _added_up(report, done)
            if progress is not None:
                progress(sum(len(group.rows) for group in part))
        return report

    def _known(self, rows: Sequence[CatalogRow]) -> dict[str, Variant]:
        keys = sorted({comparison_key(row.sku) for row in rows})

        def look(unit: PlatformUnit) -> dict[str, Variant]:
            found: dict[str, Variant] = {}
            for start in range(0, len(keys), _LOOK):
                part = [(key,) for key in keys[start : start + _LOOK]]
                found |= {v.sku_key: v for v in unit.find(VARIANTS_BY_SKU, part)}
            return found

        return self._units.platform(look, read_only=True)

    def _do(
        self,
        groups: Sequence[_Group],
        known: Mapping[str, Variant],
        *,
        by: Actor,
        dry_run: bool,
    ) -> Upserted:
        """
        Do the groups in one commit; where that fails, each in one of its own.
        """

        def work(unit: PlatformUnit) -> Upserted:
            report = Upserted()
            for group in groups:
                done = _write(
                    unit, group, known, by=by, zone=self._settings.zone, dry_run=dry_run
                )
                report = _added_up(report, done)
            return report

        try:
            return self._units.platform(work, read_only=dry_run)
        except CounterpartyError:
            raise  # the database is away: that is no fault of a row
        except (SourceHereError, RowExistsError) as error:
            if len(groups) == 1:
                return Upserted(
                    rejected=tuple(
                        RowRejected(place=row.place, sku=row.sku, reason=str(error))
                        for row in groups[0].rows
                    )
                )
        report = Upserted()
        for group in groups:
            done = self._do([group], known, by=by, dry_run=dry_run)
            report = _added_up(report, done)
        return report


def _sorted_out(
    rows: Iterable[CatalogRow], known: Mapping[str, Variant], now: datetime, zone: str
) -> tuple[list[CatalogRow], list[RowRejected]]:
    """
    Set wrong rows aside, each for its own reason.
    """
    sound: list[CatalogRow] = []
    rejected: list[RowRejected] = []
    places: dict[str, str] = {}
    for row in rows:
        key = comparison_key(row.sku)
        reason = _flaw(row, known.get(key), now, zone)
        if key in places:
            reason = f"{places[key]} has this SKU, too"
        places.setdefault(key, row.place)
        if reason:
            made = RowRejected(place=row.place, sku=row.sku, reason=reason)
            rejected.append(made)
        else:
            sound.append(row)
    return sound, rejected


def _flaw(row: CatalogRow, known: Variant | None, now: datetime, zone: str) -> str:
    """
    Say why a row cannot be taken; empty if it can.
    """
    change = row.change
    lacking = [
        *(["a weight"] if change.weight_grams is None else []),
        *([] if change.prices else ["prices"]),
    ]
    if known is None and lacking:
        return f"the SKU is new, so it needs {' and '.join(lacking)}"
    try:
        if known is None:
            _new_variant(row).checked(ProductId(new_id()), VariantId(new_id()))
        else:
            change.applied(known, now=now, zone=zone)
    except SourceHereError as error:
        return str(error)
    return ""


def _new_variant(row: CatalogRow) -> NewVariant:
    """
    Write a new variant down as the row has it; its prices begin at once.
    """
    said = {
        name: value for name in _NEW if (value := getattr(row.change, name)) is not None
    }
    return NewVariant(sku=row.sku, **said)


_NEW = (
    *("title", "barcode", "options", "weight_grams", "length_mm", "width_mm"),
    *("height_mm", "prices", "concession_points", "quantity_min", "attributes"),
    "pictures",
)


def _grouped(rows: Iterable[CatalogRow], known: Mapping[str, Variant]) -> list[_Group]:
    """
    Put the rows of one product together: a known one, or one of the same title.
    """
    groups: dict[str, _Group] = {}
    by_title: dict[str, _Group] = {}
    later: list[CatalogRow] = []
    for row in rows:
        variant = known.get(comparison_key(row.sku))
        if variant is None:
            later.append(row)
            continue
        made = _Group(product_id=variant.product_id)
        group = groups.setdefault(variant.product_id, made)
        group.rows.append(row)
        if row.product:
            by_title.setdefault(row.product, group)
    for row in later:
        fresh = _Group(title=row.product)
        title = row.product or f"the product of {row.place}"
        by_title.setdefault(title, fresh).rows.append(row)
        if fresh.rows:
            groups[row.place] = fresh
    return list(groups.values())


def _write(
    unit: PlatformUnit,
    group: _Group,
    known: Mapping[str, Variant],
    *,
    by: Actor,
    zone: str,
    dry_run: bool,
) -> Upserted:
    old = [row for row in group.rows if comparison_key(row.sku) in known]
    new = [row for row in group.rows if comparison_key(row.sku) not in known]
    added = tuple(row.sku for row in new)
    if not group.product_id:
        if not dry_run:
            write_listings(unit, [listing_of(_new_product(group), unit.now)])
        return Upserted(added=added)
    names = {known[comparison_key(row.sku)].variant_id: row for row in old}
    about = _about(group.rows)
    edit = Edit(
        product=attrs.evolve(about, option_names=None),
        more_options=about.option_names or (),
        variants={name: row.change for name, row in names.items()},
        added=[_new_variant(row) for row in new],
    )
    edited = edit_product(
        unit, group.product_id, edit, by=by, zone=zone, dry_run=dry_run
    )
    changed = tuple(
        RowChanged(
            product_id=edited.product_id,
            variant_id=one.variant_id,
            sku=names[one.variant_id].sku if one.variant_id else "",
            changes=one.changes,
        )
        for one in edited.changed
    )
    count = len(old) - len([one for one in changed if one.variant_id])
    return Upserted(added=added, changed=changed, unchanged=count)


def _new_product(group: _Group) -> NewProduct:
    first, about = group.rows[0], _about(group.rows)
    return NewProduct(
        title=group.title or first.change.title or first.sku,
        variants=tuple(_new_variant(row) for row in group.rows),
        link=about.link or "",
        option_names=about.option_names or (),
        pictures=about.pictures or (),
    )


def _about(rows: Sequence[CatalogRow]) -> ProductChange:
    """
    Return what the rows say of their product: the first that says something counts;
    names of options come together.
    """
    titles = [row.product for row in rows if row.product]
    links = [row.about.link for row in rows if row.about.link]
    pictures = [row.about.pictures for row in rows if row.about.pictures]
    names = dict.fromkeys(
        name
        for row in rows
        for name in (*(row.about.option_names or ()), *(row.change.options or ()))
    )
    return ProductChange(
        title=titles[0] if titles else None,
        link=links[0] if links else None,
        option_names=tuple(names) or None,
        pictures=pictures[0] if pictures else None,
    )


def _added_up(one: Upserted, other: Upserted) -> Upserted:
    return Upserted(
        added=one.added + other.added,
        changed=one.changed + other.changed,
        unchanged=one.unchanged + other.unchanged,
        rejected=one.rejected + other.rejected,
    )
