"""One cluster slot: everything of a theatre works on a node of a cluster, which refuses keys of two slots."""

import asyncio
import subprocess
from pathlib import Path

import pytest
from redis.exceptions import ResponseError

from streams.events import AirRaidAlert, Scramble
from streams.position import Position
from streams.publish import Publisher
from streams.quarantine import Quarantine
from streams.read import Reader
from streams.revisions import Revisions
from streams.store import connect, embedded_command
from tests.conftest import wait_until_serving
from tests.house import free_port


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
        async with asyncio.timeout(10):
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
        assert await Quarantine(client, "eastern-flank").keep("f", "$", "no", b"x")
        await client.aclose()
        process.terminate()
