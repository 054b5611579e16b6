"""What the API answers with, as types; docs/openapi.json is made from them.

Instants are ISO 8601 in UTC with `Z`. Fields without a default are always there, `null` where nothing is
known; the others are left out where they have nothing to say. A count is a whole number where it was stated
exactly, and an object where it was hedged.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec
from msgspec import Raw, Struct

from dashboard.picture.shape import AdvisoryView, CauseView, Feed, PathPoint, Record, RegionView, Trend
from streams.events import Event, Point, Track
from streams.events import Figure as StatedFigure


class Hedged(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure with its source's hedge: `nearly 480`, `50 to 60`, `unnumbered`."""

    value: int | None = None
    min: int | None = None
    max: int | None = None
    qualifier: str


Figure = int | Hedged


class Outcome(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Counts of one outcome by class, and by type where that was stated. `null` is not zero."""

    uav: Figure | None
    missile: Figure | None
    total: Figure | None = None
    types: dict[str, Figure] = {}
    """By weapon key of the theatre."""


class Window(Struct, frozen=True, kw_only=True):
    """From one instant to another."""

    start: dt.datetime | None
    end: dt.datetime | None


class AlertAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One alert in force."""

    region: str
    """ISO 3166-2 for countries, oblasts and provinces; below, the uid that the alert feeds share."""
    type: str
    level: str
    """`red`, `yellow`, or empty where the source knows no levels."""
    since: dt.datetime | None
    calculated: bool
    """Rolled up from below, or an end that was predicted: not reported as such."""
    permanent: bool = False


class RegionAnswer(RegionView, frozen=True, kw_only=True, omit_defaults=True):
    """What of an oblast or province is under alert, in itself or in what lies below it."""

    region: str


class RevisionAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was new in one statement of a claim."""

    at: dt.datetime
    state: Literal["interim", "final", "corrected"]
    event: str
    revision: int
    figures: dict[str, Figure] = {}


class TallyAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one claimant says of one night: several texts that relay it are its witnesses."""

    claimant: str
    attacker: str
    """ISO 3166-1; empty where nobody said."""
    scope: Literal["national", "regional"]
    """A regional report is part of the national one, never added to it."""
    leads: bool
    """Whether these are the figures that the wall leads with, by the rule in `config/`."""
    window: Window
    """As stated; to `as_of` where no end is, and the bounds of the operational night where no hours are."""
    night_of: dt.date | None
    """The date of the morning."""
    launched: Outcome
    neutralised: Outcome
    witnesses: tuple[str, ...]
    """Event ids."""
    regions: tuple[str, ...] = ()
    shot_down: Outcome | None = None
    suppressed: Outcome | None = None
    not_reached: Outcome | None = None
    hits: Outcome | None = None
    left_airspace: Outcome | None = None
    still_airborne: Outcome | None = None
    impact_places: Figure | None = None
    debris_places: Figure | None = None
    derived: tuple[str, ...] = ()
    """Figures that nobody stated and that follow from stated ones: `neutralised.uav`."""
    rates: dict[str, float] = {}
    """Interception rate of `uav`, `missile`: neutralised over launched, per cent. Only of the leading claim,
    and from two exact figures."""
    rates_of: dict[str, tuple[int, int]] = {}
    """What each rate was worked out from: neutralised, launched."""
    hour: dict[str, int] = {}
    """Of the leading claim: what was added to each exact figure within the last hour, by when it was said;
    absent where it was not stated an hour ago."""
    whole_night: dict[str, int] = {}
    """Of the leading claim: the figures of all its claimant's windows of the night together, where there are
    others (what came by day). They do not overlap, so these figures, and no others, are sums."""
    agreement: dict[str, str] = {}
    """By witness: `states` the figures shown, `supports` them with a hedge, `earlier`, or `differs`."""
    variants: dict[str, dict[str, tuple[str, ...]]] = {}
    """What is stated otherwise: figure, then its other values in words, then the witnesses of each."""
    revisions: tuple[RevisionAnswer, ...] = ()
    """Every statement that brought something new, in order."""
    ongoing: bool = False
    as_of: dt.datetime | None = None


class CauseAnswer(CauseView, frozen=True, kw_only=True, omit_defaults=True):
    """What explains a scramble, by one rule of `config/`."""

    rule: str


class ScrambleAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A nation's jets, from launch to stand-down."""

    country: str
    state: Literal["start", "end"]
    since: dt.datetime | None
    until: dt.datetime | None
    """`null`: nobody has reported that they stood down."""
    causes: tuple[CauseAnswer, ...]
    """What explains it, by the rules; empty: nothing that is known does."""
    airports_closed: tuple[str, ...]
    airports_reopened: tuple[str, ...] = ()
    announced_at: dt.datetime | None = None
    lead_s: int | None = None
    """How long after the first alert that explains it the launch was announced; negative: before it."""
    named_regions: tuple[str, ...] = ()
    """Where the announcement itself sees the cause."""
    not_stood_down: bool = False
    """Nobody has reported its end for longer than the rules allow."""
    bases: tuple[str, ...] = ()
    aircraft: tuple[str, ...] = ()
    allied: bool | None = None
    witnesses: tuple[str, ...] = ()
    """Event ids."""


class ThreatAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One threat as announced."""

    id: str
    type: str
    state: str
    stale: bool
    """Nobody has spoken of it for longer than it lasts."""
    regions: tuple[str, ...]
    since: dt.datetime | None
    updated_at: dt.datetime | None
    weapon: str = ""
    count: Figure | None = None
    position: Point | None = None
    course_deg: float | None = None
    toward: str = ""
    path: tuple[PathPoint, ...] = ()
    """Where it was said to be, the oldest first."""
    witnesses: tuple[str, ...] = ()
    """Event ids of the posts about it."""


class TrackAnswer(Track, frozen=True, kw_only=True, omit_defaults=True):
    """One aircraft where it was seen last, by any feed; `seen_at` tells how old that is."""

    feed: str


class MarkerAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a neighbour's system drew on the map."""

    id: str
    feed: str
    position: Point
    label: str = ""
    symbol: str = ""
    radius_m: float | None = None
    area: tuple[Point, ...] = ()
    note: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


class StrikeAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something on the ground that was hit tonight."""

    id: str
    target: str
    attacker: str
    region: str
    at: dt.datetime | None
    position: Point | None = None
    weapon: str = ""
    count: Figure | None = None
    claimed_by: tuple[str, ...] = ()
    witnesses: tuple[str, ...] = ()
    """Event ids."""


class StatementAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who said what tonight."""

    speaker: str
    topic: str
    at: dt.datetime | None
    organisation: str = ""
    quote: str = ""
    figures: tuple[StatedFigure, ...] = ()
    witnesses: tuple[str, ...] = ()
    """Event ids."""


class RestrictionAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An airport or sector that is closed."""

    subject: str
    since: dt.datetime | None
    event: str
    feed: str
    until: dt.datetime | None = None
    reason: str = ""
    centre: Point | None = None
    radius_m: float | None = None
    area: tuple[Point, ...] = ()
    lower_ft: float | None = None
    upper_ft: float | None = None


class RecordAnswer(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What was the most, or the longest, or the last, before this night."""

    name: str


class AdvisoryAnswer(AdvisoryView, frozen=True, kw_only=True, omit_defaults=True):
    """What a rule of `config/` points out, or did tonight."""

    rule: str


class FeedAnswer(Feed, frozen=True, kw_only=True, omit_defaults=True):
    """How a feed was when it was last looked at."""

    feed: str


class Answer(Struct, frozen=True, kw_only=True):
    """The air picture about one instant."""

    at: dt.datetime
    """The world's instant; an exercise's own in an exercise."""
    known_at: dt.datetime | None
    """Only what had been received by then is in it; `null`: all that is known."""
    status: Literal["actual", "exercise"]
    """Which status of events is in it. The two are never mixed."""
    theatre: str
    night: Window | None
    """The operational night that the tallies are of."""
    alerts: tuple[AlertAnswer, ...]
    regions: tuple[RegionAnswer, ...]
    tallies: tuple[TallyAnswer, ...]
    scrambles: tuple[ScrambleAnswer, ...]
    threats: tuple[ThreatAnswer, ...]
    tracks: tuple[TrackAnswer, ...]
    markers: tuple[MarkerAnswer, ...]
    strikes: tuple[StrikeAnswer, ...]
    statements: tuple[StatementAnswer, ...]
    restrictions: tuple[RestrictionAnswer, ...]
    records: tuple[RecordAnswer, ...]
    advisories: tuple[AdvisoryAnswer, ...]
    trend: Trend
    """History by night, week and month."""
    feeds: tuple[FeedAnswer, ...]


class EventItem(Struct, frozen=True, kw_only=True):
    """One stream entry."""

    entry: str
    """`alerts/1749427200000-0`: the stream, and the entry's id in it."""
    received_at: dt.datetime
    event: Event


class EventRow(Struct, frozen=True, kw_only=True):
    """An `EventItem` whose event is sent as it lies in the stream."""

    entry: str
    received_at: dt.datetime
    event: Raw


class EventsAnswer(Struct, frozen=True, kw_only=True):
    """Some events in the order in which they were received."""

    events: tuple[EventItem, ...]
    next: str | None
    """The cursor to go on with. `null` at the end: ask again with the last cursor for what has come since."""
    position: str
    """The cursor after these events, also at the end."""


class EventRows(Struct, frozen=True, kw_only=True):
    """An `EventsAnswer` as it is sent."""

    events: tuple[EventRow, ...]
    next: str | None
    position: str


class Row(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One stream entry as a line of a table."""

    entry: str
    """`alerts/1749427200000-0`: the stream, and the entry's id in it."""
    id: str
    revision: int
    msg_type: str
    kind: str
    what: str
    """What happened: `alert.start`, `scramble.end`, `threat.moving`, `raid_report`, `log.ack`."""
    at: dt.datetime
    """True in the world; else when it was said; else when it was received."""
    received_at: dt.datetime
    status: str
    feed: str
    grade: str
    """Admiralty code."""
    claimant: str = ""
    regions: tuple[str, ...] = ()
    """Keys of the theatre; 20 at most."""
    subject: str = ""
    """Region, country, place, target, speaker; of an act of ours the id of the event that it is about."""
    detail: dict[str, str] = {}
    """In the words of the ticker: `type`, `level`, `weapon`, `launched.uav`; of an act of ours `note`."""
    about: tuple[str, ...] = ()
    """Of an act of ours: ids of the events that it is about; 20 at most."""
    by: str = ""
    """Which of our operators entered it."""
    lang: str = ""
    title: str = ""
    has_text: bool = False
    """Whether there is a text that it was read from: `/events/{id}` has it."""


class RowsAnswer(Struct, frozen=True, kw_only=True):
    """Some rows: the newest first, or, of what came after a cursor, the oldest first."""

    rows: tuple[Row, ...]
    next: str | None
    """The cursor to go on with, in the same direction; `null` where there is no more."""
    position: str
    """The cursor after the newest of these: ask with it as `after` for what has come since."""


class ActAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one of our operators did about an event."""

    log: str
    """Id of the log entry."""
    at: dt.datetime
    act: str
    by: str
    about: str = ""
    others: tuple[str, ...] = ()
    note: str = ""
    undone: bool = False
    undone_by: str = ""


class EventAnswer(Struct, frozen=True, kw_only=True):
    """Everything about one event id."""

    id: str
    revisions: tuple[EventItem, ...]
    """By number."""
    acks: tuple[ActAnswer, ...]
    """Those that were not undone, in order."""
    notes: tuple[ActAnswer, ...]
    log: tuple[ActAnswer, ...]
    """All that our operators did about it, in order."""


class EventSent(Struct, frozen=True, kw_only=True):
    """An `EventAnswer` as it is sent."""

    id: str
    revisions: tuple[EventRow, ...]
    acks: tuple[ActAnswer, ...]
    notes: tuple[ActAnswer, ...]
    log: tuple[ActAnswer, ...]


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is wrong with a request, or why it cannot be answered (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    parameter: str = ""
    """Which parameter of the request is meant."""


def encoded(answer: Struct) -> bytes:
    """An answer as JSON, ending with a line's end."""
    return msgspec.json.encode(answer) + b"\n"
