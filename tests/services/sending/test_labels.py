"""
A label is bought with its key kept first, and its parcel leaves with the answer.
"""

from datetime import timedelta

import pytest
from label_world import buy, opened, order_of, state

from sourcehere.domain.freight.errors import (
    AmbiguousMethodError,
    LabelsUnsupportedError,
    UnknownMethodError,
)
from sourcehere.domain.kernel.errors import CommandRefusedError, NotFoundError
from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import DeclinedError, ProtocolError
from sourcehere.ports.labels import PDF, LabelFile, SoldLabel
from sourcehere.testing.factories import STAFF, nothing_moves
from sourcehere.testing.fake_carrier import FakeCarrier, ListingCarrier
from sourcehere.testing.fake_labels import LabelCarrier
from sourcehere.testing.fake_shop import Fault

MINUTE = timedelta(minutes=1)


class Listing(LabelCarrier, ListingCarrier):
    """
    Sells what it lists.
    """


@pytest.fixture
def post():
    """
    Return a carrier that sells labels.
    """
    return LabelCarrier()


@pytest.fixture
def bench(storage, post, violations):
    """
    Return a bench that buys of it; clean when the test ends.
    """
    yield from opened(storage, violations, post=post)


class TestBuy:
    def test_the_parcel_leaves_with_the_number_of_the_carrier(self, bench):
        """
        Bought, shipped and told to the shop as a number that staff type is.
        """
        order_id = bench.accepted("1", CUP=2)

        label = buy(bench, order_id)

        assert ("bought", Money(412, "EUR")) == (label.stage, label.price)
        (parcel,) = bench.app.tracking.parcels("demo", order_id)
        assert label.parcel_id == parcel.parcel_id
        assert ("Fake Post", "FP000001") == (parcel.carrier, parcel.tracking_number)
        assert ("shipped", 0) == state(bench, order_id)
        bench.app.relay.run()
        (told,) = bench.shop.fulfilments.values()
        assert "FP000001" == told.tracking_number

    def test_the_carrier_gets_the_address_and_the_goods(self, bench, post):
        """
        Whose it is goes to the carrier, and into no row of the label.
        """
        order_id = bench.accepted("1", CUP=2)

        label = buy(bench, order_id, i1_1=1)

        (request,) = post.requests
        order = order_of(bench, order_id)
        assert ("std", order.number) == (request.method, request.number)
        assert request.to.name
        assert label.weight_grams == request.consignment.weight_grams > 0
        assert [("1.1", 1)] == [(u.name, u.quantity) for u in request.consignment.units]
        assert request.to.name not in repr(label)
        assert request.to.street not in repr(label)

    def test_the_seller_pays_nothing_for_it(self, bench):
        """
        The freight that was quoted is what they pay.
        """
        order_id = bench.accepted("1", CUP=1)

        wallet = bench.sh.seller("demo").wallet.get()

        buy(bench, order_id)

        assert wallet == bench.sh.seller("demo").wallet.get()

    def test_a_command_is_done_once(self, bench, post):
        """
        Sent again, it returns what it bought.
        """
        order_id = bench.accepted("1", CUP=2)

        first = buy(bench, order_id, command_id="b")

        assert first == buy(bench, order_id, command_id="b")
        assert 1 == len(post.keys)

    def test_parts_of_an_order_have_labels_of_their_own(self, bench, post):
        """
        Each with its key.
        """
        order_id = bench.accepted("1", CUP=2)

        buy(bench, order_id, i1_1=1)
        buy(bench, order_id, i1_1=1)

        assert 2 == len(set(post.keys))
        assert 2 == len(bench.app.tracking.parcels("demo", order_id))


