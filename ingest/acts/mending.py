"""Mending: the next revision of an event, corrected, retracted or as it was, made from the last one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args

import msgspec
from msgspec.structs import replace

from ingest.acts.refusal import ActRefused
from ingest.errors import DecodeError
from ingest.stated import Stated, stated, strange_keys
from streams.events import Event, Evidence

if TYPE_CHECKING:
    from config.theatre import Theatre

FIXED = frozenset(
    {
        "kind",
        "id",
        "revision",
        "status",
        "msg_type",
        "run",
        "feed",
        "evidence",
        "confidence",
        "doubts",
        "by",
    }
)
"""Fields that say what an event is and where it comes from: nobody changes them by hand."""
MENDED = "mended by hand: "
READ_AS = {
    "claimants": "claimant",
    "window_start": "valid_from",
    "window_end": "valid_to",
    "occurred_at": "valid_from",
    "since": "valid_from",
    "cause_region": "cause",
    "place": "position",
}
"""What the reader calls some facts, and the field that each is in; other paths are the fields' own."""
_MOST_NAMED = 900
"""Characters of the fields that a doubt names."""


def corrected(event: Event, changes: Mapping[str, Any], *, revision: int, by: str, theatre: Theatre) -> Event:
    """The event with the fields at these dotted paths changed; None takes one away.

    What was read from the text and is changed has its span no more, and a doubt says what was mended.
    Raises ActRefused with the field that cannot be so.
    """
    can_be_changed(event)
    if event.msg_type in ("cancel", "error"):
        raise ActRefused("parameter", "is retracted: restore it, or enter it anew", "id")
    said = msgspec.json.decode(msgspec.json.encode(event))
    for path, value in changes.items():
        if path.partition(".")[0] in FIXED:
            raise ActRefused("parameter", "is not changed by hand", f"changes.{path}")
        _put(said, path, value)
    try:
        changed = stated(said, theatre, feed="desk", at="changes", keys=False)
    except DecodeError as error:
        raise ActRefused("parameter", error.reason, error.path) from error
    roots = {path.partition(".")[0] for path in changes}
    for path, key in strange_keys(changed, theatre):
        if path.lstrip(".") in roots:
            raise ActRefused("parameter", f"{key!r} is not one of the theatre's", f"changes{path}")
    if changed == event:
        raise ActRefused("parameter", "is so already", "changes")
    return replace(
        changed,
        revision=revision,
        msg_type="update",
        by=by,
        evidence=without_spans(event.evidence, changes),
        doubts=mended(event.doubts, changes),
    )


def retracted(event: Event, *, revision: int, by: str) -> Event:
    """The event taken back: it never was. Raises ActRefused for what is retracted already."""
    can_be_changed(event)
    if event.msg_type in ("cancel", "error"):
        raise ActRefused("parameter", "is retracted already", "id")
    return replace(event, revision=revision, msg_type="cancel", by=by)


def restored(event: Event, *, revision: int, by: str) -> Event:
    """An earlier revision, said again."""
    msg_type = "update" if event.msg_type == "alert" else event.msg_type
    return replace(event, revision=revision, msg_type=msg_type, by=by)


def can_be_changed(event: Event) -> None:
    """Raises ActRefused for what is said about us and not about the world."""
    if not isinstance(event, get_args(Stated)):
        kind = event.__struct_config__.tag
        raise ActRefused("parameter", f"{kind} is the installation's own, and is not changed by hand", "id")


def without_spans(evidence: Evidence | None, changed: Iterable[str]) -> Evidence | None:
    """The evidence without the spans of what was changed: that is not in the text."""
    if evidence is None:
        return None
    paths = list(changed)
    spans = {
        path: of
        for path, of in evidence.spans.items()
        if not any(_touches(READ_AS.get(path, path), one) for one in paths)
    }
    return replace(evidence, spans=spans)


def mended(doubts: Iterable[str], changed: Iterable[str]) -> tuple[str, ...]:
    """The doubts, with one that says which fields were mended, now and before."""
    kept = [doubt for doubt in doubts if not doubt.startswith(MENDED)]
    before = [doubt.removeprefix(MENDED).split(", ") for doubt in doubts if doubt.startswith(MENDED)]
    paths = sorted({path for row in before for path in row} | set(changed))
    return (*kept, MENDED + ", ".join(_named(paths)))


def _named(paths: Iterable[str]) -> Iterator[str]:
    left = _MOST_NAMED
    for path in paths:
        left -= len(path) + 2
        if left < 0:
            yield "…"
            return
        yield path


def _touches(path: str, changed: str) -> bool:
    return path == changed or path.startswith(f"{changed}.") or changed.startswith(f"{path}.")


def _put(said: dict[str, Any], path: str, value: Any) -> None:
    """State `value` at a dotted path; None takes away what is there."""
    *parents, last = path.split(".")
    at: Any = said
    for parent in parents:
        at = at[_index(at, parent, path)] if isinstance(at, list) else at.setdefault(parent, {})
        if not isinstance(at, dict | list):
            raise ActRefused("parameter", "is inside of what has no parts", f"changes.{path}")
    if isinstance(at, list):
        index = _index(at, last, path)
        if value is None:
            del at[index]
        else:
            at[index] = value
    elif value is None:
        at.pop(last, None)
    else:
        at[last] = value


def _index(rows: list[Any], said: str, path: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) <= 6 and int(said) < len(rows)):
        reason = f"there is no {said[:20]!r} in a list of {len(rows)}"
        raise ActRefused("parameter", reason, f"changes.{path}")
    return int(said)
