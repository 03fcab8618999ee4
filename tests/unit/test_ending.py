"""
What is left of a unit of work when its work is done.
"""

import gc

from sourcehere.testing.factories import open_bench, snapshot
from sourcehere.unit.platform_unit import PlatformUnit
from sourcehere.unit.seller_unit import SellerUnit


def test_a_unit_goes_when_its_work_is_done(storage):
    """
    Units of work refer to themselves in no circle: what they have read and written is
    let go at once, and not when the collector of garbage comes.
    """
    bench = open_bench(storage=storage)
    gc.freeze()  # what there is before is not looked at
    gc.disable()
    try:
        bench.connect(bench.rule("CUP"))
        bench.sync(snapshot("2", CUP=2), snapshot("3", MUG=1))
        bench.ship(bench.accepted("1", CUP=1))
        units = [
            u for u in gc.get_objects() if isinstance(u, SellerUnit | PlatformUnit)
        ]
    finally:
        gc.enable()

    assert [] == units