class TestDeclined:
    def test_its_units_are_free_and_the_next_key_is_another(self, bench, post):
        """
        A definite no: nothing was bought, and the story says so.
        """
        order_id = bench.accepted("1", CUP=1)
        post.faults = [Fault.DECLINED]

        with pytest.raises(DeclinedError) as ei:
            buy(bench, order_id)

        assert "no such street" == ei.value.detail
        assert ("awaiting_shipping", 0) == state(bench, order_id)
        assert "bought" == buy(bench, order_id).stage
        assert 2 == len(set(post.keys))
        stages = [x.stage for x in bench.app.labels.of_order("demo", order_id)]
        assert ["declined", "bought"] == stages

    def test_the_same_command_is_declined_again(self, bench, post):
        """
        Without asking.
        """
        order_id = bench.accepted("1", CUP=1)
        post.faults = [Fault.DECLINED]
        with pytest.raises(DeclinedError):
            buy(bench, order_id, command_id="b")

        with pytest.raises(DeclinedError):
            buy(bench, order_id, command_id="b")

        assert 1 == len(post.keys)


class TestRefused:
    def test_an_order_that_cannot_leave(self, bench, post):
        """
        Refused as `ship` is, before anybody is asked.
        """
        order_id = bench.paid("1", CUP=1)

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            buy(bench, order_id)

        assert ("not_accepted",) == ei.value.codes
        assert [] == post.keys

    def test_nobody_sells_labels(self, storage, violations):
        """
        Said with the name, where one is named.
        """
        for bench in opened(storage, violations, old=FakeCarrier()):
            order_id = bench.accepted("1", CUP=1)
            for method, named in (("std", ""), ("old:std", "old")):
                with nothing_moves(bench), pytest.raises(LabelsUnsupportedError) as ei:
                    buy(bench, order_id, method)
                assert named == ei.value.connection

    def test_a_method_that_nobody_has_or_several(self, storage, violations):
        """
        A short code means the one that has it.
        """
        carriers = {
            "a": Listing(listed=("std", "fast")),
            "b": Listing(listed=("std",)),
        }
        for bench in opened(storage, violations, **carriers):
            order_id = bench.accepted("1", CUP=1)
            with pytest.raises(UnknownMethodError):
                buy(bench, order_id, "slow")
            with pytest.raises(UnknownMethodError):
                buy(bench, order_id, "b:fast")
            with pytest.raises(NotFoundError):
                buy(bench, order_id, "c:fast")
            with pytest.raises(AmbiguousMethodError):
                buy(bench, order_id, "std")
            assert ("a", "fast") == (
                (label := buy(bench, order_id, "fast")).connection,
                label.method,
            )

    def test_a_connection_that_rests(self, bench, post):
        """
        Paused by a person, or throttled: nobody is asked, and nothing is kept.
        """
        order_id = bench.accepted("1", CUP=2)
        post.faults = [Fault.THROTTLED]
        assert "planned" == buy(bench, order_id, i1_1=1).stage

        with nothing_moves(bench), pytest.raises(DeclinedError):
            buy(bench, order_id, i1_1=1)

        bench.clock.advance(8 * MINUTE)
        bench.sh.staff("ann").freight.pause("post", why="strike")
        with nothing_moves(bench), pytest.raises(DeclinedError):
            buy(bench, order_id, i1_1=1)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("tracking_number", " "),
            ("reference", ""),
            ("carrier", 7),
            ("price", Money(-1, "EUR")),
            ("price", Money(1, "QQQ")),
            ("price", 4.12),
        ],
    )
    def test_an_answer_that_makes_no_sense_is_unknown(self, bench, post, field, value):
        """
        It may have been bought: a person or the same key finds out.
        """
        order_id = bench.accepted("1", CUP=1)
        made = SoldLabel(
            reference="L1", carrier="P", tracking_number="1", price=Money(1, "EUR")
        )
        object.__setattr__(made, field, value)
        post.sold_instead = made

        label = buy(bench, order_id)

        assert "unknown" == label.stage
        assert f"label.{field}" in label.error


