"""
What the file store appends: each fulfilment once, whoever writes, whatever tore.
"""

import codecs
import collections
import csv
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sourcehere.builtin.file_config import FileStoreConfig
from sourcehere.builtin.file_fulfilments import FulfilmentFile
from sourcehere.builtin.file_store import FileStore
from sourcehere.builtin.file_tail import (
    HEADER,
    HEADER_BEFORE,
    encode_header,
    encode_notice,
    read_cell,
)
from sourcehere.ports.errors import DeclinedError, UnknownOutcomeError
from sourcehere.ports.platforms import Fulfilment, FulfilmentLine, ParcelNotice

SHIPPED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def sent(key: str, **changes: object) -> Fulfilment:
    """
    Make a fulfilment with the idempotency key *key*.
    """
    fulfilment = Fulfilment(
        idempotency_key=key,
        external_id="536365",
        number="536365",
        parcel_id="parcel-1",
        carrier="Yun;Express, Ltd",
        tracking_number='YT"1"\nß',
        lines=(FulfilmentLine("1", 6), FulfilmentLine("2", 1)),
        shipped_at=SHIPPED,
    )
    return attrs.evolve(fulfilment, **changes)


def rows_of(path: Path) -> list[list[str]]:
    """
    Read the file as anybody would, by the csv module alone, without its header.
    """
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file, strict=True)
    assert list(HEADER) == header
    return rows


