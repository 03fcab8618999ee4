"""
Appending fulfilments to a shop's file: one row per idempotency key, whoever writes.
"""

import codecs
import io
import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta

from ..plugins.files import locked_below, open_below, sync_parent
from ..ports.errors import (
    DeclinedError,
    ProviderError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from ..ports.platforms import ParcelNotice
from .file_content import PROVIDER
from .file_tail import (
    HEADER,
    HEADER_BEFORE,
    DamagedFileError,
    Tail,
    UnwritableError,
    encode_header,
    encode_notice,
    read_tail,
)

FULFILMENTS_MAX = 2**30  # bytes
LOCK_SECONDS = 5.0
_LATER = timedelta(seconds=30)
_GUARD_LENGTH = 64


class FulfilmentFile:
    """
    A CSV file of pushed fulfilments that several processes may append to.

    A push costs the same however long the file is: the keys read once are remembered,
    and only what others appended since is read. A file that was replaced or cut is
    read again from its beginning.

    Each push, under a lock file beside it:

    1. Reads the keys that others appended.
    2. Cuts off a torn last record, which nobody was told is written.
    3. Appends the rows of new keys in one write, and waits until the disk has them.

    Whoever waits longer than 5 seconds for the lock is told to come back later.

    Attributes:
        bytes_read: How much was read of the file so far.
    """

    def __init__(self, path: str, *, folder: str) -> None:
        self._path = path
        self._folder = folder
        self.bytes_read = 0
        self._forget()

    def push(self, notices: Sequence[ParcelNotice]) -> list[str | Exception]:
        """
        Append what is new of *notices*; per notice its row, or what failed.

        Returns:
            `row:<number>`, counted from 1 behind the header; of a key that was there
            before, the row it has. Else a `ProviderError`.
        """
        if not notices:
            return []
        try:
            with self._locked(), self._open() as file:
                tail = self._catch_up(file)
                return self._append(file, tail, notices)
        except (DamagedFileError, OSError) as error:
            failure = self._failed(error)
        return [failure for _ in notices]

    def check(self) -> None:
        """
        Try whether rows could be appended; a file that is not there is made, empty.

        Raises:
            ProviderError: If they could not.
        """
        try:
            with self._locked(), self._open() as file:
                self._catch_up(file)
        except (DamagedFileError, OSError) as error:
            raise self._failed(error) from error

    def _failed(self, error: DamagedFileError | OSError) -> ProviderError:
        match error:
            case TimeoutError():
                return self._busy(_words(error))
            case DamagedFileError():
                return self._failure(DeclinedError, str(error))
            case PermissionError():
                return self._failure(UnauthorizedError, _words(error))
        return self._failure(DeclinedError, _words(error))

    def _failure(self, kind: type[ProviderError], detail: str) -> ProviderError:
        return kind(provider=PROVIDER, detail=f"{self._path}: {detail}")

    def _busy(self, detail: str) -> ThrottledError:
        return ThrottledError(
            provider=PROVIDER, detail=f"{self._path}: {detail}", retry_after=_LATER
        )

    def _locked(self) -> AbstractContextManager[None]:
        lock = f"{self._path}.lock"
        return locked_below(self._folder, lock, seconds=LOCK_SECONDS)

    def _open(self) -> io.FileIO:
        flags = os.O_RDWR | os.O_CREAT
        descriptor = open_below(
            self._folder, self._path, flags=flags, most=FULFILMENTS_MAX
        )
        # Unbuffered, so that closing never writes again what failed to be written.
        return io.FileIO(descriptor, "r+")

    def _forget(self) -> None:
        self._identity = (0, 0)
        self._offset = 0  # behind the last record whose key is remembered
        self._guard = b""  # the bytes before the offset: are they still the same?
        self._name_is_durable = False
        self._rows = 0
        self._row_of_key: dict[str, int] = {}
        self._header: tuple[str, ...] = HEADER
        self._delimiter = ""  # what the file's header has
        self._head = b""  # a spreadsheet may change no more than the delimiters

    def _catch_up(self, file: io.FileIO) -> Tail:
        """
        Remember the keys behind the offset; return what was found there.
        """
        status = os.fstat(file.fileno())
        identity = (status.st_dev, status.st_ino)
        if identity != self._identity or not self._guard_holds(file, status.st_size):
            self._forget()
            self._identity = identity
        file.seek(self._offset)
        reader = io.BufferedReader(file)
        try:
            tail = read_tail(reader, delimiter=self._delimiter)
        finally:
            reader.detach()  # else the file would be closed with the reader
        self.bytes_read += tail.length_read
        keys = tail.keys
        if self._offset == 0:
            self._require_header(file, tail)
            keys = keys[1:]
            self._delimiter = tail.delimiter
            file.seek(0)
            self._head = _read(file, min(tail.length, _GUARD_LENGTH))
        for key in keys:
            self._rows += 1
            self._row_of_key.setdefault(key, self._rows)
        self._offset += tail.length
        if tail.length:
            file.seek(max(0, self._offset - _GUARD_LENGTH))
            self._guard = _read(file, min(self._offset, _GUARD_LENGTH))
            self.bytes_read += len(self._guard)
        return tail

    def _require_header(self, file: io.FileIO, tail: Tail) -> None:
        """
        Refuse a file that is not ours, before anything in it is cut off.
        """
        if tail.first:
            first, *others = tail.first
            found = (first.removeprefix("\ufeff"), *others)
            if found in (HEADER, HEADER_BEFORE):
                self._header = found
                return
        elif tail.length_read < len(encode_header()):
            file.seek(0)
            torn = _read(file, tail.length_read)
            if encode_header().startswith(torn.removeprefix(codecs.BOM_UTF8)):
                return
        msg = f"is no fulfilment file: its header is not {','.join(HEADER)}"
        raise DamagedFileError(msg)

    def _guard_holds(self, file: io.FileIO, size: int) -> bool:
        if size < self._offset:
            return False
        return self._reads(file, 0, self._head) and self._reads(
            file, self._offset - len(self._guard), self._guard
        )

    def _reads(self, file: io.FileIO, place: int, known: bytes) -> bool:
        file.seek(place)
        self.bytes_read += len(known)
        return _read(file, len(known)) == known

    def _append(
        self, file: io.FileIO, tail: Tail, notices: Sequence[ParcelNotice]
    ) -> list[str | Exception]:
        outcomes: list[str | Exception] = []
        new: dict[str, int] = {}
        rows: list[bytes] = []
        for notice in notices:
            key = notice.idempotency_key
            row = self._row_of_key.get(key) or new.get(key)
            if row is None:
                try:
                    row_of = encode_notice(
                        notice, self._header, delimiter=self._delimiter
                    )
                except UnwritableError as refusal:
                    outcomes.append(self._failure(DeclinedError, str(refusal)))
                    continue
                rows.append(row_of)
                row = new[key] = self._rows + len(rows)
            outcomes.append(f"row:{row}")

        if tail.length < tail.length_read:
            file.truncate(self._offset)
        try:
            self._write(file, tail, b"".join(rows))
        except OSError as error:
            self._forget()  # what was read may not be on the disk: wait for it again
            return [
                outcome
                if isinstance(outcome, DeclinedError)
                else self._failure(UnknownOutcomeError, _words(error))
                for outcome in outcomes
            ]
        self._row_of_key.update(new)
        self._rows += len(rows)
        return outcomes

    def _write(self, file: io.FileIO, tail: Tail, rows: bytes) -> None:
        """
        Put *rows* behind the last complete record, on the disk itself.

        What others appended is waited for too: whoever wrote it may have died before
        the disk had it, and its reference is about to be given out.
        """
        block = tail.missing + rows
        if self._offset == 0:
            block = encode_header() + block
            self._head = block[:_GUARD_LENGTH]
        file.seek(self._offset)
        _write_all(file, block)
        if block or tail.length_read:
            os.fsync(file.fileno())
        if not self._name_is_durable:
            sync_parent(self._folder, self._path)
            self._name_is_durable = True
        self._offset += len(block)
        self._guard = (self._guard + block)[-_GUARD_LENGTH:]


def _read(file: io.FileIO, length: int) -> bytes:
    data = b""
    while len(data) < length and (more := file.read(length - len(data))):
        data += more
    return data


def _write_all(file: io.FileIO, block: bytes) -> None:
    left = memoryview(block)
    while left:
        left = left[file.write(left) :]


def _words(error: OSError) -> str:
    return error.strerror or type(error).__name__
