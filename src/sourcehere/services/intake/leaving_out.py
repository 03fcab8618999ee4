"""
What is kept of a shop's order once some of what it wants is called not ours.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import attrs

from ...domain.stores.demand import Key
from ...domain.stores.record import StoreOrderRecord


def without_not_ours(
    record: StoreOrderRecord, about: Mapping[Key, int], kept: AbstractSet[Key]
) -> StoreOrderRecord:
    """
    Return *record* without the units that are not ours. Of a line that stays ours, as
    some of it is paid, the seller decided about these units only.
    """
    return attrs.evolve(
        record,
        fingerprint="",  # told again, it is looked at anew
        lines=tuple(
            line
            if line.key not in about
            else attrs.evolve(line, decided=line.decided + about[line.key])
            if line.key in kept
            else attrs.evolve(line, is_not_ours=True)
            for line in record.lines
        ),
    )
