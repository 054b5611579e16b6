"""The desk: does what operators ask for, each act once, as events in the streams."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Callable
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from redis.asyncio import Redis

from ingest.acts import mending
from ingest.acts.asked import (
    Act,
    Asked,
    Correct,
    GivenEvidence,
    LetGo,
    Merge,
    Publish,
    Restore,
    Retract,
    Retry,
    Settle,
    Undo,
    act_of,
    asked_by,
    reading_of,
)
from ingest.acts.entering import Entered, entered
from ingest.acts.logged import cancelled, entry, said_of
from ingest.acts.reading import Readings, readings_of
from ingest.acts.refusal import ActRefused
from ingest.retrying import Retried, Take, retry
from ingest.taking import Outcome
from streams.errors import EventError
from streams.events import Event, LogEntry, Status
from streams.names import QUARANTINE, REVIEW
from streams.publish import Publisher
from streams.quarantine import Quarantine
from streams.revise import Reviser, Revisions

if TYPE_CHECKING:
    from config.theatre import Theatre

TRIES = 5
"""How often an act is tried anew while its stream grows under it."""
MERGED = ("raids", "scrambles", "threats", "alerts")
"""The streams of what can be merged."""


class Made(Struct, frozen=True):
    """One revision of an event."""

    id: str
    revision: int


class Done(Struct, frozen=True):
    """What became of an act. log: its entry. events: what it published besides. said: what a retry said."""

    log: str
    events: tuple[Made, ...] = ()
    said: str = ""


class Desk:
    """Does operators' acts for one theatre.

    client: of the store. take: takes what was quarantined once more. status, run_of, now: as for the door.
    Every method raises ActRefused, with nothing done, and StoreError.
    """

    def __init__(
        self,
        client: Redis,
        theatre: Theatre,
        *,
        take: Take,
        status: Status,
        run_of: Callable[[], str],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._theatre = theatre
        self._take = take
        self._status: Status = status
        self._run_of = run_of
        self._now = now
        self._publisher = Publisher(client, theatre.name)
        self._reviser = Reviser(client, theatre.name)
        self._quarantine = Quarantine(client, theatre.name)

    async def read(self, body: bytes) -> Readings:
        """What the report reader makes of a text."""
        asked = reading_of(asked_by(body).asked)
        # A long text would hold up every feed if it were read on the loop.
        return await asyncio.to_thread(readings_of, asked, self._theatre, self._now())

    async def act(self, body: bytes) -> Done:
        """Do what is asked for in the name of who asks for it."""
        asked = asked_by(body)
        try:
            return await self._do(asked.by, act_of(asked.asked))
        except EventError as error:
            raise ActRefused("too-large", error.reason) from error

    async def _do(self, by: str, act: Asked) -> Done:
        log = self._log_id(by, act)
        match act:
            case Publish():
                return await self._publish(by, act, log)
            case Correct() | Retract() | Restore():
                return await self._revise(by, act, log)
            case Settle():
                return await self._settle(by, act, log)
            case Retry():
                return await self._retry(by, act, log)
            case LetGo():
                return await self._let_go(by, act, log)
            case Undo():
                return await self._undo(by, act.id)
            case _:
                said = said_of(act)
                if isinstance(act, Merge):
                    await self._can_be_merged(act)
                await self._publisher.publish([self._entry(log, by, said.pop("act"), **said)])
                return Done(log)

    # What is entered, and what is changed.

    async def _publish(self, by: str, act: Publish, log: str) -> Done:
        event = await self._entered(by, act.event, act.evidence, log)
        note = self._entry(log, by, "publish", about=event.id, note=act.note, made=1)
        await self._publisher.publish([event, note])
        return Done(log, (Made(event.id, 1),))

    async def _revise(self, by: str, act: Correct | Retract | Restore, log: str) -> Done:
        for _ in range(TRIES):
            found = await self._reviser.find(act.id, act.revision)
            if found is None:
                raise ActRefused("not-found", f"there is no revision {act.revision} of it", "id")
            number = act.revision + 1
            done = Done(log, (Made(act.id, number),))
            if (made := found.number(number)) is not None and await self._is_done(log):
                return done
            if found.last.revision != act.revision:
                raise _changed(found)
            made = self._revised(by, act, found, number)
            kind = "retraction" if isinstance(act, Retract) else "correction"
            note = self._entry(log, by, kind, about=act.id, note=act.note, made=number)
            if await self._reviser.revise(found, made, note) != "changed":
                return done
        raise ActRefused("store", "the stream grows too fast; try again")

    def _revised(self, by: str, act: Correct | Retract | Restore, found: Revisions, number: int) -> Event:
        match act:
            case Correct():
                return mending.corrected(
                    found.last, act.changes, revision=number, by=by, theatre=self._theatre
                )
            case Retract():
                return mending.retracted(found.last, revision=number, by=by)
            case Restore():
                return mending.restored(_as_it_was(found), revision=number, by=by)

    # What waits for a person.

    async def _settle(self, by: str, act: Settle, log: str) -> Done:
        found = await self._quarantine.whole(act.review, stream=REVIEW)
        entry_name = f"review:{act.review}"
        if act.decision == "dismiss":
            if act.event is not None:
                raise ActRefused("parameter", "is published only with decision publish", "event")
            about: dict[str, Any] = {"about": entry_name}
            events: list[Event] = []
        elif act.event is None:
            raise ActRefused("parameter", "is what is to be published", "event")
        else:
            evidence = act.evidence
            if evidence is None and "evidence" not in act.event and found is not None:
                evidence = GivenEvidence(text=found[1].decode(errors="replace"))
            event = await self._entered(by, act.event, evidence, log)
            about = {"about": event.id, "others": (entry_name,), "made": 1}
            events = [event]
        note = self._entry(log, by, "review", note=act.note, **about)
        done = Done(log, tuple(Made(event.id, 1) for event in events))
        if await self._quarantine.settle(act.review, [*events, note], under=log, stream=REVIEW):
            return done
        if await self._is_done(log):
            return done
        raise ActRefused("not-found", "is not there: somebody settled it", "review")

    async def _let_go(self, by: str, act: LetGo, log: str) -> Done:
        note = self._entry(log, by, "quarantine", about=f"quarantine:{act.quarantine}", note=act.note)
        if await self._quarantine.settle(act.quarantine, [note], under=log) or await self._is_done(log):
            return Done(log)
        raise ActRefused("not-found", "is not there: somebody took care of it", "quarantine")

    async def _retry(self, by: str, act: Retry, log: str) -> Done:
        made: list[Made] = []
        is_ours = False

        async def let_go(entry_id: str, outcome: Outcome) -> bool:
            new = [one for one in outcome.published if one.outcome == "published"]
            nonlocal is_ours
            made.extend(Made(one.event_id, one.revision) for one in new)
            ids = tuple(dict.fromkeys(one.event_id for one in new))[:200]
            about = f"quarantine:{entry_id}"
            note = self._entry(log, by, "quarantine", about=about, others=ids, note=act.note)
            is_ours = await self._quarantine.settle(entry_id, [note], under=log)
            return is_ours

        if await self._is_done(log):
            return Done(log)
        results: list[Retried] = await retry(self._quarantine, [act.quarantine], self._take, let_go)
        (result,) = results
        if is_ours:
            return Done(log, tuple(made), result.said)
        if await self._quarantine.whole(act.quarantine) is None:
            raise ActRefused("not-found", "is not there: somebody took care of it", "quarantine")
        raise ActRefused("refused", result.said, "quarantine")

    # Undoing.

    async def _undo(self, by: str, log: str) -> Done:
        found = await self._reviser.find(log, 1)
        done = found.events[0] if found is not None else None
        if found is None or not isinstance(done, LogEntry) or done.feed != "desk":
            raise ActRefused("not-found", "is no act of the desk", "id")
        if found.last.msg_type == "cancel":
            raise ActRefused("undone", "it is undone already", "id", current=found.last)
        was_let_go = done.act in ("review", "quarantine")
        if was_let_go and not await self._quarantine.can_put_back(log):
            raise ActRefused("gone", "what was let go is kept for a day", "id")
        undoing = cancelled(done, by)
        if done.made:
            events = await self._unmake(by, done, undoing)
        else:
            (published,) = await self._publisher.publish([undoing])
            if published.outcome == "duplicate":
                raise ActRefused("undone", "it is undone already", "id")
            events = await self._take_back(by, done)
        if was_let_go:
            stream = REVIEW if done.act == "review" else QUARANTINE
            await self._quarantine.put_back(log, stream=stream)
        return Done(log, tuple(events))

    async def _unmake(self, by: str, done: LogEntry, undoing: LogEntry) -> list[Made]:
        """Follow the revision that an act made by one that says what was before, if it is the last still."""
        for _ in range(TRIES):
            found = await self._reviser.find(done.about, done.made)
            if found is None:
                raise ActRefused("gone", "the event is in the streams no more", "id")
            if found.last.revision != done.made:
                raise _changed(found)
            number = done.made + 1
            before = found.before(done.made)
            if before is None:
                event = mending.retracted(found.last, revision=number, by=by)
            else:
                event = mending.restored(before, revision=number, by=by)
            answer = await self._reviser.revise(found, event, undoing)
            if answer == "revised":
                return [Made(event.id, number)]
            if answer == "done":
                raise ActRefused("undone", "it is undone already", "id")
        raise ActRefused("store", "the stream grows too fast; try again")

    async def _take_back(self, by: str, done: LogEntry) -> list[Made]:
        """Retract what a retry published."""
        if done.act != "quarantine" or not done.others:
            return []
        made: list[Made] = []
        for event_id in done.others:
            for _ in range(TRIES):
                found = (await self._reviser.find_all([event_id])).get(event_id)
                if found is None or found.last.msg_type in ("cancel", "error"):
                    break
                number = found.last.revision + 1
                event = mending.retracted(found.last, revision=number, by=by)
                log = f"{done.id}:{len(made)}"
                note = self._entry(log, by, "retraction", about=event_id, made=number)
                if await self._reviser.revise(found, event, note) != "changed":
                    made.append(Made(event_id, number))
                    break
        return made

    # What all of them need.

    async def _can_be_merged(self, act: Merge) -> None:
        """Raises ActRefused for events that are not there, or not of one kind."""
        found = await self._reviser.find_all([act.into, *act.ids], MERGED)
        into = found.get(act.into)
        if into is None:
            raise ActRefused("parameter", "is no event that can be merged", "into")
        for event_id in act.ids:
            one = found.get(event_id)
            if one is None:
                raise ActRefused("parameter", f"{event_id[:100]!r} is no event that can be merged", "ids")
            if type(one.last) is not type(into.last):
                kind = one.last.__struct_config__.tag
                raise ActRefused("parameter", f"{event_id[:100]!r} is another kind of event: {kind}", "ids")

    async def _is_done(self, log: str) -> bool:
        """Whether an act that was sent again has been done."""
        return await self._reviser.find(log, 1) is not None

    async def _entered(
        self, by: str, said: dict[str, Any], evidence: GivenEvidence | None, log: str
    ) -> Event:
        given = Entered(
            # The event of an act has the act's word, so that an act sent again enters it once.
            id=log.replace("desk:", "desk:event-", 1),
            by=by,
            status=self._status,
            run=self._run_of(),
            now=self._now(),
        )
        return await asyncio.to_thread(entered, said, evidence, given, self._theatre)

    def _entry(self, log: str, by: str, act: str, **fields: Any) -> LogEntry:
        return entry(log, by, self._status, self._run_of(), act, published_at=self._now(), **fields)

    def _log_id(self, by: str, act: Act) -> str:
        if not act.once:
            return f"desk:{uuid.uuid4().hex}"
        return f"desk:{blake2b(f'{by} {act.once}'.encode(), digest_size=16).hexdigest()}"


def _as_it_was(found: Revisions) -> Event:
    """What an event was before operators changed it: not retracted, else as its source says it."""
    last = found.last
    mending.can_be_changed(last)
    if last.msg_type == "cancel" and last.by:
        before = [event for event in found.events[:-1] if event.msg_type != "cancel"]
        if before:
            return before[-1]
    if last.by and last.msg_type != "cancel" and found.from_source is not None:
        return found.from_source
    raise ActRefused("parameter", "is as its source says it: there is nothing to restore", "id")


def _changed(found: Revisions) -> ActRefused:
    last = found.last
    who = last.by or last.feed
    return ActRefused("changed", f"{who} made revision {last.revision} of it", "revision", current=last)
