"""An exercise as data: which feeds speak, when they fail, and what they bring, read once and validated.

An exercise is a directory under `config/exercises/`: `exercise.toml` (title, basis, feeds, documents),
`alerts.toml`, `threats.toml` and the documents' own words in `texts/`. Times are written DDHHMMZ (`090132Z`
is the 9th, 01:32 UTC). Whatever a text can say is in a text; only alerts and threats, which come from
structured feeds, are rows. A mistake stops the load with the file, the line and the reason.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec

from config.entities import ThreatType
from config.errors import ConfigError
from config.theatre import LANGUAGES, Theatre

EXERCISES = Path(__file__).parent / "exercises"
"""Where exercises live: one directory each."""

MAX_TEXT_CHARS = 200_000
"""The longest text a document may have, as for every document that is taken in."""

AlertType = Literal["air_raid", "artillery_shelling", "urban_fights", "chemical", "nuclear", "unknown"]
AlertLevel = Literal["red", "yellow", ""]
ThreatState = Literal["announced", "moving", "lost", "ended"]
OutageState = Literal["slow", "dead"]
Reliability = Literal["A", "B", "C", "D", "E", "F"]
Credibility = Annotated[int, msgspec.Meta(ge=1, le=6)]
EveryS = Annotated[float, msgspec.Meta(gt=0)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
CourseDeg = Annotated[float, msgspec.Meta(ge=0, le=360)]
Number = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Slug = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
FileName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*\.txt$", max_length=120)]
Line = Annotated[str, msgspec.Meta(max_length=1_000)]
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]
Basis = Annotated[str, msgspec.Meta(min_length=1, max_length=10_000)]
Link = Annotated[str, msgspec.Meta(pattern=r"^$|^exercise:", max_length=2_000)]


class ExerciseError(ConfigError):
    """An exercise that cannot be played, and where its mistake is.

    file: the file at fault. line: counted from 1, None where it cannot be had. reason: what is wrong.
    """

    def __init__(self, file: Path, line: int | None, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}" if line else f"{file}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class Outage(msgspec.Struct, frozen=True):
    """A stretch, [start, end) in aware UTC, in which a feed answers late (slow) or not at all (dead)."""

    start: dt.datetime
    end: dt.datetime
    state: OutageState
    detail: str


class ExerciseFeed(msgspec.Struct, frozen=True):
    """A feed of the exercise.

    every_s: seconds of the exercise between two looks. reliability, credibility: Admiralty code.
    claimant: whose own channel it is, "" for one that relays others.
    """

    name: str
    every_s: float
    reliability: Reliability
    credibility: int
    claimant: str
    outages: tuple[Outage, ...]

    def outage_at(self, instant: dt.datetime) -> Outage | None:
        """The outage that it is in at that instant (aware UTC), or None."""
        return next((outage for outage in self.outages if outage.start <= instant < outage.end), None)


class ExerciseDocument(msgspec.Struct, frozen=True):
    """A text, whole, for the report reader.

    at: when it reaches us. published_at: when its source says that it spoke. link: "" or an `exercise:` URI.
    """

    at: dt.datetime
    published_at: dt.datetime
    feed: str
    file: str
    text: str
    lang: str
    title: str
    link: str


class ExerciseAlert(msgspec.Struct, frozen=True):
    """One alert for one region, of one type and level. end: None while it is still on when the exercise ends.

    permanent: since long before the exercise, without end.
    """

    region: str
    start: dt.datetime
    end: dt.datetime | None
    alert_type: AlertType
    level: AlertLevel
    feed: str
    permanent: bool


class ThreatStep(msgspec.Struct, frozen=True):
    """What was said of a threat at one instant. lon, lat: degrees WGS 84, both or neither.

    regions: region or group keys that it is in or threatens. toward: where it heads, for a person to read.
    """

    at: dt.datetime
    state: ThreatState
    lon: float | None
    lat: float | None
    course_deg: float | None
    regions: tuple[str, ...]
    toward: str
    count: int | None


class ExerciseThreat(msgspec.Struct, frozen=True):
    """One threat from its announcement on; its last step is `moving` when nobody said what became of it."""

    id: str
    threat_type: ThreatType
    weapon: str
    feed: str
    claimant: str
    steps: tuple[ThreatStep, ...]


class Exercise(msgspec.Struct, frozen=True):
    """A whole exercise, as `load_exercise` gives it; documents, alerts and threats in order of time.

    basis: from which facts it was written, and what in it is only plausible.
    """

    name: str
    title: dict[str, str]
    basis: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    feeds: tuple[ExerciseFeed, ...]
    documents: tuple[ExerciseDocument, ...]
    alerts: tuple[ExerciseAlert, ...]
    threats: tuple[ExerciseThreat, ...]


# --- files as they are written ------------------------------------------------------------------------------


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"start": "from", "end": "to"}):
    """A row of a file; `start` and `end` are written `from` and `to`."""


class _OutageRow(_Row, frozen=True):
    start: str
    end: str
    state: OutageState
    detail: Line = ""


class _FeedRow(_Row, frozen=True):
    name: Slug
    every_s: EveryS
    reliability: Reliability
    credibility: Credibility
    claimant: str = ""
    outages: tuple[_OutageRow, ...] = ()


class _DocumentRow(_Row, frozen=True):
    at: str
    published_at: str
    feed: str
    file: FileName
    lang: Literal["en", "fr", "pl", "uk"]
    title: Title
    link: Link = ""


class _Head(_Row, frozen=True):
    title: dict[str, Title]
    basis: Basis
    starts_at: Annotated[dt.datetime, msgspec.Meta(tz=True)]
    ends_at: Annotated[dt.datetime, msgspec.Meta(tz=True)]
    feed: list[_FeedRow]
    document: list[_DocumentRow] = []


class _AlertRow(_Row, frozen=True):
    start: str | None = None
    since: dt.date | None = None
    end: str | None = None
    level: AlertLevel = ""
    type: AlertType = "air_raid"


class _AlertsOfRegion(_Row, frozen=True):
    key: str
    alerts: list[_AlertRow]


class _AlertFile(_Row, frozen=True):
    feed: str
    region: list[_AlertsOfRegion] = []


class _StepRow(_Row, frozen=True):
    at: str
    state: ThreatState
    lon: Longitude | None = None
    lat: Latitude | None = None
    course: CourseDeg | None = None
    regions: tuple[str, ...] = ()
    toward: Line = ""
    count: Number | None = None


class _ThreatRow(_Row, frozen=True):
    id: Slug
    type: ThreatType
    steps: Annotated[list[_StepRow], msgspec.Meta(min_length=1)]
    weapon: str = ""


class _ThreatFile(_Row, frozen=True):
    feed: str
    claimant: str = ""
    threat: list[_ThreatRow] = []


_T = TypeVar("_T")
_Fault = Callable[[str], ExerciseError]


class _Source(msgspec.Struct, frozen=True):
    """One TOML file: its text, to find the line of a mistake in."""

    path: Path
    text: str

    @classmethod
    def open(cls, path: Path) -> _Source:
        try:
            return cls(path, path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ExerciseError(path, None, f"cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise ExerciseError(path, None, f"is not UTF-8: {error}") from error

    def decode(self, shape: type[_T]) -> _T:
        try:
            document = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"\(at line (\d+)", str(error))
            raise ExerciseError(self.path, int(at[1]) if at else None, str(error)) from error
        try:
            return msgspec.convert(document, shape)
        except msgspec.ValidationError as error:
            # msgspec says where: "... - at `$.threat[3].steps[5].lon`"
            at = re.search(r"`\$\.(\w+)(?:\[(\d+)\](?:\.\w+\[(\d+)\])?)?", str(error))
            table, index, row = at.groups() if at else (None, None, None)
            line = self.line_of(table, int(index), int(row) if row else None) if table and index else None
            raise ExerciseError(self.path, line, str(error)) from error

    def fault(self, table: str, index: int, row: int | None, reason: str) -> ExerciseError:
        """The error to raise about the index-th [[table]], or about its row-th inline row; both from 0."""
        return ExerciseError(self.path, self.line_of(table, index, row), reason)

    def line_of(self, table: str, index: int, row: int | None = None) -> int | None:
        """The line of the index-th [[table]], or of the row-th line below it that opens an inline table."""
        lines = self.text.splitlines()
        header = re.compile(rf"\s*\[\[\s*{re.escape(table)}\s*\]\]")
        starts = [number for number, line in enumerate(lines, 1) if header.match(line)]
        if index >= len(starts):
            return None
        if row is None:
            return starts[index]
        end = starts[index + 1] if index + 1 < len(starts) else len(lines) + 1
        below = range(starts[index] + 1, end)
        rows = [number for number in below if lines[number - 1].lstrip().startswith("{")]
        return rows[row] if row < len(rows) else starts[index]


class _Clock(msgspec.Struct, frozen=True):
    """The exercise's span, in which a day of the month means one date."""

    starts_at: dt.datetime
    ends_at: dt.datetime

    def read(self, written: str, fault: _Fault, *, before: bool = False) -> dt.datetime:
        """The instant that `written` (DDHHMMZ) means. before: it may lie before the start, on that day."""
        figures = re.fullmatch(r"(\d\d)([01]\d|2[0-3])([0-5]\d)Z", written)
        if figures is None:
            raise fault(f"{written!r} is not a time like 090132Z")
        day, hour, minute = (int(figure) for figure in figures.groups())
        for days in range((self.ends_at.date() - self.starts_at.date()).days + 1):
            date = self.starts_at.date() + dt.timedelta(days=days)
            instant = dt.datetime.combine(date, dt.time(hour, minute), tzinfo=dt.UTC)
            if date.day == day and instant <= self.ends_at and (before or instant >= self.starts_at):
                return instant
        raise fault(f"{written} is not within the exercise")


