"""
The contract of who sells labels: subclass `LabelsContract`, fill in one method.

```python
class TestMyLabels(LabelsContract):
    def make_lab(self):
        return MyLabelsLab()
```

A lab is a carrier with a back door (`LabelsLab`): its books are read past the adapter.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import ClassVar

import pytest

from ...doors.labels import buy, file_of, find, forget, void
from ...ports.errors import DeclinedError
from ...ports.labels import (
    LabelFile,
    SupportsFindLabel,
    SupportsForgetLabel,
    SupportsLabels,
)
from ...ports.providers import SupportsClose
from .faults import WITH_EFFECT, WireFault
from .guard import Guarded
from .lab_case import assert_told_as, failure_of
from .labels_keys import AT_ONCE, ME, LabelsKeysContract, buy_one, finding_of
from .labels_lab import LabelsLab

_REQUESTS_MAX = 20
_FAULTS = pytest.mark.parametrize("fault", WireFault, ids=lambda fault: fault.value)


class LabelsContract(LabelsKeysContract, Guarded):
    """
    Every sentence of `sourcehere.ports.labels` that can be tried from outside.

    Attributes:
        faults: What the line can do.

        left_out: Name of a test -> why this carrier cannot pass it. Set the test to
            None in your class as well.
    """

    faults: ClassVar[Sequence[WireFault]] = tuple(WireFault)

    @pytest.fixture
    def carrier(self, lab: LabelsLab) -> SupportsLabels:
        """
        Return the adapter under test.
        """
        return lab.connect()

    def test_what_is_sold_is_in_the_books(
        self, lab: LabelsLab, carrier: SupportsLabels
    ) -> None:
        """
        Under its reference, with its number, at its price to the cent.
        """
        for grams in (1, 499, 1_230):
            sold = buy_one(carrier, lab, f"k{grams}", grams=grams)
            (booked,) = [b for b in lab.books() if b.reference == sold.reference]
            assert booked.tracking_number == sold.tracking_number
            assert booked.price == sold.price
            assert not booked.is_void

    def test_threads_do_not_meet(self, lab: LabelsLab, carrier: SupportsLabels) -> None:
        """
        Who buys at the same time gets each their own label.
        """
        keys = [f"k{number}" for number in range(AT_ONCE)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            sold = list(
                pool.map(
                    lambda k: buy_one(carrier, lab, k, grams=100 + int(k[1:])), keys
                )
            )
        prices = {booked.reference: booked.price for booked in lab.books()}
        assert len(prices) == AT_ONCE
        assert prices == {one.reference: one.price for one in sold}

    def test_what_is_not_sold_is_declined(
        self, lab: LabelsLab, carrier: SupportsLabels
    ) -> None:
        """
        In the carrier's words; nothing is in its books.
        """
        with pytest.raises(DeclinedError) as ei:
            buy(carrier, lab.unsellable(), ME, "a")
        assert ei.value.detail.strip()
        assert not lab.books()

    @_FAULTS
    def test_one_label_is_sold_whatever_failed(
        self, lab: LabelsLab, fault: WireFault
    ) -> None:
        """
        Whichever of its requests met the fault: what may have happened is no refusal;
        the same key again, or a look, finds the one label.
        """
        self._skip_without(fault)
        was_sold = []
        for after in range(_REQUESTS_MAX):
            carrier, key, before = lab.connect(), f"k{after}", len(lab.books())
            lab.line.fail(fault, after=after)
            error = failure_of(lambda c=carrier, k=key: buy_one(c, lab, k))  # type: ignore[misc]  # bound now
            if not lab.line.heal():
                assert error is None, repr(error)
                break
            assert_told_as(fault, error)
            was_sold.append(len(lab.books()) - before)
            _found_out(lab, key, is_sold=bool(was_sold[-1]))
            assert len(lab.books()) == before + 1
        else:
            pytest.fail(f"one label takes more than {_REQUESTS_MAX} requests")
        assert was_sold, "no request of the adapter asked the lab's line what it meets"
        if fault in WITH_EFFECT:
            assert any(was_sold), "no request had its effect before it broke"
        else:
            assert not was_sold[0], "a request that was refused had its effect"

    def test_a_label_is_void_once(
        self, lab: LabelsLab, carrier: SupportsLabels
    ) -> None:
        """
        It alone; asked again, under any key, it is void as was wanted.
        """
        sold, other = buy_one(carrier, lab, "a"), buy_one(carrier, lab, "b")
        for key in ("v", "v", "w"):
            void(carrier, sold.reference, ME, key)
            void(lab.connect(), sold.reference, ME, key)
        assert [sold.reference] == _void(lab)
        assert other.reference not in _void(lab)

    def test_what_cannot_be_voided_is_declined(
        self, lab: LabelsLab, carrier: SupportsLabels
    ) -> None:
        """
        What was handed in, and what is not there.
        """
        sold = buy_one(carrier, lab, "a")
        lab.use(sold.reference)
        for reference in (sold.reference, f"{sold.reference}9"):
            with pytest.raises(DeclinedError):
                void(carrier, reference, ME, "v")
        assert [] == _void(lab)

    @_FAULTS
    def test_a_failure_is_no_void_label(
        self, lab: LabelsLab, carrier: SupportsLabels, fault: WireFault
    ) -> None:
        """
        Nor is it a refusal: the same key again makes sure.
        """
        self._skip_without(fault)
        sold = buy_one(carrier, lab, "a")
        lab.line.fail(fault)
        error = failure_of(lambda: void(carrier, sold.reference, ME, "v"))
        assert_told_as(fault, error, may_be_done=True)
        assert len(_void(lab)) == (fault in WITH_EFFECT)
        void(carrier, sold.reference, ME, "v")
        assert [sold.reference] == _void(lab)

    def test_a_file_is_what_it_says_it_is(
        self, lab: LabelsLab, carrier: SupportsLabels
    ) -> None:
        """
        Of its own label, as often as it is asked for.
        """
        files: list[LabelFile] = []
        for key in ("a", "b"):
            sold = buy_one(carrier, lab, key)
            file = file_of(carrier, sold.reference, ME)
            assert file == file_of(lab.connect(), sold.reference, ME)
            files.append(file)
        assert files[0] != files[1], "two labels have the same file"
        assert len(lab.books()) == 2

    def test_a_file_that_is_not_there_is_declined(
        self, lab: LabelsLab, carrier: SupportsLabels
    ) -> None:
        """
        No other label's is printed in its place.
        """
        sold = buy_one(carrier, lab, "a")
        with pytest.raises(DeclinedError):
            file_of(carrier, f"{sold.reference}9", ME)

    @_FAULTS
    def test_a_failure_is_no_file(
        self, lab: LabelsLab, carrier: SupportsLabels, fault: WireFault
    ) -> None:
        """
        An error page is not printed.
        """
        self._skip_without(fault)
        sold = buy_one(carrier, lab, "a")
        lab.line.fail(fault)
        error = failure_of(lambda: file_of(carrier, sold.reference, ME))
        assert error is not None, (
            f"{fault} was told as a file: look at how it begins and ends, as a PDF does"
            " with %PDF and %%EOF, or at the length that the carrier tells"
        )
        assert_told_as(fault, error)

    def test_what_is_forgotten_is_printed_no_more(
        self, lab: LabelsLab, carrier: SupportsLabels
    ) -> None:
        """
        It is sold still, and others are printed; forgotten again, it is no error.
        """
        forgetting = _forgetting(carrier)
        sold, other = buy_one(carrier, lab, "a"), buy_one(carrier, lab, "b")
        before = file_of(carrier, other.reference, ME)
        file_of(carrier, sold.reference, ME)
        forget(forgetting, sold.reference, ME)
        for asked in (carrier, lab.connect()):
            with pytest.raises(DeclinedError):
                file_of(asked, sold.reference, ME)
        forget(forgetting, sold.reference, ME)
        forget(forgetting, f"{sold.reference}9", ME)
        assert before == file_of(carrier, other.reference, ME)
        assert not _void(lab)

    @_FAULTS
    def test_what_is_not_forgotten_is_told(
        self, lab: LabelsLab, carrier: SupportsLabels, fault: WireFault
    ) -> None:
        """
        A recipient who is to be forgotten does not stay in a file unnoticed.
        """
        self._skip_without(fault)
        forgetting = _forgetting(carrier)
        sold = buy_one(carrier, lab, "a")
        lab.line.fail(fault)
        error = failure_of(lambda: forget(forgetting, sold.reference, ME))
        lab.line.heal()
        if error is None:
            with pytest.raises(DeclinedError):
                file_of(carrier, sold.reference, ME)
            return
        assert_told_as(fault, error)
        forget(forgetting, sold.reference, ME)
        with pytest.raises(DeclinedError):
            file_of(carrier, sold.reference, ME)

    def test_what_was_bought_is_found(
        self, lab: LabelsLab, carrier: SupportsLabels
    ) -> None:
        """
        By its key, void or not; a key that bought nothing finds nothing.
        """
        finding = finding_of(carrier)
        sold, _ = buy_one(carrier, lab, "a"), buy_one(carrier, lab, "b")
        assert sold == find(finding, ME, "a")
        void(carrier, sold.reference, ME, "v")
        assert sold == find(finding, ME, "a")
        assert find(finding, ME, "c") is None

    @_FAULTS
    def test_what_could_not_be_looked_up_is_not_absent(
        self, lab: LabelsLab, carrier: SupportsLabels, fault: WireFault
    ) -> None:
        """
        None would free the units of a label that is paid for.
        """
        self._skip_without(fault)
        finding = finding_of(carrier)
        sold = buy_one(carrier, lab, "a")
        lab.line.fail(fault)
        error = failure_of(lambda: find(finding, ME, "a"))
        assert error is not None, f"{fault} was told as found out"
        assert_told_as(fault, error)
        assert sold == find(finding, ME, "a")

    def test_there_is_a_way_to_find_out(
        self, lab: LabelsLab, carrier: SupportsLabels
    ) -> None:
        """
        It honours keys for a while, or can be searched, and says so without asking.
        """
        if WireFault.BEFORE in self.faults:
            lab.line.fail(WireFault.BEFORE)
        ttl = carrier.label_key_ttl()
        lab.line.heal()
        assert ttl >= timedelta(0)
        assert ttl or isinstance(carrier, SupportsFindLabel)

    def test_it_can_be_closed_twice(
        self, lab: LabelsLab, carrier: SupportsLabels
    ) -> None:
        """
        If it can be closed at all.
        """
        buy_one(carrier, lab, "a")
        if isinstance(carrier, SupportsClose):
            carrier.close()
            carrier.close()

    def _skip_without(self, fault: WireFault) -> None:
        if fault not in self.faults:
            pytest.skip("its line cannot do that")


def _found_out(lab: LabelsLab, key: str, *, is_sold: bool) -> None:
    """
    Find out what became of a key as the core does, and buy it if it was not.
    """
    carrier = lab.connect()
    if carrier.label_key_ttl():
        buy_one(carrier, lab, key)
    elif isinstance(carrier, SupportsFindLabel):
        found = find(carrier, ME, key)
        assert is_sold == (found is not None)
        if found is None:
            buy_one(carrier, lab, key)


def _void(lab: LabelsLab) -> list[str]:
    return [booked.reference for booked in lab.books() if booked.is_void]


def _forgetting(carrier: SupportsLabels) -> SupportsForgetLabel:
    if not isinstance(carrier, SupportsForgetLabel):
        pytest.skip("it keeps nothing of labels")
    return carrier
