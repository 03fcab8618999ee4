"""
The files of a shop: below the host's folder, regular, small, and never waited for.
"""

import os
import stat
import threading
from datetime import timedelta

import pytest
from leaky import file_config

import sourcehere
from sourcehere.plugins import files
from sourcehere.plugins.files import locked_below
from sourcehere.ports.errors import ConfigError, DeclinedError
from sourcehere.testing.factories import STAFF, nothing_moves

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")


def connect(bench, seller="demo", store="file", **config):
    """
    Connect a shop that is a file.
    """
    desk = bench.sh.seller(seller).stores
    return desk.connect(store, platform="file", config=file_config(**config))


def numbers(bench, seller="demo"):
    """
    Return the numbers of a seller's orders.
    """
    return [order.number for order in bench.sh.seller(seller).orders.list()]


class TestPaths:
    def test_each_seller_has_a_folder(self, world):
        """
        The same words name another file for each seller.
        """
        connect(world)
        connect(world, "other")
        world.sh.seller("demo").stores.sync("file")
        world.sh.seller("other").stores.sync_many(["file"])

        assert ["demo-1"] == numbers(world)
        assert ["other-1"] == numbers(world, "other")

    @pytest.mark.parametrize(
        "path",
        [
            "../demo/orders.csv",
            "x/../../demo/orders.csv",
            "{shops}/demo/orders.csv",
            "/etc/passwd",
            ".",
        ],
    )
    def test_no_path_leads_out(self, world, tmp_path, path):
        """
        What names a file elsewhere is refused when the shop is connected.
        """
        path = path.format(shops=tmp_path / "shops")
        for field, config in (("path", {"path": path}), ("sent", {"sent": path})):
            with nothing_moves(world), pytest.raises(ConfigError) as ei:
                connect(world, "other", **config)

            (problem,) = ei.value.problems
            expected = "path" if field == "path" else "fulfilments_path"
            assert expected == problem.field
            assert "leads out of the folder for shops' files" == problem.words
        assert not (tmp_path / "sent.csv").exists()

    def test_an_absolute_path_within_is_fine(self, world, tmp_path):
        """
        A path may be written in full.
        """
        connect(world, path=str(tmp_path / "shops" / "demo" / "orders.csv"))

        assert 1 == world.sh.seller("demo").stores.sync("file").orders

    def test_no_folder_no_files(self, open_world):
        """
        Without a folder of the host's, no shop is a file; `{seller}` is no folder for
        what has no seller.
        """
        bench = open_world(folder="")
        with nothing_moves(bench), pytest.raises(ConfigError) as ei:
            connect(bench)

        assert {"the host gave no folder for shops that are files"} == {
            problem.words for problem in ei.value.problems
        }
        assert "" == files.folder_of("/srv/{seller}", "")

    def test_the_command_works_below_the_present_folder(self, monkeypatch, tmp_path):
        """
        A host's own folder may be written as a relative one.
        """
        monkeypatch.chdir(tmp_path)
        (tmp_path / "orders.csv").write_text("x")
        with sourcehere.open(load_entry_points=False, folder=".") as sh:
            sh.staff("ann").sellers.register("demo", name="D", currency="USD")
            made = sh.seller("demo").stores.connect(
                "file", platform="file", config=file_config()
            )

        assert "file" == made.store_id


