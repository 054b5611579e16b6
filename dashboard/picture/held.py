"""An event as the picture keeps it: without its text, with what the text proves and when we had it."""

from __future__ import annotations

import datetime as dt
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from config.theatre import fold_name
from dashboard.picture.alert_nights import Trace
from dashboard.picture.night import credible
from dashboard.picture.quotes import quotes
from dashboard.picture.shape import Quote, Source
from streams.events import AirRaidAlert, AirspaceRestriction, EventBase, LogEntry, RaidReport

_SLUG_CHARS = 80


class Held(Struct, frozen=True):
    """The highest revision of one id that has come.

    order: the key of its stream entry, which sorts by arrival. at: the latest instant that it speaks of, by
    which it is forgotten. said_at: when its source said it, as nearly as it tells.
    """

    event: EventBase
    received_at: dt.datetime
    order: str
    at: dt.datetime
    said_at: dt.datetime
    quotes: dict[str, Quote] = {}
    lang: str = ""
    link: str = ""
    title: str = ""
    has_begun: bool = True
    """False while the begin that was planned for it lies ahead."""
    goes_on: bool = False
    """True while the end that was planned for it lies ahead."""

    @property
    def is_over(self) -> bool:
        """Whether an end was told, and has come if it was planned."""
        return self.event.valid_to is not None and not self.goes_on

    @property
    def cancelled(self) -> bool:
        """Undone: as if it had never been said. An operator's act stays, as one that was undone."""
        return self.event.msg_type in ("cancel", "error") and type(self.event) is not LogEntry

    @property
    def run(self) -> str:
        return self.event.run

    @property
    def revision(self) -> int:
        return self.event.revision

    @property
    def until(self) -> dt.datetime:
        """What comes of the same id later than this is not expected: it is forgotten then."""
        return max(self.at, self.received_at)

    def replaces(self, other: Held | Stub) -> bool:
        """Whether this is what is known of an id rather than `other`. Of one revision, the first copy is."""
        ours, theirs = self.revision, other.revision
        return ours > theirs or (ours == theirs and self.order < other.order)

    @property
    def stub(self) -> Stub:
        """What remains of it when nothing follows from it any more."""
        event = self.event
        return Stub(event.id, event.run, self.revision, self.order, self.until, kind_of(event))

    @property
    def source(self) -> Source:
        """Where it came from."""
        event = self.event
        return Source(
            event=event.id,
            revision=event.revision,
            feed=event.feed,
            claimant=event.claimant,
            grade=f"{event.reliability}{event.credibility}",
            published_at=event.published_at,
            received_at=self.received_at,
            lang=self.lang,
            link=self.link,
            title=self.title,
        )

    def quotes_of(self, view: type[Struct]) -> dict[str, Quote]:
        """The quotes for the fields that a view has."""
        fields = view.__struct_fields__
        return {path: quote for path, quote in self.quotes.items() if path in fields}

    @property
    def trust(self) -> tuple[int, int]:
        """Sorts by Admiralty grade, the better the higher."""
        return -ord(self.event.reliability), -self.event.credibility


PLANNED_AHEAD = dt.timedelta(minutes=2)
"""What is said to begin or end later than this after it came is planned; sources' clocks differ by less."""


def planned(held: Held) -> tuple[dt.datetime | None, dt.datetime | None]:
    """When it is to begin and to end, as far as either lay ahead when it was said.

    An exercise tells all when it happens. A predicted end of an alert is none.
    """
    event = held.event
    if event.status != "actual" or not isinstance(event, AirRaidAlert | AirspaceRestriction):
        return None, None
    ahead = held.received_at + PLANNED_AHEAD
    begins = ends = None
    if isinstance(event, AirspaceRestriction):
        begins = event.valid_from if event.valid_from is not None and event.valid_from > ahead else None
    if not (isinstance(event, AirRaidAlert) and event.calculated):
        ends = event.valid_to if event.valid_to is not None and event.valid_to > ahead else None
    return begins, ends


def as_of(held: Held, instant: dt.datetime | None) -> Held:
    """The same, with whether its planned begin and end have come by `instant`; None: neither has."""
    begins, ends = planned(held)
    has_begun = begins is None or (instant is not None and begins <= instant)
    goes_on = ends is not None and (instant is None or ends > instant)
    if (has_begun, goes_on) == (held.has_begun, held.goes_on):
        return held
    return replace(held, has_begun=has_begun, goes_on=goes_on)


class Stub(Struct, frozen=True):
    """That an id was known up to a revision: an earlier one that comes late is no news.

    kind: of its event. trace: what it still adds to history.
    """

    id: str
    run: str
    revision: int
    order: str
    until: dt.datetime
    kind: str = ""
    trace: Trace | None = None


def kind_of(event: EventBase) -> str:
    """The event's kind, as its tag says it."""
    kind = type(event)
    tag = _TAGS.get(kind)
    if tag is None:
        tag = _TAGS[kind] = str(event.__struct_config__.tag)
    return tag


_TAGS: dict[type[EventBase], str] = {}


def hold(event: EventBase, received_at: dt.datetime, order: str) -> Held:
    """Keep an event. Its text, 200,000 characters at most, is left behind."""
    published_at = credible(event.published_at)
    valid_from = credible(event.valid_from)
    valid_to = credible(event.valid_to)
    as_of = credible(event.as_of) if isinstance(event, RaidReport) else None
    stated = [instant for instant in (published_at, valid_from, valid_to, as_of) if instant is not None]
    at = max(stated) if stated else received_at
    said_at = published_at or as_of or valid_to or valid_from or received_at
    evidence = event.evidence
    if evidence is None:
        return Held(event, received_at, order, at, said_at)
    return Held(
        replace(event, evidence=None),
        received_at,
        order,
        at,
        said_at,
        quotes(evidence),
        evidence.lang,
        evidence.link,
        evidence.title,
    )


def slug(text: str) -> str:
    """A text as part of a key: equal for texts that differ in case, marks and dashes only, and short."""
    folded = fold_name(text).replace("|", " ")
    if len(folded) <= _SLUG_CHARS:
        return folded
    digest = blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=4)
    return f"{folded[:_SLUG_CHARS]}~{digest.hexdigest()}"
