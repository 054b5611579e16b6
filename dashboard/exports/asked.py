"""What is asked for: a kind, a stretch by our clock, as known when, and the chapters of a briefing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta, Struct, field

from config.theatre import LANGUAGES
from dashboard.api.problems import ApiError
from dashboard.api.question import epoch_of, instant
from dashboard.picture.night import credible
from streams.archive.shelf import Shelf, shelf_of

if TYPE_CHECKING:
    from config.settings import Settings

Kind = Literal["html", "pptx", "pdf", "csv", "geojson", "parquet", "report"]
Known = Literal["then", "now"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SUFFIXES = {**{str(kind): str(kind) for kind in KINDS}, "report": "pdf"}
MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
}
MOST_HOURS: dict[Kind, int] = {
    "html": 36,
    "pptx": 24 * 7,
    "pdf": 24 * 7,
    "report": 36,
    "csv": 24 * 366,
    "geojson": 24 * 366,
    "parquet": 24 * 366,
}
"""How long a stretch may be, by kind."""
MOST_CHAPTERS = 100
_WRONG = "is no briefing of ours: {title, from, to, known, epoch, chapters: [{at, title, note, view}]}"


class Chapter(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A bookmark of the night. view: what was looked at, as the screens know it; nothing here reads it."""

    at: dt.datetime
    title: Annotated[str, Meta(max_length=1_000)] = ""
    note: Annotated[str, Meta(max_length=10_000)] = ""
    view: Any = None


class Asked(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One export. from, to: by our clock, as the replay counts; `to` is not in it. by: who asked."""

    kind: Kind
    from_: dt.datetime = field(name="from")
    to: dt.datetime
    known: Known = "then"
    epoch: str = ""
    """Of a former life of the store, or of a night that was carried here; "" for the live one."""
    title: str = ""
    chapters: tuple[Chapter, ...] = ()
    lang: str = "en"
    by: str = ""
    form: str = ""
    """Of a night report: `html` in place of PDF, or `both`."""

    @property
    def suffix(self) -> str:
        """How the file's name ends."""
        return "html" if self.form == "html" else SUFFIXES[self.kind]

    @property
    def file_name(self) -> str:
        """What the file is called where somebody saves it."""
        return f"watchfloor-{self.kind}-{self.from_:%Y%m%dT%H%MZ}-{self.to:%Y%m%dT%H%MZ}.{self.suffix}"


def page_beside(file: Path) -> Path:
    """Where the HTML page of a night report is made that is made as both."""
    return file.with_name(f"{file.name}.html")


class Here(Struct, frozen=True, kw_only=True):
    """The installation that is exported from; it goes to another process."""

    shelf: Shelf
    store_url: str
    theatre: str
    status: Literal["actual", "exercise"]
    var: Path

    @staticmethod
    def of(settings: Settings) -> Here:
        """By its settings. Raises ArchiveError for an archive of a kind that is not known."""
        return Here(
            shelf=shelf_of(settings),
            store_url=settings.store_url,
            theatre=settings.theatre,
            status=settings.status,
            var=settings.var,
        )


class _Briefing(Struct, frozen=True, kw_only=True):
    title: Annotated[str, Meta(max_length=1_000)] = ""
    from_: dt.datetime | None = field(name="from", default=None)
    to: dt.datetime | None = None
    known: Known = "then"
    epoch: str = ""
    chapters: Annotated[tuple[Chapter, ...], Meta(max_length=MOST_CHAPTERS)] = ()


class Wanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a request says; what it leaves out is the briefing's."""

    kind: str
    from_: str | None = field(name="from", default=None)
    to: str | None = None
    known: str | None = None
    epoch: str | None = None
    briefing: Any = None
    title: str | None = None
    lang: str | None = None


def asked_of(wanted: Wanted, *, briefing: Any = None, lang: str = "en", by: str = "") -> Asked:
    """The export that is wanted. briefing: what the id stands for, or what was given in its place.

    Raises ApiError naming the parameter that cannot be used.
    """
    kind: Any = wanted.kind
    if kind not in KINDS:
        raise ApiError("parameter", f"must be one of {', '.join(KINDS)}", "kind")
    told = _briefing(briefing)
    begin = instant("from", wanted.from_) or told.from_
    end = instant("to", wanted.to) or told.to
    if begin is None or end is None:
        raise ApiError("parameter", "must be given", "from" if begin is None else "to")
    if end <= begin:
        raise ApiError("parameter", "must be later than from", "to")
    if end - begin > dt.timedelta(hours=MOST_HOURS[kind]):
        raise ApiError("parameter", f"must be {MOST_HOURS[kind]} hours after from, or less", "to")
    known: Any = wanted.known or told.known
    if known not in get_args(Known):
        raise ApiError("parameter", "must be then or now", "known")
    spoken = wanted.lang or lang
    if spoken not in LANGUAGES:
        raise ApiError("parameter", f"must be one of {', '.join(LANGUAGES)}", "lang")
    title = wanted.title if wanted.title is not None else told.title
    chapters = sorted((each for each in told.chapters if begin <= each.at < end), key=lambda each: each.at)
    return Asked(
        kind=kind,
        from_=begin,
        to=end,
        known=known,
        epoch=epoch_of(told.epoch if wanted.epoch is None else wanted.epoch),
        title=title.strip()[:200],
        chapters=tuple(chapters),
        lang=spoken,
        by=by,
    )


def _briefing(given: Any) -> _Briefing:
    if given is None:
        return _Briefing()
    try:
        told = msgspec.convert(given, _Briefing)
    except (msgspec.ValidationError, TypeError) as error:
        raise ApiError("parameter", f"{_WRONG}; {error}", "briefing") from error
    instants = [each.at for each in told.chapters] + [at for at in (told.from_, told.to) if at is not None]
    if any(at.tzinfo is None or credible(at) is None for at in instants):
        raise ApiError("parameter", "an instant in it has no offset, or no clock can mean it", "briefing")
    return told
