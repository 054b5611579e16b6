"""From the picture's tree to the answer: the same facts in the words of the API, and nothing added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec.structs import asdict

from config.theatre import Theatre
from dashboard.api.question import UID_FEED
from dashboard.api.shape import (
    AdvisoryAnswer,
    AlertAnswer,
    Answer,
    CauseAnswer,
    FeedAnswer,
    Figure,
    Hedged,
    MarkerAnswer,
    Outcome,
    RecordAnswer,
    RegionAnswer,
    RestrictionAnswer,
    RevisionAnswer,
    ScrambleAnswer,
    StatementAnswer,
    StrikeAnswer,
    TallyAnswer,
    ThreatAnswer,
    TrackAnswer,
    Window,
)
from dashboard.picture.counts import exact
from dashboard.picture.night import Nights
from dashboard.picture.rules import Rules
from dashboard.picture.shape import (
    Claim,
    MarkerView,
    PictureView,
    RestrictionView,
    Revision,
    ScrambleView,
    StatementView,
    StrikeView,
    Tally,
    ThreatView,
    TrackView,
)
from dashboard.picture.tracks import MILITARY, ON_GROUND
from streams.events import Count, Quantities

_FURTHER = ("shot_down", "suppressed", "not_reached", "hits", "left_airspace", "still_airborne")


def answer_of(
    tree: Mapping[str, Any],
    theatre: Theatre,
    rules: Rules,
    *,
    at: dt.datetime,
    known_at: dt.datetime | None,
) -> Answer:
    """The answer that a picture's tree gives."""
    view = msgspec.convert(tree, PictureView)
    nights = Nights(rules.night)
    return Answer(
        at=at,
        known_at=known_at,
        status=view.status,
        theatre=theatre.name,
        night=Window(start=view.night.start, end=view.night.end) if view.night is not None else None,
        alerts=tuple(
            sorted(_alerts(view, theatre), key=lambda alert: (alert.region, alert.type, alert.level))
        ),
        regions=tuple(
            RegionAnswer(
                region=region_name(key, theatre),
                **{**asdict(each), "parts": tuple(region_name(part, theatre) for part in each.parts)},
            )
            for key, each in sorted(view.regions.items())
        ),
        tallies=_tallies(view, theatre, nights),
        scrambles=tuple(_scramble(each, theatre) for _, each in sorted(view.scrambles.items())),
        threats=tuple(_threat(key, each, theatre) for key, each in sorted(view.threats.items())),
        tracks=tuple(_track(key, each) for key, each in sorted(view.tracks.items())),
        markers=tuple(_marker(key, each) for key, each in sorted(view.markers.items())),
        strikes=tuple(_strike(key, each, theatre) for key, each in sorted(view.strikes.items())),
        statements=tuple(_statement(each) for _, each in sorted(view.statements.items())),
        restrictions=tuple(_restriction(each) for _, each in sorted(view.restrictions.items())),
        records=tuple(
            RecordAnswer(name=name, **asdict(record)) for name, record in sorted(view.records.items())
        ),
        advisories=tuple(
            AdvisoryAnswer(rule=rule, **asdict(each)) for rule, each in sorted(view.advisories.items())
        ),
        trend=view.trend,
        feeds=tuple(FeedAnswer(feed=name, **asdict(feed)) for name, feed in sorted(view.feeds.items())),
    )


def region_name(key: str, theatre: Theatre) -> str:
    """ISO 3166-2 for countries, oblasts and provinces; below, the uid that the alert feeds share."""
    region = theatre.regions.get(key)
    is_below = region is not None and region.level in ("raion", "hromada")
    return region.uids.get(UID_FEED, key) if region is not None and is_below else key


def figure(count: Count | None) -> Figure | None:
    """A whole number where it was stated exactly; else with its hedge."""
    if count is None:
        return None
    number = exact(count)
    if number is not None:
        return number
    return Hedged(value=count.value, min=count.min, max=count.max, qualifier=count.qualifier)


def _alerts(view: PictureView, theatre: Theatre) -> Iterator[AlertAnswer]:
    for alert in view.alerts.values():
        yield AlertAnswer(
            region=region_name(alert.region, theatre),
            type=alert.alert_type,
            level=alert.level,
            since=alert.since,
            calculated=alert.calculated,
            permanent=alert.permanent,
        )


def _tallies(view: PictureView, theatre: Theatre, nights: Nights) -> tuple[TallyAnswer, ...]:
    tallies = [
        _tally(
            claim, theatre, nights, view.tally if view.tally is not None and key == view.tally.claim else None
        )
        for key, claim in sorted(view.claims.items())
        if claim.tonight
    ]
    return tuple(sorted(tallies, key=lambda tally: (not tally.leads, tally.scope, tally.claimant)))