def load_exercise(name: str, theatre: Theatre, *, root: Path = EXERCISES) -> Exercise:
    """Read and check an exercise against the theatre that it is played in.

    name: its directory. root: where that directory is. Raises ExerciseError.
    """
    path = root / name
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) or not (path / "exercise.toml").is_file():
        there = sorted(found.parent.name for found in root.glob("*/exercise.toml"))
        raise ExerciseError(path, None, f"no such exercise; there is {', '.join(there) or 'none'}")
    source = _Source.open(path / "exercise.toml")
    head = source.decode(_Head)
    if missing := [language for language in LANGUAGES if language not in head.title]:
        raise ExerciseError(source.path, None, f"title is missing in {', '.join(missing)}")
    starts_at, ends_at = head.starts_at.astimezone(dt.UTC), head.ends_at.astimezone(dt.UTC)
    if not starts_at < ends_at < starts_at + dt.timedelta(days=28):
        raise ExerciseError(source.path, None, "ends_at must come after starts_at, and within 28 days")
    clock = _Clock(starts_at, ends_at)
    feeds = _read_feeds(source, head.feed, clock, theatre)
    return Exercise(
        name=name,
        title=head.title,
        basis=head.basis.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        feeds=tuple(feeds.values()),
        documents=_read_documents(source, head.document, clock, feeds),
        alerts=_read_alerts(_Source.open(path / "alerts.toml"), clock, feeds, theatre),
        threats=_read_threats(_Source.open(path / "threats.toml"), clock, feeds, theatre),
    )