def keys_of(path: Path) -> list[str]:
    """
    Return the first cell of each row.
    """
    return [row[0] for row in rows_of(path)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """
    Where fulfilments go; nothing is there yet.
    """
    return tmp_path / "sent.csv"


class TestAppend:
    def test_one_row_per_fulfilment(self, path):
        """
        A row says everything of its fulfilment and reads back exactly.
        """
        assert ["row:1"] == FulfilmentFile(str(path), folder=str(path.parent)).push(
            [sent("k1")]
        )

        assert [
            [
                "k1",
                "536365",
                "parcel-1",
                "Yun;Express, Ltd",
                'YT"1"\nß',
                "2026-03-01T12:00:00+00:00",
                "",
                '[["1",6],["2",1]]',
            ]
        ] == rows_of(path)

    def test_a_row_says_which_parcel_it_replaces(self, path):
        """
        Whoever reads the file sees that a parcel does not count any more.
        """
        newer = sent("k2", parcel_id="parcel-2", replaces=("parcel-1",))
        FulfilmentFile(str(path), folder=str(path.parent)).push([sent("k1"), newer])

        assert [("parcel-1", ""), ("parcel-2", "parcel-1")] == [
            (row[2], row[6]) for row in rows_of(path)
        ]

    def test_a_file_begun_before_goes_on_without_the_column(self, path):
        """
        A file without the column takes rows as it has them, and no replacement, which
        would count twice there.
        """
        path.write_text(",".join(HEADER_BEFORE) + "\r\n")
        file = FulfilmentFile(str(path), folder=str(path.parent))
        first, replacing, last = file.push(
            [sent("k1"), sent("k2", parcel_id="p2", replaces=("parcel-1",)), sent("k3")]
        )

        assert ("row:1", "row:2") == (first, last)
        assert isinstance(replacing, DeclinedError)
        assert "no column 'replaces'" in str(replacing)
        with path.open(newline="") as read:
            assert [7, 7, 7] == [len(row) for row in csv.reader(read)]

    def test_known_key_is_not_appended(self, path):
        """
        A key pushed again, in a batch, later or by another object, keeps its row.
        """
        file = FulfilmentFile(str(path), folder=str(path.parent))
        assert ["row:1", "row:2", "row:1"] == file.push(
            [sent("a"), sent("b"), sent("a", carrier="other")]
        )
        before = path.read_bytes()

        assert ["row:2"] == file.push([sent("b")])
        assert ["row:1"] == FulfilmentFile(str(path), folder=str(path.parent)).push(
            [sent("a")]
        )
        assert before == path.read_bytes()

    def test_nothing_to_push_touches_nothing(self, path):
        """
        An empty batch makes no file.
        """
        assert [] == FulfilmentFile(str(path), folder=str(path.parent)).push([])
        assert not path.exists()

    def test_times_are_told_in_utc(self, path):
        """
        A time of another zone is written as the same instant in UTC.
        """
        zone = timezone(timedelta(hours=8))
        local = datetime(2026, 3, 1, 20, 0, tzinfo=zone)
        FulfilmentFile(str(path), folder=str(path.parent)).push(
            [sent("a", shipped_at=local)]
        )

        assert "2026-03-01T12:00:00+00:00" == rows_of(path)[0][5]

    def test_by_the_store(self, path):
        """
        The platform pushes one, raising what failed, or many, each with its outcome.
        """
        config = FileStoreConfig(
            path="a.csv", fulfilments_path=str(path), currency="USD"
        )
        store = FileStore(config, folder=str(path.parent))

        assert "row:1" == store.push_fulfilment(sent("a"))
        assert ["row:1", "row:2"] == store.push_fulfilments([sent("a"), sent("b")])
        notice = ParcelNotice(
            idempotency_key="n",
            external_id="1",
            number="1",
            parcel_id="p",
            carrier="c",
            tracking_number="t",
            shipped_at=SHIPPED,
        )
        assert ["row:3"] * 2 == [store.push_tracking(notice) for _ in range(2)]
        assert "[]" == rows_of(path)[2][-1]
        with pytest.raises(DeclinedError):
            store.push_fulfilment(sent("c", carrier="\ud800"))

    @settings(
        max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        texts=st.lists(
            st.text(st.characters(exclude_categories=["Cs"])), min_size=4, max_size=4
        )
    )
    def test_every_text_round_trips(self, path, texts):
        """
        Whatever a carrier writes, line ends and quotes included, reads back as it was.
        """
        path.unlink(missing_ok=True)
        key, parcel, carrier, tracking = texts
        one = sent(key, parcel_id=parcel, carrier=carrier, tracking_number=tracking)
        assert ["row:1"] == FulfilmentFile(str(path), folder=str(path.parent)).push(
            [one]
        )

        assert [key, parcel, carrier, tracking] == [
            read_cell(rows_of(path)[0][i]) for i in (0, 2, 3, 4)
        ]
        assert ["row:1"] == FulfilmentFile(str(path), folder=str(path.parent)).push(
            [one]
        )
        assert 1 == len(rows_of(path))


class TestTornTail:
    BEFORE = encode_header() + encode_notice(sent("a"))
    LAST = encode_notice(sent("ü"))

    @pytest.mark.parametrize("cut", range(len(LAST) + 1))
    def test_every_byte_of_the_last_row(self, path, cut):
        """
        Wherever the last row tore, both keys are there once, and earlier rows stand.
        """
        path.write_bytes(self.BEFORE + self.LAST[:cut])
        file = FulfilmentFile(str(path), folder=str(path.parent))

        assert ["row:2", "row:1", "row:3"] == file.push(
            [sent("ü"), sent("a"), sent("c")]
        )
        assert ["a", "ü", "c"] == keys_of(path)
        assert path.read_bytes().startswith(self.BEFORE)

    @pytest.mark.parametrize("cut", range(len(encode_header()) + 1))
    def test_every_byte_of_the_header(self, path, cut):
        """
        A header that tore is written anew.
        """
        path.write_bytes(encode_header()[:cut])

        assert ["row:1"] == FulfilmentFile(str(path), folder=str(path.parent)).push(
            [sent("a")]
        )
        assert self.BEFORE == path.read_bytes()

    def test_torn_behind_our_back(self, path):
        """
        An object that knows the file repairs what another process left torn.
        """
        file = FulfilmentFile(str(path), folder=str(path.parent))
        file.push([sent("a")])
        for cut in range(1, len(self.LAST)):
            with path.open("ab") as other:
                other.write(self.LAST[:cut])
            assert ["row:1"] == file.push([sent("a")])
            assert ["a"] == keys_of(path)[:1]
            path.write_bytes(self.BEFORE)

    def test_complete_row_without_newline_is_kept(self, path):
        """
        A row that lacks only its line end was told to somebody: it stays.
        """
        path.write_bytes((self.BEFORE + self.LAST).rstrip(b"\r\n"))

        assert ["row:3"] == FulfilmentFile(str(path), folder=str(path.parent)).push(
            [sent("c")]
        )
        assert ["a", "ü", "c"] == keys_of(path)

    def test_nul_block_is_cut_off(self, path):
        """
        Zeros behind the last row, as a power cut leaves them, are a torn record.
        """
        path.write_bytes(self.BEFORE + b"\0" * 512)

        assert ["row:2"] == FulfilmentFile(str(path), folder=str(path.parent)).push(
            [sent("b")]
        )
        assert ["a", "b"] == keys_of(path)


class TestForeignHands:
    @pytest.mark.parametrize(
        "content",
        [
            b"InvoiceNo,StockCode\r\n1,2\r\n",
            b"no newline at all",
            b"idempotency_key;order_number;parcel\r\n",
            b"\xff\xfe\r\n",
            TestTornTail.BEFORE + b'"x"y,1\r\n' + TestTornTail.LAST,
            TestTornTail.BEFORE + b"\xff\r\n" + TestTornTail.LAST,
        ],
    )
    def test_another_file_is_left_alone(self, path, content):
        """
        A file that is not ours, or damaged before its end, is refused and unchanged.
        """
        path.write_bytes(content)
        (outcome,) = FulfilmentFile(str(path), folder=str(path.parent)).push(
            [sent("a")]
        )

        assert isinstance(outcome, DeclinedError)
        assert content == path.read_bytes()

    def test_saved_by_a_spreadsheet(self, path):
        """
        A BOM and blank lines do not hide the keys.
        """
        path.write_bytes(b"\xef\xbb\xbf" + TestTornTail.BEFORE + b"\r\n")

        assert ["row:1", "row:2"] == FulfilmentFile(
            str(path), folder=str(path.parent)
        ).push([sent("a"), sent("b")])

    @pytest.mark.parametrize("delimiter", [";", "\t"])
    @pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
    @pytest.mark.parametrize("is_known", [True, False])
    def test_saved_with_other_delimiters(self, path, delimiter, mark, is_known):
        """
        A spreadsheet saves with the delimiters of its country: the file is ours all the
        same, and goes on with them, whoever wrote it before.
        """
        file = FulfilmentFile(str(path), folder=str(path.parent))
        lines = tuple(FulfilmentLine(f"a line of {i}", 9) for i in range(20))
        one = sent("a", carrier="=Post; and Co.", lines=lines)
        file.push([one])
        before = encode_header().replace(b",", delimiter.encode())
        before += encode_notice(one, delimiter=delimiter)
        path.write_bytes(mark + before)
        if not is_known:
            file = FulfilmentFile(str(path), folder=str(path.parent))

        assert ["row:1", "row:2"] == file.push([one, sent("b")])
        assert ["row:2", "row:3"] == file.push([sent("b"), sent("c")])
        after = [encode_notice(sent(key), delimiter=delimiter) for key in "bc"]
        assert mark + before + b"".join(after) == path.read_bytes()

    @pytest.mark.parametrize("cut", range(len(TestTornTail.LAST)))
    def test_a_torn_row_of_other_delimiters(self, path, cut):
        """
        Wherever the last row tore, it is cut off or kept whole.
        """
        header = encode_header().replace(b",", b";")
        first, last = (encode_notice(sent(k), delimiter=";") for k in "ab")
        path.write_bytes(header + first + last[:cut])
        file = FulfilmentFile(str(path), folder=str(path.parent))

        assert ["row:2", "row:1"] == file.push([sent("b"), sent("a")])
        assert header + first + last == path.read_bytes()

    @pytest.mark.parametrize("in_place", [True, False])
    def test_replaced_file_is_read_again(self, path, in_place):
        """
        Keys of a file that was replaced, or cut in place, are not remembered.
        """
        file = FulfilmentFile(str(path), folder=str(path.parent))
        file.push([sent("a"), sent("b"), sent("c")])
        new = path if in_place else path.with_name("new.csv")
        new.write_bytes(TestTornTail.BEFORE)
        new.replace(path)

        assert ["row:1", "row:2"] == file.push([sent("a"), sent("b")])
        assert ["a", "b"] == keys_of(path)

    def test_rewritten_in_place_is_noticed(self, path):
        """
        Other rows of the same or greater length in the same file are noticed too.
        """
        file = FulfilmentFile(str(path), folder=str(path.parent))
        file.push([sent("a")])
        path.write_bytes(TestTornTail.BEFORE.replace(b"a,", b"x,", 1))
        other = encode_header() + encode_notice(
            sent("y", tracking_number="Z" * 80, lines=(FulfilmentLine("9", 9),))
        )
        path.write_bytes(other)

        assert ["row:2"] == file.push([sent("a")])
        assert ["y", "a"] == keys_of(path)


class TestFailures:
    def test_missing_directory_is_declined(self, tmp_path):
        """
        Where nothing can be written, nothing happened.
        """
        outcomes = FulfilmentFile("no/x.csv", folder=str(tmp_path)).push(
            [sent("a"), sent("b")]
        )

        assert [DeclinedError, DeclinedError] == [type(o) for o in outcomes]

    def test_full_disk_is_an_unknown_outcome(self, path):
        """
        A write that fails half way leaves the outcome unknown; the next push mends it.
        """
        file = FulfilmentFile(str(path), folder=str(path.parent))
        file.push([sent("a")])
        bad = sent("b", carrier="\ud800")
        _, hard = limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20, hard))
        try:
            outcomes = file.push([sent("c"), bad, sent("a")])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

        kinds = [UnknownOutcomeError, DeclinedError, UnknownOutcomeError]
        assert kinds == [type(outcome) for outcome in outcomes]
        assert len(TestTornTail.BEFORE) + 20 == path.stat().st_size
        assert ["row:2", "row:1"] == file.push([sent("c"), sent("a")])
        assert ["a", "c"] == keys_of(path)

    def test_unreadable_texts_are_declined_alone(self, path):
        """
        A text that could not be read back is refused; the rest of the batch goes on.
        """
        outcomes = FulfilmentFile(str(path), folder=str(path.parent)).push(
            [
                sent("a", carrier="\ud800"),
                sent("b", tracking_number="x" * 131_073),
                sent("c", tracking_number="x" * 131_072),
            ]
        )

        assert [DeclinedError, DeclinedError, str] == [type(o) for o in outcomes]
        assert ["c"] == keys_of(path)
        assert ["row:1"] == FulfilmentFile(str(path), folder=str(path.parent)).push(
            [sent("c")]
        )


