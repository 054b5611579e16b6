"""The picture: what is known of the air, put together from events by a reducer with no clock and no socket.

The same events in any order across streams, with any of them twice, end in the same picture. Time comes in
with the events and by `tick`. A change costs as much as what it touches, whatever lies behind it: what is
older than the nights that the rules keep is forgotten, except claims, which the records are made of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Literal

import msgspec
from msgspec import Struct

from config.advisories import load_advisories
from config.theatre import Theatre
from dashboard.picture.advisories import Advisories
from dashboard.picture.alerts import Alerts
from dashboard.picture.causes import Causes
from dashboard.picture.conditions import Conditions
from dashboard.picture.desk import Desk
from dashboard.picture.exercise import instant_of, within
from dashboard.picture.feeds import Feeds
from dashboard.picture.held import Held, Stub, hold
from dashboard.picture.known import Known
from dashboard.picture.markers import Markers
from dashboard.picture.night import credible
from dashboard.picture.patch import Delta, diff
from dashboard.picture.raids import Raids
from dashboard.picture.records import Records
from dashboard.picture.restrictions import Restrictions
from dashboard.picture.rules import Rules, load_rules
from dashboard.picture.said import Said
from dashboard.picture.scene import Part, Scene, builtins
from dashboard.picture.scrambles import Scrambles
from dashboard.picture.shape import (
    AdvisoryView,
    Alerting,
    AlertView,
    Clock,
    Night,
    RegionView,
    RestrictionView,
    Tally,
)
from dashboard.picture.snapshot import Memory, SnapshotError, held_of, kept_of
from dashboard.picture.statements import Statements
from dashboard.picture.strikes import Strikes
from dashboard.picture.threats import Threats
from dashboard.picture.tracks import Tracks
from dashboard.picture.tree import Tree
from streams.events import (
    AirRaidAlert,
    AirspaceRestriction,
    Event,
    EventBase,
    ExerciseClock,
    FeedHealth,
    LogEntry,
    Marker,
    RaidReport,
    Scramble,
    Statement,
    Strike,
    Threat,
    TrackSweep,
)

MOST_COUNTED = 10_000
"""Entries that are only counted are told apart up to this many; more is as bad."""


class Picture:
    """One theatre's picture of one status.

    theatre: as `load_theatre` gives it. status: which events are shown; others are counted. rules: the
    theatre's own where they are not given.
    """

    def __init__(
        self, theatre: Theatre, status: Literal["actual", "exercise"], rules: Rules | None = None
    ) -> None:
        self._theatre = theatre
        self._status = status
        self._rules = rules if rules is not None else load_rules(theatre.path)
        self._others: set[tuple[str, int]] = set()
        self._unreadable: set[str] = set()
        self._now: dt.datetime | None = None
        self._latest_received: dt.datetime | None = None
        self._run = ""
        self._begin()

    def apply(self, event: Event, received_at: dt.datetime, entry_key: str) -> Delta:
        """Take in one stream entry, and give back what changed.

        received_at: aware UTC, by our clock: the entry's. entry_key: sorts by arrival; one entry has one key.
        """
        if self._latest_received is None or received_at > self._latest_received:
            self._latest_received = received_at
            if self._status == "actual":
                self._look_at_night()
        is_ours = event.status == self._status or (event.status == "system" and isinstance(event, FeedHealth))
        if not is_ours:
            self._count_other(event)
        elif self._is_of_run(event):
            self._take(event, received_at, entry_key)
        return self._take_delta()

    def unreadable(self, entry_key: str) -> Delta:
        """Count a stream entry that is not an event."""
        if len(self._unreadable) < MOST_COUNTED:
            self._unreadable.add(entry_key)
            self._scene.tree.put(len(self._unreadable), "unreadable")
        return self._take_delta()

    def tick(self, now: dt.datetime) -> Delta:
        """Let what is known age. now: aware UTC, by our clock."""
        self._now = now
        self._tick()
        return self._take_delta()

    def refreshed(self) -> Delta:
        """Whatever ticks can have changed, whole: what makes a client's copy right that other ticks made."""
        root = self._scene.tree.root
        delta: Delta = {
            "feeds": self._feeds.refreshed(),
            "threats": self._threats.refreshed(),
            "scrambles": self._scrambles.refreshed(),
            "tracks": self._tracks.refreshed(),
            "markers": self._markers.refreshed(),
            "strip": self._scene.strip.refreshed(),
        }
        for name, shape in (("night", Night), ("tally", Tally), ("alerting", Alerting)):
            delta[name] = _whole(root.get(name), shape)
        for held in self._known.with_plans():
            for name, key, view in self._placed(held.event):
                delta.setdefault(name, {})[key] = _whole(root[name].get(key), view)
        delta["advisories"] = self._advisories.refreshed()
        return delta | self._records.refreshed()

    def _placed(self, event: EventBase) -> Iterator[tuple[str, str, type[Struct]]]:
        """Where in the tree an alert or a restriction is shown."""
        if isinstance(event, AirspaceRestriction):
            yield "restrictions", event.subject, RestrictionView
        elif isinstance(event, AirRaidAlert):
            yield "regions", self._scene.regions.top(event.region), RegionView
            for level in ("red", "yellow", ""):
                yield "alerts", f"{event.region}|{event.alert_type}|{level}", AlertView

    def raid_night(self, morning: dt.date) -> dict[str, int]:
        """The exact lead figures, by dotted path, of the night that leads to a morning."""
        night = self._raids.nights.get(morning)
        return dict(night.figures) if night is not None else {}

    def raids_record(
        self, figure: Literal["launched.uav", "launched.missile"], *, before: dt.date | None = None
    ) -> tuple[dt.date | None, int] | None:
        """The greatest figure of all nights before one, or of all, with its night's morning."""
        greatest = self._raids.nights.greatest(figure, before)
        return (greatest.claim.morning, greatest.value) if greatest is not None else None

    def under_alert(
        self, region: str, start: dt.datetime, end: dt.datetime
    ) -> list[tuple[dt.datetime, dt.datetime]]:
        """When in [start, end) a region was under an air-raid alert, or any region below it.

        Aware instants, to the second. Of all history, of alerts that have ended and are not permanent.
        """
        spans = self._alerts.nights.under_alert(region, int(start.timestamp()), int(end.timestamp()))
        return [
            (dt.datetime.fromtimestamp(first, dt.UTC), dt.datetime.fromtimestamp(last, dt.UTC))
            for first, last in spans
        ]

    def view(self) -> dict[str, Any]:
        """The whole tree, of `PictureView`'s shape, as it is now; later events do not change it."""
        return self._scene.tree.copy()

    def memory(self) -> Memory:
        """All that it remembers, to be encoded by `snapshot.encode`."""
        known = self._known.latest.values()
        return Memory(
            theatre=self._theatre.name,
            status=self._status,
            run=self._run,
            others=frozenset(self._others),
            unreadable=frozenset(self._unreadable),
            now=self._now,
            instant=self._scene.instant,
            latest_received=self._latest_received,
            clock=self._clock,
            kept=tuple(kept_of(held) for held in known if isinstance(held, Held)),
            heard=tuple(kept_of(held) for held in self._said.all()),
            stubs=tuple(stub for stub in known if isinstance(stub, Stub)),
            alert_nights=self._alerts.nights.settled(),
            floor=self._known.floor,
            worked_out=self._records.memory(),
            advisories=msgspec.convert(self._scene.tree.root["advisories"], dict[str, AdvisoryView]),
            feeds=self._feeds.looks(),
            tracks=self._tracks.memory(),
        )

    @classmethod
    def remembering(cls, memory: Memory, theatre: Theatre, rules: Rules | None = None) -> Picture:
        """The picture that had this memory.

        Raises SnapshotError where that was of another theatre.
        """
        if memory.theatre != theatre.name:
            raise SnapshotError(f"a snapshot of {memory.theatre}, not {theatre.name}")
        picture = cls(theatre, memory.status, rules)
        picture._recall(memory)
        return picture

    # What is held, and what follows from it.

    def _begin(self) -> None:
        tree = Tree(
            theatre=self._theatre.name,
            status=self._status,
            other_events=len(self._others),
            unreadable=len(self._unreadable),
        )
        scene = self._scene = Scene(self._theatre, self._rules, tree, is_exercise=self._status == "exercise")
        self._clock: tuple[Clock, str] | None = None
        self._feeds = Feeds(scene)
        self._tracks = Tracks(scene)
        self._markers = Markers(scene)
        said = self._said = Said()
        self._threats = Threats(scene, said)
        self._alerts = Alerts(scene)
        self._raids = Raids(scene, said)
        tree.put(builtins(Alerting(of=len(self._theatre.alert_regions))), "alerting")
        tree.take()
        self._scrambles = Scrambles(scene, Causes(scene, self._alerts, self._threats))
        strikes = Strikes(scene)
        self._parts: dict[type[EventBase], Part] = {
            AirRaidAlert: self._alerts,
            RaidReport: self._raids,
            Threat: self._threats,
            Scramble: self._scrambles,
            Strike: strikes,
            Statement: Statements(scene),
            AirspaceRestriction: Restrictions(scene),
            Marker: self._markers,
            LogEntry: Desk(scene, said, (self._threats, self._scrambles, strikes, self._raids)),
        }
        conditions = Conditions(scene, self._alerts, self._threats, self._scrambles, self._raids)
        self._advisories = Advisories(scene, load_advisories(self._theatre), conditions)
        self._records = Records(scene, self._raids, self._alerts.nights)
        self._known = Known(scene, self._parts, self._alerts, self._said)
        self._replaced: dict[str, Any] | None = None

    def _recall(self, memory: Memory) -> None:
        self._run = memory.run
        self._others = set(memory.others)
        self._unreadable = set(memory.unreadable)
        self._now = memory.now
        self._latest_received = memory.latest_received
        self._begin()
        self._scene.now = memory.now
        self._scene.instant = memory.instant
        self._scene.strip.age(memory.instant)
        self._clock = memory.clock
        if memory.clock is not None:
            self._scene.tree.put(builtins(memory.clock[0]), "clock")
        self._look_at_night()
        self._alerts.nights.recall(memory.alert_nights)
        self._known.recall(
            (held_of(kept) for kept in memory.kept), memory.stubs, (held_of(kept) for kept in memory.heard)
        )
        if memory.floor is not None:
            self._known.sweep(memory.floor)
        self._records.recall(memory.worked_out)
        self._advisories.recall(memory.advisories)
        for health, order in memory.feeds:
            self._feeds.take(health, order)
        if memory.now is not None:
            self._feeds.age(memory.now)
            self._tracks.age(memory.now)
        self._tracks.recall(memory.tracks)
        self._take_delta()

    def _take_delta(self) -> Delta:
        self._records.look()
        touched, self._scene.touched = self._scene.touched, []
        if touched:
            self._scrambles.look_again(touched)
        if self._replaced is None:
            return self._scene.tree.take()
        self._scene.tree.take()
        before, self._replaced = self._replaced, None
        return diff(before, self._scene.tree.root)

    def _count_other(self, event: EventBase) -> None:
        if len(self._others) < MOST_COUNTED:
            self._others.add((event.id, event.revision))
            self._scene.tree.put(len(self._others), "other_events")

    def _is_of_run(self, event: EventBase) -> bool:
        """Whether an event is of the run that is shown; a later run's first event begins the picture anew."""
        if not event.run or self._status != "exercise" or event.run == self._run:
            return True
        if event.run < self._run:
            return False
        self._run = event.run
        kept = [known for known in self._known.latest.values() if not known.run]
        heard = [held for held in self._said.all() if not held.run]
        feeds = self._feeds.of_no_run()
        tracks = self._tracks.memory(of_no_run=True)
        before = self._scene.tree.copy()
        self._begin()
        self._replaced = before
        for health, order in feeds:
            self._feeds.take(health, order)
        self._tracks.recall(tracks)
        self._known.recall(
            (known for known in kept if isinstance(known, Held)),
            (known for known in kept if isinstance(known, Stub)),
            heard,
        )
        if self._now is not None:
            self._tick()
        return True

    def _take(self, event: Event, received_at: dt.datetime, entry_key: str) -> None:
        if isinstance(event, FeedHealth):
            self._feeds.take(event, entry_key)
        elif isinstance(event, ExerciseClock):
            if event.run:
                self._set_clock(event, received_at, entry_key)
        elif isinstance(event, TrackSweep):
            self._take_sweep(event, received_at, entry_key)
        elif type(event) in self._parts and event.msg_type != "ack" and not _is_audit(event):
            if isinstance(event, Marker) and event.msg_type == "cancel":
                self._tracks.withdraw(event, received_at, entry_key)
            self._known.hold(hold(event, received_at, entry_key))
            self._advisories.touch()

    def _take_sweep(self, sweep: TrackSweep, received_at: dt.datetime, entry_key: str) -> None:
        # Neighbours' systems say of an id that it is gone, and not whether it was a track or a marker.
        known = self._known.latest.get(sweep.id)
        if known is None or known.revision <= sweep.revision:
            self._tracks.take(sweep, received_at, entry_key)

    # Time.

    def _look_at_night(self) -> None:
        """Turn to another night when it is one."""
        instant = self._present()
        if instant is None:
            return
        scene = self._scene
        night, before = scene.nights.of(instant), scene.night
        if night == before:
            return
        scene.night = night
        self._advisories.touch()
        scene.tree.put(builtins(night), "night")
        scene.strip.turn(night)
        for part in self._parts.values():
            part.turn(before)
        self._known.sweep(scene.nights.floor(night))

    def _present(self) -> dt.datetime | None:
        """The instant whose night is shown; an exercise has none before its clock."""
        if self._status == "actual":
            instants = [each for each in (self._now, self._latest_received) if each is not None]
            return credible(max(instants, default=None))
        if self._clock is None:
            return None
        clock = self._clock[0]
        instant = clock.at if self._now is None else instant_of(clock, self._now)
        return credible(within(clock, max(instant, clock.at)))

    def _set_clock(self, event: ExerciseClock, received_at: dt.datetime, entry_key: str) -> None:
        if self._clock is not None and entry_key <= self._clock[1]:
            return
        clock = Clock(
            run=event.run,
            title=event.title,
            state=event.state,
            at=event.at,
            received_at=received_at,
            speed=event.speed,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            beat_s=event.beat_s,
        )
        self._clock = (clock, entry_key)
        self._scene.tree.put(builtins(clock), "clock")
        self._look_at_night()

    def _tick(self) -> None:
        now = self._now
        if now is None:
            return
        self._scene.now = now
        if self._status == "actual":
            self._scene.instant = now
        else:
            self._scene.instant = instant_of(self._clock[0], now) if self._clock is not None else None
        self._look_at_night()
        if self._status == "actual":
            self._known.come_due(now)
        self._known.forget()
        self._threats.age()
        self._scrambles.age()
        self._feeds.age(now)
        self._tracks.age(now)
        self._markers.age()
        self._raids.age()
        self._scene.strip.age(self._scene.instant)
        self._records.work_out()
        self._advisories.work_out()


def _is_audit(event: Event) -> bool:
    return isinstance(event, LogEntry) and event.act == "audit"


def _whole(item: dict[str, Any] | None, shape: type[Struct]) -> dict[str, Any] | None:
    """An item as a patch that takes away what it has not."""
    return None if item is None else {field: item.get(field) for field in shape.__struct_fields__}
