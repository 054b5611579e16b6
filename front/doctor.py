"""Say in a line each what is well and what is not, and what to do about it."""

from __future__ import annotations

import asyncio
import datetime as dt
import http.client
import re
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator

from redis.asyncio import Redis

from config.errors import ConfigError
from config.exercise import load_exercise
from config.feeds import FeedConfig, load_feeds
from config.settings import Settings, settings, variable
from config.theatre import Theatre, load_theatre
from front.up import listened_on
from ingest.examining import examine
from ingest.formats import format_of
from ingest.transports.build import transport_of
from streams.allowance import Allowance
from streams.archive.errors import ArchiveError
from streams.archive.history import History
from streams.archive.shelf import shelf_of
from streams.errors import StoreError
from streams.names import QUARANTINE, STREAMS, key
from streams.store import answering, connect

CLOCKS_DIFFER_S = 2.0
"""Hosts that keep their clocks by NTP agree within milliseconds."""
ANSWERS_WITHIN_S = 2.0
ARCHIVED_WITHIN = dt.timedelta(hours=26)
"""Beyond the retention: a day is archived as a whole."""
WORDS = {
    "port": b'"theatre"',
    "intake_port": b'"ingest"',
    "gateway_port": b"/v1/picture",
    "replay_port": b"/v1/replay",
}
"""What is in each process's answer to whoever asks how it is; the gateway says where else to go."""
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

Finding = tuple[bool, str]


def doctor() -> int:
    """Print the findings; 1 where something is wrong. Raises SettingsError for settings."""
    return asyncio.run(_examine(settings()))


async def _examine(chosen: Settings) -> int:
    is_well = True
    async for fine, line in _findings(chosen):
        print(f"{'ok   ' if fine else 'WRONG'} {line}", flush=True)
        is_well = is_well and fine
    return 0 if is_well else 1


async def _findings(chosen: Settings) -> AsyncIterator[Finding]:
    for finding in (*_data(chosen), *_addresses(chosen)):
        yield finding
    client = connect(chosen.store_url)
    try:
        async for finding in _store(chosen, client):
            yield finding
        async for finding in _archive(chosen, client):
            yield finding
        async for finding in _feeds(chosen, client):
            yield finding
    finally:
        await client.aclose()


def _data(chosen: Settings) -> Iterator[Finding]:
    try:
        theatre = load_theatre(chosen.theatre)
        yield True, f"theatre {theatre.name}: {len(theatre.regions)} regions, {len(theatre.bases)} bases"
        if chosen.status == "exercise":
            exercise = load_exercise(chosen.exercise, theatre)
            yield True, f"exercise {exercise.name}: {len(exercise.documents)} documents"
    except ConfigError as error:
        yield False, f"data: {error}"


def _addresses(chosen: Settings) -> Iterator[Finding]:
    ours = []
    for field, host, port in listened_on(chosen):
        said = f"{variable(field)}={port}"
        if field == "store_port" or _is_ours(field, host, port):
            ours.append(said)
        else:
            yield False, f"ports: {said} is another program's on {host}: end it, or choose a free port"
    yield True, f"ports in use, by Watchfloor: {', '.join(ours)}" if ours else "ports: none is in use by us"


def _is_ours(field: str, host: str, port: int) -> bool:
    """Whether what listens there answers as our process does."""
    address = f"[{host}]" if ":" in host else host
    url = f"http://{address}:{port}/healthz"
    try:
        with _direct.open(url, timeout=ANSWERS_WITHIN_S) as answer:
            said: bytes = answer.read(1_000)
    except urllib.error.HTTPError as refusal:
        with refusal:
            said = refusal.read(1_000)
    except (OSError, http.client.HTTPException):
        return False
    return WORDS[field] in said


async def _store(chosen: Settings, client: Redis) -> AsyncIterator[Finding]:
    where = chosen.store_url.split("@")[-1]
    try:
        async with answering("ask the store"):
            server = await client.info("server")
            seconds, micros = await client.time()
            entries = {name: int(await client.xlen(key(chosen.theatre, name))) for name in STREAMS}
            refused = int(await client.xlen(key(chosen.theatre, QUARANTINE)))
    except StoreError as error:
        what = "is it running?" if chosen.redis_url else "start it with `make run`"
        yield False, f"store at {where}: {error}: {what}"
        return
    version = server.get("valkey_version") or server.get("redis_version")
    yield True, f"store at {where}: version {version}, {sum(entries.values()):,} events"
    apart_s = dt.datetime.now(dt.UTC).timestamp() - (seconds + micros / 1e6)
    agree = abs(apart_s) <= CLOCKS_DIFFER_S
    line = f"clock: {abs(apart_s):.1f} s {'before' if apart_s < 0 else 'after'} the store's"
    yield agree, line if agree else f"{line}: set both by NTP (timedatectl)"
    if refused:
        yield True, f"quarantine: {refused:,} refused: look with `watchfloor quarantine list`"


async def _archive(chosen: Settings, client: Redis) -> AsyncIterator[Finding]:
    where = re.sub(r"//[^/@]*@", "//…@", chosen.archive or str(chosen.var / "archive"))
    try:
        history = History(shelf_of(chosen), chosen.theatre, client)
        segments = (await asyncio.to_thread(history.archive.catalogue)).segments
        size_mb = sum(segment.size for segment in segments) / 1e6
        yield True, f"archive at {where}: {len(segments):,} segments, {size_mb:,.1f} MB"
        oldest = await history.oldest()
    except ArchiveError as error:
        yield False, f"archive at {where}: {error}: look with `watchfloor archive verify`"
        return
    except StoreError:
        return  # which the line on the store says
    kept = dt.timedelta(hours=chosen.retention_h) + ARCHIVED_WITHIN
    if oldest is not None and oldest < dt.datetime.now(dt.UTC) - kept:
        yield False, f"archive: the streams go back to {oldest:%Y-%m-%d}: start `watchfloor archive run`"


async def _feeds(chosen: Settings, client: Redis) -> AsyncIterator[Finding]:
    try:
        theatre = load_theatre(chosen.theatre)
        feeds = [feed for feed in load_feeds(theatre, chosen.feeds) if feed.on]
    except ConfigError as error:
        yield False, f"feeds: {error}"
        return
    if not feeds:
        yield True, f"no live feed is on: switch some on in {chosen.feeds}"
    elif chosen.status == "exercise":
        yield True, "live feeds rest while the exercise plays: WATCHFLOOR_EXERCISE=off runs them"
    allowance = Allowance(client, chosen.theatre)
    for feed in feeds:
        is_well, line = await _feed(feed, allowance, theatre)
        yield is_well, f"feed {feed.name}: {line}"


async def _feed(feed: FeedConfig, allowance: Allowance, theatre: Theatre) -> Finding:
    try:
        format_of(feed)
        transport = None if feed.transport == "push" else transport_of(feed, allowance=allowance)
    except ConfigError as error:
        return False, str(error)
    return await examine(feed, transport, theatre)
