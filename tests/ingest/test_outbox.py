"""The way out: nothing is lost while the store is away, nothing is doubled when it is back."""

import asyncio
import signal
import subprocess
from pathlib import Path

from redis.asyncio import Redis

from ingest.errors import DecodeError
from ingest.outbox import Outbox
from streams.codec import decode
from streams.events import AirRaidAlert
from streams.names import key
from streams.store import connect, embedded_command
from tests.house import free_port
from tests.promises import PATIENCE_S

THEATRE = "eastern-flank"


def alert(number: int) -> AirRaidAlert:
    return AirRaidAlert(id=f"alert:{number}", status="test", feed="f", region="UA-46")


async def test_refused_input_is_kept_whole_with_feed_path_and_reason(redis_client: Redis) -> None:
    payload = b"\xff<broken>" * 1_000

    await Outbox(redis_client, THEATRE).quarantine(DecodeError("cap", "$.sent", "is no date"), payload)

    ((_, fields),) = await redis_client.xrange(key(THEATRE, "quarantine"))
    assert fields == {b"feed": b"cap", b"path": b"$.sent", b"reason": b"is no date", b"payload": payload}


async def test_events_wait_while_the_store_is_away_and_are_there_once_when_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    command = embedded_command(tmp_path, port, "always")
    client = connect(f"redis://127.0.0.1:{port}/0")
    outbox = Outbox(client, THEATRE)
    acknowledged: list[str] = []

    async def publish_all() -> None:
        for number in range(400):
            await outbox.publish([alert(number)])
            acknowledged.append(f"alert:{number}")

    store = subprocess.Popen(command)
    publishing = asyncio.create_task(publish_all())
    for wanted in (100, 250):
        while len(acknowledged) < wanted:
            await asyncio.sleep(0.001)
        store.send_signal(signal.SIGKILL)
        store.wait()
        await asyncio.sleep(0)
        assert not publishing.done()
        store = subprocess.Popen(command)
    await asyncio.wait_for(publishing, PATIENCE_S)

    rows = await client.xrange(key(THEATRE, "alerts"))
    await client.aclose()
    store.terminate()
    store.wait()
    assert [decode(fields[b"event"]).id for _, fields in rows] == acknowledged
