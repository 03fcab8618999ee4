"""
A wire between a client and PostgreSQL that is cut at one message of theirs.
"""

import socket
import struct
import threading
from contextlib import contextmanager, suppress

import attrs
import sqlalchemy as sa

SERVER, CLIENT = "server", "client"
# Where it is cut: who spoke, and how much of the message is passed on.
CUTS = (
    (CLIENT, 0.0),  # the server never hears of it
    (CLIENT, 0.5),
    (CLIENT, 1.0),  # the server does what it says, and nobody hears of that
    (SERVER, 0.0),
    (SERVER, 0.5),
)


@attrs.define
class Cut:
    """
    What is to happen next to a wire.

    Attributes:
        who: Whose message it is, one of *SERVER* and *CLIENT*.

        part: How much of it is passed on.

        left: Messages of theirs that pass before it.

        is_done: Whether it has happened.
    """

    who: str
    part: float
    left: int
    is_done: bool = False


class Wire:
    """
    Passes messages on, and is cut once when it is told to; connections that are made
    afterwards are whole.
    """

    def __init__(self, folder):
        self._place = f"{folder}/.s.PGSQL.5432"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._lock, self._cut, self._threads, self._ends = (
            threading.Lock(),
            None,
            [],
            [],
        )
        self._start(self._take)

    def cut_at(self, who, part, number):
        """
        Let it be cut at a message, counted from now and from 0.
        """
        with self._lock:
            self._cut = Cut(who, part, number)
        return self._cut

    def mend(self):
        """
        Let all pass, whatever was told.
        """
        with self._lock:
            self._cut = None

    def close(self):
        """
        Take nobody on any more, and let go of those who are there.
        """
        for end in (self._listener, *self._ends):
            hang_up(end)
        for thread in self._threads:
            thread.join()

    def _start(self, do, *given):
        thread = threading.Thread(target=do, args=given)
        self._threads.append(thread)
        thread.start()

    def _take(self):
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._place)
                self._ends += [client, server]
                self._start(self._pass_on, CLIENT, client, server)
                self._start(self._pass_on, SERVER, server, client)

    def _pass_on(self, who, source, target):
        is_begun = who == SERVER  # a client's first message has no type before its size
        data = b""
        with suppress(OSError):
            while more := source.recv(1 << 16):
                data += more
                while size := size_of_first(data, is_begun=is_begun):
                    self._pass(who, data[:size], target)
                    data, is_begun = data[size:], True
        hang_up(source)
        hang_up(target)

    def _pass(self, who, message, target):
        with self._lock:
            cut = self._cut
            is_here = cut is not None and cut.who == who and not cut.is_done
            if is_here and cut.left:
                cut.left, is_here = cut.left - 1, False
            if is_here:
                cut.is_done = True
        if not is_here:
            target.sendall(message)
            return
        target.sendall(message[: round(len(message) * cut.part)])
        raise ConnectionAbortedError


def size_of_first(data, *, is_begun):
    """
    Return how long the first message is, or 0 while it is not there in full.
    """
    head = 1 if is_begun else 0
    if len(data) < head + 4:
        return 0
    size = head + struct.unpack_from("!i", data, head)[0]
    return size if len(data) >= size else 0


def hang_up(end):
    """
    Close, and wake up who waits for what it says.
    """
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def wired(postgres_url):
    """
    Serve a server's socket by a wire; yield it, and the URL that leads there.
    """
    url = sa.make_url(postgres_url)
    wire = Wire(url.query["host"])
    plain = {"sslmode": "disable", "gssencmode": "disable"}
    there = url.set(host="127.0.0.1", port=wire.port, query=plain)
    try:
        yield wire, there.render_as_string(hide_password=False)
    finally:
        wire.close()