def _read_feeds(
    source: _Source, rows: Iterable[_FeedRow], clock: _Clock, theatre: Theatre
) -> dict[str, ExerciseFeed]:
    feeds: dict[str, ExerciseFeed] = {}
    for index, row in enumerate(rows):
        if row.name in feeds:
            raise source.fault("feed", index, None, f"feed {row.name} is there twice")
        if row.claimant and row.claimant not in theatre.claimants:
            raise source.fault("feed", index, None, f"claimant {row.claimant} is not in this theatre")
        outages: list[Outage] = []
        for number, outage in enumerate(row.outages):
            fault = partial(source.fault, "feed", index, number)
            start, end = clock.read(outage.start, fault), clock.read(outage.end, fault)
            if end <= start:
                raise fault("the outage ends before it begins")
            if outages and start < outages[-1].end:
                raise fault("the outage begins before the one above it has ended")
            outages.append(Outage(start, end, outage.state, outage.detail))
        feeds[row.name] = ExerciseFeed(
            row.name, row.every_s, row.reliability, row.credibility, row.claimant, tuple(outages)
        )
    return feeds


def _speaking(feed: str, instant: dt.datetime, feeds: dict[str, ExerciseFeed], fault: _Fault) -> None:
    """A dead feed brings nothing: whatever it would have brought comes when it is back."""
    outage = feeds[feed].outage_at(instant)
    if outage is not None and outage.state == "dead":
        raise fault(f"feed {feed} is dead at {instant:%d%H%MZ}")


