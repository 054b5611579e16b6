"""From XADD to the client: ours beside a bare broadcast and Dash's WebSocket callbacks, in one run.

`python -m bench.push [--quick]`. Every contender sends frames of 2 kB, five a second, to 1, 100 and 1,000
clients of another process; contenders take turns, and the median of the rounds counts. Latency is from before
the XADD (or, where there is no stream, before the broadcast) to where the client has the frame. CPU is the
server's, over the frames that arrived; memory is the server's resident growth.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import redis
from redis.asyncio import Redis
from websockets.asyncio.client import connect as ws_connect
from websockets.typing import Subprotocol

from bench.push_servers import EVERY_S, FRAME_BYTES, MARK
from dashboard.access.gate import LOCAL
from dashboard.access.tickets import Tickets
from dashboard.picture.patch import merge
from streams.codec import encode
from streams.events import AirRaidAlert, Event, Threat
from streams.names import key, stream_of
from streams.store import connect, embedded_command

THEATRE = "eastern-flank"
CONTENDERS = ("bare", "stream", "ours", "dash")
BURST = 1_000
PADDING = 415
"""What brings the delta of `news` to the size of the others' frames."""


class Child:
    """A process of ours that is asked and answers in lines of JSON."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, module: str, *arguments: str) -> Child:
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                module,
                *arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                limit=1 << 20,
            )
        )

    async def answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            # The gateway's own log goes to standard output too, where nobody configured it.
            if line.startswith(b"{"):
                answer: dict[str, Any] = json.loads(line)
                return answer
        raise SystemExit(f"a child process ended: {await self.process.wait()}")

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())

    async def ask(self, line: str) -> dict[str, Any]:
        self.tell(line)
        return await self.answer()

    async def stop(self) -> None:
        if self.process.returncode is None:
            assert self.process.stdin is not None
            self.process.stdin.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), 8)
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


def news(number: int) -> Threat:
    """A threat that moves, with the clock in its words, so that its delta is a frame of some 2 kB."""
    stamp = f"{MARK}{time.monotonic_ns():019d}"
    return Threat(
        id="t",
        revision=number,
        status="actual",
        feed="bench",
        threat_type="drones",
        state="moving",
        toward=stamp + "x" * PADDING,
    )


async def add(client: Redis, *events: Event) -> str:
    """XADD them in one pipeline; the last entry's id."""
    async with client.pipeline(transaction=False) as pipeline:
        for event in events:
            pipeline.xadd(key(THEATRE, stream_of(event)), {"event": encode(event)})
        answers = await pipeline.execute()
    return str(answers[-1].decode())


class Contender:
    """One server, and how its clients speak to it."""

    def __init__(self, name: str, server: Child, port: int, output: str, store_url: str) -> None:
        self.name = name
        self.store_url = store_url
        self.server = server
        self.port = port
        self.path = {"ours": f"/v1/picture?theatre={THEATRE}", "dash": "/_dash-ws-callback"}.get(name, "/")
        self.greeting = {
            "ours": '{"type":"hello"}',
            "dash": json.dumps(
                {
                    "type": "callback_request",
                    "rendererId": "r",
                    "requestId": "1",
                    "payload": {
                        "output": output,
                        "outputs": [],
                        "inputs": [{"id": "go", "property": "n_clicks", "value": 1}],
                        "changedPropIds": ["go.n_clicks"],
                        "state": [],
                    },
                }
            ),
        }.get(name, "")

    @classmethod
    async def start(cls, name: str, store_url: str) -> Contender:
        server = await Child.start("bench.push_servers", name, store_url)
        output = (await server.answer())["output"] if name == "dash" else ""
        return cls(name, server, (await server.answer())["port"], output, store_url)

    async def protocol(self) -> str:
        """The subprotocols that one client offers: ours needs a ticket among them."""
        if self.name != "ours":
            return "watchfloor.v1"
        client = connect(self.store_url)
        ticket = await Tickets(client).issue(LOCAL)
        await client.aclose()
        return f"watchfloor.v1, ticket.{ticket}"

    async def clients(self, count: int) -> Child:
        """A process of so many clients, connected."""
        origin = "origin" if self.name == "dash" else "none"
        tickets = self.store_url if self.name == "ours" else ""
        child = await Child.start(
            "bench.push_clients", str(self.port), str(count), self.path, self.greeting, origin, tickets
        )
        await child.answer()
        return child


