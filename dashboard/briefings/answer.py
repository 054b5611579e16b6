"""What the briefings' routes are asked and answer, as types."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct, field

from dashboard.briefings.shelf import Briefing


class BriefingRow(Struct, frozen=True, kw_only=True):
    """A briefing in the list: its last version."""

    id: str
    version: int
    saved_at: dt.datetime
    by: str
    title: str
    from_: dt.datetime = field(name="from")
    to: dt.datetime
    known: Literal["then", "now"]
    chapters: int
    epoch: str


class BriefingsAnswer(Struct, frozen=True, kw_only=True):
    """Every briefing of this theatre, the latest saved first."""

    briefings: tuple[BriefingRow, ...]


class BriefingAnswer(Struct, frozen=True, kw_only=True):
    """One version of a briefing. versions: how many there are. briefing: null where it was taken away."""

    id: str
    version: int
    versions: int
    saved_at: dt.datetime
    by: str
    briefing: Briefing | None


class SavedAnswer(Struct, frozen=True, kw_only=True):
    """What was saved."""

    id: str
    version: int


class Save(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """version: the one that was changed, with its id; neither for a new one. A null briefing removes it."""

    briefing: Briefing | None
    id: str = ""
    version: int = 0
