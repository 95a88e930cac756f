"""The bytes of a file, unpacked by what it begins with; damage ends them, and is named."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Mapping
from typing import IO, Any

from scireasoner.errors import MissingTool

BLOCK = 1 << 18


class Tap(io.RawIOBase):
    """Reads from ``pull`` until it ends or fails; a failure is kept in ``fault``."""

    def __init__(self, pull: Callable[[int], bytes], fault: str | None = None) -> None:
        self.fault = fault
        self._pull = pull

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; 0 bytes at the end and where a failure cut the stream short."""
        if self.fault is not None:
            return 0
        try:
            data = self._pull(len(buffer))
        except (EOFError, OSError, zlib.error, lzma.LZMAError) as error:
            self.fault = f"the file ends early or is damaged ({error})"
            return 0
        buffer[: len(data)] = data
        return len(data)


def _gzip(raw: IO[bytes]) -> Callable[[int], bytes]:
    return gzip.GzipFile(fileobj=raw).read1


def _bz2(raw: IO[bytes]) -> Callable[[int], bytes]:
    return bz2.BZ2File(raw).read1


def _xz(raw: IO[bytes]) -> Callable[[int], bytes]:
    return lzma.LZMAFile(raw).read1


def _zstd(raw: IO[bytes]) -> Callable[[int], bytes]:
    try:
        import pyarrow
    except ImportError:
        raise MissingTool("pyarrow", "reading zstd files", "pip install pyarrow") from None
    stream = pyarrow.CompressedInputStream(pyarrow.PythonFile(raw, "r"), "zstd")

    def pull(size: int) -> bytes:
        return bytes(stream.read(size))

    return pull


_PACKINGS: Mapping[bytes, Callable[[IO[bytes]], Callable[[int], bytes]]] = {
    b"\x1f\x8b": _gzip,
    b"BZh": _bz2,
    b"\xfd7zXZ\x00": _xz,
    b"\x28\xb5\x2f\xfd": _zstd,
}
_FOREIGN: Mapping[bytes, str] = {
    b"PK\x03\x04": "a zip archive: unpack it and give the files in it",
    b"7z\xbc\xaf": "a 7z archive: unpack it and give the files in it",
    b"\xff\xfe": "UTF-16 text: convert it with `iconv -f UTF-16 -t UTF-8`",
    b"\xfe\xff": "UTF-16 text: convert it with `iconv -f UTF-16 -t UTF-8`",
}


class _Again(io.RawIOBase):
    """A stream whose first bytes were looked at and come once more."""

    def __init__(self, head: bytes, raw: IO[bytes]) -> None:
        self._head, self._raw = head, raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head[: len(buffer)] or self._raw.read(len(buffer))
        self._head = self._head[len(data) :]
        buffer[: len(data)] = data
        return len(data)


def _head(raw: IO[bytes], size: int) -> bytes:
    head = b""
    while len(head) < size and (more := raw.read(size - len(head))):
        head += more
    return head


def unpacked(raw: IO[bytes]) -> Tap:
    """Return the stream without its packing (gzip, zstd, bz2, xz), and without a mark of UTF-8."""
    head = _head(raw, 6)
    again = io.BufferedReader(_Again(head, raw), BLOCK)
    for magic, packing in _PACKINGS.items():
        if head.startswith(magic):
            pull = packing(again)
            # Look inside too: a zip in a gzip, or UTF-16 in it, is no text either.
            return _plain(pull)
    return _plain(again.read1)


def _plain(pull: Callable[[int], bytes]) -> Tap:
    tap = Tap(pull)
    inside = io.BufferedReader(tap, BLOCK)
    head = inside.peek(4)[:4]
    for magic, reason in _FOREIGN.items():
        if head.startswith(magic):
            return Tap(inside.read1, reason)
    if head.startswith(b"\xef\xbb\xbf"):
        inside.read(3)
    return _Chained(inside, tap)


class _Chained(Tap):
    """The rest of a buffered tap; the fault is that of the tap below."""

    def __init__(self, inside: io.BufferedReader[Tap], below: Tap) -> None:
        super().__init__(inside.read1)
        self._below = below

    def readinto(self, buffer: Any) -> int:
        size = super().readinto(buffer)
        self.fault = self.fault or (None if size else self._below.fault)
        return size