class TestKinds:
    def refusal(self, world):
        """
        Sync a shop whose file is refused; return why.
        """
        connect(world)
        with (
            nothing_moves(world),
            pytest.raises(DeclinedError) as ei,
        ):
            world.sh.seller("demo").stores.sync("file")
        return ei.value.detail

    @pytest.fixture
    def path(self, world, tmp_path):
        """
        Where the shop's file is to be; it is not there.
        """
        del world  # which makes the folders
        path = tmp_path / "shops" / "demo" / "orders.csv"
        path.unlink()
        return path

    def test_no_link_is_followed(self, world, path, tmp_path):
        """
        A link to another seller's file is not read.
        """
        path.symlink_to(tmp_path / "shops" / "other" / "orders.csv")

        assert "orders.csv: is a link, and links are not followed" == self.refusal(
            world
        )

    def test_no_link_of_a_folder_is_followed(self, world, path, tmp_path):
        """
        A link above the file leads nowhere either.
        """
        (path.parent / "sub").symlink_to(tmp_path / "shops" / "other")
        connect(world, path="sub/orders.csv")
        with pytest.raises(
            DeclinedError, match="is a link, and links are not followed"
        ):
            world.sh.seller("demo").stores.sync("file")

    @needs_pipes
    def test_a_pipe_does_not_hold_a_sync(self, world, path):
        """
        A pipe that nobody writes to is refused at once.
        """
        os.mkfifo(path)

        assert "orders.csv: is no regular file" == self.refusal(world)

    def test_a_folder_is_no_file(self, world, path):
        """
        A folder is refused.
        """
        path.mkdir()

        assert "orders.csv: is no regular file" == self.refusal(world)

    def test_a_device_is_not_read(self, open_world):
        """
        A device that never ends is refused, also where the host's folder has devices.
        """
        bench = open_world(folder="/dev")
        connect(bench, path="zero")
        with pytest.raises(DeclinedError) as ei:
            bench.sh.seller("demo").stores.sync("file")

        assert "zero: is no regular file" == ei.value.detail

    def test_a_large_file_is_not_read(self, world, path):
        """
        A file of more than 128 MiB is refused before a byte of it is read.
        """
        with path.open("wb") as file:
            file.truncate(2**27 + 1)

        assert "orders.csv: is larger than 134217728 bytes" == self.refusal(world)

    def test_a_file_that_grows_is_bounded(self, tmp_path):
        """
        What is appended between looking and reading does not come in either.
        """
        (tmp_path / "a").write_bytes(b"12345678")
        descriptor = files.open_below(str(tmp_path), "a", most=8)
        with (tmp_path / "a").open("ab") as more:
            more.write(b"9")

        with (
            os.fdopen(descriptor, "rb") as file,
            pytest.raises(OSError, match="than 8"),
        ):
            files.read_open(file, most=8)


class TestPushes:
    @pytest.fixture
    def sent(self, world, tmp_path):
        """
        Send an order of a shop that is a file, and return where that is to be told.
        """
        connect(world)
        shop = world.sh.seller("demo")
        shop.stores.sync("file")
        shop.connections.connect("file", [world.rule("CUP")])
        world.app.relay.run()
        (order,) = shop.orders.list()
        shop.checkouts.pay(shop.checkouts.open([order.order_id]))
        world.app.shipping.accept("demo", [order.order_id], by=STAFF)
        world.ship(order.order_id)
        return tmp_path / "shops" / "demo" / "sent.csv"

    def test_files_are_the_owners(self, world, sent):
        """
        What is made can be read by nobody else.
        """
        assert 1 == world.app.relay.run().delivered
        for path in (sent, sent.with_name("sent.csv.lock")):
            assert 0o600 == stat.S_IMODE(path.stat().st_mode)

    @needs_pipes
    def test_a_pipe_as_a_lock_stops_nobody_else(self, world, sent):
        """
        The relay goes on past a shop whose lock is no file.
        """
        os.mkfifo(sent.with_name("sent.csv.lock"))
        report = world.app.relay.run()
        (dead,) = world.app.relay.dead()

        assert 1 == report.dead
        assert "DeclinedError: file: sent.csv: is no regular file" == dead.error

    def test_a_link_is_not_written_to(self, world, sent, tmp_path):
        """
        A link in place of the file changes nothing elsewhere.
        """
        target = tmp_path / "target"
        sent.symlink_to(target)
        world.app.relay.run()
        (dead,) = world.app.relay.dead()

        assert not target.exists()
        assert dead.error.endswith("sent.csv: is a link, and links are not followed")

    def test_a_held_lock_is_waited_for_a_while(self, world, sent, monkeypatch):
        """
        A lock that is not given back postpones this shop's messages, without a try.
        """
        monkeypatch.setattr("sourcehere.builtin.file_fulfilments.LOCK_SECONDS", 0.01)
        before = world.clock.now()
        with locked_below(str(sent.parent), "sent.csv.lock", seconds=0):
            report = world.app.relay.run()
        (waiting,) = [m for m in world.app.relay.waiting() if m.channel == "store"]

        assert 1 == report.postponed
        assert "somebody else is writing to it" in waiting.error
        assert 0 == waiting.attempts
        assert before + timedelta(seconds=30) == waiting.next_at
        world.clock.advance(timedelta(seconds=30))
        assert 1 == world.app.relay.run().delivered

    def test_a_lock_is_given_on(self, tmp_path):
        """
        Whoever waits within the time has the lock next.
        """
        folder, had = str(tmp_path), []
        released = threading.Event()

        def wait():
            with locked_below(folder, "lock", seconds=10):
                had.append(released.is_set())

        with locked_below(folder, "lock", seconds=0):
            other = threading.Thread(target=wait)
            other.start()
            released.set()
        other.join()

        assert [True] == had
