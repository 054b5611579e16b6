"""One cluster slot: everything of a theatre works on a node of a cluster, which refuses keys of two slots."""

import asyncio
import datetime as dt
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace
from redis.exceptions import ResponseError

from streams.changes import Changes
from streams.cursors import Cursors
from streams.events import AirRaidAlert, Scramble
from streams.lease import Lease
from streams.position import Position
from streams.publish import Publisher
from streams.quarantine import Quarantine
from streams.read import Reader
from streams.revisions import Revisions
from streams.store import connect, embedded_command
from tests.conftest import wait_until_serving
from tests.house import free_port
from tests.promises import PATIENCE_S


async def test_publishing_and_reading_stay_in_one_slot(tmp_path: Path) -> None:
    port = free_port()
    command = [
        *embedded_command(tmp_path, port),
        "--cluster-enabled",
        "yes",
        "--cluster-port",
        str(free_port()),
    ]
    with subprocess.Popen(command) as process:
        wait_until_serving(port, process)
        client = connect(f"redis://127.0.0.1:{port}/0")
        await client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16_383)
        async with asyncio.timeout(PATIENCE_S):
            while b"cluster_state:ok" not in await client.execute_command("CLUSTER", "INFO"):
                await asyncio.sleep(0.02)
        with pytest.raises(ResponseError, match="same slot"):
            await client.execute_command("MGET", "wf:{one}:a", "wf:{another}:a")

        reader = Reader(client, "eastern-flank")
        position = Position(await reader.epoch())
        alert = AirRaidAlert(id="a", status="test", feed="f", region="UA-46")
        scramble = Scramble(id="s", status="test", feed="f", country="PL", state="start")
        await Publisher(client, "eastern-flank").publish([alert, scramble, alert])
        entries, _ = await reader.read(position)

        assert [entry.event for entry in entries] == [alert, scramble]
        assert await Revisions(client, "eastern-flank").number("d", "t") == 1
        quarantine = Quarantine(client, "eastern-flank")
        assert await quarantine.keep("f", "$", "no", b"x")
        ((refused,), _) = await quarantine.page()
        assert await quarantine.let_go(refused.entry_id)
        lease = Lease(client, "eastern-flank", "f", "host", beat_s=60)
        assert await lease.hold()
        listing = [replace(alert, id="b"), scramble]
        changes = Changes(client, "eastern-flank")
        for events in (listing, []):
            await changes.publish(
                "f", events, is_listing=True, ended_at=dt.datetime.now(dt.UTC), fence=lease.fence, cursor="1"
            )
        assert await Cursors(client, "eastern-flank").get("f") == "1"
        entries, _ = await reader.read(position)
        assert [(entry.event.id, entry.event.revision) for entry in entries if entry.event] == [
            ("a", 1),
            ("s", 1),
            ("b", 1),
            ("b", 2),
            ("s", 2),
        ]
        await client.aclose()
        process.terminate()
