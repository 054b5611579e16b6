"""The picture as a client holds it: the JSON tree that snapshots carry whole and deltas patch.

A delta is a JSON Merge Patch (RFC 7396): an absent key is unchanged, `null` removes. So nothing in the tree
is ever null: what is not known is absent. Collections are objects by key, never arrays that a patch would
have to replace whole (short lists of names are). Instants are ISO 8601 in UTC with `Z`.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from streams.events import Count, Figure, Point, Quantities


class Quote(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The words that prove a figure: a sentence of the evidence, and where in it the figure stands."""

    text: str
    """At most 300 characters. `start` and `end` count characters (code points), not UTF-16 units."""
    start: int
    end: int
    lang: str = "und"


class Source(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where an item came from, and how old that is."""

    event: str
    revision: int
    feed: str
    claimant: str = ""
    grade: str = "F6"
    """Admiralty code."""
    published_at: dt.datetime | None = None
    received_at: dt.datetime
    """By our clock, also in an exercise."""
    lang: str = ""
    link: str = ""
    title: str = ""


class Clock(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An exercise's clock. Shown instant = at + (server now − received_at) × speed, while running, and
    never past `received_at + 3 × beat_s`: after that the exercise has lost its clock."""

    run: str
    title: str
    state: Literal["running", "ended"]
    at: dt.datetime
    received_at: dt.datetime
    speed: float
    starts_at: dt.datetime
    ends_at: dt.datetime
    beat_s: float


class Night(Struct, frozen=True, kw_only=True):
    """The operational night that the tally is of."""

    start: dt.datetime
    end: dt.datetime


class AlertWitness(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One feed's word on an alert."""

    feed: str
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    """Its all-clear, where this feed has told one and others have not."""
    level: str = ""
    calculated: bool = False
    revision: int = 1
    received_at: dt.datetime


class AlertView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One alert in force. The all-clear removes it: that of all its witnesses or of one, by the rule
    `alerts.ended_by`. An all-clear that never comes is not invented: `since` tells how old it is."""

    region: str
    alert_type: str
    level: str = ""
    since: dt.datetime | None = None
    """The earliest start that a witness of this level states."""
    until: dt.datetime | None = None
    """An end that was only predicted."""
    calculated: bool = False
    """Nobody reported it: every witness rolled it up from below."""
    permanent: bool = False
    source: Source
    witnesses: dict[str, AlertWitness] = {}
    """By event id; those that have ended it among them, while others have not."""


class RegionView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of a region of the first level (oblast, province) is under alert. It goes when nothing is."""

    alerting: bool = False
    """An air-raid alert that is not permanent is in force in it. It counts once, whatever is below it."""
    permanent: bool = False
    whole: bool = False
    """The alert is for the region itself, not only for parts of it."""
    levels: tuple[str, ...] = ()
    """Of its air-raid alerts: `red`, `yellow`; both can be."""
    alert_types: tuple[str, ...] = ()
    since: dt.datetime | None = None
    """Of what makes it alert now, the earliest start."""
    calculated: bool = False
    """Nothing of it was reported as such."""
    parts: tuple[str, ...] = ()
    """Regions right below it (raions) under alert themselves, or with one below them that is."""
    of: int = 0
    """How many such parts it has; 0 where the theatre does not know."""


class Alerting(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How much is under alert, of the theatre's `alert_regions`. Permanent alerts are counted apart."""

    n: int = 0
    of: int = 0
    whole: int = 0
    red: int = 0
    yellow: int = 0
    permanent: int = 0
    longest: str = ""
    """The region that has been under alert for the longest time."""
    longest_since: dt.datetime | None = None


class PathPoint(Struct, frozen=True, kw_only=True):
    """Where something was said to be, and when."""

    at: dt.datetime
    lon: float
    lat: float


class ThreatView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One threat as announced; `ended` ones are removed, `stale` ones stay for the rest of the night.

    Several posts about one group are one threat, by the rules `threats`. What was said last holds.
    """

    threat_type: str
    state: str
    stale: bool = False
    weapon: str = ""
    count: Count | None = None
    regions: tuple[str, ...] = ()
    position: Point | None = None
    course_deg: float | None = None
    toward: str = ""
    since: dt.datetime | None = None
    updated_at: dt.datetime | None = None
    stale_after_s: int = 1_800
    path: tuple[PathPoint, ...] = ()
    """The last 12 stated positions, the oldest first, where there are several."""
    source: Source
    """Of what was said last."""
    witnesses: dict[str, Source] = {}
    """By event id."""


class CauseView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What explains a scramble, by one rule."""

    since: dt.datetime | None = None
    """The earliest start of the evidence."""
    regions: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    """Ids of the first 12 events that are the evidence, the earliest first."""
    n: int = 0
    """Of how many alerts and threats."""


class Airport(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was said last of an airport in the texts about a scramble."""

    state: Literal["closed", "reopened"]
    at: dt.datetime


class ScrambleView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A nation's jets, from launch to stand-down; ended ones stay for the rest of the night."""

    country: str
    state: Literal["start", "end"]
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    allied: bool | None = None
    bases: tuple[str, ...] = ()
    aircraft: tuple[str, ...] = ()
    cause_regions: tuple[str, ...] = ()
    cause: str = ""
    airports_closed: tuple[str, ...] = ()
    airports_reopened: tuple[str, ...] = ()
    airspace_violated: bool | None = None
    airports: dict[str, Airport] = {}
    """By ICAO code, all that were closed or reopened."""
    announced_at: dt.datetime | None = None
    """When the launch was first said."""
    causes: dict[str, CauseView] = {}
    """What explains it, by the key of the rule in `scrambles.causes`."""
    no_cause_found: bool = False
    """By the rules nothing that is known explains it."""
    lead_s: int | None = None
    """How long after the first alert that explains it the launch was announced; negative: before it."""
    not_stood_down: bool = False
    """Nobody has reported its end for longer than the rules allow."""
    newest: str = ""
    """Event id of the witness that came last."""
    witnesses: dict[str, Source] = {}
    """By event id."""
    quotes: dict[str, Quote] = {}
    """By field."""


class StrikeView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something on the ground that was hit."""

    target: str = ""
    attacker: str = ""
    region: str = ""
    position: Point | None = None
    weapon: str = ""
    count: Count | None = None
    at: dt.datetime | None = None
    claimed_by: tuple[str, ...] = ()
    newest: str = ""
    """Event id of the witness that came last."""
    witnesses: dict[str, Source] = {}
    quotes: dict[str, Quote] = {}


class StatementView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who said what."""

    speaker: str
    organisation: str = ""
    topic: str
    quote: str = ""
    figures: tuple[Figure, ...] = ()
    at: dt.datetime | None = None
    newest: str = ""
    """Event id of the witness that came last."""
    witnesses: dict[str, Source] = {}


class RestrictionView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An airport or sector that is closed now."""

    subject: str
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    """The end that is planned, where one is told."""
    reason: str = ""
    centre: Point | None = None
    radius_m: float | None = None
    area: tuple[Point, ...] = ()
    lower_ft: float | None = None
    upper_ft: float | None = None
    source: Source


class Revision(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was new in one statement of a claim."""

    at: dt.datetime
    """As of when, or when it was said."""
    state: Literal["interim", "final", "corrected"]
    event: str
    revision: int
    feed: str
    received_at: dt.datetime
    figures: dict[str, Count] = {}
    """By dotted path; only those that were new."""


class Claim(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one claimant says of one window: several texts that relay it are its witnesses."""

    claimant: str
    attacker: str = ""
    scope: Literal["national", "regional"] = "national"
    regions: tuple[str, ...] = ()
    """Of a regional report: which."""
    window_start: dt.datetime | None = None
    window_end: dt.datetime | None = None
    night_of: dt.date | None = None
    tonight: bool = False
    """Whether it is of the picture's own night."""
    record: str = ""
    ongoing: bool = False
    as_of: dt.datetime | None = None
    launched: Quantities | None = None
    shot_down: Quantities | None = None
    suppressed: Quantities | None = None
    neutralised: Quantities | None = None
    not_reached: Quantities | None = None
    hits: Quantities | None = None
    left_airspace: Quantities | None = None
    still_airborne: Quantities | None = None
    impact_places: Count | None = None
    debris_places: Count | None = None
    derived: tuple[str, ...] = ()
    """Figures that nobody stated and that follow: `neutralised.uav`, as shot down + suppressed, or as shot
    down alone where by the rule `meanings` that has suppressed in it."""
    agreement: dict[str, Literal["states", "supports", "earlier", "part", "differs"]] = {}
    """By witness. states: an exact figure as shown; supports: what it says can mean that ("nearly 480", "over
    450"); earlier: an interim figure that was overtaken; part: a figure of a shorter stretch of the same
    raid; differs: it contradicts what is shown."""
    variants: dict[str, dict[str, tuple[str, ...]]] = {}
    """What is stated otherwise, side by side: figure (`launched.missile`), then its other values in words,
    then the witnesses of each."""
    revisions: dict[str, Revision] = {}
    """Every statement that brought something new, in order of their keys; the last 24."""
    newest: str = ""
    """Event id of the witness that came last."""
    witnesses: dict[str, Source] = {}
    """By event id."""
    quotes: dict[str, Quote] = {}
    """By figure: `launched.uav`."""


class Tally(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Tonight's lead figures: always one claim's, never a sum over claims."""

    claim: str
    """Key of the claim in `claims`. Which leads is the rule `tally.lead`."""
    rates: dict[str, float] = {}
    """Interception rate of `uav`, `missile`: neutralised over launched, per cent, one decimal; only from two
    unhedged figures of this claim."""
    rates_of: dict[str, tuple[int, int]] = {}
    """What each rate was worked out from: neutralised, launched."""
    other_windows: tuple[str, ...] = ()
    """Keys of the same claimant's claims of other windows of the night (what came by day)."""
    night: dict[str, int] = {}
    """Of all windows together, where there are others: `launched.uav`. They do not overlap, so that these
    figures, and no others, are sums."""
    hour: dict[str, int] = {}
    """What has been added to each exact figure of this claim within the last hour, by when it was said:
    `launched.uav`, zero too; absent where the claim did not state the figure an hour ago."""


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The most that was known before tonight, or how long ago something last was so."""

    value: int
    unit: Literal["", "s", "regions", "days"] = ""
    """Empty: weapons."""
    night_of: dt.date | None = None
    claim: str = ""
    """Key of the claim that states it, which is in `claims` as long as it holds the record."""
    region: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    broken: bool = False
    """Whether tonight is above it."""


class Comparison(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Tonight's lead figure beside the mean of the nights before."""

    tonight: float
    mean: float
    nights: int
    """Of how many nights that is: of those that state the figure."""
    not_comparable: str = ""
    """Key of what changed the figure's meaning in between, in `trend.breaks`."""


class Break(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where figures began to mean something else: from the night that leads to `since` on."""

    since: dt.date
    figures: tuple[str, ...]
    note: str = ""


class TrendRow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a night, week or month came to, by the lead claim of each night. What is absent nobody stated.

    Of a week or a month, figures are sums over its nights.
    """

    nights: int = 0
    """Of how many nights there is a claim."""
    claim: str = ""
    """Of a night: the claim that leads."""
    launched_uav: int | None = None
    launched_missile: int | None = None
    shot_down_uav: int | None = None
    shot_down_missile: int | None = None
    suppressed_uav: int | None = None
    neutralised_uav: int | None = None
    neutralised_missile: int | None = None
    most_uav: int | None = None
    """Launched in one night."""
    most_missile: int | None = None
    rate_uav: float | None = None
    """Neutralised over launched, per cent, of the nights that state both."""
    rate_missile: float | None = None
    alert_s: int | None = None
    """Time under alert of all regions together, of alerts that have ended."""
    most_regions: int | None = None
    """Regions of the first level under alert at once."""
    longest_alert_s: int | None = None
    longest_alert_region: str = ""
    not_comparable: tuple[str, ...] = ()
    """Keys of the breaks that came into force since: with what is shown of tonight, their figures here do not
    compare. A period that a break falls into has it too."""


class Trend(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """History in periods, by ISO name; the newest is the present one."""

    nights: dict[str, TrendRow] = {}
    """`2025-06-09`: the morning that the night leads to."""
    weeks: dict[str, TrendRow] = {}
    """`2025-W24`, of mornings."""
    months: dict[str, TrendRow] = {}
    """`2025-06`, of mornings."""
    compare: dict[str, Comparison] = {}
    """By figure: `launched.uav`, `neutralised.uav`, `rate.uav`."""
    breaks: dict[str, Break] = {}
    """By key, from the rules: what makes figures not comparable."""


class AdvisoryView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a rule of `advisories.toml` points out: the last time that it was on tonight."""

    state: Literal["on", "ended"]
    severity: Literal["notice", "warning", "alarm"]
    title: dict[str, str] = {}
    """By language."""
    since: dt.datetime
    until: dt.datetime | None = None
    why: tuple[str, ...] = ()
    """Ids of the first 12 events that make it so, or did to the end."""
    ended_by: tuple[str, ...] = ()
    """Ids of the events that ended it."""
    ended_because: str = ""
    """`scramble began`, `alert over`: the condition that changed."""
    times: int = 1
    """How often it was on tonight."""


class Feed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a feed is, as of the picture's last tick."""

    state: Literal["fresh", "quiet", "slow", "dead"]
    checked_at: dt.datetime
    spoke_at: dt.datetime | None = None
    every_s: float
    delay_s: float | None = None
    detail: str = ""


class Tick(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the ticker, in words a screen can put together in its own language."""

    at: dt.datetime
    """True in the world; by the exercise's clock in an exercise."""
    kind: str
    """Event kind, with what happened: `alert.start`, `alert.end`, `scramble.start`, `raid_report`, …"""
    subject: str = ""
    """Region, country, place, target, speaker: a key of the theatre, or a name."""
    detail: dict[str, str] = {}
    source: Source


class Bin(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Ten minutes of the night's time strip."""

    alerts: int = 0
    """Alerts that started."""
    threats: int = 0
    """Threats announced."""


class Mark(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One instant on the time strip worth a line: a scramble, a launch of missiles, a report, a strike."""

    at: dt.datetime
    kind: str
    subject: str = ""
    detail: dict[str, str] = {}


class Strip(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The night so far."""

    bins: dict[str, Bin] = {}
    """By the bin's first instant, ISO 8601."""
    marks: dict[str, Mark] = {}
    hour: Bin = Bin()
    """What began within the last hour, as of the last tick. Absent members are zero."""


class TrackView(Struct, frozen=True, array_like=True):
    """One aircraft where it was seen last. A list, replaced whole: the only place in the tree with nulls."""

    lon: float
    lat: float
    seen_ms: int
    """When the position was measured, in ms since 1970 by our clock, also in an exercise."""
    course_deg: float | None
    speed_kt: float | None
    altitude_ft: float | None
    flags: int
    """1: on the ground; 2: military; 4: an address that is not ICAO's; 8: entered by one of our operators."""
    affiliation: Literal["friend", "neutral", "hostile", "unknown"]
    callsign: str
    type: str
    feed: str


class TrackAges(Struct, frozen=True, kw_only=True):
    """When a track is to be shown as old, and when it goes, in seconds since it was seen. By the rules."""

    stale_after_s: float
    gone_after_s: float


class MarkerView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A point, circle or outline that a neighbour's system drew. It goes when its end has come."""

    label: str = ""
    symbol: str = ""
    position: Point
    radius_m: float | None = None
    area: tuple[Point, ...] = ()
    note: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    source: Source


class LogView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One act of an operator's. What was undone stays, marked."""

    id: str
    """Of the log entry."""
    at: dt.datetime
    """When it was done, as its first revision says, or when that came, by our clock."""
    act: str
    by: str
    about: str = ""
    others: tuple[str, ...] = ()
    note: str = ""
    """At most 1,000 characters."""
    undone: bool = False
    undone_by: str = ""


class Ack(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who has acknowledged an event."""

    by: str
    at: dt.datetime
    note: str = ""
    """At most 1,000 characters."""
    log: str
    """Id of the log entry."""


class PictureView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The whole tree."""

    theatre: str
    status: Literal["actual", "exercise"]
    """Which status of events is in it; the others are only counted."""
    other_events: int = 0
    """Events of another status that came and are not shown; 10,000 means that or more."""
    unreadable: int = 0
    """Stream entries that are not events of the contract; 10,000 means that or more."""
    clock: Clock | None = None
    night: Night | None = None
    alerts: dict[str, AlertView] = {}
    """By region, type and level: `UA-46|air_raid|red`."""
    regions: dict[str, RegionView] = {}
    """By region of the first level: `UA-46`."""
    alerting: Alerting = Alerting()
    threats: dict[str, ThreatView] = {}
    """By the id of the first event of each."""
    scrambles: dict[str, ScrambleView] = {}
    strikes: dict[str, StrikeView] = {}
    statements: dict[str, StatementView] = {}
    restrictions: dict[str, RestrictionView] = {}
    claims: dict[str, Claim] = {}
    tally: Tally | None = None
    records: dict[str, Record] = {}
    """Before tonight: `launched.uav`, `launched.missile`; `alert.longest`, `alert.most_regions`;
    `since.launched.uav.100`: days since a raid with at least so many."""
    trend: Trend = Trend()
    """Worked out at ticks."""
    advisories: dict[str, AdvisoryView] = {}
    """By the key of the rule. Worked out at ticks."""
    feeds: dict[str, Feed] = {}
    tracks: dict[str, TrackView] = {}
    """By ICAO 24-bit address, `~` before one that is not ICAO's: the newest fix of all feeds."""
    track_ages: TrackAges | None = None
    markers: dict[str, MarkerView] = {}
    """By event id."""
    log: dict[str, LogView] = {}
    """The last 100 acts of operators, without the audit's, by key; keys sort by `at`."""
    acks: dict[str, Ack] = {}
    """By the id of the event that was acknowledged; the last 1,000."""
    ticker: dict[str, Tick] = {}
    """The last 60 by key; keys sort by `at`, whatever order it was heard in."""
    strip: Strip = Strip()
