"""Frames are what the library would have made."""

import pytest
from websockets.frames import Frame, Opcode

from dashboard.gateway.frames import text_frame


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
def test_a_frame_is_the_librarys_own_byte_for_byte(length: int) -> None:
    payload = b"x" * length
    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)
