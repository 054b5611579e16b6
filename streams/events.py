"""The event contract: what is said about the air, by whom, and when; one struct a kind.

An event is immutable. A changed or cancelled fact is a new revision of the same `id`. When we received it is
not in here: that is the id of its stream entry. All instants are aware UTC, all positions WGS 84 degrees.
Fields may be added with a default; a field is never renamed, removed or given another meaning (the golden
files in tests/streams/golden hold that line).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta, Struct

from config.entities import ThreatType

Key = Annotated[str, Meta(min_length=1, max_length=128)]
"""A key of the theatre (region, place, base, weapon, claimant) or of a feed."""
Line = Annotated[str, Meta(max_length=1_000)]
"""One line for a person to read."""
Text = Annotated[str, Meta(max_length=200_000)]
"""A source's own text, whole."""
Whole = Annotated[int, Meta(ge=0, le=1_000_000)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Degrees = Annotated[float, Meta(ge=0, le=360)]
Instant = Annotated[dt.datetime, Meta(tz=True)]

Status = Literal["actual", "exercise", "system", "test"]
"""CAP 1.2, alert.status."""
MessageType = Literal["alert", "update", "cancel", "ack", "error"]
"""CAP 1.2, alert.msgType."""
Reliability = Literal["A", "B", "C", "D", "E", "F"]
"""Admiralty code: A completely reliable … E unreliable, F cannot be judged."""
Credibility = Annotated[int, Meta(ge=1, le=6)]
"""Admiralty code: 1 confirmed … 5 improbable, 6 cannot be judged."""
Span = tuple[Annotated[int, Meta(ge=0)], Annotated[int, Meta(ge=0)]]
"""Half-open range of characters [start, end) in an evidence's text."""


class Evidence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The original text, and for each value read from it the characters that it came from."""

    document: Key
    """Which document: its address, or a hash of its text. Witnesses of one claim differ in this."""
    text: Text
    lang: Annotated[str, Meta(max_length=8)] = "und"
    """BCP 47."""
    link: Annotated[str, Meta(max_length=2_000)] = ""
    title: Line = ""
    spans: dict[str, tuple[Span, ...]] = {}
    """Dotted path of a field (`launched.uav`) to where it stands in the text."""


class Count(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure as it was stated. Hedges stay: absent is not zero, and unnumbered is not absent."""

    value: Whole | None = None
    min: Whole | None = None
    max: Whole | None = None
    qualifier: Annotated[str, Meta(max_length=64)] = ""
    """The source's hedge in our words: "nearly", "over", "up to", "at least", "about", "unnumbered"."""


class Quantities(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Counts of one outcome by class and by type of weapon. What is absent was not stated."""

    uav: Count | None = None
    missile: Count | None = None
    total: Count | None = None
    types: dict[Key, Count] = {}
    """Weapon key of the theatre to count."""


class Figure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A number inside a statement: +400 % of air defence."""

    value: float
    unit: Annotated[str, Meta(max_length=32)]
    about: Line
    qualifier: Annotated[str, Meta(max_length=64)] = ""
    """As for a count: the source's hedge in our words."""


class Point(Struct, frozen=True, kw_only=True):
    """A place on the ground."""

    lon: Longitude
    lat: Latitude


Metres = Annotated[float, Meta(ge=0, le=20_040_000)]
"""A distance on the ground: half the way round the Earth at most."""
Outline = Annotated[tuple[Point, ...], Meta(max_length=2_000)]
"""A polygon's corners, not closed."""


class EventBase(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """What every event carries."""

    id: Annotated[str, Meta(min_length=1, max_length=256)]
    """Stable: the same fact from the same feed has the same id on every host."""
    revision: Annotated[int, Meta(ge=1)] = 1
    """Grows with each change of the fact. The highest is what is known."""
    status: Status
    msg_type: MessageType = "alert"
    run: Annotated[str, Meta(max_length=64)] = ""
    """With status exercise: which playing of it. A later run sorts after an earlier one."""
    feed: Key
    """Who relayed it to us."""
    claimant: Key | Literal[""] = ""
    """Who states it: a claimant of the theatre."""
    reliability: Reliability = "F"
    credibility: Credibility = 6
    valid_from: Instant | None = None
    """True in the world from here …"""
    valid_to: Instant | None = None
    """… to here; absent while it lasts or where nobody said."""
    published_at: Instant | None = None
    """When the source said so."""
    evidence: Evidence | None = None
    confidence: Annotated[float, Meta(ge=0, le=1)] = 1.0
    """How sure the reader is of its reading; 1 for structured sources."""
    doubts: tuple[Line, ...] = ()
    """What is odd about it and was not mended: `published_at is 3 h ahead of our clock`."""
    by: Line = ""
    """Which of our operators entered this revision by hand; empty where a feed brought it."""


class RaidReport(EventBase, frozen=True, kw_only=True, omit_defaults=True, tag="raid_report"):
    """What a claimant says was launched in one window, and what became of it."""

    attacker: Annotated[str, Meta(max_length=2)] = ""
    """ISO 3166-1 of who launched."""
    night_of: dt.date | None = None
    """The date of the morning of the night that is meant, where the report names a night and no hours."""
    as_of: Instant | None = None
    ongoing: bool = False
    scope: Literal["national", "regional"] = "national"
    retrospective: bool = False
    """Told for context in a text about a later night."""
    record: Literal["", "new", "previous"] = ""
    """What the source itself calls it."""
    launched: Quantities | None = None
    shot_down: Quantities | None = None
    suppressed: Quantities | None = None
    """Electronic warfare, location lost."""
    neutralised: Quantities | None = None
    """Shot down and suppressed, where the source merges them."""
    not_reached: Quantities | None = None
    hits: Quantities | None = None
    left_airspace: Quantities | None = None
    still_airborne: Quantities | None = None
    impact_places: Count | None = None
    debris_places: Count | None = None
    regions: tuple[Key, ...] = ()
    launch_areas: tuple[Line, ...] = ()
    main_targets: tuple[Line, ...] = ()


class AirRaidAlert(EventBase, frozen=True, kw_only=True, omit_defaults=True, tag="alert"):
    """One alert for one region, of one type and level. Its end is a revision with `valid_to`."""

    region: Key
    alert_type: Literal[
        "air_raid", "artillery_shelling", "urban_fights", "chemical", "nuclear", "unknown"
    ] = "air_raid"
    level: Literal["red", "yellow", ""] = ""
    """Empty where the source knows no levels."""
    calculated: bool = False
    """Rolled up from below, or an end that was predicted: not reported as such."""
    permanent: bool = False


class Threat(EventBase, frozen=True, kw_only=True, omit_defaults=True, tag="threat"):
    """What is flying where, as announced."""

    threat_type: ThreatType
    state: Literal["announced", "moving", "lost", "ended"] = "announced"
    weapon: Key | Literal[""] = ""
    count: Count | None = None
    regions: tuple[Key, ...] = ()
    position: Point | None = None
    """Where the source puts it; a region's label point is never put here."""
    course_deg: Degrees | None = None
    toward: Line = ""
    stale_after_s: Annotated[int, Meta(ge=1, le=86_400)] = 1_800


class Scramble(EventBase, frozen=True, kw_only=True, omit_defaults=True, tag="scramble"):
    """A nation's jets launched, or stood down."""

    country: Annotated[str, Meta(min_length=2, max_length=2)]
    state: Literal["start", "end"]
    allied: bool | None = None
    """Whether allied aircraft take part; absent where nobody said."""
    bases: tuple[Key, ...] = ()
    aircraft: tuple[Line, ...] = ()
    cause_regions: tuple[Key, ...] = ()
    cause: Line = ""
    airports_closed: tuple[Key, ...] = ()
    airports_reopened: tuple[Key, ...] = ()
    airspace_violated: bool | None = None


class Track(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One aircraft in one sweep."""

    key: Key
    """ICAO 24-bit address in hex; `~` before an address that is not ICAO's."""
    lon: Longitude
    lat: Latitude
    seen_at: Instant
    """When the position was measured."""
    callsign: Annotated[str, Meta(max_length=32)] = ""
    aircraft_type: Annotated[str, Meta(max_length=32)] = ""
    altitude_ft: float | None = None
    on_ground: bool = False
    speed_kt: float | None = None
    track_deg: Degrees | None = None
    military: bool = False
    affiliation: Literal["friend", "neutral", "hostile", "unknown"] = "unknown"


class TrackSweep(EventBase, frozen=True, kw_only=True, omit_defaults=True, tag="tracks"):
    """All tracks of one sweep of one feed, as one entry."""

    tracks: Annotated[tuple[Track, ...], Meta(max_length=20_000)]


class Strike(EventBase, frozen=True, kw_only=True, omit_defaults=True, tag="strike"):
    """Something on the ground was hit, or fell there."""

    attacker: Annotated[str, Meta(max_length=2)] = ""
    target: Line = ""
    region: Key | Literal[""] = ""
    position: Point | None = None
    weapon: Literal["uav", "missile", ""] = ""
    count: Count | None = None
    claimed_by: tuple[Key, ...] = ()
    """Who takes or confirms it, besides the claimant."""


class AirspaceRestriction(EventBase, frozen=True, kw_only=True, omit_defaults=True, tag="restriction"):
    """An airport or a sector closed, and its reopening as a revision with `valid_to`."""

    subject: Key
    """ICAO code of the airport, or the sector's key."""
    state: Literal["closed", "reopened"]
    reason: Line = ""
    centre: Point | None = None
    radius_m: Metres | None = None
    area: Outline = ()
    lower_ft: float | None = None
    upper_ft: float | None = None


class Marker(EventBase, frozen=True, kw_only=True, omit_defaults=True, tag="marker"):
    """A point, circle or outline that a neighbour's system drew on the map; gone after `valid_to`."""

    label: Line = ""
    symbol: Annotated[str, Meta(max_length=64)] = ""
    """The sender's own type: Cursor on Target's (`b-m-p-s-m`)."""
    position: Point
    radius_m: Metres | None = None
    area: Outline = ()
    note: Line = ""


class Statement(EventBase, frozen=True, kw_only=True, omit_defaults=True, tag="statement"):
    """Context: who said what."""

    speaker: Line
    organisation: Line = ""
    topic: Line
    quote: Line = ""
    figures: tuple[Figure, ...] = ()


class LogEntry(EventBase, frozen=True, kw_only=True, omit_defaults=True, tag="log"):
    """An operator's own act."""

    act: Literal[
        "ack",
        "note",
        "correction",
        "retraction",
        "merge",
        "review",
        "quarantine",
        "handover",
        "bookmark",
        "audit",
        "publish",
    ]
    by: Line
    about: Annotated[str, Meta(max_length=256)] = ""
    """The id of the event that it is about. Of a merge: what the others are the same as."""
    others: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=256)], ...], Meta(max_length=200)
    ] = ()
    """Ids of further events that it is about."""
    note: Annotated[str, Meta(max_length=10_000)] = ""
    made: Annotated[int, Meta(ge=0)] = 0
    """Which revision of `about` the act made; 0 where it made none."""


