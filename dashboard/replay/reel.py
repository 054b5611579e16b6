"""A reel: the picture as it went for a while, as keyframes and what changed after each, in bytes.

A block is a keyframe, a whole tree, and the frames that follow it, each a merge patch at its instant.
So what was shown at an instant costs one block and no reducer, whatever lay behind it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import msgspec
import pyarrow as pa  # type: ignore[import-untyped]
from msgspec import Struct

from dashboard.picture.patch import merge

MAGIC = b"WFR1"
STRIDE = 32
"""Frames between two trees that a block keeps once they were needed."""
_LENGTH_BYTES = 4
_MOST_HEAD_BYTES = 4_000_000
_MOST_BLOCK_BYTES = 256_000_000

_pack = msgspec.msgpack.Encoder()
_tree_decoder = msgspec.json.Decoder(dict[str, Any])


class ReelError(Exception):
    """Bytes that are no reel of ours."""


class Frame(Struct, frozen=True, array_like=True):
    """What changed at one instant.

    ms: of the store's clock, since 1970. events: of how many entries; 0 where only time went by. told: how
    many of them tell of the world, and not of feeds or tracks. patch: a merge patch as JSON.
    """

    ms: int
    events: int
    told: int
    patch: bytes


class Stored(Struct, frozen=True, array_like=True):
    """A block in bytes. start_ms: of its keyframe, which is the tree before the first frame."""

    start_ms: int
    tree: bytes
    frames: list[Frame]


class Place(Struct, frozen=True, array_like=True):
    """Where a block is in its reel, in bytes after the head; told: in all its frames."""

    start_ms: int
    offset: int
    length: int
    size: int
    told: int


class Head(Struct, frozen=True):
    """What a reel holds: from its first keyframe to `end_ms`, which is no longer in it."""

    end_ms: int
    blocks: list[Place]


class Block:
    """A block that is looked at, or still filmed. Trees are shared and are not to be changed.

    end_ms: where it ends; 0 while it is filmed.
    """

    __slots__ = ("_trees", "end_ms", "first", "frames", "key", "size", "start_ms", "times")

    def __init__(self, stored: Stored, end_ms: int = 0, key: str = "") -> None:
        self.start_ms = stored.start_ms
        self.end_ms = end_ms
        self.key = key
        self.first = stored.tree
        self.frames = stored.frames
        self.times = [frame.ms for frame in stored.frames]
        self.size = len(stored.tree) + sum(len(frame.patch) for frame in stored.frames)
        self._trees: dict[int, dict[str, Any]] = {}

    def add(self, frame: Frame) -> None:
        """What changed next."""
        self.frames.append(frame)
        self.times.append(frame.ms)
        self.size += len(frame.patch)

    def count_at(self, ms: int) -> int:
        """How many of its frames have come at an instant."""
        return bisect_right(self.times, ms)

    def tree(self, count: int) -> dict[str, Any]:
        """The tree after so many frames."""
        if not self._trees:
            self._trees[0] = _tree_decoder.decode(self.first)
        known = count - count % STRIDE
        while known not in self._trees:
            known -= STRIDE
        tree = self._trees[known]
        for i in range(known, count):
            tree = merge(tree, _tree_decoder.decode(self.frames[i].patch))
            if (i + 1) % STRIDE == 0:
                self._trees[i + 1] = tree
        return tree


def encode(blocks: Sequence[Block], end_ms: int) -> bytes:
    """The blocks, in order, as one reel."""
    places, bodies, offset = [], [], 0
    for block in blocks:
        raw = _pack.encode(Stored(block.start_ms, block.first, block.frames))
        body = pa.compress(raw, codec="zstd", asbytes=True)
        told = sum(frame.told for frame in block.frames)
        places.append(Place(block.start_ms, offset, len(body), len(raw), told))
        bodies.append(body)
        offset += len(body)
    head = _pack.encode(Head(end_ms, places))
    return b"".join((MAGIC, len(head).to_bytes(_LENGTH_BYTES, "big"), head, *bodies))


class Reel:
    """A reel in bytes, of which a block is opened at a time. Raises ReelError for bytes that are none."""

    def __init__(self, payload: bytes, name: str) -> None:
        begin = len(MAGIC) + _LENGTH_BYTES
        length = int.from_bytes(payload[len(MAGIC) : begin], "big")
        if payload[: len(MAGIC)] != MAGIC or not 0 < length <= min(_MOST_HEAD_BYTES, len(payload)):
            raise ReelError(f"{name} is no reel")
        try:
            self.head = msgspec.msgpack.decode(payload[begin : begin + length], type=Head)
        except msgspec.DecodeError as error:
            raise ReelError(f"{name} is no reel: {error}") from error
        if not self.head.blocks:
            raise ReelError(f"{name} is an empty reel")
        self.name = name
        self.size = len(payload)
        self._payload = payload
        self._begin = begin + length

    def number_at(self, ms: int) -> int:
        """Of the block that an instant is in; the first for what is before it."""
        return max(0, bisect_right(self.head.blocks, ms, key=lambda place: place.start_ms) - 1)

    def block(self, number: int) -> Block:
        """Open a block. Raises ReelError where it is broken."""
        blocks = self.head.blocks
        place = blocks[number]
        begin = self._begin + place.offset
        body = self._payload[begin : begin + place.length]
        if len(body) != place.length or not 0 < place.size <= _MOST_BLOCK_BYTES:
            raise ReelError(f"{self.name} ends in block {number}")
        try:
            raw = pa.decompress(body, decompressed_size=place.size, codec="zstd", asbytes=True)
            stored = msgspec.msgpack.decode(raw, type=Stored)
            end_ms = blocks[number + 1].start_ms if number + 1 < len(blocks) else self.head.end_ms
            return Block(stored, end_ms, f"{self.name}#{number}")
        except (pa.ArrowException, OSError, msgspec.DecodeError) as error:
            raise ReelError(f"{self.name}, block {number}: {error}") from error
