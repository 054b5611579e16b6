"""Events to bytes and back: JSON, one document an event."""

import msgspec

from streams.errors import EventError
from streams.events import Event

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)

MAX_EVENT_BYTES = 4_000_000
"""A sweep of 10,000 aircraft is about 2 MB; a larger one is cut to this, nothing else is as large."""


def encode(event: Event) -> bytes:
    """The event as UTF-8 JSON, absent fields left out.

    Raises EventError for one that no reader would take, since it is too large.
    """
    payload = _encoder.encode(event)
    _check(payload)
    return payload


def decode(payload: bytes) -> Event:
    """The event in `payload`.

    Raises EventError, naming the path of the first field that is not as the contract has it.
    """
    _check(payload)
    try:
        return _decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise EventError(str(error)) from error


def _check(payload: bytes) -> None:
    if len(payload) > MAX_EVENT_BYTES:
        raise EventError(f"has {len(payload):,} bytes, of {MAX_EVENT_BYTES:,} allowed")


def published_schema() -> str:
    """The JSON Schema (draft 2020-12) of every kind of event, as it stands in docs/events.schema.json."""
    (definition,), components = msgspec.json.schema_components([Event], ref_template="#/$defs/{name}")
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Watchfloor event",
        **definition,
        "$defs": components,
    }
    return msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=1).decode() + "\n"
