"""A WebSocket frame, header and all, built once for every client that it goes to."""

from __future__ import annotations

import struct

_TEXT = 0x81
"""FIN and opcode 1; a server's frames are not masked. RFC 6455, section 5.2."""


def text_frame(payload: bytes) -> bytes:
    """One unfragmented text frame around UTF-8 text."""
    length = len(payload)
    if length < 126:
        return bytes((_TEXT, length)) + payload
    if length < 65_536:
        return struct.pack("!BBH", _TEXT, 126, length) + payload
    return struct.pack("!BBQ", _TEXT, 127, length) + payload