def _tally(claim: Claim, theatre: Theatre, nights: Nights, lead: Tally | None) -> TallyAnswer:
    start, end = claim.window_start, claim.window_end
    if start is None and end is None and claim.night_of is not None:
        night = nights.of_morning(claim.night_of)
        start, end = night.start, night.end
    elif end is None and claim.as_of is not None:
        end = claim.as_of
    further = {name: _outcome(stated) for name in _FURTHER if (stated := getattr(claim, name)) is not None}
    nothing = Outcome(uav=None, missile=None)
    return TallyAnswer(
        claimant=claim.claimant,
        attacker=claim.attacker,
        scope=claim.scope,
        regions=tuple(region_name(key, theatre) for key in claim.regions),
        leads=lead is not None,
        rates=lead.rates if lead is not None else {},
        rates_of=lead.rates_of if lead is not None else {},
        hour=lead.hour if lead is not None else {},
        whole_night=lead.night if lead is not None else {},
        window=Window(start=start, end=end),
        night_of=claim.night_of,
        launched=_outcome(claim.launched) if claim.launched is not None else nothing,
        neutralised=_outcome(claim.neutralised) if claim.neutralised is not None else nothing,
        impact_places=figure(claim.impact_places),
        debris_places=figure(claim.debris_places),
        derived=claim.derived,
        ongoing=claim.ongoing,
        as_of=claim.as_of,
        witnesses=tuple(claim.witnesses),
        agreement=dict(claim.agreement),
        variants=claim.variants,
        revisions=tuple(_revision(each) for _, each in sorted(claim.revisions.items())),
        **further,
    )


def _revision(revision: Revision) -> RevisionAnswer:
    figures = {
        path: number for path, count in revision.figures.items() if (number := figure(count)) is not None
    }
    return RevisionAnswer(
        at=revision.at,
        state=revision.state,
        event=revision.event,
        revision=revision.revision,
        figures=figures,
    )


def _outcome(stated: Quantities) -> Outcome:
    types = {key: number for key, count in stated.types.items() if (number := figure(count)) is not None}
    return Outcome(
        uav=figure(stated.uav), missile=figure(stated.missile), total=figure(stated.total), types=types
    )


def _scramble(scramble: ScrambleView, theatre: Theatre) -> ScrambleAnswer:
    causes = (
        CauseAnswer(
            rule=rule,
            **{**asdict(cause), "regions": tuple(region_name(key, theatre) for key in cause.regions)},
        )
        for rule, cause in sorted(scramble.causes.items())
    )
    return ScrambleAnswer(
        country=scramble.country,
        state=scramble.state,
        since=scramble.since,
        until=scramble.until,
        causes=tuple(causes),
        airports_closed=scramble.airports_closed,
        airports_reopened=scramble.airports_reopened,
        announced_at=scramble.announced_at,
        lead_s=scramble.lead_s,
        named_regions=tuple(region_name(key, theatre) for key in scramble.cause_regions),
        not_stood_down=scramble.not_stood_down,
        bases=scramble.bases,
        aircraft=scramble.aircraft,
        allied=scramble.allied,
        witnesses=tuple(scramble.witnesses),
    )


def _threat(key: str, threat: ThreatView, theatre: Theatre) -> ThreatAnswer:
    return ThreatAnswer(
        id=key,
        type=threat.threat_type,
        state=threat.state,
        stale=threat.stale,
        weapon=threat.weapon,
        count=figure(threat.count),
        regions=tuple(region_name(each, theatre) for each in threat.regions),
        position=threat.position,
        course_deg=threat.course_deg,
        toward=threat.toward,
        since=threat.since,
        updated_at=threat.updated_at,
        path=threat.path,
        witnesses=tuple(threat.witnesses),
    )


def _track(key: str, track: TrackView) -> TrackAnswer:
    return TrackAnswer(
        feed=track.feed,
        key=key,
        lon=track.lon,
        lat=track.lat,
        seen_at=dt.datetime.fromtimestamp(track.seen_ms / 1_000, dt.UTC),
        callsign=track.callsign,
        aircraft_type=track.type,
        altitude_ft=track.altitude_ft,
        on_ground=bool(track.flags & ON_GROUND),
        speed_kt=track.speed_kt,
        track_deg=track.course_deg,
        military=bool(track.flags & MILITARY),
        affiliation=track.affiliation,
    )


def _marker(key: str, marker: MarkerView) -> MarkerAnswer:
    return MarkerAnswer(id=key, feed=marker.source.feed, **_without_source(marker))


def _restriction(restriction: RestrictionView) -> RestrictionAnswer:
    source = restriction.source
    return RestrictionAnswer(event=source.event, feed=source.feed, **_without_source(restriction))


def _without_source(view: MarkerView | RestrictionView) -> dict[str, Any]:
    return {name: value for name, value in asdict(view).items() if name != "source"}


def _strike(key: str, strike: StrikeView, theatre: Theatre) -> StrikeAnswer:
    return StrikeAnswer(
        id=key,
        target=strike.target,
        attacker=strike.attacker,
        region=region_name(strike.region, theatre),
        position=strike.position,
        weapon=strike.weapon,
        count=figure(strike.count),
        at=strike.at,
        claimed_by=strike.claimed_by,
        witnesses=tuple(strike.witnesses),
    )


def _statement(statement: StatementView) -> StatementAnswer:
    return StatementAnswer(
        speaker=statement.speaker,
        organisation=statement.organisation,
        topic=statement.topic,
        quote=statement.quote,
        figures=statement.figures,
        at=statement.at,
        witnesses=tuple(statement.witnesses),
    )


def shows_something(answer: Answer) -> bool:
    """Whether anything but what always is (permanent alerts, feeds, records) is in it."""
    return bool(
        answer.tallies
        or answer.scrambles
        or answer.threats
        or answer.tracks
        or any(not alert.permanent for alert in answer.alerts)
    )
