"""Many clients in one process, cheap enough not to be what is measured: `python -m bench.push_clients …`.

Each is a bare asyncio protocol that knows just enough of RFC 6455 to find where a frame ends and what clock
is written in it. Lines on standard input: `report` prints what was heard since the last report.
"""

from __future__ import annotations

import array
import asyncio
import json
import re
import sys
import time
from functools import partial
from typing import Any, cast

from bench.push_servers import MARK
from dashboard.access.gate import LOCAL
from dashboard.access.tickets import Tickets
from streams.store import connect

_MARK = MARK.encode()
_LAST_ID = re.compile(rb'"alerts":"(\d+-\d+)"')


class Tally:
    """What all clients of this process have heard."""

    def __init__(self) -> None:
        self.waits_ns = array.array("q")
        self.frames = 0
        self.bytes = 0

    def report(self) -> dict[str, Any]:
        waits = sorted(self.waits_ns)
        made = {
            "frames": self.frames,
            "bytes": self.bytes,
            "p50_ms": waits[len(waits) // 2] / 1e6 if waits else None,
            "p99_ms": waits[min(len(waits) - 1, len(waits) * 99 // 100)] / 1e6 if waits else None,
            "cpu_s": time.process_time(),
        }
        self.__init__()  # type: ignore[misc]
        return made


class Client(asyncio.Protocol):
    """One client. opening: its request. greeting: its first message, or none."""

    def __init__(self, tally: Tally, opening: bytes, greeting: bytes) -> None:
        self.tally = tally
        self.opening = opening
        self.greeting = greeting
        self.buffer = b""
        self.is_open = False
        self.ready = asyncio.get_running_loop().create_future()
        self.last_id = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self.opening)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        data = self.buffer + data if self.buffer else data
        at = 0
        if not self.is_open:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self.buffer = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                raise SystemExit(f"refused: {data[:200]!r}")
            self.is_open = True
            at = end + 4
            if self.greeting:
                self.transport.write(masked(self.greeting))
            if not self.ready.done():
                self.ready.set_result(None)
        size = len(data)
        while size - at >= 2:
            length, begin = data[at + 1] & 0x7F, at + 2
            if length == 126:
                if size - at < 4:
                    break
                length, begin = int.from_bytes(data[at + 2 : at + 4]), at + 4
            elif length == 127:
                if size - at < 10:
                    break
                length, begin = int.from_bytes(data[at + 2 : at + 10]), at + 10
            if size < begin + length:
                break
            self.frame(data[at] & 0x0F, data, begin, begin + length, now)
            at = begin + length
        self.buffer = data[at:]

    def frame(self, opcode: int, data: bytes, begin: int, end: int, now: int) -> None:
        if opcode == 9:
            self.transport.write(masked(data[begin:end], 0x8A))
            return
        tally = self.tally
        mark = data.find(_MARK, begin, end)
        if mark >= 0:
            tally.waits_ns.append(now - int(data[mark + 2 : mark + 21]))
            tally.frames += 1
            tally.bytes += end - begin
        elif (found := _LAST_ID.search(data, begin, min(end, begin + 400))) is not None:
            self.last_id = found[1]


def masked(message: bytes, head: int = 0x81) -> bytes:
    """A client's frame, with a mask of noughts."""
    if len(message) < 126:
        return bytes((head, 0x80 | len(message), 0, 0, 0, 0)) + message
    return bytes((head, 0xFE)) + len(message).to_bytes(2) + b"\0\0\0\0" + message


def opening(port: int, path: str, protocol: str = "watchfloor.v1") -> bytes:
    """A request to upgrade, as the server's own page would send it. protocol: what it offers."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: {protocol}\r\n\r\n"
    ).encode()


async def offers(store_url: str, count: int) -> list[str]:
    """What each client offers: the protocol, and where there is a store a ticket of its own."""
    if not store_url:
        return ["watchfloor.v1"] * count
    store = connect(store_url)
    tickets = Tickets(store)
    made = [f"watchfloor.v1, ticket.{await tickets.issue(LOCAL)}" for _ in range(count)]
    await store.aclose()
    return made


async def main(port: int, count: int, path: str, greeting: str, with_origin: bool, store_url: str) -> None:
    """Connect `count` clients, then report as asked. store_url: of their tickets, or empty."""
    loop = asyncio.get_running_loop()
    tally = Tally()
    protocols = await offers(store_url, count)

    def request(number: int) -> bytes:
        made = opening(port, path, protocols[number])
        return made if with_origin else re.sub(rb"Origin:[^\r]*\r\n", b"", made)

    clients: list[Client] = []
    for start in range(0, count, 25):
        batch = []
        for number in range(start, min(start + 25, count)):
            _, client = await loop.create_connection(
                partial(Client, tally, request(number), greeting.encode()), "127.0.0.1", port
            )
            batch.append(client)
        await asyncio.gather(*(client.ready for client in batch))
        clients += batch
    print(json.dumps({"connected": len(clients)}), flush=True)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode().strip():
        if line == "report":
            print(json.dumps(tally.report()), flush=True)
        elif line.startswith("reached "):
            wanted = line.split()[1].encode()
            reached = sum(client.last_id == wanted for client in clients)
            print(json.dumps({"reached": reached}), flush=True)


if __name__ == "__main__":
    asyncio.run(
        main(
            int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5] == "origin", sys.argv[6]
        )
    )