class Sender:
    """Five events a second into the stream, where a contender reads one."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._number = 0

    @contextlib.asynccontextmanager
    async def sending(self, contender: Contender) -> AsyncIterator[None]:
        if contender.name in ("bare", "dash"):
            contender.server.tell("start")
            yield
            contender.server.tell("stop")
            return
        task = asyncio.create_task(self._send())
        yield
        task.cancel()

    async def _send(self) -> None:
        while True:
            self._number += 1
            await add(self._client, news(self._number))
            await asyncio.sleep(EVERY_S)


async def measure(
    contender: Contender, sender: Sender, count: int, warm_s: float, window_s: float
) -> dict[str, float]:
    """One round of one contender with so many clients."""
    before = await contender.server.ask("stats")
    clients = await contender.clients(count)
    try:
        async with sender.sending(contender):
            await asyncio.sleep(warm_s)
            connected = await contender.server.ask("stats")
            await clients.ask("report")
            await asyncio.sleep(window_s)
            heard = await clients.ask("report")
            after = await contender.server.ask("stats")
    finally:
        await clients.stop()
    expected = window_s / EVERY_S * count
    return {
        "p50_ms": heard["p50_ms"],
        "p99_ms": heard["p99_ms"],
        "cpu_us": 1e6 * (after["asked_s"] - connected["answered_s"]) / max(1, heard["frames"]),
        "memory_mb": (connected["rss_kb"] - before["rss_kb"]) / 1_024,
        "frame_bytes": heard["bytes"] / max(1, heard["frames"]),
        "delivered": heard["frames"] / expected,
    }


async def compare(store_url: str, sizes: list[int], rounds: int, window_s: float) -> None:
    """The table, and the ratios to the bare broadcast."""
    client = connect(store_url)
    sender = Sender(client)
    results: dict[tuple[str, int], list[dict[str, float]]] = {}
    for count in sizes:
        for turn in range(rounds):
            for name in CONTENDERS:
                contender = await Contender.start(name, store_url)
                try:
                    found = await measure(contender, sender, count, 1.5, window_s)
                finally:
                    await contender.server.stop()
                results.setdefault((name, count), []).append(found)
                print(f"  round {turn + 1}: {name} with {count}", end="\r", file=sys.stderr)
    await client.aclose()
    print(f"\n{FRAME_BYTES:,} byte frames, {1 / EVERY_S:g} a second; median of {rounds} rounds")
    head = ("clients", "", "p50 ms", "p99 ms", "µs/frame", "MB", "bytes", "arrived", "p50 ×", "CPU ×")
    print(" ".join(f"{word:>9}" for word in head))
    for count in sizes:
        medians = {
            name: {
                field: statistics.median(found[field] for found in results[name, count])
                for field in results[name, count][0]
            }
            for name in CONTENDERS
        }
        base = medians["bare"]
        for name, found in medians.items():
            cells = (
                f"{count:,}",
                name,
                f"{found['p50_ms']:.2f}",
                f"{found['p99_ms']:.2f}",
                f"{found['cpu_us']:.1f}",
                f"{found['memory_mb']:.1f}",
                f"{found['frame_bytes']:.0f}",
                f"{100 * found['delivered']:.0f} %",
                f"{found['p50_ms'] / base['p50_ms']:.2f}",
                f"{found['cpu_us'] / base['cpu_us']:.2f}",
            )
            print(" ".join(f"{cell:>9}" for cell in cells))


async def burst(store_url: str, count: int) -> None:
    """A thousand alerts in one pipeline: who has them all, and how soon."""
    client = connect(store_url)
    contender = await Contender.start("ours", store_url)
    clients = await contender.clients(count)
    address = f"ws://127.0.0.1:{contender.port}{contender.path}"
    offered = [Subprotocol(name) for name in (await contender.protocol()).split(", ")]
    async with ws_connect(address, subprotocols=offered, max_size=None) as one:
        await one.send('{"type":"hello"}')
        picture: dict[str, Any] = {}
        while not picture:
            message = json.loads(await one.recv())
            picture = message.get("picture", {})
        began_at = time.perf_counter()
        last = await add(
            client,
            *(
                AirRaidAlert(id=f"burst{i}", status="actual", feed="bench", region=f"R{i}")
                for i in range(BURST)
            ),
        )
        while len(picture["alerts"]) < BURST:
            message = json.loads(await one.recv())
            picture = message.get("picture") or merge(picture, message.get("patch", {}))
        took_s = time.perf_counter() - began_at
        reached, deadline = 0, time.perf_counter() + 20
        while reached < count and time.perf_counter() < deadline:
            reached = (await clients.ask(f"reached {last}"))["reached"]
            await asyncio.sleep(0.05)
        all_s = time.perf_counter() - began_at
    print(
        f"\na burst of {BURST:,} events in one pipeline: whole at {reached:,} of {count:,} clients after"
        f" {all_s:.2f} s; a client that applies every delta had it after {took_s:.2f} s"
    )
    await clients.stop()
    await contender.server.stop()
    await client.aclose()


def kernel_bytes(server_port: int, client_port: int) -> tuple[int, int]:
    """What the kernel holds unsent for a client on loopback, and unread by it, in bytes.

    Source: proc(5), /proc/net/tcp: tx_queue and rx_queue.
    """
    unsent = unread = 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        local, remote = (int(fields[i].split(":")[1], 16) for i in (1, 2))
        queues = [int(queue, 16) for queue in fields[4].split(":")]
        if (local, remote) == (server_port, client_port):
            unsent = queues[0]
        elif (local, remote) == (client_port, server_port):
            unread = queues[1]
    return unsent, unread


async def stall(store_url: str) -> None:
    """One client that stops reading while 10 MB go out: what the kernel holds for it."""
    from bench.push_clients import masked, opening

    client = connect(store_url)
    print()
    for name in ("bare", "ours"):
        contender = await Contender.start(name, store_url)
        with socket.create_connection(("127.0.0.1", contender.port)) as silent:
            request = opening(contender.port, contender.path, await contender.protocol()).replace(
                f"Origin: http://127.0.0.1:{contender.port}\r\n".encode(), b""
            )
            silent.sendall(request)
            if contender.greeting:
                await asyncio.sleep(0.3)
                silent.sendall(masked(contender.greeting.encode()))
            await asyncio.sleep(0.3)
            before = await contender.server.ask("stats")
            if name == "bare":
                for _ in range(25):
                    contender.server.tell("start")
                await asyncio.sleep(EVERY_S * 10_000_000 / FRAME_BYTES / 25)
            else:
                for i in range(10_000_000 // FRAME_BYTES):
                    await add(client, news(1_000_000 + i))
            unsent, unread = kernel_bytes(contender.port, silent.getsockname()[1])
            after = await contender.server.ask("stats")
            print(
                f"a client that stopped reading, {name}: kernel {(unsent + unread) / 1_024:,.0f} kB"
                f" ({unsent / 1_024:,.0f} unsent, {unread / 1_024:,.0f} unread),"
                f" server's own memory {(after['rss_kb'] - before['rss_kb']) / 1_024:+.1f} MB"
            )
        await contender.server.stop()
    await client.aclose()


@contextlib.contextmanager
def own_store() -> Any:
    """An embedded Valkey in a folder of its own; its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = embedded_command(Path(folder), port)
        with (
            subprocess.Popen(command, stdout=subprocess.DEVNULL) as process,
            redis.Redis(port=port) as client,
        ):
            while True:
                with contextlib.suppress(redis.RedisError):
                    client.ping()
                    break
                time.sleep(0.01)
            yield f"redis://127.0.0.1:{port}/0"
            process.terminate()


def main() -> None:
    """Run all of it and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="one short round with few clients")
    quick = parser.parse_args().quick
    with own_store() as store_url:
        asyncio.run(
            compare(
                store_url, [1, 20] if quick else [1, 100, 1_000], 1 if quick else 3, 1.0 if quick else 4.0
            )
        )
        asyncio.run(burst(store_url, 20 if quick else 1_000))
        asyncio.run(stall(store_url))


if __name__ == "__main__":
    main()
