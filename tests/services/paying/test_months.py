"""
The ledger by month, and line by line: what was there, what came and what went is what
is there.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from payment_world import balances, offered, opened, pay, rounds, top_up, wallet

from sourcehere import InvalidInputError, Money
from sourcehere.testing.fake_gateway import FakeGateway

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
CAME = ("topped_up", "refunded", "adjusted")
WENT = ("goods", "freight", "handling", "withdrawn", "taken_back")


@pytest.fixture
def cards():
    """
    Return a gateway.
    """
    return FakeGateway()


@pytest.fixture
def bench(storage, cards, violations):
    """
    Return a bench with a gateway and 1.00 in the wallet, on the second of March.
    """
    yield from opened(storage, violations, cards)


def minor(month):
    """
    Return what is not nothing in a month, in cents.
    """
    names = ("opening", *CAME, *WENT, "closing")
    sums = {name: getattr(month, name).minor for name in names}
    return {name: number for name, number in sums.items() if number}


def until(bench, *when):
    """
    Let time go on.
    """
    bench.clock.advance(datetime(*when, tzinfo=UTC) - bench.clock.now())


class TestMonths:
    def test_each_movement_is_in_its_month(self, bench, cards):
        """
        A month ends when the platform's day ends: at 16:00 UTC in Shanghai.
        """
        paid, _ = top_up(bench), top_up(bench)
        until(bench, 2026, 3, 31, 15, 59)
        offer = offered(bench)
        pay(bench, offer)
        until(bench, 2026, 3, 31, 16)
        order_id = offer.orders[0].order_id
        staff = bench.sh.staff("ann").seller("demo")
        staff.refunds.refund_all(order_id)
        wallet(bench).withdraw(Money(20_00, "USD"))
        bank_takes = Money(5_00, "USD")
        cards.take_back(paid.gateway_id, bank_takes, at=bench.clock.now())
        rounds(bench, pause=timedelta(days=2))

        march, april, may = wallet(bench).months(MARCH, MAY)
        goods, freight = offer.orders[0].goods.minor, offer.orders[0].freight.minor
        assert (MARCH, APRIL, MAY) == (march.month, april.month, may.month)
        left = 101_00 - goods - freight
        assert minor(march) == {
            "topped_up": 101_00,
            "goods": goods,
            "freight": freight,
            "closing": left,
        }
        assert minor(april) == {
            "opening": left,
            "refunded": goods + freight,
            "withdrawn": 20_00,
            "taken_back": 5_00,
            "closing": 76_00,
        }
        assert minor(may) == {"opening": 76_00, "closing": 76_00}
        assert 76_00 == balances(bench)[0]

    def test_a_debt_is_below_nothing(self, bench, cards):
        """
        What a bank took back and the seller had spent is owed.
        """
        paid = top_up(bench)
        pay(bench, offered(bench, "1", "2", "3"))
        left = balances(bench)[0]
        cards.take_back(paid.gateway_id, Money(50_00, "USD"), at=bench.clock.now())
        rounds(bench, pause=timedelta(days=2))

        (march,) = wallet(bench).months(MARCH)
        assert left - 50_00 == march.closing.minor < 0

    def test_a_month_that_is_over_stays_as_it_was(self, bench):
        """
        Whatever comes later, and however much of it.
        """
        before = wallet(bench).months(MARCH)
        until(bench, 2026, 5, 9)
        for _ in range(3):
            top_up(bench)

        assert before == wallet(bench).months(MARCH)
        assert [1_00, 1_00, 151_00] == [
            one.closing.minor for one in wallet(bench).months(MARCH, MAY)
        ]

    def test_months_add_up(self, bench):
        """
        Each begins with what the one before ended with; before the first is nothing.
        """
        top_up(bench)
        months = wallet(bench).months(date(2026, 2, 27), date(2026, 4, 30))

        assert 0 == months[0].opening.minor
        assert [one.closing for one in months[:-1]] == [o.opening for o in months[1:]]
        for one in months:
            sums = {name: getattr(one, name).minor for name in (*CAME, *WENT)}
            came = sum(sums[name] for name in CAME)
            went = sum(sums[name] for name in WENT)
            assert one.opening.minor + came - went == one.closing.minor

    @pytest.mark.parametrize("last", [date(2026, 2, 28), date(2036, 3, 1)])
    def test_what_is_no_span_is_refused(self, bench, last):
        """
        One that ends before it begins, or is longer than ten years.
        """
        with pytest.raises(InvalidInputError) as ei:
            wallet(bench).months(MARCH, last)
        assert ("last", f"{last:%Y-%m}") == (ei.value.field, ei.value.value)
        assert 120 == len(wallet(bench).months(MARCH, date(2036, 2, 29)))


class TestStatements:
    def test_each_line_has_what_was_there_after_it(self, bench, cards):
        """
        Days are the platform's: they end at 16:00 UTC in Shanghai. What was only held
        is no line.
        """
        paid, _ = top_up(bench), top_up(bench)
        until(bench, 2026, 3, 31, 15, 59)
        offer = offered(bench)
        pay(bench, offer)
        until(bench, 2026, 3, 31, 16)
        order_id = offer.orders[0].order_id
        total = offer.orders[0].total.minor
        staff = bench.sh.staff("ann").seller("demo")
        staff.refunds.refund_all(order_id)
        wallet(bench).withdraw(Money(20_00, "USD"))
        bank_takes = Money(5_00, "USD")
        cards.take_back(paid.gateway_id, bank_takes, at=bench.clock.now())
        rounds(bench, pause=timedelta(days=2))

        march = wallet(bench).statement(date(2026, 3, 31))
        assert (101_00, 101_00 - total) == (march.opening.minor, march.closing.minor)
        assert [("capture", order_id, -total, 101_00 - total)] == lines(march)
        april = wallet(bench).statement(APRIL, date(2026, 4, 30))
        assert march.closing == april.opening
        assert [
            ("refund", order_id, total, 101_00),
            ("withdrawn", "", -20_00, 81_00),
            ("chargeback", "", -5_00, 76_00),
        ] == lines(april)
        (refund,) = staff.refunds.list(order_id)
        assert refund.refund_id == april.lines[0].reference
        assert 76_00 == april.closing.minor == balances(bench)[0]

    def test_it_begins_and_ends_as_months_do(self, bench, cards):
        """
        Whatever came before, and comes later; also where the seller owes.
        """
        paid = top_up(bench)
        pay(bench, offered(bench, "1", "2", "3"))
        cards.take_back(paid.gateway_id, Money(50_00, "USD"), at=bench.clock.now())
        rounds(bench, pause=timedelta(days=2))
        until(bench, 2026, 4, 3)
        top_up(bench)

        for month in wallet(bench).months(date(2026, 2, 1), MAY):
            end = (month.month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            found = wallet(bench).statement(month.month, end)
            assert (month.opening, month.closing) == (found.opening, found.closing)
            changes = [line.amount.minor for line in found.lines]
            assert found.closing.minor - found.opening.minor == sum(changes)
            after = [line.balance for line in found.lines]
            assert [found.closing] == after[-1:] or not after
        assert wallet(bench).statement(MARCH, date(2026, 3, 31)).closing.minor < 0

    @pytest.mark.parametrize("last", [date(2026, 2, 28), date(2027, 3, 3)])
    def test_what_is_no_span_is_refused(self, bench, last):
        """
        One that ends before it begins, or is longer than a year.
        """
        with pytest.raises(InvalidInputError) as ei:
            wallet(bench).statement(MARCH, last)
        assert ("last", str(last)) == (ei.value.field, ei.value.value)
        assert "within a year from 2026-03-01" in str(ei.value)
        assert MARCH == wallet(bench).statement(MARCH, date(2027, 3, 2)).first


def lines(statement):
    """
    Return what each line is for, its order, its amount and what was there after it.
    """
    return [
        (line.purpose, line.order_id, line.amount.minor, line.balance.minor)
        for line in statement.lines
    ]
