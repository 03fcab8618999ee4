"""
Reading orders by their last change, from a list that moves while it is read.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from sourcehere.domain.kernel.address import Address
from sourcehere.domain.stores.model import StoreOrderSnapshot
from sourcehere.ports.errors import DeclinedError, ProtocolError
from sourcehere_http import Listed, OrderReader, Reply, Window

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def read_order(told):
    return StoreOrderSnapshot(
        external_id=told["id"],
        number=str(Decimal(told.get("number", "1"))),
        placed_at=NOON,
        address=Address("GB"),
        lines=(),
        changed_at=datetime.fromisoformat(told["at"]),
    )


READER = OrderReader(
    provider="acme",
    read=read_order,
    id_of=lambda told: told["id"],
    changed_at=lambda told: datetime.fromisoformat(told["at"]),
    page_max=4,
    now=lambda: NOON,
)
BY_ID = attrs.evolve(READER, goes_on_by_id=True)


class Api:
    """
    A list of orders by their change, in whole seconds.

    Attributes:
        asked: The windows.
    """

    def __init__(self, **seconds):
        self.changes, self.asked = dict(seconds), []

    def listed(self, window):
        """
        Return a part of the list.
        """
        self.asked.append(window)
        found = sorted(
            (NOON + timedelta(seconds=second), name)
            for name, second in self.changes.items()
        )
        since = window.since or NOON - timedelta(days=1)
        items = [
            {"id": name, "at": at.isoformat()}
            for at, name in found
            if (
                (at, name) > (since, window.after_id)
                if window.after_id
                else at >= since
            )
        ]
        end = window.offset + window.count
        return Listed(items[window.offset : end], end < len(items))


def read(api, cursor="", *, limit=2, between=lambda _: None, reader=READER):
    """
    Read to the end; return the ids of each page, and the cursor.
    """
    seen = []
    for _ in range(20):
        page = reader.page(cursor, api.listed, limit=limit)
        seen.append([order.external_id for order in page.orders])
        cursor = page.cursor
        if not page.has_more:
            return seen, cursor
        between(len(seen))
    pytest.fail("it does not end")


class TestPages:
    def test_each_begins_with_the_second_of_the_last_change(self):
        """
        What is in that second is told once more, and nothing is left out.
        """
        api = Api(a=1, b=2, c=3, d=4)
        seen, cursor = read(api)

        assert [["a", "b"], ["b", "c"], ["c", "d"]] == seen
        assert [1, 2] == [w.count for w in (Window(count=1), api.asked[0])]
        assert "11:59:59" in cursor  # five seconds before the last change

    def test_a_crowded_second_is_counted_through(self):
        """
        Where more orders changed within a second than a page has.
        """
        api = Api(a=1, b=1, c=1, d=1, e=1)
        seen, _ = read(api)

        assert [["a", "b"], ["a", "b"], ["c", "d"], ["e"]] == seen
        assert {0, 1, 3} == {window.offset for window in api.asked}

    def test_a_list_that_moved_is_read_again(self):
        """
        The order before does not stand where it stood: the second begins anew.
        """
        api = Api(a=1, b=1, c=1, d=1, e=1)

        def move(page):
            if page == 2:
                api.changes["a"] = 9

        seen, _ = read(api, between=move)

        assert {"a", "b", "c", "d", "e"} == {name for page in seen for name in page}
        assert ["b", "c"] == seen[2]

    def test_no_more_are_asked_for_than_the_api_lists(self):
        """
        Also where the one before is asked for once more.
        """
        api = Api(**{f"o{number}": 1 for number in range(9)})
        seen, _ = read(api, limit=100)

        assert 9 == len({name for page in seen for name in page})
        assert 4 == max(window.count for window in api.asked)

    @pytest.mark.parametrize("reader", [READER, BY_ID])
    @pytest.mark.parametrize("ahead", [1, 2, 5])
    def test_what_changes_in_a_year_hides_nothing(self, reader, ahead):
        """
        A shop's clock was wrong: its orders are read, and so is what changes later.
        """
        late = {f"z{n}": 365 * 86_400 + n for n in range(ahead)}
        api = Api(a=1, b=2, c=3, **late)
        seen, cursor = read(api, reader=reader)
        assert {"a", "b", "c", *late} == {name for page in seen for name in page}

        api.changes |= {"d": 4, "e": 9}
        seen, cursor = read(api, cursor, reader=reader)
        assert {"d", "e"} <= {name for page in seen for name in page}

        api.changes["a"] = 10
        seen, _ = read(api, cursor, reader=reader)
        assert "a" in {name for page in seen for name in page}

    def test_what_is_no_order_yet_is_left_out(self):
        """
        A basket among the orders of a list is neither an order nor a problem.
        """
        reader = attrs.evolve(
            READER, read=lambda told: None if told["id"] == "b" else read_order(told)
        )
        api = Api(a=1, b=2, c=3, d=4, e=5)
        page = reader.page("", api.listed, limit=3)

        assert ["a", "c"] == [order.external_id for order in page.orders]
        assert ((), True) == (page.rejects, page.has_more)
        seen, _ = read(api, reader=reader)
        assert {"a", "c", "d", "e"} == {name for found in seen for name in found}

    @pytest.mark.parametrize("reader", [READER, BY_ID])
    def test_what_is_still_to_come_moves_no_beginning(self, reader):
        """
        The next reading begins as long before the last change as ever, also where a
        page of what is still to come stood behind it.
        """
        late = {f"z{n}": 365 * 86_400 + n for n in range(5)}
        api = Api(a=1, b=2, **late)
        _, cursor = read(api, reader=reader)
        assert "11:59:57" in cursor
        _, again = read(api, cursor, reader=reader)
        assert cursor == again

    def test_what_changes_within_the_second_that_is_read(self):
        """
        An order that moves to before where the API goes on is read the next time, also
        where reading ended among what is still to come.
        """
        api = Api(a=1, b=2, c=2, y=86_400 * 365, z=86_400 * 365)

        def move(page):
            if page == 4:  # the cursor is behind b
                api.changes["a"] = 2

        seen, cursor = read(api, limit=1, reader=BY_ID, between=move)
        assert [["a"], ["a"], ["b"], ["b"], ["c"], ["y"], ["z"]] == seen
        seen, _ = read(api, cursor, limit=1, reader=BY_ID)
        assert ["a"] == seen[0]

    @pytest.mark.parametrize("reader", [READER, BY_ID])
    @pytest.mark.parametrize("end", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
    @pytest.mark.parametrize("zone", ["+00:00", "+05:00", "-05:00"])
    @pytest.mark.parametrize("limit", [1, 2])
    def test_a_time_that_is_not_set_stops_nobody(self, reader, end, zone, limit):
        """
        Such as the first or the last of all years: the order is read, and the others.
        """
        odd = {"id": "o", "at": f"{end}{zone}"}
        api = Api(a=1, b=2)

        def listed(window):
            is_first = end.startswith("0001")
            found = api.listed(attrs.evolve(window, offset=0, count=9)).items
            if is_first and (window.since or window.after_id):
                items = found
            else:
                items = [odd, *found] if is_first else [*found, odd]
            if window.after_id == "o":
                items = found if is_first else []
            end_of = window.offset + window.count
            return Listed(items[window.offset : end_of], end_of < len(items))

        seen, cursor = set(), ""
        for _ in range(9):
            page = reader.page(cursor, listed, limit=limit)
            seen |= {order.external_id for order in page.orders}
            cursor = page.cursor
            if not page.has_more:
                break

        assert {"o", "a", "b"} == seen
        assert "11:59:57" in cursor
        alone = reader.page("", lambda _: Listed([odd], has_more=False), limit=limit)
        assert ["o"] == [order.external_id for order in alone.orders]

    def test_a_clock_that_is_before_ours_is_followed(self):
        """
        By a day at most, as of a shop that tells local time as if it were another.
        """
        api = Api(a=1, b=86_400)
        _, cursor = read(api)

        assert "2026-03-03T11:59:55" in cursor

    def test_a_page_of_one_leads_nowhere(self):
        """
        The one before could not be looked at.
        """
        with pytest.raises(ValueError, match="page_max"):
            attrs.evolve(READER, page_max=1)

    def test_an_end_with_nothing_new_stays(self):
        """
        The cursor of an empty list is where it was.
        """
        seen, cursor = read(Api())
        again, after = read(Api(), cursor)

        assert ([[]], [[]], cursor) == (seen, again, after)

    def test_an_order_that_makes_no_sense_is_set_aside(self):
        """
        With its id and what is missing; its neighbours come in, and reading goes on.
        """
        at = NOON.isoformat()
        none = {"id": "c", "at": at, "number": "none"}
        items = [{"id": "a", "at": at}, {"id": "b"}, none, None]
        page = READER.page("", lambda _: Listed(items, has_more=False), limit=4)

        assert ["a"] == [order.external_id for order in page.orders]
        assert [
            ("b", "the order cannot be read: there is no 'at'"),
            ("c", "the order cannot be read: InvalidOperation"),
            ("", "the order cannot be read: TypeError"),
        ] == [(one.external_id, one.detail) for one in page.rejects]
        assert "11:59:55" in page.cursor

    def test_one_that_makes_no_sense_stops_nobody(self):
        """
        Alone at the end of the list, and not saying when it changed: it is set aside,
        the cursor stays, and whatever changes later is read.
        """
        api = Api(a=1, b=2)
        _, cursor = read(api)
        alone = Listed([{"id": "c"}], has_more=False)
        page = READER.page(cursor, lambda _: alone, limit=4)

        assert ["c"] == [one.external_id for one in page.rejects]
        assert "11:59:57" in page.cursor
        api.changes["d"] = 9
        seen, _ = read(api, page.cursor)
        assert ["d"] == [name for found in seen for name in found][-1:]

    @pytest.mark.parametrize("more", [[], [{"id": "b"}]])
    def test_nor_does_what_is_no_order_yet(self, more):
        """
        A basket that does not say when it changed, alone or beside an order that makes
        no sense.
        """
        reader = attrs.evolve(
            READER, read=lambda told: None if told["id"] == "a" else read_order(told)
        )
        told = Listed([{"id": "a", "at": None}, *more], has_more=False)
        page = reader.page("", lambda _: told, limit=4)

        assert ((), len(more)) == (page.orders, len(page.rejects))

    @pytest.mark.parametrize("limit", [1, 2])
    def test_no_page_goes_on_behind_no_id(self, limit):
        """
        Where the API goes on behind an id and an order tells none, it is the last one
        that does; where none does, that is an error, and no endless reading.
        """
        at = (NOON - timedelta(seconds=5)).isoformat()
        items = [{"id": "a", "at": at}, {"id": "", "at": at}, {"id": "c", "at": at}]
        asked = []

        def listed(window):
            asked.append(window.after_id)
            start = 1 if window.after_id == "a" else 0
            return Listed(items[start : start + limit], start + limit < len(items))

        first = BY_ID.page("", listed, limit=limit)
        second = BY_ID.page(first.cursor, listed, limit=limit)
        if limit == 1:
            with pytest.raises(ProtocolError, match="tells its id"):
                BY_ID.page(second.cursor, listed, limit=limit)
        else:
            third = BY_ID.page(second.cursor, listed, limit=limit)
            assert ["", "c"] == [order.external_id for order in third.orders]
            assert not third.has_more
        assert ["", "", "a"] == asked

    def test_a_page_of_them_is_counted_through(self):
        """
        Whatever stands behind them is read, too.
        """
        items = [{"id": "a"}, {"id": "b"}, {"id": "c", "at": NOON.isoformat()}]

        def listed(window):
            end = window.offset + window.count
            return Listed(items[window.offset : end], end < len(items))

        first = READER.page("", listed, limit=2)
        second = READER.page(first.cursor, listed, limit=2)

        assert ["a", "b"] == [one.external_id for one in first.rejects]
        assert ["c"] == [order.external_id for order in second.orders]
        with pytest.raises(ProtocolError, match="when it changed"):
            BY_ID.page("", listed, limit=2)

    def test_a_change_that_no_order_tells_is_an_error(self):
        """
        Such as a field that the API calls otherwise: the cursor would never move.
        """
        wrong = attrs.evolve(READER, changed_at=lambda told: told["changed"])
        with pytest.raises(ProtocolError, match="when it changed"):
            wrong.page("", Api(a=1).listed, limit=3)

    @pytest.mark.parametrize(
        ("listed", "words"),
        [
            (Listed({}, has_more=False), "no list"),
            (Listed("abc", has_more=False), "no list"),
            (Listed([], has_more="no"), "no list"),
            (Listed([{"id": "a", "at": "2026-03-02T12:00"}], has_more=False), "zone"),
        ],
    )
    def test_a_list_that_makes_no_sense_is_an_error(self, listed, words):
        """
        The page is asked for again; the cursor does not move.
        """
        with pytest.raises(ProtocolError, match=words):
            READER.page("", lambda _: listed, limit=3)

    @pytest.mark.parametrize("cursor", ["7", "null", '{"page": 2}', "{", '{"since":1}'])
    def test_a_cursor_of_somebody_else_is_an_error(self, cursor):
        """
        Such as that of an earlier adapter.
        """
        with pytest.raises(ProtocolError):
            READER.page(cursor, Api(a=1).listed, limit=3)


class TestOne:
    @pytest.mark.parametrize(
        ("status", "body", "found"),
        [
            (200, b'{"id": "17", "at": "2026-03-02T12:00:00Z"}', "17"),
            (200, b'{"id": "017", "at": "2026-03-02T12:00:00Z"}', None),
            (404, b'{"message": "no"}', None),
        ],
    )
    def test_the_order_that_was_asked_for_is_read(self, status, body, found):
        """
        And no other, which an API finds that reads ids as numbers.
        """
        order = READER.one("17", Reply("acme", status, {}, body))

        assert found == (order and order.external_id)

    @pytest.mark.parametrize("body", [b"null", b"{}", b"[null]", b'"no"', b"<html>"])
    def test_what_is_no_order_is_an_error(self, body):
        """
        And not an order that is gone.
        """
        with pytest.raises(ProtocolError):
            READER.one("17", Reply("acme", 200, {}, body))

    def test_what_is_no_order_yet_is_none(self):
        """
        A basket that somebody asks for by its id is not there.
        """
        reader = attrs.evolve(READER, read=lambda _: None)
        reply = Reply("acme", 200, {}, b'{"id": "17"}')

        assert reader.one("17", reply) is None

    def test_a_refusal_is_one(self):
        """
        In the API's words.
        """
        with pytest.raises(DeclinedError, match="not yours"):
            READER.one("17", Reply("acme", 422, {}, b'{"message": "not yours"}'))
