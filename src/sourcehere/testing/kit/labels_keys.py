"""
The contract of who sells labels: one key is one label, and never another's.
"""

from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest

from ...doors.answers import Answerer
from ...doors.labels import buy, find
from ...ports.labels import SoldLabel, SupportsFindLabel, SupportsLabels
from .lab_case import ALIKE, LabCase
from .labels_lab import LabelsLab

ME = Answerer("carrier under test", "")
AT_ONCE = 6


class LabelsKeysContract(LabCase[LabelsLab]):
    """
    What keys promise.
    """

    def test_another_key_is_another_label(
        self, lab: LabelsLab, carrier: SupportsLabels
    ) -> None:
        """
        Two equal parcels have a label each.
        """
        first, second = buy_one(carrier, lab, "a"), buy_one(carrier, lab, "b")
        assert first.reference != second.reference
        assert first.tracking_number != second.tracking_number
        assert len(lab.books()) == 2

    def test_the_same_key_is_the_same_label(self, lab: LabelsLab) -> None:
        """
        From another process, and even if what is asked for reads otherwise by now.
        """
        first = honouring_of(lab)
        sold = buy_one(first, lab, "a")
        assert sold == buy_one(first, lab, "a")
        assert sold == buy_one(lab.connect(), lab, "a")
        other = attrs.evolve(lab.sellable(grams=300), number="#2")
        assert sold == buy(lab.connect(), other, ME, "a")
        assert len(lab.books()) == 1

    def test_the_same_key_at_once_is_the_same_label(self, lab: LabelsLab) -> None:
        """
        Sent by several at the same time.
        """
        carrier = honouring_of(lab)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            sold = list(pool.map(lambda _: buy_one(carrier, lab, "a"), range(AT_ONCE)))
        assert sold == [sold[0]] * AT_ONCE
        assert len(lab.books()) == 1

    def test_keys_are_told_apart_to_their_ends(
        self, lab: LabelsLab, carrier: SupportsLabels
    ) -> None:
        """
        Where a carrier's field is shorter, two sellers' parcels would have one label.
        """
        sold = [buy_one(carrier, lab, key) for key in ALIKE]
        assert len({one.reference for one in sold}) == len(ALIKE), (
            "two keys that differ in a digit got one label"
        )
        if isinstance(carrier, SupportsFindLabel):
            assert sold == [find(carrier, ME, key) for key in ALIKE]


def buy_one(
    carrier: SupportsLabels, lab: LabelsLab, key: str, *, grams: int = 300
) -> SoldLabel:
    """
    Buy a label of a parcel with a key.
    """
    return buy(carrier, lab.sellable(grams=grams), ME, key)


def honouring_of(lab: LabelsLab) -> SupportsLabels:
    """
    Return an adapter whose carrier honours keys; skip where none does.
    """
    carrier = lab.connect()
    if not carrier.label_key_ttl():
        pytest.skip("it honours no keys")
    return carrier


def finding_of(carrier: SupportsLabels) -> SupportsFindLabel:
    """
    Return an adapter that can be searched; skip where it cannot.
    """
    if not isinstance(carrier, SupportsFindLabel):
        pytest.skip("it cannot be searched")
    return carrier
