"""
Fees that a shop tells among its orders: kept once each, wherever they stand.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable

from ...domain.stores.model import Charge, Store, StoreCharge
from ...unit.seller_unit import SellerUnit


def charges_of(
    unit: SellerUnit, store: Store, told: Iterable[Charge]
) -> list[StoreCharge]:
    """
    Make what is stored of the charges of a page, which has all of an order; several
    equal ones are told apart by their number.
    """
    counts: Counter[str] = Counter()
    found: list[StoreCharge] = []
    for charge in told:
        digest = _digest(charge)
        counts[digest] += 1
        found.append(
            StoreCharge(
                seller_id=store.seller_id,
                store_id=store.store_id,
                charge_id=f"{digest}-{counts[digest]}",
                row=charge.row,
                external_id=charge.external_id,
                code=charge.code,
                currency=charge.currency,
                amount_minor=charge.amount_minor,
                amount_text=charge.amount_text,
                seen_at=unit.now,
            )
        )
    return found


def _digest(charge: Charge) -> str:
    told = (
        charge.external_id,
        charge.code,
        charge.currency,
        charge.amount_minor,
        charge.amount_text,
    )
    return hashlib.blake2b(repr(told).encode(), digest_size=12).hexdigest()
