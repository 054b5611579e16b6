"""Why an act is not done: a problem document (RFC 9457), which the web process hands on as it is."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct

from ingest.errors import IngestError
from streams.events import Event

Kind = Literal[
    "parameter", "proof", "not-found", "changed", "undone", "gone", "refused", "too-large", "store"
]
_TITLES: dict[Kind, tuple[int, str]] = {
    "parameter": (400, "A parameter cannot be used"),
    "proof": (401, "This did not come from the web process"),
    "not-found": (404, "There is nothing here"),
    "changed": (409, "It was changed meanwhile"),
    "undone": (409, "It is undone already"),
    "gone": (410, "It can be undone no more"),
    "too-large": (413, "This is too large"),
    "refused": (422, "It is refused again"),
    "store": (503, "The store is out of reach"),
}


class Problem(Struct, frozen=True, omit_defaults=True):
    """What is wrong. parameter: which field of the act. current, by: what is there now, and who made it."""

    type: str
    title: str
    status: int
    detail: str
    parameter: str = ""
    current: Any = None
    by: str = ""


class ActRefused(IngestError):
    """An act that cannot be done, and nothing of it was.

    current: the event as it is now, where somebody changed it meanwhile.
    """

    def __init__(self, kind: Kind, detail: str, parameter: str = "", *, current: Event | None = None) -> None:
        super().__init__(f"{parameter}: {detail}" if parameter else detail)
        status, title = _TITLES[kind]
        self.problem = Problem(
            type=f"urn:watchfloor:problem:{kind}",
            title=title,
            status=status,
            detail=detail[:1_000],
            parameter=parameter[:400],
            current=msgspec.to_builtins(current) if current is not None else None,
            by=(current.by or current.feed) if current is not None else "",
        )