class TestCost:
    def test_reading_does_not_grow_with_the_file(self, path):
        """
        After a thousand rows a push reads as many bytes as after the second.
        """
        file = FulfilmentFile(str(path), folder=str(path.parent))
        costs = []
        for i in range(1000):
            before = file.bytes_read
            file.push([sent(f"key-{i:04}")])
            costs.append(file.bytes_read - before)

        assert {128} == set(costs[1:])

    def test_only_the_tail_of_others_is_read(self, path):
        """
        What another writer appended is read, and nothing before it.
        """
        mine, other = (
            FulfilmentFile(str(path), folder=str(path.parent)),
            FulfilmentFile(str(path), folder=str(path.parent)),
        )
        mine.push([sent(f"m{i}") for i in range(500)])
        other.push([sent("o1")])
        size = path.stat().st_size
        before = mine.bytes_read

        assert ["row:501"] == mine.push([sent("o1")])
        appended = len(encode_notice(sent("o1")))
        assert mine.bytes_read - before <= appended + 4 * 64 < size


CHILD = """
import sys
from datetime import UTC, datetime
from sourcehere.builtin.file_fulfilments import FulfilmentFile
from sourcehere.ports.platforms import Fulfilment, FulfilmentLine

def sent(key):
    return Fulfilment(
        idempotency_key=key, external_id="1", number="1", parcel_id="p", carrier="c",
        tracking_number="t", lines=(FulfilmentLine("1", 1),),
        shipped_at=datetime(2026, 3, 1, tzinfo=UTC),
    )

file = FulfilmentFile(sys.argv[1], folder="/")
print("ready", flush=True)
sys.stdin.readline()
for i in range(0, 120, 3):
    print(*file.push([sent(f"k{j}") for j in range(i, i + 3)]))
"""


@pytest.mark.slow
def test_two_processes_write_each_key_once(path):
    """
    Processes that push the same keys at once write one row each, and agree which.
    """
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for _ in range(2)
    ]
    for child in children:
        assert "ready\n" == child.stdout.readline()
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    told = [child.communicate()[0] for child in children]

    assert [0, 0] == [child.returncode for child in children]
    assert told[0] == told[1]
    assert {1} == set(collections.Counter(keys_of(path)).values())
    assert 120 == len(keys_of(path))
