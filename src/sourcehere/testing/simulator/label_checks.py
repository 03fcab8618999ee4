"""
What must be so of labels that carriers sold.
"""

from collections.abc import Iterator

from ...domain.effects.labels import Label, LabelStage
from ...unit.tables.shipments import LABELS
from ..rows import dump
from .posts import PostedLabel
from .world import World

_PAID = (LabelStage.BOUGHT, LabelStage.KEPT)


def check_labels(world: World) -> Iterator[str]:
    """
    Every label that a carrier takes money for is one of ours, once; what is void is
    void there; and no parcel has two.
    """
    ours: dict[tuple[str, str], Label] = {}
    parcels: dict[str, str] = {}
    for label in map(LABELS.from_row, dump(world.storage, [LABELS.table])["label"]):
        if not label.reference:
            continue
        place = (label.connection, label.reference)
        if place in ours:
            yield f"label {label.label_id} is {place}, and another one is"
        ours[place] = label
        if label.stage is LabelStage.BOUGHT:
            other = parcels.setdefault(label.parcel_id, label.label_id)
            if other != label.label_id:
                yield f"parcel {label.parcel_id} has labels {other}, {label.label_id}"
    for name, post in world.posts.items():
        keys: set[str] = set()
        for reference, posted in post.labels.items():
            yield from _unlike(ours.pop((name, reference), None), posted)
            if posted.key in keys:
                yield f"{reference} was bought a second time with {posted.key}"
            keys.add(posted.key)
    yield from (f"label {place} was never sold" for place in ours)


def _unlike(label: Label | None, posted: PostedLabel) -> Iterator[str]:
    """
    Say how a label differs from what its carrier sold.
    """
    reference = posted.sold.reference
    if label is None:
        if posted.sold_late_to and not posted.is_told:
            return  # nobody lived to tell
        yield f"{reference} was sold for {posted.key}, and is not kept"
        return
    wanted = (LabelStage.VOID,) if posted.is_void else _PAID
    if label.stage not in wanted:
        yield f"{reference} is {label.stage}, and void: {posted.is_void}"
    if label.stage is LabelStage.KEPT and not posted.is_used:
        yield f"{reference} is paid for nothing, and could have been taken back"
    if label.price != posted.sold.price:
        yield f"{reference} is kept for {label.price}, and costs {posted.sold.price}"
