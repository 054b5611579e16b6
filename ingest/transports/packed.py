"""A body as it comes, unpacked and counted: never more than is allowed, never a half taken for a whole."""

from __future__ import annotations

import zlib

from ingest.errors import TransportError

PIECE_BYTES = 65_536
_GZIP = zlib.MAX_WBITS | 16
ENCODINGS = ("", "identity", "gzip", "x-gzip")


class Body:
    """Collects one body of at most `max_bytes` once unpacked.

    encoding: the Content-Encoding. Raises TransportError for one that nobody asked for.
    """

    def __init__(self, encoding: str, max_bytes: int) -> None:
        encoding = encoding.strip().lower()
        if encoding not in ENCODINGS:
            raise TransportError(f"packs its answer as {encoding[:40]!r}, which was not asked for")
        self._packed = encoding.endswith("gzip")
        self._unpacking = zlib.decompressobj(_GZIP) if self._packed else None
        self._max_bytes = max_bytes
        self._body = bytearray()
        self.came_bytes = 0

    def expect(self, length: int) -> None:
        """What is announced to come. Raises TransportError where it is too much already."""
        if length > self._max_bytes:
            self._too_much()

    def add(self, piece: bytes) -> None:
        """Take what came. Raises TransportError once it is too much, or is not what it says."""
        self.came_bytes += len(piece)
        # Gzip adds little to what cannot be packed, and members that hold nothing must end as well.
        if self.came_bytes > self._max_bytes + PIECE_BYTES:
            self._too_much()
        if self._unpacking is None:
            self._keep(piece)
            return
        try:
            self._unpack(self._unpacking, piece)
        except zlib.error as error:
            raise TransportError(f"sent a body that is not gzip: {error}") from None

    def whole(self) -> bytes:
        """The body. Raises TransportError where its packing stops half-way."""
        if self._unpacking and self.came_bytes and not self._unpacking.eof:
            raise TransportError(f"stopped half-way through its answer, after {self.came_bytes:,} bytes")
        return bytes(self._body)

    def _unpack(self, unpacking: zlib._Decompress, piece: bytes) -> None:
        while piece:
            if unpacking.eof:
                unpacking = self._unpacking = zlib.decompressobj(_GZIP)
            self._keep(unpacking.decompress(piece, PIECE_BYTES))
            piece = unpacking.unused_data if unpacking.eof else unpacking.unconsumed_tail

    def _keep(self, piece: bytes) -> None:
        self._body += piece
        if len(self._body) > self._max_bytes:
            self._too_much()

    def _too_much(self) -> None:
        raise TransportError(f"answers with more than the {self._max_bytes:,} bytes allowed")
