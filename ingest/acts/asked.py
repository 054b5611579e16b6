"""Acts as they are asked for: one struct a kind of act, and the first field that is wrong of any other."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from ingest.acts.refusal import ActRefused
from ingest.refusals import MALFORMED, refusal
from streams.events import Instant, Span

Id = Annotated[str, Meta(min_length=1, max_length=256)]
Note = Annotated[str, Meta(max_length=9_000)]
Number = Annotated[int, Meta(ge=1, le=2**53)]
EntryId = Annotated[str, Meta(pattern=r"^[0-9]{1,15}-[0-9]{1,15}$")]
Ids = Annotated[tuple[Id, ...], Meta(min_length=1, max_length=200)]
Changes = Annotated[
    dict[Annotated[str, Meta(min_length=1, max_length=200)], Any], Meta(min_length=1, max_length=100)
]


class GivenEvidence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The text that an event was read from, as the reader's dry run gave it. document: is worked out anew."""

    text: Annotated[str, Meta(min_length=1, max_length=200_000)]
    lang: Annotated[str, Meta(max_length=8)] = "und"
    title: Annotated[str, Meta(max_length=1_000)] = ""
    link: Annotated[str, Meta(max_length=2_000)] = ""
    spans: dict[str, tuple[Span, ...]] = {}
    document: str = ""


class Act(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="act"):
    """What every act may carry. once: a word of the form's own; sent again with it, it is done once."""

    once: Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{8,64}$")] | Literal[""] = ""


class Ack(Act, frozen=True, kw_only=True, tag="ack"):
    about: Ids
    note: Note = ""


class NoteDown(Act, frozen=True, kw_only=True, tag="note"):
    note: Annotated[str, Meta(min_length=1, max_length=9_000)]
    about: Annotated[tuple[Id, ...], Meta(max_length=200)] = ()


class Handover(Act, frozen=True, kw_only=True, tag="handover"):
    note: Annotated[str, Meta(min_length=1, max_length=9_000)]
    since: Instant | None = None


class Bookmark(Act, frozen=True, kw_only=True, tag="bookmark"):
    title: Annotated[str, Meta(min_length=1, max_length=200)]
    at: Instant | None = None
    note: Note = ""
    view: str | dict[str, Any] | None = None


class Merge(Act, frozen=True, kw_only=True, tag="merge"):
    into: Id
    ids: Ids
    note: Note = ""


class Publish(Act, frozen=True, kw_only=True, tag="publish"):
    event: dict[str, Any]
    evidence: GivenEvidence | None = None
    note: Note = ""


class Correct(Act, frozen=True, kw_only=True, tag="correct"):
    id: Id
    revision: Number
    changes: Changes
    note: Note = ""


class Retract(Act, frozen=True, kw_only=True, tag="retract"):
    id: Id
    revision: Number
    note: Note = ""


class Restore(Act, frozen=True, kw_only=True, tag="restore"):
    id: Id
    revision: Number
    note: Note = ""


class Settle(Act, frozen=True, kw_only=True, tag="settle"):
    review: EntryId
    decision: Literal["publish", "dismiss"]
    event: dict[str, Any] | None = None
    evidence: GivenEvidence | None = None
    note: Note = ""


class Retry(Act, frozen=True, kw_only=True, tag="retry"):
    quarantine: EntryId
    note: Note = ""


class LetGo(Act, frozen=True, kw_only=True, tag="let-go"):
    quarantine: EntryId
    note: Note = ""


class Undo(Act, frozen=True, kw_only=True, tag="undo"):
    id: Id


Asked = (
    Ack
    | NoteDown
    | Handover
    | Bookmark
    | Merge
    | Publish
    | Correct
    | Retract
    | Restore
    | Settle
    | Retry
    | LetGo
    | Undo
)


class AskedReading(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text to be read and not taken. claimant: whose own channel it is from, where that is known."""

    text: Annotated[str, Meta(min_length=1, max_length=200_000)]
    published_at: Instant | None = None
    title: Annotated[str, Meta(max_length=1_000)] = ""
    link: Annotated[str, Meta(max_length=2_000)] = ""
    claimant: Annotated[str, Meta(max_length=128)] = ""


class AskedBy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the web process hands on: whose it is, and what was asked, as it came."""

    by: Annotated[str, Meta(min_length=1, max_length=128)]
    asked: msgspec.Raw


Shape = TypeVar("Shape")

_by = msgspec.json.Decoder(AskedBy)
_acts: msgspec.json.Decoder[Asked] = msgspec.json.Decoder(Asked)
_readings = msgspec.json.Decoder(AskedReading)


def asked_by(body: bytes) -> AskedBy:
    """Raises ActRefused for what is not as the web process sends it."""
    return _decoded(_by, body)


def act_of(asked: bytes) -> Asked:
    """Raises ActRefused with the first field that is wrong."""
    return _decoded(_acts, asked)


def reading_of(asked: bytes) -> AskedReading:
    """Raises ActRefused with the first field that is wrong."""
    return _decoded(_readings, asked)


def parameter_of(path: str) -> str:
    """A path as msgspec has it (`$.event.region`) as the name of a parameter."""
    return path.removeprefix("$").removeprefix(".") or "body"


def _decoded(decoder: msgspec.json.Decoder[Shape], body: bytes) -> Shape:
    try:
        return decoder.decode(body)
    except MALFORMED as error:
        wrong = refusal("desk", error, b"")
        raise ActRefused("parameter", wrong.reason, parameter_of(wrong.path)) from error
