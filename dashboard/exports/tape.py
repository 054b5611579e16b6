"""A film as a page carries it: a first tree, and a merge patch for each instant that changed something."""

from __future__ import annotations

from typing import Any

import msgspec

from dashboard.exports.film import Filmed
from dashboard.picture.patch import diff, merge, plain

_decode = msgspec.json.Decoder(dict[str, Any]).decode


def tape(filmed: Filmed, *, every_ms: int, tracks_ms: int | None) -> dict[str, Any]:
    """The film as plain data. every_ms: no two changes are nearer; 0 for each as it came.

    tracks_ms: how often aircraft are shown anew; None to leave them out.
    """
    frames: list[tuple[int, int, dict[str, Any]]] = []
    first: dict[str, Any] | None = None
    shown: dict[str, Any] = {}
    told = 0
    tracks: Any = {}
    tracks_at = -(10**15)

    def show(ms: int, tree: dict[str, Any], *, last: bool = False) -> None:
        nonlocal first, shown, told, tracks, tracks_at
        if frames and ms - frames[-1][0] < every_ms and not last:
            return
        if tracks_ms is not None and ms - tracks_at >= tracks_ms:
            tracks, tracks_at = tree.get("tracks", {}), ms
        held = {**tree, "tracks": tracks}
        if first is None:
            first = shown = held
        elif (patch := diff(shown, held)) or told:
            frames.append((ms, told, plain(patch)))
            shown = held
        told = 0

    tree: dict[str, Any] = {}
    ms = filmed.start_ms
    for block in filmed.blocks:
        tree = _decode(block.first)
        # What an earlier block left is what this one begins with, unless it is the first of all.
        for frame in block.frames:
            if frame.ms >= filmed.end_ms:
                break
            if frame.ms > filmed.start_ms and first is None:
                show(filmed.start_ms, tree)
            tree = merge(tree, _decode(frame.patch))
            if frame.ms > filmed.start_ms:
                told += frame.told
                ms = frame.ms
                show(ms, tree)
    show(ms, tree, last=True)
    return {"start": filmed.start_ms, "end": filmed.end_ms, "tree": first, "frames": frames}
