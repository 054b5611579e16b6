"""Threats: what is flying where, as announced; each grows stale when nobody speaks of it any more.

Several posts about one group are one threat: of one type, in one region or near each other, within minutes,
by the rules. What was said last holds: a threat that is lost or ended comes back when somebody sees it again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from math import asin, cos, radians, sin, sqrt
from typing import Any, NamedTuple, cast

from dashboard.picture.counts import Stated, choose
from dashboard.picture.evidence import Span
from dashboard.picture.held import Held
from dashboard.picture.linked import Linked, Place
from dashboard.picture.night import credible
from dashboard.picture.patch import Delta
from dashboard.picture.said import Said
from dashboard.picture.scene import Made, Scene, put_made, with_mark
from dashboard.picture.shape import Mark, Night, PathPoint, ThreatView, Tick
from dashboard.picture.ticker import line_key
from streams.events import Point, Threat

MARKED = frozenset(
    (
        "cruise_missiles",
        "ballistic_missiles",
        "unspecified_missiles",
        "strategic_aircraft_activity",
        "mig31k_departure",
    )
)
"""Threats that are worth a line on the time strip: missiles, and what carries them."""
MOST_POINTS = 12
_EARTH_KM = 6_371.0
_NOWHERE = "nowhere"


class _Said(NamedTuple):
    """What decides whether two posts are about one group."""

    threat_type: str
    weapon: str
    regions: frozenset[str]
    position: Point | None
    since: dt.datetime
    updated_at: dt.datetime


class Threats:
    """By the id of the first event of a group. Ended ones are removed, stale ones stay for the night."""

    def __init__(self, scene: Scene, said: Said) -> None:
        self._scene = scene
        self._said = said
        self._known: dict[str, Held] = {}
        self._linked: Linked[_Said] = Linked(self._places, self._is_same, scene.merges.tied)
        self._made: dict[frozenset[str], Made] = {}
        self._counted: dict[frozenset[str], tuple[dt.datetime, str]] = {}
        self._of_type: dict[str, set[frozenset[str]]] = {}
        self._spans: dict[frozenset[str], Span] = {}
        self._stale_at: dict[str, dt.datetime] = {}

    def change(self, old: Held | None, new: Held | None) -> None:
        self._scene.touch(old, new)
        gone: set[frozenset[str]] = set()
        left: set[str] = set()
        if old is not None and self._known.pop(old.event.id, None) is not None:
            group = self._linked.remove(old.event.id)
            gone.add(group)
            left |= group - {old.event.id}
        if new is not None:
            self._known[new.event.id] = new
            gone |= self._linked.add(new.event.id, self._what(new))
            left.add(new.event.id)
        self._replace(gone, {self._linked.group(member) for member in left})

    def hear_more(self, held: Held) -> None:
        """Of this threat, which is known, an earlier revision came."""
        self._scene.touch(held, None)
        group = self._linked.group(held.event.id)
        self._replace(set(), {group})

    def join(self, ids: frozenset[str]) -> None:
        """These may be tied to others than before."""
        mine = [each for each in ids if each in self._known]
        gone = {self._linked.remove(each) for each in mine}
        for each in mine:
            self._scene.touch(self._known[each])
            gone |= self._linked.add(each, self._what(self._known[each]))
        self._replace(gone, {self._linked.group(member) for group in gone for member in group})

    def keeps(self, held: Held) -> bool:
        return False

    def turn(self, before: Night | None) -> None:
        self._replace(set(), set(self._made))

    def age(self) -> None:
        """Mark what has grown stale at the scene's instant."""
        shown = self._scene.tree.root["threats"]
        instant = self._scene.instant
        for key, item in list(shown.items()):
            is_stale = instant is not None and instant > self._stale_at[key]
            if item.get("stale", False) != is_stale:
                self._scene.tree.put(with_mark(item, "stale", is_stale), "threats", key)

    def refreshed(self) -> Delta:
        """The marks that `age` makes, all of them."""
        shown = self._scene.tree.root["threats"]
        return {key: {"stale": True if item.get("stale") else None} for key, item in shown.items()}

    def spans(self, threat_type: str) -> Iterator[Span]:
        """All of a type that are remembered."""
        for group in self._of_type.get(threat_type, ()):
            span = self._spans.get(group)
            if span is None:
                span = self._spans[group] = self._span([self._known[each] for each in group])
            yield span

    # Which posts are about one group.

    def _what(self, held: Held) -> _Said:
        event = _event(held)
        since, updated_at = self._since(held), self._updated_at(held)
        regions = frozenset(event.regions)
        return _Said(event.threat_type, event.weapon, regions, event.position, since, updated_at)

    def _places(self, said: _Said) -> Iterator[Place]:
        """Times in slots: what is near is in the same or the next one."""
        wide_s = max(self._scene.rules.threats.same_within_min * 60, 60.0)
        first = int(said.since.timestamp() // wide_s)
        last = min(int(said.updated_at.timestamp() // wide_s), first + 200)
        tree = self._scene.regions
        regions = {above for key in said.regions for above in (key, *tree.above(key)[:-1])}
        for slot in range(first - 1, last + 2):
            for region in regions or (_NOWHERE,):
                yield Place(f"{said.threat_type}|{region}", slot)
            if said.position is not None:
                yield Place(f"{said.threat_type}|position", slot)

    def _is_same(self, one: _Said, other: _Said) -> bool:
        rule = self._scene.rules.threats
        apart = max(one.since, other.since) - min(one.updated_at, other.updated_at)
        if one.threat_type != other.threat_type or apart.total_seconds() > rule.same_within_min * 60:
            return False
        if one.weapon and other.weapon and one.weapon != other.weapon:
            return False
        if one.position is not None and other.position is not None:
            return _distance_km(one.position, other.position) <= rule.near_km
        if not (one.regions or other.regions):
            return one.position is None and other.position is None
        above = self._scene.regions.above
        return any(
            key == place or key in above(place) or place in above(key)
            for key in one.regions
            for place in other.regions
        )

    # What follows from a group.

    def _replace(self, gone: set[frozenset[str]], groups: set[frozenset[str]]) -> None:
        """Show `groups` in place of those that are gone; they may have the same key."""
        views = {group: self._make(group) for group in groups}
        strip = self._scene.strip
        before = Made()
        for group in {*gone, *groups}:
            was = self._made.pop(group, None)
            self._spans.pop(group, None)
            for groups_of_type in self._of_type.values():
                groups_of_type.discard(group)
            if was is not None:
                before = Made(before.items | was.items, before.lines | was.lines, before.marks | was.marks)
            if (counted := self._counted.pop(group, None)) is not None:
                strip.uncount("threats", *counted)
        now = Made()
        for group, (made, since, key) in views.items():
            self._made[group] = made
            threat_type = _event(self._known[key]).threat_type
            self._of_type.setdefault(threat_type, set()).add(group)
            self._counted[group] = (since, key)
            strip.count("threats", since, key)
            now = Made(now.items | made.items, now.lines | made.lines, now.marks | made.marks)
        for key in before.items.keys() - now.items.keys():
            self._stale_at.pop(key, None)
        put_made(self._scene, "threats", before, now)

    def _make(self, group: frozenset[str]) -> tuple[Made, dt.datetime, str]:
        scene = self._scene
        members = sorted((self._known[each] for each in group), key=self._updated_order)
        first = min(members, key=lambda held: (self._since(held), held.event.id))
        last, key = members[-1], first.event.id
        since = self._since(first)
        stale_at = max(self._stale_time(held) for held in members)
        made = Made(items={}, lines={}, marks={})
        instants = [("threat.start", since, first)]
        ended_at = self._ended_at(last)
        if ended_at is not None:
            instants.append(("threat.end", scene.when(ended_at, last), last))
        event = _event(first)
        for kind, at, held in instants:
            made.lines[line_key(at, kind, key)] = Tick(
                at=at, kind=kind, subject=_place(event), detail=_detail(event), source=held.source
            )
        if event.threat_type in MARKED:
            made.marks[f"threat|{key}"] = Mark(
                at=since, kind="threat", subject=_place(event), detail=_detail(event)
            )
        night = scene.night
        is_over = _event(last).state == "ended" or _event(last).valid_to is not None
        if not is_over and not (night is not None and stale_at < night.start):
            self._stale_at[key] = stale_at
            is_stale = scene.instant is not None and scene.instant > stale_at
            made.items[key] = self._view(members, since, stale=is_stale)
        return made, since, key

    def _view(self, members: list[Held], since: dt.datetime, *, stale: bool) -> ThreatView:
        last = members[-1]
        newest = [_event(held) for held in reversed(members)]
        counts = [
            Stated(event.count, self._updated_order(held), held)
            for held in members
            if (event := _event(held)).count is not None
        ]
        picked = choose(counts)
        points = sorted(
            {
                (at, point.lon, point.lat)
                for held in members
                for step in self._said.up_to(held)
                if (point := _event(step).position) is not None and (at := self._updated_at(step))
            }
        )
        return ThreatView(
            threat_type=newest[0].threat_type,
            state=newest[0].state,
            stale=stale,
            weapon=next((event.weapon for event in newest if event.weapon), ""),
            count=picked.count if picked is not None else None,
            regions=next((event.regions for event in newest if event.regions), ()),
            position=next((event.position for event in newest if event.position is not None), None),
            course_deg=next((event.course_deg for event in newest if event.course_deg is not None), None),
            toward=next((event.toward for event in newest if event.toward), ""),
            since=since,
            updated_at=self._updated_at(last),
            stale_after_s=newest[0].stale_after_s,
            path=tuple(PathPoint(at=at, lon=lon, lat=lat) for at, lon, lat in points[-MOST_POINTS:])
            if len(points) > 1
            else (),
            source=last.source,
            witnesses={held.event.id: held.source for held in sorted(members, key=lambda held: held.order)},
        )

    def _span(self, members: list[Held]) -> Span:
        members = sorted(members, key=self._updated_order)
        since = min(self._since(held) for held in members)
        ended_at = self._ended_at(members[-1])
        end = self._scene.when(ended_at, members[-1]) if ended_at is not None else None
        return Span(
            start=since,
            end=end if end is not None else max(self._stale_time(held) for held in members),
            what=_event(members[0]).threat_type,
            regions=frozenset(key for held in members for key in self._what(held).regions),
            events=tuple(sorted(held.event.id for held in members)),
        )

    def _since(self, held: Held) -> dt.datetime:
        return self._scene.when(credible(held.event.valid_from), held)

    def _updated_at(self, held: Held) -> dt.datetime:
        stated = [at for at in (credible(held.event.published_at), credible(held.event.valid_from)) if at]
        return self._scene.when(max(stated, default=None), held)

    def _updated_order(self, held: Held) -> tuple[dt.datetime, str, str]:
        return self._updated_at(held), held.order, held.event.id

    def _stale_time(self, held: Held) -> dt.datetime:
        return self._updated_at(held) + dt.timedelta(seconds=_event(held).stale_after_s)

    def _ended_at(self, held: Held) -> dt.datetime | None:
        event = _event(held)
        if event.state != "ended" and event.valid_to is None:
            return None
        return credible(event.valid_to) or credible(event.published_at)


def _event(held: Held) -> Threat:
    return cast(Threat, held.event)


def _place(event: Threat) -> str:
    return event.regions[0] if event.regions else event.toward


def _detail(event: Threat) -> dict[str, Any]:
    detail: dict[str, str] = {"type": event.threat_type}
    if event.weapon:
        detail["weapon"] = event.weapon
    if event.toward:
        detail["toward"] = event.toward
    return detail


def _distance_km(one: Point, other: Point) -> float:
    """Along the great circle."""
    lat, other_lat = radians(one.lat), radians(other.lat)
    across = sin((other_lat - lat) / 2) ** 2
    along = cos(lat) * cos(other_lat) * sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(across + along)))
