"""How fast events come in: published once, alone and with all that is before it, beside bare XADD.

Run `python -m bench.ingest [--quick]`. The peer is the same client's pipeline of bare XADD, in batches of the
same size, of the same bytes, into the same store, in the same run: it neither asks whether an event was
published before nor remembers it. Contenders take turns, and the median of the rounds' ratios counts.
`alone` publishes events that are there; `everything` has their JSON, decodes and validates it, and publishes.
Then sweeps of 10,000 aircraft, as readsb tells them: decoded and published, in CPU seconds a sweep, which is
the share of a core that one sweep a second takes. Exit status 1 when publishing alone is slower than bare
XADD, when everything is slower than half of it, or when a sweep takes half a second with the store's work.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Any

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from bench.push import own_store
from config.theatre import load_theatre
from ingest.decoding import Context
from ingest.feeds import aircraft
from streams.codec import decode, encode
from streams.events import AirRaidAlert, Event
from streams.names import key, stream_of
from streams.publish import BATCH, Publisher
from streams.store import connect

THEATRE = "eastern-flank"
LEAST_ALONE = 1.0
LEAST_EVERYTHING = 0.5
MOST_SWEEP_S = 0.5
AIRCRAFT = 10_000
_BEGINNING = dt.datetime(2025, 6, 9, tzinfo=dt.UTC)


class Rates(Struct):
    """Events a second of each round, round by round."""

    bare: list[float]
    alone: list[float]
    everything: list[float]
    again: list[float]
    """What was published before, once more."""

    def ratio(self, of: Sequence[float]) -> float:
        """The median of the rounds' ratios to bare."""
        return statistics.median(one / bare for one, bare in zip(of, self.bare, strict=True))


class Sweeps(Struct):
    """Of one sweep, at the median."""

    payload_bytes: int
    entry_bytes: int
    decode_s: float
    publish_s: float
    """CPU of this process, as in `decode_s`."""
    store_s: float
    """CPU of the store's, over all sweeps."""


def alerts(turn: int, count: int) -> list[Event]:
    """Alerts as a source tells them, none of them told before."""
    return [
        AirRaidAlert(
            id=f"alerts-in-ua:{turn}:{number}",
            status="actual",
            feed="alerts-in-ua",
            claimant="ua-af",
            reliability="B",
            credibility=2,
            region="UA-46",
            valid_from=_BEGINNING + dt.timedelta(seconds=number),
            published_at=_BEGINNING + dt.timedelta(seconds=number + 4),
        )
        for number in range(count)
    ]


async def bare(client: Redis, events: Sequence[tuple[str, bytes]]) -> None:
    """XADD each of them to its stream, in pipelines of as many as our batches have."""
    for start in range(0, len(events), BATCH):
        async with client.pipeline(transaction=False) as pipeline:
            for stream, payload in events[start : start + BATCH]:
                pipeline.xadd(stream, {"event": payload})
            await pipeline.execute()


async def compete(store_url: str, rounds: int, count: int) -> Rates:
    """So many rounds of so many events, after one that warms everybody."""
    client = connect(store_url)
    publisher = Publisher(client, THEATRE)
    rates = Rates([], [], [], [])
    # A rewrite of the store's file in the middle would be paid by whoever is at it.
    await client.config_set("auto-aof-rewrite-percentage", "0")
    for turn in range(rounds + 1):
        events = alerts(turn, count)
        payloads = [encode(event) for event in events]
        addressed = [(key(THEATRE, stream_of(event)), encode(event)) for event in events]

        async def everything(payloads: list[bytes] = payloads) -> None:
            await publisher.publish([decode(payload) for payload in payloads])

        async def publish(events: list[Event] = events) -> None:
            await publisher.publish(events)

        async def add(addressed: list[tuple[str, bytes]] = addressed) -> None:
            await bare(client, addressed)

        contenders: list[tuple[list[float], Callable[[], Awaitable[None]]]] = [
            (rates.bare, add),
            (rates.alone, publish),
            (rates.everything, everything),
        ]
        first = turn % len(contenders)
        for found, work in (*contenders[first:], *contenders[:first]):
            await client.flushdb()
            took_s = await _timed(work)
            if turn:
                found.append(count / took_s)
            assert await client.xlen(key(THEATRE, "alerts")) == count
        await client.flushdb()
        await publish()
        took_s = await _timed(publish)
        if turn:
            rates.again.append(count / took_s)
        assert await client.xlen(key(THEATRE, "alerts")) == count
    await client.aclose()
    return rates


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    gc.collect()
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def aircraft_json(count: int, turn: int) -> bytes:
    """One aircraft.json of readsb's, with all the fields that it has for an aircraft with ADS-B."""
    random = Random(turn)
    now = _BEGINNING.timestamp() + turn
    listed: list[dict[str, Any]] = [
        {
            "hex": f"{0x480000 + number:06x}",
            "type": "adsb_icao",
            "flight": f"WFL{number:<5}",
            "r": f"SP-{number}",
            "t": "B738",
            "dbFlags": int(number % 50 == 0),
            "alt_baro": random.randrange(1_000, 41_000, 25),
            "alt_geom": random.randrange(1_000, 41_000, 25),
            "gs": round(random.uniform(90, 520), 1),
            "track": round(random.uniform(0, 360), 2),
            "baro_rate": random.randrange(-2_048, 2_048, 64),
            "squawk": f"{random.randrange(0o7777):04o}",
            "category": "A3",
            "lat": round(random.uniform(46, 58), 6),
            "lon": round(random.uniform(16, 38), 6),
            "nic": 8,
            "rc": 186,
            "seen_pos": round(random.uniform(0, 5), 3),
            "version": 2,
            "messages": random.randrange(100_000),
            "seen": round(random.uniform(0, 1), 1),
            "rssi": round(random.uniform(-40, -3), 1),
        }
        for number in range(count)
    ]
    return msgspec.json.encode({"now": now, "messages": 1_000_000 + turn, "aircraft": listed})


