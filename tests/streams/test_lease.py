"""Leases: one holder at a time by the store's clock, and a token that tells an old holder's writes."""

import asyncio
import signal
import subprocess
import sys

from redis.asyncio import Redis

from streams.lease import MISSED_BEATS, Lease
from streams.names import key
from streams.store import connect
from tests.promises import PATIENCE_S

THEATRE = "eastern-flank"
LEASE = key(THEATRE, "lease:f")

HOST = """
import asyncio, sys
from streams.changes import Changes
from streams.errors import FencedError
from streams.events import AirRaidAlert
from streams.lease import Lease
from streams.store import connect
from tests.promises import PATIENCE_S

async def main():
    client = connect(sys.argv[1])
    lease = Lease(client, "eastern-flank", "f", "sleeper", beat_s=0.1)
    print(await lease.hold(), flush=True)
    sys.stdin.readline()
    alert = AirRaidAlert(id="late", status="test", feed="f", region="UA-46")
    try:
        await Changes(client, "eastern-flank").publish("f", [alert], fence=lease.fence)
        print("published", flush=True)
    except FencedError:
        print("fenced", flush=True)
    await client.aclose()

asyncio.run(main())
"""


def lease(client: Redis, holder: str, *, beat_s: float = 60, name: str = "f") -> Lease:
    return Lease(client, THEATRE, name, holder, beat_s=beat_s)


async def until_held(asking: Lease) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await asking.hold():
            await asyncio.sleep(0.005)


async def clock_s(client: Redis) -> float:
    """The store's own clock, which leases go by."""
    seconds, micros = await client.time()
    return float(seconds) + micros / 1e6


async def test_one_host_holds_it_and_keeps_its_token_while_it_renews(redis_client: Redis) -> None:
    first, second = lease(redis_client, "a"), lease(redis_client, "b")

    assert [await first.hold(), await second.hold(), await first.hold()] == [True, False, True]
    assert (first.token, second.token) == (1, 0)
    assert first.fence == ("f", 1)
    assert await second.holder() == "a"


async def test_two_of_one_name_are_two_holders(redis_client: Redis) -> None:
    first, again = lease(redis_client, "host"), lease(redis_client, "host")

    assert [await first.hold(), await again.hold()] == [True, False]


async def test_leases_of_other_names_and_theatres_are_apart(redis_client: Redis) -> None:
    assert await lease(redis_client, "a").hold()
    assert await lease(redis_client, "b", name="g").hold()
    assert await Lease(redis_client, "elsewhere", "f", "c", beat_s=60).hold()


async def test_another_takes_over_when_three_beats_were_missed_and_not_before(redis_client: Redis) -> None:
    lasts_s = MISSED_BEATS * 0.1
    first, second = lease(redis_client, "a", beat_s=0.1), lease(redis_client, "b", beat_s=0.1)
    before_s = await clock_s(redis_client)
    await first.hold()
    assert await redis_client.pttl(LEASE) <= 1_000 * lasts_s

    await until_held(second)

    assert await clock_s(redis_client) - before_s > lasts_s - 0.01
    assert second.token == 2
    assert not await first.hold()


async def test_who_waits_is_told_when_to_ask_again(redis_client: Redis) -> None:
    first, second = lease(redis_client, "a"), lease(redis_client, "b")
    await first.hold()

    before_ms = await redis_client.pttl(LEASE)
    assert not await second.hold()
    assert first.free_in_s == 0
    assert before_ms >= 1_000 * second.free_in_s >= await redis_client.pttl(LEASE) > 0
    await redis_client.pexpire(LEASE, 50)
    await until_held(second)
    assert second.free_in_s == 0


async def test_the_token_grows_with_each_change_of_holder_and_never_falls(redis_client: Redis) -> None:
    hosts = [lease(redis_client, name) for name in "abab"]
    tokens = []
    for host in hosts:
        await host.hold()
        tokens.append(host.token)
        await host.release()

    assert tokens == [1, 2, 3, 4]


async def test_a_holder_that_comes_back_before_anybody_else_keeps_its_token(redis_client: Redis) -> None:
    host = lease(redis_client, "a")
    await host.hold()
    await redis_client.delete(LEASE)

    assert await host.hold()
    assert host.token == 1


async def test_only_the_holder_releases(redis_client: Redis) -> None:
    first, second = lease(redis_client, "a"), lease(redis_client, "b")
    await first.hold()

    await second.release()
    assert await second.holder() == "a"
    await first.release()
    assert await second.holder() == ""
    assert await second.hold()


async def test_of_many_that_ask_at_once_one_holds(redis_client: Redis) -> None:
    hosts = [lease(redis_client, str(number)) for number in range(20)]

    assert (await asyncio.gather(*(host.hold() for host in hosts))).count(True) == 1


async def test_a_host_that_was_paused_finds_out_before_it_publishes(store_url: str) -> None:
    client = connect(store_url)
    await client.flushdb()
    command = [sys.executable, "-c", HOST, store_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as sleeper:
        assert sleeper.stdin is not None
        assert sleeper.stdout is not None
        assert await asyncio.to_thread(sleeper.stdout.readline) == b"True\n"
        sleeper.send_signal(signal.SIGSTOP)
        other = lease(client, "other", beat_s=0.1)
        await until_held(other)
        sleeper.send_signal(signal.SIGCONT)
        sleeper.stdin.write(b"\n")
        sleeper.stdin.flush()
        assert await asyncio.to_thread(sleeper.stdout.readline) == b"fenced\n"
    assert await client.xlen(key(THEATRE, "alerts")) == 0
    await client.aclose()
