"""Where one message ends and the next begins in a stream of bytes: lines, or XML events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from ingest.errors import TransportError

Framing = Literal["line", "xml"]
_ENDS: dict[Framing, re.Pattern[bytes]] = {
    "line": re.compile(rb"\n"),
    "xml": re.compile(rb"</event[ \t\r\n]*>"),
}
_LONGEST_END = 32
"""An end that is longer, for the blanks in it, is none."""
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Frame(NamedTuple):
    """One message. is_cut: it was over the limit; what is here is its beginning, the rest is skipped."""

    body: bytes
    is_cut: bool = False


class Frames:
    """Cuts what comes into frames of at most `max_bytes`.

    line: ended by a line feed; empty ones are left out. xml: each up to `</event>`, as Cursor on Target
    streams them. A frame over the limit is given cut, and what follows it is found again at the next end.
    """

    def __init__(self, framing: Framing, max_bytes: int) -> None:
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
