"""
A pooler in transaction mode, as PgBouncer is one: of a few connections to the server,
each transaction of a client is given the one that has been free for longest.
"""

import select
import socket
import struct
import threading
from contextlib import closing, suppress
from queue import SimpleQueue

_SSL, _GSS, _VERSION = 80_877_103, 80_877_104, 196_608
_ENDS = frozenset("SQ")  # Sync and Query: the server answers that it is ready
_FLUSH = "H"  # asks for what there is already
_MOMENT = 0.01  # seconds


class ClosedError(Exception):
    """
    The other side is gone.
    """


def received(sock):
    """
    Read one message: its type, and its body.
    """
    head = exactly(sock, 5)
    (length,) = struct.unpack("!i", head[1:])
    return head[:1].decode(), head + exactly(sock, length - 4)


def exactly(sock, count):
    """
    Read *count* bytes.
    """
    data = b""
    while len(data) < count:
        try:
            more = sock.recv(count - len(data))
        except OSError:
            more = b""
        if not more:
            raise ClosedError
        data += more
    return data


def hang_up(sock):
    """
    Close, and wake up who waits for what it says.
    """
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()


def hello(sock):
    """
    Read what a client wants at first: to speak in cipher, or to begin.
    """
    (length,) = struct.unpack("!i", exactly(sock, 4))
    return struct.unpack("!i", exactly(sock, length - 4)[:4])[0]


class Talk:
    """
    What a client said and a server answered, since the client was given the server.

    """

    def __init__(self):
        self._answers, self._is_ahead, self._status = 0, False, b"I"

    def said(self, kind):
        """
        Note a message of the client's.
        """
        if kind != _FLUSH:
            self._is_ahead = kind not in _ENDS
            self._answers += not self._is_ahead

    def heard(self, message):
        """
        Note one of the server's, and tell whether it says that a transaction is over.
        """
        if message[:1] != b"Z":
            return False
        self._answers, self._status = self._answers - 1, message[5:]
        return self._status == b"I"

    @property
    def is_over(self):
        """
        Whether everything is answered, and the server is in no transaction.
        """
        return not self._answers and not self._is_ahead and self._status == b"I"


class Pooler:
    """
    Listens on a port of this machine, before the server with a socket in a folder.

    Attributes:
        ahead: How often a client went on before it heard that a transaction was over.
    """

    def __init__(self, folder, database, *, size=3):
        self.ahead = 0
        self._place, self._greeting = (folder, database), b""
        self._free = SimpleQueue()
        for _ in range(size):
            self._free.put(self._connected())
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._clients = {}
        self._taking = threading.Thread(target=self._take)
        self._taking.start()

    def close(self):
        """
        Take no more clients, let those that are there go, and leave the server.
        """
        hang_up(self._listener)
        self._taking.join()
        for client, serving in self._clients.items():
            hang_up(client)
            serving.join()
        while not self._free.empty():
            self._free.get().close()

    def _connected(self):
        folder, database = self._place
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{folder}/.s.PGSQL.5432")
        words = ("user", "postgres", "database", database, "client_encoding", "UTF8")
        said = b"".join(word.encode() + b"\0" for word in (*words, ""))
        body = struct.pack("!i", _VERSION) + said
        server.sendall(struct.pack("!i", len(body) + 4) + body)
        kind, self._greeting = "", b""
        while kind != "Z":
            kind, message = received(server)
            self._greeting += message
        return server

    def _take(self):
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                # An answer in many small messages would wait for the client to confirm.
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                serving = threading.Thread(target=self._serve, args=[client])
                self._clients[client] = serving
                serving.start()

    def _serve(self, client):
        with closing(client), suppress(ClosedError):
            while hello(client) in (_SSL, _GSS):
                client.sendall(b"N")
            client.sendall(self._greeting)
            while True:
                self._lend(client, *received(client))

    def _lend(self, client, kind, message):
        """
        Lend a client a connection for one transaction.

        If the client goes meanwhile, so does its transaction: the next one gets a new
        connection.
        """
        if kind == "X":
            raise ClosedError
        server = self._free.get()
        try:
            self.ahead += carry(client, server, kind, message)
        except BaseException:
            server.close()
            server = self._connected()
            raise
        finally:
            self._free.put(server)


def carry(client, server, kind, message):
    """
    Carry messages both ways until all is answered; tell whether the client went on
    before it heard that a transaction was over. Here it keeps the server; PgBouncer
    1.18 gives that to another client.
    """
    talk, is_ahead = Talk(), False
    talk.said(kind)
    server.sendall(message)
    while not talk.is_over:
        for ready in select.select([client, server], [], [])[0]:
            kind, message = received(ready)
            if kind == "X" and ready is client:
                raise ClosedError
            if ready is client:
                talk.said(kind)
                server.sendall(message)
                continue
            if talk.heard(message):
                # Who waits for this says nothing, however long it does not come.
                is_ahead |= not talk.is_over or says_more(client)
            client.sendall(message)
    return is_ahead


def says_more(client):
    """
    Tell whether a client says anything within a moment.
    """
    return bool(select.select([client], [], [], _MOMENT)[0])
