"""The servers that bench.push compares, each a process of its own: `python -m bench.push_servers NAME …`.

ours: the gateway. stream: a stream read and given to `websockets.broadcast`, nothing else. bare:
`websockets.broadcast` alone. dash: a Dash callback for each client, over Dash's own WebSocket.

Each prints its port, then answers lines on its standard input: `start` (bare and dash send by themselves,
five frames a second) and `stop`, and `stats`: its CPU seconds and resident memory so far.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FRAME_BYTES = 2_000
EVERY_S = 0.2
MARK = "T@"
"""Before the 19 digits of the clock (CLOCK_MONOTONIC, ns) at which a frame's news was made."""


def payload(size: int = FRAME_BYTES) -> str:
    """A text of that many bytes with the clock in it."""
    stamp = f"{MARK}{time.monotonic_ns():019d}"
    return json.dumps({"v": stamp + "x" * (size - len(stamp) - 8)})


def stats() -> dict[str, float]:
    """CPU seconds that this process had used when asked and when it answers, and its memory in kB."""
    asked_s = time.process_time()
    gc.collect()
    status = Path("/proc/self/status").read_text()
    rss = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return {"asked_s": asked_s, "answered_s": time.process_time(), "rss_kb": float(rss.split()[1])}


async def obey(send: Callable[[], None] | None) -> None:
    """Answer the lines on standard input until it ends. send: gives one frame to everybody."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    sending: asyncio.Task[None] | None = None

    async def keep_sending(send: Callable[[], None]) -> None:
        while True:
            send()
            await asyncio.sleep(EVERY_S)

    while line := (await reader.readline()).decode().strip():
        if line == "start" and send is not None:
            sending = asyncio.create_task(keep_sending(send))
        elif line == "stop" and sending is not None:
            sending.cancel()
        elif line == "stats":
            print(json.dumps(stats()), flush=True)


def hello(port: int) -> None:
    """Tell whoever started us where we are."""
    print(json.dumps({"port": port}), flush=True)


async def ours(store_url: str) -> None:
    """The gateway as `watchfloor gateway` runs it, but for the number of clients it takes."""
    from config.theatre import load_theatre
    from dashboard.gateway.gateway import Gateway
    from dashboard.gateway.limits import Limits

    gateway = Gateway(
        theatre=load_theatre("eastern-flank"),
        status="actual",
        store_url=store_url,
        limits=Limits(clients=20_000),
    )
    await gateway.start()
    hello(gateway.port)
    await obey(None)
    await gateway.stop()


async def bare(_: str) -> None:
    """A handler that waits, and a broadcast."""
    from websockets.asyncio.server import ServerConnection, broadcast, serve

    async def handle(connection: ServerConnection) -> None:
        await connection.wait_closed()

    server = await serve(handle, "127.0.0.1", 0, compression=None)
    hello(server.server.sockets[0].getsockname()[1])
    await obey(lambda: broadcast(server.connections, payload()))
    server.close()


async def stream(store_url: str) -> None:
    """What is read from a stream, broadcast as it is."""
    from websockets.asyncio.server import ServerConnection, broadcast, serve

    from streams.names import key
    from streams.store import connect

    async def handle(connection: ServerConnection) -> None:
        await connection.wait_closed()

    server = await serve(handle, "127.0.0.1", 0, compression=None)
    client = connect(store_url)
    name = key("eastern-flank", "threats")

    async def follow() -> None:
        last: bytes | str = "$"
        while True:
            for _, entries in _rows(await client.xread({name: last}, block=1_000)):
                for entry_id, fields in entries:
                    last = entry_id
                    text = fields[b"event"].decode()
                    broadcast(server.connections, text + " " * (FRAME_BYTES - len(text)))

    following = asyncio.create_task(follow())
    hello(server.server.sockets[0].getsockname()[1])
    await obey(None)
    following.cancel()
    server.close()


def _rows(answer: Any) -> list[tuple[bytes, Any]]:
    rows = answer.items() if isinstance(answer, dict) else answer or ()
    return [(name, raw[0] if raw and isinstance(raw[0], list) else raw) for name, raw in rows]


async def dash(_: str) -> None:
    """A page with one persistent callback, which sets a property with each frame; no batching, no deflate."""
    import uvicorn
    from dash import Dash, Input, html, set_props

    news = asyncio.Event()
    latest = ""

    app = Dash(backend="fastapi", websocket_callbacks=True, websocket_batch_delay=0)
    app.layout = html.Div([html.Button(id="go"), html.Div(id="out")])

    @app.callback(Input("go", "n_clicks"))
    async def tell(_: int) -> None:
        while True:
            await news.wait()
            set_props("out", {"children": latest})

    def send() -> None:
        nonlocal latest, news
        latest = payload()
        due, news = news, asyncio.Event()
        due.set()

    config = uvicorn.Config(
        app.server, port=0, log_level="warning", ws_per_message_deflate=False, access_log=False
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn gives no event to wait for
        await asyncio.sleep(0.01)
    print(json.dumps({"output": next(iter(app.callback_map))}), flush=True)
    hello(server.servers[0].sockets[0].getsockname()[1])
    await obey(send)
    server.should_exit = True
    with contextlib.suppress(asyncio.CancelledError, TimeoutError):
        await asyncio.wait_for(serving, 2)


SERVERS = {"ours": ours, "stream": stream, "bare": bare, "dash": dash}

if __name__ == "__main__":
    asyncio.run(SERVERS[sys.argv[1]](sys.argv[2]))
