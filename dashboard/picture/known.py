"""What is known: of each id the highest revision that has come, and when it may be forgotten.

An event that is older than the nights kept is shown no more. What remains of it is a stub: up to which
revision it was known, and what it adds to history. The stub goes when nothing of the same id is expected any
more: when the nights kept are over since it came, by the clock, or by what came later of its own kind.
Entries of another stream do not count: while the streams are read anew, one can be years ahead of another.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from dashboard.picture.alert_nights import Trace
from dashboard.picture.alerts import Alerts, is_on
from dashboard.picture.desk import Desk
from dashboard.picture.held import Held, Stub, as_of, kind_of, planned
from dashboard.picture.raids import Raids
from dashboard.picture.said import Said
from dashboard.picture.scene import Part, Scene
from dashboard.picture.threats import Threats
from streams.events import AirRaidAlert, EventBase, LogEntry, RaidReport, Threat


class Known:
    """parts: what takes the events of each kind. alerts: the one of them that has a history by night. said:
    what takes every revision of the kinds of which more than the highest is shown."""

    def __init__(
        self, scene: Scene, parts: Mapping[type[EventBase], Part], alerts: Alerts, said: Said
    ) -> None:
        self.latest: dict[str, Held | Stub] = {}
        self._scene = scene
        self._nights = scene.nights
        self._parts = parts
        self._alerts = alerts
        self._said = said
        self._by_night: dict[dt.datetime, set[str]] = {}
        self._stubs: dict[str, dict[int, set[str]]] = {}
        self._planned: list[tuple[dt.datetime, str]] = []
        self._with_plans: set[str] = set()
        self._due_to: dt.datetime | None = None
        self._arrived: dict[str, tuple[dt.datetime, dt.datetime]] = {}
        self.floor: dt.datetime | None = None
        """What is older is not shown."""

    def hold(self, new: Held) -> None:
        """Take in an event."""
        new = self._as_of_now(new)
        event = new.event
        known = self.latest.get(event.id)
        is_heard = isinstance(event, RaidReport | Threat | LogEntry) and not new.cancelled
        if is_heard:
            self._said.hear(new)
        if known is not None and not new.replaces(known):
            if is_heard and isinstance(known, Held) and type(event) is type(known.event):
                part = self._parts[type(event)]
                if isinstance(part, Raids | Threats | Desk):
                    part.hear_more(known)
            return
        self._note_arrival(new)
        trace = None if new.cancelled else self._trace(new)
        before = known.trace if isinstance(known, Stub) else None if known is None else self._trace(known)
        if trace != before:
            self._alerts.nights.change(before, trace)
        was = known if isinstance(known, Held) else None
        if was is not None and (new.cancelled or type(was.event) is not type(event)):
            self._parts[type(was.event)].change(was, None)
            was = None
        if new.cancelled or (was is None and self._is_long_over(new)):
            self._reduce(new, trace)
            return
        self.latest[event.id] = new
        part = self._parts[type(event)]
        part.change(was, new)
        if self.floor is not None and new.at < self.floor and not part.keeps(new):
            part.change(new, None)
            self._reduce(new, trace)
        else:
            self._remember(new)

    def recall(self, helds: Iterable[Held], stubs: Iterable[Stub], heard: Iterable[Held]) -> None:
        """Know again what was known. heard: what `Said` had."""
        self._due_to = self._scene.instant
        for held in heard:
            self._said.hear(held)
        for stub in stubs:
            self._put(stub)
            if stub.trace is not None:
                self._alerts.nights.change(None, stub.trace)
        for held in map(self._as_of_now, helds):
            self.latest[held.event.id] = held
            self._note_arrival(held)
            if (trace := self._trace(held)) is not None:
                self._alerts.nights.change(None, trace)
            self._parts[type(held.event)].change(None, held)
            self._remember(held)

    def sweep(self, floor: dt.datetime) -> None:
        """Show no more what is older than this."""
        if self.floor is not None and floor <= self.floor:
            return
        self.floor = floor
        ids = {
            event_id
            for start in [start for start in self._by_night if start < floor]
            for event_id in self._by_night.pop(start)
        }
        helds = [held for each in ids if isinstance(held := self.latest.get(each), Held)]
        # First look at all, then forget: whether one is needed can hang on another.
        past = [held for held in helds if held.at < floor and not self._parts[type(held.event)].keeps(held)]
        for held in past:
            self._parts[type(held.event)].change(held, None)
            self._reduce(held, self._trace(held))
        for held in helds:
            if self.latest.get(held.event.id) is held:
                self._remember(held)

    def come_due(self, instant: dt.datetime) -> None:
        """What was planned for this instant or earlier is so now; a clock put back takes it back."""
        due = []
        while self._planned and self._planned[0][0] <= instant:
            due.append(heapq.heappop(self._planned)[1])
        if self._due_to is not None and instant < self._due_to:
            due = [held.event.id for held in self.with_plans()]
        self._due_to = instant
        for event_id in due:
            held = self.latest.get(event_id)
            if not isinstance(held, Held):
                continue
            new = self._as_of_now(held)
            if new is held:
                continue
            before, trace = self._trace(held), self._trace(new)
            if before != trace:
                self._alerts.nights.change(before, trace)
            self.latest[event_id] = new
            self._parts[type(new.event)].change(held, new)
            self._remember(new)

    def with_plans(self) -> Iterator[Held]:
        """What a tick has changed or will change, since its begin or end was planned."""
        for event_id in list(self._with_plans):
            held = self.latest.get(event_id)
            if isinstance(held, Held):
                yield held
            else:
                self._with_plans.discard(event_id)

    def forget(self) -> None:
        """It is so late that of what came before the nights kept nothing more is expected."""
        if self.floor is not None:
            for kind in self._stubs:
                self._forget(kind, self.floor)

    def _as_of_now(self, held: Held) -> Held:
        """With what was planned that has come, and a note of when the rest does."""
        instant = self._scene.instant
        for at in planned(held):
            if at is not None:
                self._with_plans.add(held.event.id)
                if instant is None or at > instant:
                    heapq.heappush(self._planned, (at, held.event.id))
        return as_of(held, instant)

    def _is_long_over(self, new: Held) -> bool:
        return (
            self.floor is not None
            and new.at < self.floor
            and type(new.event) is AirRaidAlert
            and not is_on(new)
        )

    def _trace(self, held: Held) -> Trace | None:
        return self._alerts.trace(held) if type(held.event) is AirRaidAlert else None

    def _remember(self, held: Held) -> None:
        """Note when it is time to look whether it is past. Of raid reports all are needed."""
        if isinstance(held.event, RaidReport):
            return
        at = held.at if self.floor is None else max(held.at, self.floor)
        self._by_night.setdefault(self._nights.of(at).start, set()).add(held.event.id)

    def _reduce(self, held: Held, trace: Trace | None) -> None:
        """Only that it was known remains."""
        stub = held.stub
        self._put(stub if trace is None else replace(stub, trace=trace))

    def _put(self, stub: Stub) -> None:
        self.latest[stub.id] = stub
        night_s = self._nights.start_s(int(stub.until.timestamp()))
        self._stubs.setdefault(stub.kind, {}).setdefault(night_s, set()).add(stub.id)

    def _note_arrival(self, held: Held) -> None:
        """Forget what came long before it, of its own kind; it is looked at once a night."""
        kind = kind_of(held.event)
        known = self._arrived.get(kind)
        if known is not None and held.received_at < known[1]:
            return
        night = self._nights.of(held.received_at)
        self._arrived[kind] = (night.start, night.end)
        if self.floor is not None and kind in self._stubs:
            self._forget(kind, min(self.floor, self._nights.floor(night)))

    def _forget(self, kind: str, floor: dt.datetime) -> None:
        by_night = self._stubs[kind]
        floor_s = int(floor.timestamp())
        ids = [
            each for start in [start for start in by_night if start < floor_s] for each in by_night.pop(start)
        ]
        traces = []
        for event_id in ids:
            stub = self.latest.get(event_id)
            # It may be known better since, or be somebody else's.
            if isinstance(stub, Stub) and stub.kind == kind and stub.until < floor:
                del self.latest[event_id]
                self._said.forget(event_id)
                if stub.trace is not None:
                    traces.append(stub.trace)
        if traces:
            self._alerts.nights.settle(traces)