async def sweep(store_url: str, rounds: int, count: int) -> Sweeps:
    """So many sweeps of so many aircraft, after one that warms everybody."""
    client = connect(store_url)
    publisher = Publisher(client, THEATRE)
    theatre = load_theatre(THEATRE)
    await client.flushdb()
    decoding: list[float] = []
    publishing: list[float] = []
    store_before = 0.0
    payload = b""
    for turn in range(rounds + 1):
        payload = aircraft_json(count, turn)
        if turn == 1:
            store_before = await _store_cpu_s(client)
        gc.collect()
        began = time.process_time()
        context = Context(
            feed="bench",
            theatre=theatre,
            received_at=_BEGINNING + dt.timedelta(seconds=turn),
            options={"everywhere": True},
        )
        decoded = aircraft.decode(payload, context)
        between = time.process_time()
        await publisher.publish(decoded.events)
        if turn:
            decoding.append(between - began)
            publishing.append(time.process_time() - between)
    store_s = (await _store_cpu_s(client) - store_before) / rounds
    rows: Any = await client.xrevrange(key(THEATRE, "tracks"), count=1)
    entry = rows[0][1][b"event"]
    assert await client.xlen(key(THEATRE, "tracks")) == rounds + 1
    tracks = getattr(decode(entry), "tracks", ())
    assert len(tracks) == count
    await client.aclose()
    return Sweeps(
        payload_bytes=len(payload),
        entry_bytes=len(entry),
        decode_s=statistics.median(decoding),
        publish_s=statistics.median(publishing),
        store_s=store_s,
    )


async def _store_cpu_s(client: Redis) -> float:
    used = await client.info("cpu")
    return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])


def main() -> int:
    """Measure, print, and judge."""
    quick = "--quick" in sys.argv[1:]
    with own_store() as store_url:
        rates = asyncio.run(compete(store_url, 5 if quick else 15, 10_000 if quick else 20_000))
        sweeps = asyncio.run(sweep(store_url, 5 if quick else 20, AIRCRAFT))
    print("into the streams        events/s   times bare XADD   at least")
    rows = (
        ("bare XADD", rates.bare, None),
        ("publish once, alone", rates.alone, LEAST_ALONE),
        ("decode, validate, publish", rates.everything, LEAST_EVERYTHING),
        ("publish again", rates.again, None),
    )
    is_well = True
    for name, found, least in rows:
        ratio = rates.ratio(found)
        is_well = is_well and (least is None or ratio >= least)
        limit = "" if least is None else f"{least:10.1f}"
        print(f"{name:25} {statistics.median(found):7,.0f} {ratio:17.2f} {limit}".rstrip())
    ingest_s = sweeps.decode_s + sweeps.publish_s
    all_s = ingest_s + sweeps.store_s
    print(
        f"\na sweep of {AIRCRAFT:,} aircraft: {sweeps.payload_bytes / 1e6:.1f} MB of JSON, an entry of "
        f"{sweeps.entry_bytes / 1e6:.1f} MB\nCPU s a sweep: decode {sweeps.decode_s:.3f}, publish "
        f"{sweeps.publish_s:.3f}, the store's own {sweeps.store_s:.3f}: one a second takes "
        f"{ingest_s:.0%} of a core, with the store {all_s:.0%} (at most {MOST_SWEEP_S:.0%})"
    )
    return 0 if is_well and all_s < MOST_SWEEP_S else 1


if __name__ == "__main__":
    sys.exit(main())
