"""The shelf of briefings: one file a version, never changed once it is there.

`var/briefings/THEATRE/ID/000001.json`. What is written down next is another version; a briefing that was
taken away has a last version that says so, and its earlier ones stay.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import secrets
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

from dashboard.picture.night import credible

MOST_CHAPTERS = 100
MOST_VERSIONS = 2_000
MOST_BRIEFINGS = 2_000
MOST_VIEW_BYTES = 4_096
_ID = re.compile(r"[a-z0-9-]{1,64}")
_FILE = re.compile(r"(\d{6})\.json", re.ASCII)

Title = Annotated[str, Meta(min_length=1, max_length=200)]


class Chapter(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is told at one instant, by our clock. view: what is looked at, as the screens know it.

    pause: whether playing stops there.
    """

    at: dt.datetime
    title: Title
    note: Annotated[str, Meta(max_length=4_000)] = ""
    view: dict[str, Any] = {}
    pause: bool = False


class Briefing(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A stretch of time, by our clock, and the chapters that it is told in, in order.

    epoch: of a former life of the store, or of a night that was carried here; "" for the live one.
    """

    title: Title
    theatre: str
    from_: dt.datetime = field(name="from")
    to: dt.datetime
    known: Literal["then", "now"] = "then"
    epoch: Annotated[str, Meta(pattern=r"^[0-9a-zA-Z_-]{0,64}$")] = ""
    chapters: Annotated[tuple[Chapter, ...], Meta(max_length=MOST_CHAPTERS)] = ()


class Kept(Struct, frozen=True, kw_only=True):
    """One version as it is kept. by: who saved it. briefing: null where it was taken away."""

    id: str
    version: int
    saved_at: dt.datetime
    by: str
    briefing: Briefing | None


class BriefingError(Exception):
    """A briefing that cannot be used; says why."""


class StaleError(Exception):
    """Somebody saved a later version meanwhile: `kept`."""

    def __init__(self, kept: Kept) -> None:
        super().__init__(f"version {kept.version} was saved by {kept.by}")
        self.kept = kept


def checked(briefing: Briefing, theatre: str) -> Briefing:
    """A briefing whose instants make sense, its chapters in order. Raises BriefingError."""
    instants = [briefing.from_, briefing.to, *(chapter.at for chapter in briefing.chapters)]
    if any(at.tzinfo is None or credible(at) is None for at in instants):
        raise BriefingError("an instant has no offset, or no clock can mean it")
    if briefing.to <= briefing.from_:
        raise BriefingError("to must be later than from")
    if briefing.theatre != theatre:
        raise BriefingError(f"it is of the theatre {briefing.theatre}, and this is {theatre}")
    if any(len(msgspec.json.encode(chapter.view)) > MOST_VIEW_BYTES for chapter in briefing.chapters):
        raise BriefingError(f"a chapter's view has {MOST_VIEW_BYTES:,} bytes at most")
    return msgspec.structs.replace(
        briefing, chapters=tuple(sorted(briefing.chapters, key=lambda chapter: chapter.at))
    )


class Shelf:
    """The briefings of one theatre. Every method may raise OSError."""

    def __init__(self, var: Path, theatre: str) -> None:
        """var: the installation's folder of state."""
        self.folder = var / "briefings" / theatre
        self._theatre = theatre

    def load(self, briefing_id: str, version: int | None = None) -> Kept | None:
        """A version, or the last one; None where there is none."""
        versions = self.versions(briefing_id)
        if not versions or (version is not None and version not in versions):
            return None
        return self._read(briefing_id, versions[-1] if version is None else version)

    def versions(self, briefing_id: str) -> list[int]:
        """The versions of a briefing, in order."""
        if not _ID.fullmatch(briefing_id):
            return []
        names = _names(self.folder / briefing_id)
        return sorted(int(found[1]) for name in names if (found := _FILE.fullmatch(name)))

    def newest(self) -> list[Kept]:
        """The last version of each that was not taken away, the latest saved first."""
        found = (self.load(each) for each in _names(self.folder))
        kept = [each for each in found if each is not None and each.briefing is not None]
        return sorted(kept, key=lambda each: each.saved_at, reverse=True)

    def save(self, briefing: Briefing | None, *, by: str, briefing_id: str = "", version: int = 0) -> Kept:
        """Keep a version after `version`, the one that was changed; 0 for a new briefing. None takes it away.

        Raises StaleError where there is a later one, BriefingError where it cannot be kept.
        """
        if briefing is not None:
            briefing = checked(briefing, self._theatre)
        if not briefing_id:
            if briefing is None or version:
                raise BriefingError("what is changed must be named by its id")
            if len(_names(self.folder)) >= MOST_BRIEFINGS:
                raise BriefingError(f"there are {MOST_BRIEFINGS:,} briefings already")
            briefing_id = f"{briefing.from_:%y%m%d}-{secrets.token_hex(4)}"
        elif version == 0 or not self.versions(briefing_id):
            raise BriefingError("there is no briefing of this id")
        if version >= MOST_VERSIONS:
            raise BriefingError(f"it has {MOST_VERSIONS:,} versions already")
        kept = Kept(
            id=briefing_id,
            version=version + 1,
            saved_at=dt.datetime.now(dt.UTC),
            by=by,
            briefing=briefing,
        )
        last = self.versions(briefing_id)
        if last and last[-1] != version:
            raise StaleError(self._read(briefing_id, last[-1]))
        if not self._write(kept):
            raise StaleError(self._read(briefing_id, self.versions(briefing_id)[-1]))
        return kept

    def _read(self, briefing_id: str, version: int) -> Kept:
        data = (self.folder / briefing_id / f"{version:06}.json").read_bytes()
        try:
            return msgspec.json.decode(data, type=Kept)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise OSError(f"{briefing_id}, version {version}: {error}") from error

    def _write(self, kept: Kept) -> bool:
        """Whether it is there now, whole; False where another of its number was there before."""
        folder = self.folder / kept.id
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f".{secrets.token_hex(8)}"
        try:
            with beside.open("xb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(kept), indent=1))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(beside, folder / f"{kept.version:06}.json")
            except FileExistsError:
                return False
        finally:
            with contextlib.suppress(FileNotFoundError):
                beside.unlink()
        return True


def _names(folder: Path) -> list[str]:
    try:
        return [each.name for each in folder.iterdir()]
    except FileNotFoundError:
        return []


def load_briefing(var: Path, theatre: str, briefing_id: str, version: int | None = None) -> Briefing | None:
    """A saved briefing, for who exports it; None where there is none, or none any more. May raise OSError."""
    kept = Shelf(var, theatre).load(briefing_id, version)
    return kept.briefing if kept is not None else None
