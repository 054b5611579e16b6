"""Scrambles: a nation's jets from launch to stand-down, put together from texts that each tell one half.

The end is another text with another id than the start, and several texts tell of one start. So all texts of
one country are laid in order of the times they state, and a start that comes while the jets are up is one
more witness. Texts that state no time of their own are laid to the nearest scramble that they can mean.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import count
from typing import Any, Literal, cast

from msgspec.structs import replace

from dashboard.picture.causes import Causes, Explained
from dashboard.picture.evidence import Span
from dashboard.picture.held import Held
from dashboard.picture.night import credible
from dashboard.picture.patch import Delta
from dashboard.picture.scene import Grouped, Made, Scene, foremost, newest, with_mark
from dashboard.picture.shape import Airport, Mark, ScrambleView, Source, Tick
from dashboard.picture.ticker import line_key
from streams.events import Scramble

_BEFORE_START = dt.timedelta(hours=1)
"""How much earlier than the stated start a text can have been published that tells of it without a time."""
_LISTS = ("bases", "aircraft", "cause_regions", "airports_closed", "airports_reopened")


class _Session:
    """One scramble in the making."""

    def __init__(self, *, since: dt.datetime | None, until: dt.datetime | None, at: dt.datetime) -> None:
        self.since = since
        self.until = until
        self.at = at
        self.has_ended = until is not None
        self.starts: list[Held] = []
        self.ends: list[Held] = []

    @property
    def witnesses(self) -> list[Held]:
        return [*self.starts, *self.ends]

    def end(self, held: Held, until: dt.datetime | None) -> None:
        self.has_ended = True
        self.until = self.until or until
        self.ends.append(held)


class Scrambles(Grouped):
    """By country, night and number in the night: `PL|2025-06-09|1`."""

    collection = "scrambles"

    def __init__(self, scene: Scene, causes: Causes) -> None:
        super().__init__(scene)
        self._causes = causes
        self._overdue_at: dict[str, dict[str, dt.datetime]] = {}
        self._found: dict[str, list[tuple[dt.datetime, Explained]]] = {}
        self._spans: dict[str, list[Span]] = {}

    def remake(self, group: str) -> None:
        self._overdue_at.pop(group, None)
        self._found.pop(group, None)
        self._spans.pop(group, None)
        super().remake(group)

    def spans(self) -> Iterator[Span]:
        """The scrambles that are shown: what: "no_cause" where nothing explains it; regions: the country."""
        for spans in self._spans.values():
            yield from spans

    def look_again(self, touched: list[Held]) -> None:
        """Alerts and threats changed: link anew what they can explain."""
        for group, explained in list(self._found.items()):
            if any(
                self._causes.explain(group, at) != before
                for at, before in explained
                if any(self._causes.concerns(held, at) for held in touched)
            ):
                self.remake(group)

    def join(self, ids: frozenset[str]) -> None:
        """These may be tied to others than before."""
        for group in [group for group, members in self._groups.items() if not ids.isdisjoint(members)]:
            self.remake(group)

    def age(self) -> None:
        """Mark what has not been stood down for too long at the scene's instant."""
        shown = self.scene.tree.root["scrambles"]
        instant = self.scene.instant
        for overdue in self._overdue_at.values():
            for key, at in overdue.items():
                is_overdue = instant is not None and instant > at
                if shown[key].get("not_stood_down", False) != is_overdue:
                    marked = with_mark(shown[key], "not_stood_down", is_overdue)
                    self.scene.tree.put(marked, "scrambles", key)

    def refreshed(self) -> Delta:
        """The marks that `age` makes, all of them."""
        shown = self.scene.tree.root["scrambles"]
        return {
            key: {"not_stood_down": True if item.get("not_stood_down") else None}
            for key, item in shown.items()
        }

    def group_of(self, held: Held) -> str:
        return _event(held).country

    def make(self, group: str, members: list[Held]) -> Made:
        scene = self.scene
        night = scene.night
        made = Made(items={}, lines={}, marks={})
        numbers: dict[str, count[int]] = {}
        overdue: dict[str, dt.datetime] = {}
        found = []
        spans = []
        for session in self._sessions(members):
            at = session.since or session.at
            morning = scene.nights.morning(scene.nights.of(at)).isoformat()
            key = f"{group}|{morning}|{next(numbers.setdefault(morning, count(1)))}"
            self._tell(key, group, session, made)
            if night is None:
                continue
            is_tonight = scene.is_tonight(at) or (session.has_ended and scene.is_tonight(_over_at(session)))
            oldest = night.start - dt.timedelta(hours=scene.rules.scrambles.open_at_most_h)
            if is_tonight or (not session.has_ended and oldest <= at < night.end):
                explained = self._causes.explain(group, at)
                found.append((at, explained))
                overdue_at = at + dt.timedelta(hours=scene.rules.scrambles.not_stood_down_after_h)
                if not session.has_ended:
                    overdue[key] = overdue_at
                view = made.items[key] = replace(
                    _view(group, session),
                    **self._told_of(explained, session),
                    not_stood_down=key in overdue
                    and scene.instant is not None
                    and scene.instant > overdue_at,
                )
                end = _over_at(session) if session.has_ended else None
                what = "no_cause" if view.no_cause_found else ""
                spans.append(Span(at, end, what, frozenset((group,)), tuple(view.witnesses)))
        self._spans[group] = spans
        self._overdue_at[group] = overdue
        self._found[group] = found
        return made

    def _told_of(self, explained: Explained, session: _Session) -> dict[str, Any]:
        causes, first_alert = explained
        fields: dict[str, Any] = {"causes": causes, "no_cause_found": not causes}
        if session.starts:
            announced_at = min(self.scene.when(held.said_at, held) for held in session.starts)
            fields["announced_at"] = announced_at
            if first_alert is not None:
                fields["lead_s"] = int((announced_at - first_alert).total_seconds())
        return fields

    def _sessions(self, members: list[Held]) -> list[_Session]:
        rule = self.scene.rules.scrambles
        lasts_at_most = dt.timedelta(hours=rule.lasts_at_most_h)
        same_end_within = dt.timedelta(hours=rule.same_end_within_h)
        timed = sorted(
            ((at, _event(held).state == "end", held.event.id, held) for held in members if (at := _at(held))),
            key=lambda row: row[:3],
        )
        sessions: list[_Session] = []
        for at, is_end, _, held in timed:
            last = sessions[-1] if sessions else None
            if not is_end:
                if last is None or last.has_ended or at - last.at > lasts_at_most:
                    last = _Session(since=at, until=None, at=at)
                    sessions.append(last)
                last.starts.append(held)
                until = credible(held.event.valid_to)
                if until is not None and until >= at:
                    last.has_ended, last.until = True, until
            elif last is not None and not last.has_ended and at - last.at <= lasts_at_most:
                last.end(held, at)
            elif last is not None and last.until is not None and at - last.until <= same_end_within:
                last.ends.append(held)
            else:
                orphan = _Session(since=None, until=at, at=at)
                orphan.ends.append(held)
                sessions.append(orphan)
        untimed = sorted(
            (held for held in members if _at(held) is None), key=lambda held: (held.said_at, held.event.id)
        )
        for held in untimed:
            self._lay(held, sessions)
        sessions.sort(key=lambda session: session.at)
        return self._merged(sessions)

    def _merged(self, sessions: list[_Session]) -> list[_Session]:
        """The sessions, in order, where those that an operator says are the same are one."""
        merges = self.scene.merges
        found: list[list[_Session]] = []
        tied_of: list[set[str]] = []
        for session in sessions:
            tied = {other for held in session.witnesses for other in merges.tied(held.event.id)}
            same = [i for i, others in enumerate(tied_of) if not tied.isdisjoint(others)]
            together = [each for i in same for each in found[i]]
            for i in reversed(same):
                tied |= tied_of.pop(i)
                del found[i]
            found.append([*together, session])
            tied_of.append(tied)
        merged = [_one(each) if len(each) > 1 else each[0] for each in found]
        return sorted(merged, key=lambda session: session.at)

    def _lay(self, held: Held, sessions: list[_Session]) -> None:
        said_at = held.said_at
        reach = dt.timedelta(hours=self.scene.rules.scrambles.lasts_at_most_h)
        near = [each for each in sessions if each.at - _BEFORE_START <= said_at <= each.at + reach]
        if _event(held).state == "start":
            if near:
                near[-1].starts.append(held)
                return
            session = _Session(since=None, until=None, at=said_at)
            session.starts.append(held)
        else:
            if near:
                near[-1].end(held, None)
                return
            session = _Session(since=None, until=None, at=said_at)
            session.end(held, None)
        sessions.append(session)
        sessions.sort(key=lambda each: each.at)

    def _tell(self, key: str, country: str, session: _Session, made: Made) -> None:
        told = []
        if session.starts:
            told.append(("scramble.start", session.since or session.at, session.starts))
        if session.ends:
            told.append(("scramble.end", _over_at(session), session.ends))
        for kind, at, witnesses in told:
            first = foremost(witnesses)
            at = self.scene.when(at, first)
            event = _event(first)
            detail = {}
            if event.cause_regions:
                detail["cause_regions"] = ",".join(event.cause_regions)
            if event.allied is not None:
                detail["allied"] = "yes" if event.allied else "no"
            made.lines[line_key(at, kind, key)] = Tick(
                at=at, kind=kind, subject=country, detail=detail, source=first.source
            )
            made.marks[f"{kind}|{key}"] = Mark(at=at, kind=kind, subject=country, detail=detail)


