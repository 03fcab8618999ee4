"""
A network between a client and PostgreSQL: a process that passes bytes on a little
later, and counts.
"""

import asyncio
import multiprocessing
import socket
import struct
from contextlib import contextmanager

# Messages of a client that make the server do something.
_DOES = {ord("Q"), ord("E"), ord("F")}


class Wire:
    """
    What passed so far.

    Attributes:
        port: Where clients connect, on this machine.
    """

    def __init__(self, port, trips, statements):
        self.port, self._trips, self._statements = port, trips, statements

    def counts(self):
        """
        Return how often a client waited for the server, and the statements it sent.
        """
        return self._trips.value, self._statements.value


@contextmanager
def wire(unix_socket, round_trip=0.0):
    """
    Serve PostgreSQL's socket by TCP, with *round_trip* seconds between a question and
    its answer beside what the server takes.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    trips, statements = (multiprocessing.Value("q", 0) for _ in range(2))
    given = (listening, unix_socket, round_trip / 2, trips, statements)
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_run, args=given, daemon=True)
    process.start()
    port = listening.getsockname()[1]
    listening.close()
    try:
        yield Wire(port, trips, statements)
    finally:
        process.kill()
        process.join()


def _run(listening, unix_socket, delay, trips, statements):
    asyncio.run(_serve(listening, unix_socket, delay, trips, statements))


async def _serve(listening, unix_socket, delay, trips, statements):
    async def connected(reader, writer):
        # As the server does: no answer waits until the one before is confirmed.
        told = writer.get_extra_info("socket")
        told.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        to_server = await asyncio.open_unix_connection(unix_socket)
        state = {"asked": False}
        frames = _Frames()

        def asked(data):
            state["asked"] = True
            statements.value += frames.count(data)

        def answered(_data):
            if state["asked"]:
                state["asked"] = False
                trips.value += 1

        await asyncio.gather(
            _pass(reader, to_server[1], delay, asked),
            _pass(to_server[0], writer, delay, answered),
        )

    server = await asyncio.start_server(connected, sock=listening)
    async with server:
        await server.serve_forever()


async def _pass(reader, writer, delay, noted):
    loop = asyncio.get_running_loop()
    while data := await reader.read(1 << 16):
        noted(data)
        if delay:
            loop.call_later(delay, writer.write, data)
        else:
            writer.write(data)
    if delay:
        await asyncio.sleep(2 * delay)
    writer.close()


class _Frames:
    """
    Counts statements in what a client says: a byte for what it is, four for how long.
    """

    def __init__(self):
        self._data, self._is_begun = b"", False

    def count(self, data):
        """
        Take more of it.
        """
        self._data += data
        found = 0
        while len(self._data) >= 5:
            head = 1 if self._is_begun else 0  # the first message has no name
            size = head + struct.unpack_from("!I", self._data, head)[0]
            if len(self._data) < size:
                break
            found += self._is_begun and self._data[0] in _DOES
            is_question = not self._is_begun and size == 8  # may we encrypt?
            self._is_begun = self._is_begun or not is_question
            self._data = self._data[size:]
        return found
