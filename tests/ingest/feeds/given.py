"""What the decoders' tests share: contexts, the shared samples, and payloads that went wrong on the way."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from config.theatre import load_theatre
from ingest.decoding import Context, Decode, Decoded
from ingest.errors import DecodeError
from streams import codec
from streams.events import Event

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "feeds"
RECEIVED_AT = dt.datetime(2026, 11, 22, 20, 0, 10, tzinfo=dt.UTC)
LONGEST_S = 10.0
"""Of the processor's time, for the largest payload that may come, on a slow machine."""


def context(
    feed: str = "a-feed", *, received_at: dt.datetime = RECEIVED_AT, status: str = "actual", **options: Any
) -> Context:
    """As the engine would give it."""
    return Context(
        feed=feed,
        theatre=load_theatre(),
        received_at=received_at,
        status=status,  # type: ignore[arg-type]
        run="run-1" if status == "exercise" else "",
        options=options,
    )


def sample(name: str) -> bytes:
    """A real payload, where this checkout has them beside it."""
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip(f"the shared sample {name} is not here")
    return path.read_bytes()


def as_read(decoded: Decoded) -> list[Event]:
    """The events as a reader of the stream gets them; fails for one that is not of the contract."""
    return [codec.decode(codec.encode(event)) for event in decoded.events]


def survives(decode: Decode, payload: bytes, given: Context) -> Decoded | None:
    """What `decode` makes of `payload`, or None where it refuses it by name; anything else fails."""
    started = time.thread_time()
    refusal = decoded = None
    try:
        decoded = decode(payload, given)
    except DecodeError as error:
        refusal = error
    assert time.thread_time() - started < LONGEST_S
    refused = decoded.refused if decoded else [refusal]
    assert all(each and each.feed == given.feed and each.path and each.reason for each in refused)
    if decoded is not None:
        as_read(decoded)
    return decoded


@st.composite
def garbled(draw: st.DrawFn, *payloads: bytes) -> bytes:
    """One of `payloads` with a few stretches cut out, doubled, overwritten or filled in."""
    payload = draw(st.sampled_from(payloads))
    pieces = sorted({piece for each in payloads for piece in each.replace(b"<", b" <").split()})
    stuff = st.one_of(
        st.binary(max_size=8), st.sampled_from(pieces), st.from_regex(rb"-?[0-9]{1,20}", fullmatch=True)
    )
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(payload)))
        end = min(len(payload), start + draw(st.integers(0, 40)))
        act = draw(st.sampled_from(("cut", "double", "overwrite", "truncate")))
        if act == "cut":
            payload = payload[:start] + payload[end:]
        elif act == "double":
            payload = payload[:end] + payload[start:]
        elif act == "overwrite":
            payload = payload[:start] + draw(stuff) + payload[end:]
        else:
            payload = payload[:start]
    return payload