def _event(held: Held) -> Scramble:
    return cast(Scramble, held.event)


def _at(held: Held) -> dt.datetime | None:
    """The time that the text itself states of what it tells."""
    event = _event(held)
    if event.state == "start":
        return credible(event.valid_from)
    return credible(event.valid_to) or credible(event.valid_from)


def _over_at(session: _Session) -> dt.datetime:
    """When it ended, or when that was said."""
    return session.until or min((held.said_at for held in session.ends), default=session.at)


def _one(sessions: list[_Session]) -> _Session:
    """Sessions as one, which is over if the last of them is."""
    sessions = sorted(sessions, key=lambda session: session.at)
    last = sessions[-1]
    stated = [session.since for session in sessions if session.since is not None]
    ends = [session.until for session in sessions if session.until is not None]
    one = _Session(
        since=min(stated, default=None),
        until=last.until or max(ends, default=None) if last.has_ended else None,
        at=sessions[0].at,
    )
    one.has_ended = last.has_ended
    one.starts = [held for session in sessions for held in session.starts]
    one.ends = [held for session in sessions for held in session.ends]
    return one


def _view(country: str, session: _Session) -> ScrambleView:
    witnesses = sorted(session.witnesses, key=lambda held: held.order)
    trusted = sorted(
        witnesses, key=lambda held: (held.trust, -held.said_at.timestamp(), held.order), reverse=True
    )
    events = [_event(held) for held in trusted]
    fields: dict[str, Any] = {
        name: tuple(dict.fromkeys(value for event in events for value in getattr(event, name)))
        for name in _LISTS
    }
    for name in ("allied", "airspace_violated"):
        fields[name] = next((value for event in events if (value := getattr(event, name)) is not None), None)
    sources: dict[str, Source] = {held.event.id: held.source for held in witnesses}
    quotes = {
        path: quote for held in reversed(trusted) for path, quote in held.quotes_of(ScrambleView).items()
    }
    state: Literal["start", "end"] = "end" if session.has_ended else "start"
    for held in reversed(trusted):
        if _event(held).state == state and "state" in held.quotes:
            quotes["state"] = held.quotes["state"]
    airports: dict[str, Airport] = {}
    for held in sorted(witnesses, key=lambda held: (held.said_at, held.order)):
        event = _event(held)
        for icao in event.airports_closed:
            airports[icao] = Airport(state="closed", at=held.said_at)
        for icao in event.airports_reopened:
            airports[icao] = Airport(state="reopened", at=held.said_at)
    return ScrambleView(
        country=country,
        airports=airports,
        state=state,
        since=session.since,
        until=session.until,
        cause=next((event.cause for event in events if event.cause), ""),
        newest=newest(witnesses).event.id,
        witnesses=sources,
        quotes=quotes,
        **fields,
    )
