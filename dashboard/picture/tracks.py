"""Tracks: of each aircraft the newest fix of all feeds, until it is too old to say where it is.

A sweep of a few aircraft is kept whole for as long as it shows something, so that a further revision or its
cancellation undoes exactly it. Of a large one, which the next makes void, only the fixes are kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from dashboard.picture.night import credible
from dashboard.picture.patch import Delta
from dashboard.picture.rules import TrackRule
from dashboard.picture.scene import Scene, builtins
from dashboard.picture.shape import TrackAges
from streams.events import EventBase, Track, TrackSweep

FEW = 16
"""Aircraft in a sweep that is kept whole."""
ON_GROUND, MILITARY, NOT_ICAO, BY_HAND = 1, 2, 4, 8
_DEGREE_DECIMALS = 5
"""A metre."""


class Fix(Struct, frozen=True, array_like=True, gc=False):
    """Where an aircraft was. order: of the entry. gone_ms: when it is shown no more. shown: a `TrackView`."""

    seen_ms: int
    order: str
    run: str
    event: str
    gone_ms: int
    shown: tuple[Any, ...]

    def is_before(self, other: Fix) -> bool:
        """Whether `other` is shown rather than this: the newer; of two of one instant the first that came."""
        return (self.seen_ms, other.order) < (other.seen_ms, self.order)


class FewTracks(Struct, frozen=True, array_like=True):
    """The highest revision of one sweep of few aircraft, or that it was cancelled, and then without fixes."""

    revision: int
    order: str
    run: str
    until_ms: int
    fixes: dict[str, Fix]


class TracksMemory(Struct, frozen=True, array_like=True):
    """All that is remembered of tracks."""

    fixes: dict[str, Fix] = {}
    few: dict[str, FewTracks] = {}


class Tracks:
    """By address. Driven by sweeps as they come and by ticks, all by our clock."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._rule: TrackRule = scene.rules.tracks
        self._fixes: dict[str, Fix] = {}
        self._few: dict[str, FewTracks] = {}
        self._few_of: dict[str, set[str]] = {}
        self._shown: dict[str, Fix] = {}
        self._gone: dict[str, int] = {}
        self._now_ms: int | None = None
        ages = TrackAges(stale_after_s=self._rule.stale_after_s, gone_after_s=self._rule.gone_after_s)
        scene.tree.put(builtins(ages), "track_ages")

    def take(self, sweep: TrackSweep, received_at: dt.datetime, order: str) -> None:
        """A sweep came."""
        known = self._few.get(sweep.id)
        if known is not None and (known.revision, order) >= (sweep.revision, known.order):
            return
        is_cancelled = sweep.msg_type in ("cancel", "error")
        if is_cancelled:
            self.withdraw(sweep, received_at, order)
            return
        fixes = self._read(sweep, received_at, order)
        if len(fixes) > FEW:
            if known is None and sweep.revision == 1:
                self._take_many(fixes)
                return
            self._forget_fixes(sweep.id)
        until_ms = max((fix.gone_ms for fix in fixes.values()), default=self._until(received_at))
        self._put_few(sweep.id, FewTracks(sweep.revision, order, sweep.run, until_ms, fixes))

    def withdraw(self, event: EventBase, received_at: dt.datetime, order: str) -> None:
        """What was said under an event's id up to its revision was never so."""
        known = self._few.get(event.id)
        if known is not None and known.revision > event.revision:
            return
        until_ms = max(self._until(received_at), known.until_ms if known is not None else 0)
        self._put_few(event.id, FewTracks(event.revision, order, event.run, until_ms, {}))
        self._forget_fixes(event.id)

    def age(self, now: dt.datetime) -> None:
        """Take away what is too old at `now`, by our clock."""
        now_ms = self._now_ms = _ms(now)
        gone = [key for key, fix in self._fixes.items() if fix.gone_ms <= now_ms]
        for key in gone:
            del self._fixes[key]
        for name, few in list(self._few.items()):
            if few.until_ms <= now_ms:
                gone += self._drop_few(name)
            else:
                gone += [key for key, fix in few.fixes.items() if fix.gone_ms <= now_ms]
        forgotten_ms = now_ms - 2 * self._gone_after_ms
        self._gone = {key: at_ms for key, at_ms in self._gone.items() if at_ms > forgotten_ms}
        self._show(gone)

    def refreshed(self) -> Delta:
        """What ticks can have taken away elsewhere, or here: whole where it is, removed where it is not."""
        edge_ms = (self._now_ms or 0) - self._gone_after_ms // 2
        old = {key: fix.shown for key, fix in self._shown.items() if fix.seen_ms < edge_ms}
        return {**dict.fromkeys(self._gone), **old}

    def memory(self, *, of_no_run: bool = False) -> TracksMemory:
        """All that is remembered, or what belongs to no playing of an exercise."""
        return TracksMemory(
            {key: fix for key, fix in self._fixes.items() if not (of_no_run and fix.run)},
            {name: few for name, few in self._few.items() if not (of_no_run and few.run)},
        )

    def recall(self, memory: TracksMemory) -> None:
        """Know again what was known."""
        self._fixes = dict(memory.fixes)
        self._show(self._fixes)
        for name, few in memory.few.items():
            self._put_few(name, few)

    @property
    def _gone_after_ms(self) -> int:
        return int(self._rule.gone_after_s * 1_000)

    def _until(self, received_at: dt.datetime) -> int:
        return _ms(received_at) + self._gone_after_ms

    def _read(self, sweep: TrackSweep, received_at: dt.datetime, order: str) -> dict[str, Fix]:
        """The newest fix of each aircraft in a sweep."""
        received_ms = _ms(received_at)
        # A playing of an exercise has a clock of its own; its sweeps are of when we had them.
        is_played = self._scene.is_exercise and sweep.run != ""
        by_hand = BY_HAND if sweep.by else 0
        valid_to = credible(sweep.valid_to) if sweep.by and not is_played else None
        until_ms = _ms(valid_to) if valid_to is not None else 0
        lasts_ms = self._gone_after_ms
        feed, name, run = sweep.feed, sweep.id, sweep.run
        fixes: dict[str, Fix] = {}
        for track in sweep.tracks:
            seen_ms = received_ms if is_played else min(received_ms, int(track.seen_at.timestamp() * 1_000))
            known = fixes.get(track.key)
            if known is None or known.seen_ms < seen_ms:
                gone_ms = max(seen_ms + lasts_ms, until_ms)
                fixes[track.key] = Fix(
                    seen_ms, order, run, name, gone_ms, _shown(track, seen_ms, by_hand, feed)
                )
        return fixes

    def _forget_fixes(self, event_id: str) -> None:
        gone = [key for key, fix in self._fixes.items() if fix.event == event_id]
        for key in gone:
            del self._fixes[key]
        self._show(gone)

    def _take_many(self, fixes: dict[str, Fix]) -> None:
        now_ms = self._now_ms
        taken = []
        held = self._fixes
        for key, fix in fixes.items():
            known = held.get(key)
            if (known is None or known.is_before(fix)) and (now_ms is None or fix.gone_ms > now_ms):
                held[key] = fix
                taken.append(key)
        self._show(taken)

    def _put_few(self, name: str, few: FewTracks) -> None:
        touched = self._drop_few(name)
        self._few[name] = few
        for key in few.fixes:
            self._few_of.setdefault(key, set()).add(name)
        self._show({*touched, *few.fixes})

    def _drop_few(self, name: str) -> list[str]:
        few = self._few.pop(name, None)
        if few is None:
            return []
        for key in few.fixes:
            names = self._few_of[key]
            names.discard(name)
            if not names:
                del self._few_of[key]
        return list(few.fixes)

    def _show(self, keys: Iterable[str]) -> None:
        """Show of each of these aircraft the newest fix that is known."""
        changed: dict[str, tuple[Any, ...] | None] = {}
        shown = self._shown
        for key in keys:
            fix = self._newest(key)
            before = shown.get(key)
            if fix is None:
                if before is not None:
                    del shown[key]
                    changed[key] = None
                    self._gone[key] = self._now_ms or before.gone_ms
            else:
                shown[key] = fix
                self._gone.pop(key, None)
                if before is None or before.shown != fix.shown:
                    changed[key] = fix.shown
        if changed:
            self._scene.tree.put_all("tracks", changed)
        if len(shown) > self._rule.number:
            self._crowd_out()

    def _newest(self, key: str) -> Fix | None:
        fix = self._fixes.get(key)
        now_ms = self._now_ms
        for name in self._few_of.get(key, ()):
            other = self._few[name].fixes[key]
            is_over = now_ms is not None and other.gone_ms <= now_ms
            if not is_over and (fix is None or fix.is_before(other)):
                fix = other
        return fix

    def _crowd_out(self) -> None:
        """There are too many: those that were seen last stay."""
        by_age = sorted(self._shown, key=lambda key: (self._shown[key].seen_ms, key), reverse=True)
        gone = by_age[self._rule.number :]
        for key in gone:
            self._fixes.pop(key, None)
            for name in list(self._few_of.get(key, ())):
                few = self._few[name]
                self._drop_few(name)
                left = {each: fix for each, fix in few.fixes.items() if each != key}
                self._put_few(name, FewTracks(few.revision, few.order, few.run, few.until_ms, left))
        self._show(gone)


def _shown(track: Track, seen_ms: int, by_hand: int, feed: str) -> tuple[Any, ...]:
    return (
        round(track.lon, _DEGREE_DECIMALS),
        round(track.lat, _DEGREE_DECIMALS),
        seen_ms,
        track.track_deg,
        track.speed_kt,
        track.altitude_ft,
        by_hand
        | (ON_GROUND if track.on_ground else 0)
        | (MILITARY if track.military else 0)
        | (NOT_ICAO if track.key[0] == "~" else 0),
        track.affiliation,
        track.callsign,
        track.aircraft_type,
        feed,
    )


def _ms(instant: dt.datetime) -> int:
    return int(instant.timestamp() * 1_000)