def _read_documents(
    source: _Source, rows: Iterable[_DocumentRow], clock: _Clock, feeds: dict[str, ExerciseFeed]
) -> tuple[ExerciseDocument, ...]:
    texts = source.path.parent / "texts"
    documents: dict[str, ExerciseDocument] = {}
    for index, row in enumerate(rows):
        fault: _Fault = partial(source.fault, "document", index, None)
        if row.feed not in feeds:
            raise fault(f"feed {row.feed} is not in this exercise")
        if row.file in documents:
            raise fault(f"{row.file} is there twice")
        at = clock.read(row.at, fault)
        published_at = clock.read(row.published_at, fault, before=True)
        if published_at > at:
            raise fault(f"{row.file} reaches us before it is published")
        _speaking(row.feed, at, feeds, fault)
        try:
            text = (texts / row.file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise fault(f"texts/{row.file} cannot be read: {error}") from error
        if not text or len(text) > MAX_TEXT_CHARS:
            raise fault(f"texts/{row.file} must have 1 to {MAX_TEXT_CHARS:,} characters, not {len(text):,}")
        documents[row.file] = ExerciseDocument(
            at, published_at, row.feed, row.file, text, row.lang, row.title, row.link
        )
    if unused := sorted(file.name for file in texts.glob("*") if file.name not in documents):
        raise ExerciseError(source.path, None, f"texts/{unused[0]} belongs to no document")
    return tuple(sorted(documents.values(), key=lambda document: document.at))


def _read_alerts(
    source: _Source, clock: _Clock, feeds: dict[str, ExerciseFeed], theatre: Theatre
) -> tuple[ExerciseAlert, ...]:
    file = source.decode(_AlertFile)
    if file.feed not in feeds:
        raise ExerciseError(source.path, None, f"feed {file.feed} is not in this exercise")
    alerts: list[ExerciseAlert] = []
    seen: set[str] = set()
    for index, region in enumerate(file.region):
        if region.key not in theatre.regions:
            raise source.fault("region", index, None, f"region {region.key} is not in this theatre")
        if region.key in seen:
            raise source.fault("region", index, None, f"region {region.key} is there twice")
        seen.add(region.key)
        last: dict[tuple[str, str], ExerciseAlert] = {}
        for number, row in enumerate(region.alerts):
            fault = partial(source.fault, "region", index, number)
            end = None if row.end is None else clock.read(row.end, fault)
            if row.since is not None:
                if row.start is not None or end is not None:
                    raise fault("an alert with `since` is permanent: it has neither `from` nor `to`")
                start = dt.datetime.combine(row.since, dt.time(), tzinfo=dt.UTC)
            elif row.start is not None:
                start = clock.read(row.start, fault)
            else:
                raise fault("an alert needs `from`, or `since` when it is permanent")
            if end is not None and end <= start:
                raise fault(f"the alert of {region.key} ends before it begins")
            previous = last.get((row.type, row.level))
            if previous is not None and (previous.end is None or start < previous.end):
                raise fault(f"the alert of {region.key} begins before the one like it above has ended")
            for instant in (start, end):
                if instant is not None:
                    _speaking(file.feed, instant, feeds, fault)
            permanent = row.since is not None
            alert = ExerciseAlert(region.key, start, end, row.type, row.level, file.feed, permanent)
            last[row.type, row.level] = alert
            alerts.append(alert)
    return tuple(sorted(alerts, key=lambda alert: (alert.start, alert.region)))


def _read_threats(
    source: _Source, clock: _Clock, feeds: dict[str, ExerciseFeed], theatre: Theatre
) -> tuple[ExerciseThreat, ...]:
    file = source.decode(_ThreatFile)
    if file.feed not in feeds:
        raise ExerciseError(source.path, None, f"feed {file.feed} is not in this exercise")
    if file.claimant and file.claimant not in theatre.claimants:
        raise ExerciseError(source.path, None, f"claimant {file.claimant} is not in this theatre")
    threats: dict[str, ExerciseThreat] = {}
    for index, row in enumerate(file.threat):
        if row.id in threats:
            raise source.fault("threat", index, None, f"threat {row.id} is there twice")
        if row.weapon and row.weapon not in theatre.weapons:
            raise source.fault("threat", index, None, f"weapon {row.weapon} is not in this theatre")
        steps: list[ThreatStep] = []
        for number, written in enumerate(row.steps):
            fault = partial(source.fault, "threat", index, number)
            step = _read_step(written, clock, theatre, fault)
            _speaking(file.feed, step.at, feeds, fault)
            steps.append(step)
        if steps[0].state != "announced":
            raise source.fault("threat", index, 0, "the first step announces the threat")
        for number, (before, step) in enumerate(pairwise(steps), 1):
            fault = partial(source.fault, "threat", index, number)
            if step.at <= before.at:
                raise fault("the step is not after the one above it")
            if step.state == "announced":
                raise fault("only the first step announces the threat")
            if before.state in ("ended", "lost"):
                raise fault(f"the threat is {before.state} in the step above")
        threats[row.id] = ExerciseThreat(row.id, row.type, row.weapon, file.feed, file.claimant, tuple(steps))
    return tuple(sorted(threats.values(), key=lambda threat: (threat.steps[0].at, threat.id)))


def _read_step(row: _StepRow, clock: _Clock, theatre: Theatre, fault: _Fault) -> ThreatStep:
    if (row.lon is None) != (row.lat is None):
        raise fault("lon and lat come together")
    if row.lon is not None and row.lat is not None:
        box = theatre.bounds
        if not (box.west <= row.lon <= box.east and box.south <= row.lat <= box.north):
            raise fault(f"{row.lon}, {row.lat} is outside the theatre")
    for key in row.regions:
        if key not in theatre.regions and key not in theatre.groups:
            raise fault(f"region {key} is not in this theatre")
    return ThreatStep(
        at=clock.read(row.at, fault),
        state=row.state,
        lon=row.lon,
        lat=row.lat,
        course_deg=row.course,
        regions=row.regions,
        toward=row.toward,
        count=row.count,
    )
