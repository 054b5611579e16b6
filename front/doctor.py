"""Say in a line each what is well and what is not, and what to do about it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from redis.exceptions import RedisError

from config.errors import ConfigError
from config.exercise import load_exercise
from config.settings import Settings, settings
from config.theatre import load_theatre
from front.up import taken_ports
from streams.names import STREAMS, key
from streams.store import connect


def doctor() -> int:
    """Print the findings; 1 where something is wrong. Raises SettingsError for settings."""
    chosen = settings()
    findings = [*_data(chosen), *_addresses(chosen)]
    findings.append(asyncio.run(_store(chosen)))
    for is_well, line in findings:
        print(f"{'ok   ' if is_well else 'WRONG'} {line}")
    return 0 if all(is_well for is_well, _ in findings) else 1


def _data(chosen: Settings) -> Iterator[tuple[bool, str]]:
    try:
        theatre = load_theatre(chosen.theatre)
        yield True, f"theatre {theatre.name}: {len(theatre.regions)} regions, {len(theatre.bases)} bases"
        if chosen.status == "exercise":
            exercise = load_exercise(chosen.exercise, theatre)
            yield True, f"exercise {exercise.name}: {len(exercise.documents)} documents"
    except ConfigError as error:
        yield False, f"data: {error}"


def _addresses(chosen: Settings) -> Iterator[tuple[bool, str]]:
    taken = taken_ports(chosen)
    yield True, f"ports in use, by Watchfloor or another: {'; '.join(taken)}" if taken else "ports are free"


async def _store(chosen: Settings) -> tuple[bool, str]:
    where = chosen.store_url.split("@")[-1]
    client = connect(chosen.store_url)
    try:
        server = await client.info("server")
        lengths = [await client.xlen(key(chosen.theatre, stream)) for stream in STREAMS]
    except (RedisError, OSError) as error:
        hint = "check REDIS_URL" if chosen.redis_url else "start it with `make run`"
        return False, f"store {where}: {error}; {hint}"
    finally:
        await client.aclose()
    version = server.get("valkey_version") or server.get("redis_version")
    return True, f"store {where}: {version}, {sum(lengths):,} entries"
