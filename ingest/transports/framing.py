"""Where one message ends and the next begins in a stream of bytes: lines, XML events, TAK's protobuf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, Protocol, get_args

from ingest.errors import TransportError

Framing = Literal["line", "xml", "tak"]
FRAMINGS = get_args(Framing)
_ENDS: dict[str, re.Pattern[bytes]] = {
    "line": re.compile(rb"\n"),
    "xml": re.compile(rb"</event[ \t\r\n]*>"),
}
_LONGEST_END = 32
"""An end that is longer, for the blanks in it, is none."""
TAK_HEADER = 0xBF
"""Before each message, and after it the message's length. Source: TAK protocol, version 1, stream header."""
_LENGTH_BYTES = 5
"""Of a variable-length number below 2^35; a longer one is none."""
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Frame(NamedTuple):
    """One message. is_cut: it was over the limit; what is here is its beginning, the rest is skipped."""

    body: bytes
    is_cut: bool = False


class Cutter(Protocol):
    """Cuts a stream into frames."""

    @property
    def is_half_way(self) -> bool:
        """Whether a frame has begun and not ended."""
        ...

    def add(self, piece: bytes) -> Iterator[Frame]:
        """The frames that `piece` completes. Raises TransportError for what the framing cannot be."""
        ...


def cutter(framing: Framing, max_bytes: int) -> Cutter:
    """What cuts a stream of this framing into frames of at most `max_bytes`."""
    return TakFrames(max_bytes) if framing == "tak" else Frames(framing, max_bytes)


class Frames:
    """Cuts what comes into frames of at most `max_bytes`.

    line: ended by a line feed; empty ones are left out. xml: each up to `</event>`, as Cursor on Target
    streams them. A frame over the limit is given cut, and what follows it is found again at the next end.
    """

    def __init__(self, framing: Literal["line", "xml"], max_bytes: int) -> None:
        self._end = _ENDS[framing]
        self._is_xml = framing == "xml"
        self._max_bytes = max_bytes
        self._buffer = bytearray()
        self._searched = 0
        self._skipping = False

    @property
    def is_half_way(self) -> bool:
        """Whether a frame has begun and not ended."""
        return self._skipping or bool(self._buffer.strip())

    def add(self, piece: bytes) -> Iterator[Frame]:
        """The frames that `piece` completes. Raises TransportError for XML that brings a document type."""
        self._buffer += piece
        while end := self._end.search(self._buffer, max(self._searched - _LONGEST_END, 0)):
            body = bytes(self._buffer[: end.end()]).strip()
            del self._buffer[: end.end()]
            self._searched = 0
            if self._skipping:
                self._skipping = False
            elif len(body) > self._max_bytes:
                yield Frame(body[: self._max_bytes], is_cut=True)
            elif body:
                self._refuse_dtd(body)
                yield Frame(body)
        self._searched = len(self._buffer)
        if self._skipping:
            del self._buffer[:-_LONGEST_END]
        elif len(self._buffer) > self._max_bytes + _LONGEST_END:
            body = bytes(self._buffer[: self._max_bytes])
            del self._buffer[:-_LONGEST_END]
            self._skipping = True
            yield Frame(body, is_cut=True)
        self._searched = len(self._buffer)

    def _refuse_dtd(self, body: bytes) -> None:
        if self._is_xml and _DTD.search(body):
            raise TransportError("sends a document type with its XML, which is refused")


class TakFrames:
    """Cuts a stream of the TAK protocol's version 1: a header, a length, and so many bytes of protobuf.

    A frame keeps its header and length. One over the limit is given cut, and what follows it is found again.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._buffer = bytearray()
        self._skip = 0

    @property
    def is_half_way(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._skip or self._buffer)

    def add(self, piece: bytes) -> Iterator[Frame]:
        """The frames that `piece` completes. Raises TransportError for what is no such stream."""
        self._buffer += piece
        while self._buffer:
            if self._skip:
                skipped = min(self._skip, len(self._buffer))
                del self._buffer[:skipped]
                self._skip -= skipped
                continue
            size = self._size()
            if size > self._max_bytes and len(self._buffer) >= self._max_bytes:
                yield Frame(bytes(self._buffer[: self._max_bytes]), is_cut=True)
                self._skip = size
            elif size and size <= len(self._buffer):
                yield Frame(bytes(self._buffer[:size]))
                del self._buffer[:size]
            else:
                return

    def _size(self) -> int:
        """Of the frame that begins the buffer, header and all; 0 where that has not come yet."""
        if self._buffer[0] != TAK_HEADER:
            raise TransportError(f"sends {self._buffer[0]:#04x} where a message of the TAK protocol begins")
        length = 0
        for index, byte in enumerate(self._buffer[1 : 1 + _LENGTH_BYTES]):
            length |= (byte & 0x7F) << 7 * index
            if not byte & 0x80:
                return 2 + index + length
        if len(self._buffer) > _LENGTH_BYTES:
            raise TransportError("sends a message of the TAK protocol without a length")
        return 0
