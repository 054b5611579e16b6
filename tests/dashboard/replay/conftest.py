"""What the replay's tests share: a night with every kind of trouble, a stage, and who watches."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any, Self

import pytest
from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from config.theatre import load_theatre
from dashboard.access.gate import LOCAL
from dashboard.access.sessions import Person
from dashboard.replay.stage import LIMITS, Stage
from streams.archive.shelf import FolderShelf
from streams.codec import decode, encode
from streams.events import (
    AirRaidAlert,
    Count,
    Event,
    Evidence,
    FeedHealth,
    LogEntry,
    Quantities,
    RaidReport,
    Scramble,
    Threat,
    Track,
    TrackSweep,
)
from streams.names import key, stream_of
from streams.position import EntryId
from streams.read import Entry
from tests.dashboard.gateway.conftest import Peer, a_ticket, patient
from tests.promises import PATIENCE_S

THEATRE = load_theatre("eastern-flank")
EVENING = dt.datetime(2025, 6, 8, 15, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def night(seed: int = 1, hours: float = 12, evening: dt.datetime = EVENING) -> list[Entry]:
    """A night as it was received: alerts, threats, jets, corrected reports, acknowledgements, a feed that
    fell silent for hours and one that was said to be dead."""
    random = Random(seed)
    regions = [key for key in THEATRE.alert_regions if not THEATRE.regions[key].permanent_alert]
    told: list[tuple[dt.datetime, Event]] = []
    revisions: dict[str, int] = {}

    def at(low: float, high: float) -> dt.datetime:
        return evening + dt.timedelta(
            milliseconds=random.randint(int(low * 3_600_000), int(high * 3_600_000))
        )

    def add(received_at: dt.datetime, kind: type[Any], **fields: Any) -> None:
        told.append((received_at, kind(status="actual", **fields)))

    for i in range(int(6 * hours)):
        begun = at(0, hours - 1)
        over = begun + dt.timedelta(seconds=random.randint(60, 7_000))
        alert = {"id": f"a{i}", "feed": "alerts", "region": random.choice(regions), "valid_from": begun}
        add(begun + random.random() * 20 * SECOND, AirRaidAlert, **alert)
        add(over + random.random() * 600 * SECOND, AirRaidAlert, revision=2, valid_to=over, **alert)
        if i % 5 == 0:
            about = {"act": "ack", "by": "anna", "about": f"a{i}", "feed": "desk"}
            add(begun + 90 * SECOND, LogEntry, id=f"desk:{i}", **about)
            if i % 10 == 0:
                add(begun + 95 * SECOND, LogEntry, id=f"desk:{i}", revision=2, msg_type="cancel", **about)
    for i in range(int(3 * hours)):
        begun = at(0, hours - 1)
        threat = {
            "id": f"t{i}",
            "feed": "channel",
            "threat_type": "drones",
            "regions": (random.choice(regions),),
        }
        for revision, state in ((1, "announced"), (2, "moving"), (3, "ended")):
            told_at = begun + (revision - 1) * dt.timedelta(minutes=random.randint(1, 70))
            add(
                told_at,
                Threat,
                revision=revision,
                state=state,
                valid_from=begun,
                published_at=told_at,
                **threat,
            )
    for i in range(3):
        begun = at(hours / 4, hours / 2)
        jets = {"feed": "dorsz", "country": "PL"}
        add(begun + 40 * SECOND, Scramble, id=f"j{i}", state="start", valid_from=begun, **jets)
        over = begun + dt.timedelta(hours=1)
        add(over + 300 * SECOND, Scramble, id=f"j{i}e", state="end", valid_to=over, **jets)
    for i, claimant in enumerate(("ua-air-force", "ua-president", "ru-mod")):
        report = {
            "id": f"r{i}",
            "feed": f"paper{i}",
            "claimant": claimant,
            "valid_from": evening + dt.timedelta(hours=1),
            "valid_to": evening + dt.timedelta(hours=hours - 2),
        }
        for revision, launched in ((1, 470 + i), (2, 479)):
            said_at = evening + dt.timedelta(hours=hours - 1.5, minutes=20 * revision + i)
            figures = {"launched": Quantities(uav=Count(value=launched))}
            text = f"{launched} drones."
            proof = Evidence(document=f"r{i}", text=text, lang="en", spans={"launched.uav": ((0, 3),)})
            add(
                said_at,
                RaidReport,
                revision=revision,
                published_at=said_at,
                evidence=proof,
                **figures,
                **report,
            )
    for feed, until in (("alerts", hours), ("channel", hours / 3), ("dorsz", hours)):
        checked_at = evening
        while checked_at < evening + dt.timedelta(hours=until):
            revisions[feed] = revisions.get(feed, 0) + 1
            is_out = (
                feed == "dorsz" and hours / 2 < (checked_at - evening).total_seconds() / 3_600 < hours / 2 + 1
            )
            add(
                checked_at + SECOND * random.random(),
                FeedHealth,
                id=f"health:{feed}",
                revision=revisions[feed],
                feed="watchfloor",
                subject=feed,
                state="dead" if is_out else "fresh",
                checked_at=checked_at,
                every_s=30,
            )
            checked_at += dt.timedelta(seconds=random.randint(100, 200))
    for i in range(int(12 * hours)):
        swept_at = evening + dt.timedelta(minutes=5 * i)
        seen = tuple(
            Track(key=f"{j:06x}", lon=21 + i / 50, lat=50 + j / 10, seen_at=swept_at, speed_kt=400.0)
            for j in range(i % 4, 6)
        )
        add(swept_at + SECOND / 2, TrackSweep, id="sweep", revision=1 + i, feed="adsb", tracks=seen)
    mark = {"act": "bookmark", "by": "anna", "feed": "desk", "note": "First jets"}
    add(evening + dt.timedelta(hours=hours / 2), LogEntry, id="desk:mark", **mark)
    return entries(told)


def entries(told: Iterable[tuple[dt.datetime, Event]]) -> list[Entry]:
    """As a store has them: each with its instant as its id, in order."""
    found: dict[EntryId, Entry] = {}
    for at, event in sorted(told, key=lambda each: each[0]):
        ms, seq = int(at.timestamp() * 1_000), 0
        while (entry_id := EntryId(ms, seq)) in found:
            seq += 1
        payload = encode(event)
        found[entry_id] = Entry(stream_of(event), f"{ms}-{seq}", payload, decode(payload))
    return [found[entry_id] for entry_id in sorted(found)]


async def store(client: Redis, some: Iterable[Entry], *, anew: bool = False) -> None:
    """Write entries to a store under their own ids, as they were received once.

    anew: in place of all that it holds, so that nobody sees it empty.
    """
    async with client.pipeline(transaction=anew) as pipeline:
        if anew:
            pipeline.flushdb()
        for entry in some:
            pipeline.xadd(key(THEATRE.name, entry.stream), {"event": entry.payload}, id=entry.entry_id)
        await pipeline.execute()


class Viewer(Peer):
    """Somebody who watches, as `docs/replay.md` tells to."""

    def __init__(self, connection: ClientConnection) -> None:
        super().__init__(connection)
        self.replay: dict[str, Any] = {}

    @classmethod
    async def meet(  # type: ignore[override]
        cls, stage: Stage, query: str = "", *, person: Person = LOCAL, hello: bool = True
    ) -> Self:
        ticket = await a_ticket(stage.store_url, person)
        viewer = cls(
            await connect(
                f"ws://127.0.0.1:{stage.port}/v1/replay?theatre={THEATRE.name}{query}",
                subprotocols=[Subprotocol("watchfloor.v1"), Subprotocol(f"ticket.{ticket}")],
                max_size=None,
                open_timeout=PATIENCE_S,
            )
        )
        if hello:
            await viewer.say(type="hello")
        return viewer

    async def say(self, **message: Any) -> None:  # type: ignore[override]
        await self.connection.send(json.dumps(message, default=dt.datetime.isoformat))

    async def hear(self) -> dict[str, Any]:
        """The next message, applied."""
        message = await super().hear()
        self.replay = message.get("replay", self.replay)
        return message

    async def until_at(self, at: dt.datetime) -> None:
        """Listen until this instant is shown."""
        await self.until(lambda _: self.picture is not None and self.replay["ready"] and self.at == at)

    @property
    def at(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.replay["at"])


@pytest.fixture(scope="session")
def begun() -> dt.datetime:
    """When the night of the stage began."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=5)


@pytest.fixture
async def stage(
    redis_client: Redis, store_url: str, tmp_path: Path, begun: dt.datetime
) -> AsyncIterator[Stage]:
    """A stage that has recorded a night of four hours, which began five hours ago."""
    await store(redis_client, night(hours=4, evening=begun))
    made = Stage(
        theatre=THEATRE,
        status="actual",
        store_url=store_url,
        shelf=FolderShelf(tmp_path / "archive"),
        var=tmp_path,
        limits=patient(LIMITS),
        aside=lambda: ThreadPoolExecutor(1),
    )
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def meet(stage: Stage) -> AsyncIterator[Callable[..., Awaitable[Viewer]]]:
    """Lets people in, and drops them at the end."""
    viewers: list[Viewer] = []

    async def connected(query: str = "", **options: Any) -> Viewer:
        viewer = await Viewer.meet(stage, query, **options)
        viewers.append(viewer)
        return viewer

    yield connected
    for viewer in viewers:
        viewer.connection.transport.abort()