class TestFile:
    def test_it_is_what_the_carrier_prints(self, bench):
        """
        As bytes, with their type.
        """
        label = buy(bench, bench.accepted("1", CUP=1))

        file = bench.app.labels.file("demo", label.parcel_id)

        assert LabelFile(b"%PDF-1.4 L1", PDF) == file

    @pytest.mark.parametrize(
        "answer",
        [
            LabelFile(b"<html>", PDF),
            LabelFile(b"", PDF),
            LabelFile(b"%PDF-" + bytes(10_000_000), PDF),
            LabelFile(b"%PDF-", "text/html"),
            LabelFile("%PDF-", PDF),
            b"%PDF-",
        ],
    )
    def test_what_is_no_label_is_refused(self, bench, post, answer):
        """
        An error page under the name of a PDF, too.
        """
        label = buy(bench, bench.accepted("1", CUP=1))
        post.file_answer = answer

        with pytest.raises(ProtocolError):
            bench.app.labels.file("demo", label.parcel_id)

    @pytest.mark.parametrize(
        ("answer", "field", "value"),
        [
            (LabelFile("JVBERi0=", PDF), "file.content", "a str"),
            (LabelFile(None, PDF), "file.content", None),
            (
                LabelFile(bytearray(b"%PDF-"), PDF),
                "file.content",
                "a bytearray",
            ),
            (LabelFile(b"%PDF-", [PDF]), "file.media_type", "a list"),
        ],
    )
    def test_what_is_wrong_with_it_is_named(self, bench, post, answer, field, value):
        """
        By its field, as what is wrong with any other answer.
        """
        label = buy(bench, bench.accepted("1", CUP=1))
        post.file_answer = answer

        with pytest.raises(ProtocolError, match=f"{field}: ") as ei:
            bench.app.labels.file("demo", label.parcel_id)

        assert (field, value) == (ei.value.field, ei.value.value)
        assert "post" == ei.value.connection

    def test_a_parcel_without_a_label(self, bench):
        """
        A number that was typed in has none.
        """
        parcel_id = bench.ship(bench.accepted("1", CUP=1))

        with pytest.raises(NotFoundError):
            bench.app.labels.file("demo", parcel_id)


class TestVoid:
    def test_the_parcel_is_not_carried(self, bench, post):
        """
        Its order is held until staff replace the parcel.
        """
        order_id = bench.accepted("1", CUP=1)
        label = buy(bench, order_id)

        void = bench.app.labels.void("demo", label.parcel_id)

        assert ("void", []) == (void.stage, post.paid)
        (hold,) = order_of(bench, order_id).holds
        assert ("not_carried", label.parcel_id) == (hold.reason, hold.parcel_id)
        with pytest.raises(CommandRefusedError):
            bench.app.labels.file("demo", label.parcel_id)
        bench.app.shipping.void_parcel(
            "demo",
            order_id,
            label.parcel_id,
            carrier="post",
            tracking_number="N",
            by=STAFF,
        )
        assert () == order_of(bench, order_id).holds

    def test_a_refusal_changes_nothing(self, bench, post):
        """
        It may be asked again, with another key.
        """
        order_id = bench.accepted("1", CUP=1)
        label = buy(bench, order_id)
        post.faults = [Fault.DECLINED]

        with (
            nothing_moves(bench, but=("label", "circuit")),
            pytest.raises(DeclinedError),
        ):
            bench.app.labels.void("demo", label.parcel_id)

        assert "bought" == bench.app.labels.get("demo", label.label_id).stage
        assert "void" == bench.app.labels.void("demo", label.parcel_id).stage
        assert 2 == len(set(post.voided))

    def test_an_unknown_outcome_is_asked_again_with_the_same_key(self, bench, post):
        """
        By a worker, until it is known.
        """
        label = buy(bench, bench.accepted("1", CUP=1))
        post.faults = [Fault.LOST_AFTER, Fault.LOST_BEFORE]

        assert "voiding" == bench.app.labels.void("demo", label.parcel_id).stage
        for _ in range(3):
            bench.clock.advance(10 * MINUTE)
            bench.app.labels.run()

        assert "void" == bench.app.labels.get("demo", label.label_id).stage
        assert 1 == len(set(post.voided))

    def test_it_is_void_once(self, bench):
        """
        The second time is refused; the same command is not.
        """
        label = buy(bench, bench.accepted("1", CUP=1))
        bench.app.labels.void("demo", label.parcel_id, command_id="v")
        bench.app.labels.void("demo", label.parcel_id, command_id="v")

        with nothing_moves(bench), pytest.raises(CommandRefusedError):
            bench.app.labels.void("demo", label.parcel_id)