class FeedHealth(EventBase, frozen=True, kw_only=True, omit_defaults=True, tag="feed_health"):
    """How a feed was when it was last looked at. Whoever shows it lets it age from `checked_at`."""

    subject: Key
    """The feed that this is about."""
    state: Literal["fresh", "quiet", "slow", "dead"]
    """fresh: spoke as often as it should; quiet: answers, nothing new; slow: late; dead: no answer."""
    checked_at: Instant
    spoke_at: Instant | None = None
    """When it last gave us something new."""
    every_s: Annotated[float, Meta(gt=0)]
    """How often it should be checked; three missed checks are a dead feed."""
    delay_s: float | None = None
    """The source's clock against ours."""
    detail: Line = ""


class ExerciseClock(EventBase, frozen=True, kw_only=True, omit_defaults=True, tag="exercise_clock"):
    """Where an exercise's own clock stands, at the instant its entry was received, and how fast it goes."""

    title: Line
    state: Literal["running", "ended"]
    at: Instant
    """The exercise's instant."""
    speed: Annotated[float, Meta(gt=0, le=100_000)]
    """Exercise seconds a second."""
    starts_at: Instant
    ends_at: Instant
    beat_s: Annotated[float, Meta(gt=0)] = 5.0
    """The next such event comes within this time, or the exercise has lost its clock."""


Event = (
    RaidReport
    | AirRaidAlert
    | Threat
    | Scramble
    | TrackSweep
    | Strike
    | AirspaceRestriction
    | Statement
    | Marker
    | LogEntry
    | FeedHealth
    | ExerciseClock
)
