"""The gateway on a real store and real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, get_args

import pytest
from redis.asyncio import Redis
from websockets.exceptions import InvalidMessage

from dashboard.access.accounts import Accounts
from dashboard.access.gate import LOCAL
from dashboard.access.roles import MESSAGES, ROLES
from dashboard.access.sessions import Person, Sessions
from dashboard.access.tickets import Tickets
from dashboard.gateway.codes import CloseCode
from dashboard.gateway.follower import CUT_EVERY
from dashboard.gateway.gateway import Gateway
from dashboard.gateway.limits import Limits
from dashboard.replay import messages as replay
from streams.events import AirRaidAlert, FeedHealth
from streams.names import key
from streams.publish import Publisher
from tests.promises import PATIENCE_S, promised

if TYPE_CHECKING:
    from tests.dashboard.gateway.conftest import Peer

Start = Callable[..., Awaitable[Gateway]]
Meet = Callable[..., Awaitable["Peer"]]
Alarm = Callable[..., AirRaidAlert]
Stall = Callable[[Gateway], Awaitable["Stalled"]]

pytestmark = pytest.mark.usefixtures("redis_client")


async def test_a_newcomer_gets_the_whole_picture_and_then_what_changes(
    start: Start, meet: Meet, store_url: str, publisher: Publisher, alarm: Alarm
) -> None:
    await publisher.publish([alarm(1)])
    gateway = await start(store_url)
    peer = await meet(gateway)
    welcome = await peer.until_type("welcome")
    assert welcome["recovered"] is False
    assert welcome["status"] == "actual"
    snapshot = await peer.hear()
    assert list(snapshot["picture"]["alerts"]) == ["R1|air_raid|"]
    await publisher.publish([alarm(2)])
    delta = await peer.until_change()
    assert list(delta["patch"]["alerts"]) == ["R2|air_raid|"]
    assert delta["events"] == 1
    assert delta["position"]["ids"]["alerts"] > snapshot["position"]["ids"]["alerts"]


async def test_a_copy_that_applies_every_delta_equals_a_fresh_snapshot(
    start: Start, meet: Meet, store_url: str, publisher: Publisher, alarm: Alarm
) -> None:
    gateway = await start(store_url)
    peer = await meet(gateway)
    await peer.until_type("snapshot")
    for i in range(60):
        await publisher.publish([alarm(i), alarm(i // 2, revision=2 + i, level="red")])
    await publisher.publish([alarm(99)])
    await peer.until(lambda _: "R99|air_raid|" in (peer.picture or {})["alerts"])
    fresh = await meet(gateway)
    await fresh.until_type("snapshot")
    assert fresh.picture == peer.picture


async def test_the_first_change_goes_out_at_once_and_the_next_waits_its_turn(
    start: Start, meet: Meet, store_url: str, publisher: Publisher, alarm: Alarm
) -> None:
    # A change that was made to wait for its turn would not be heard within a test's patience.
    gateway = await start(store_url, heartbeat_s=2 * PATIENCE_S, frame_interval_s=2 * PATIENCE_S)
    peer = await meet(gateway)
    await peer.until_type("snapshot")
    await publisher.publish([alarm(1)])
    await peer.until_alerts(1)
    await publisher.publish([alarm(2)])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await peer.until_alerts(2)


async def test_many_changes_go_out_at_a_pace_and_none_is_lost(
    start: Start, meet: Meet, store_url: str, publisher: Publisher, alarm: Alarm
) -> None:
    interval_s = 0.1
    gateway = await start(store_url, frame_interval_s=interval_s)
    peer = await meet(gateway)
    await peer.until_type("snapshot")
    deltas: list[dict[str, Any]] = []

    async def listen() -> None:
        while len(deltas) < 5:
            deltas.append(await peer.until_type("delta"))

    listening = asyncio.create_task(listen())
    told = 0
    while not listening.done():
        await publisher.publish([alarm(told)])
        told += 1
        await asyncio.sleep(0.002)
    await listening
    sent_at = [dt.datetime.fromisoformat(delta["server_time"]).timestamp() for delta in deltas]
    # A delta says when it was made, which is a little after its turn came.
    assert all(later - earlier > interval_s / 2 for earlier, later in pairwise(sent_at))
    await peer.until_alerts(told)
    assert sum(message.get("events", 0) for message in peer.heard) == told


@pytest.mark.alone
async def test_silence_is_broken_by_heartbeats(start: Start, meet: Meet, store_url: str) -> None:
    gateway = await start(store_url, heartbeat_s=0.1)
    peer = await meet(gateway)
    await peer.until_type("snapshot")
    with promised(2):
        beats = [await peer.until_type("heartbeat") for _ in range(10)]
    assert {beat["store"] for beat in beats} == {"ok"}
    sent_at = [dt.datetime.fromisoformat(beat["server_time"]).timestamp() for beat in beats]
    assert all(later - earlier > 0.05 for earlier, later in pairwise(sent_at))


async def test_a_burst_in_one_pipeline_reaches_every_client_whole(
    start: Start, meet: Meet, store_url: str, redis_client: Redis, alarm: Alarm
) -> None:
    from streams.codec import encode

    # The peers read in the loop that the gateway sends in: none of them may count as slow.
    gateway = await start(store_url, queue_bytes=4 * 1_024 * 1_024)
    peers = [await meet(gateway) for _ in range(10)]
    for peer in peers:
        await peer.until_type("snapshot")
    async with redis_client.pipeline(transaction=False) as pipeline:
        for i in range(1_000):
            pipeline.xadd(key("eastern-flank", "alerts"), {"event": encode(alarm(i))})
        await pipeline.execute()
    for peer in peers:
        await peer.until_alerts(1_000)
    assert sum(message.get("events", 0) for message in peers[0].heard) == 1_000


async def test_who_comes_back_hears_what_it_missed(
    start: Start, meet: Meet, store_url: str, publisher: Publisher, alarm: Alarm
) -> None:
    gateway = await start(store_url)
    before = await meet(gateway)
    await publisher.publish([alarm(1), alarm(2)])
    await before.until_alerts(2)
    await before.connection.close()
    await publisher.publish([alarm(3), alarm(1, revision=2, msg_type="cancel")])
    witness = await meet(gateway)
    await witness.until(lambda _: "R3|air_raid|" in (witness.picture or {"alerts": {}})["alerts"])

    after = await meet(gateway, after=before)
    assert (await after.until_type("welcome"))["recovered"] is True
    missed = await after.hear()
    assert missed["type"] == "delta"
    assert missed["events"] == 2
    assert after.picture == witness.picture


async def test_who_missed_nothing_comes_back_the_same(
    start: Start, meet: Meet, store_url: str, publisher: Publisher, alarm: Alarm
) -> None:
    await publisher.publish([alarm(1)])
    gateway = await start(store_url)
    before = await meet(gateway)
    await before.until_type("snapshot")
    after = await meet(gateway, after=before)
    assert (await after.until_type("welcome"))["recovered"] is True
    await after.hear()
    assert after.picture == before.picture


@pytest.mark.parametrize(
    "claim",
    [
        {"epoch": "another", "ids": {}},
        {"epoch": None, "ids": {"alerts": "9999999999999-0"}},
        {"epoch": None, "ids": {"strange": "1-0"}},
    ],
    ids=["another epoch", "ahead of us", "streams that are not ours"],
)
async def test_who_cannot_be_told_what_it_missed_gets_a_snapshot(
    start: Start, meet: Meet, store_url: str, publisher: Publisher, alarm: Alarm, claim: dict[str, Any]
) -> None:
    await publisher.publish([alarm(1)])
    gateway = await start(store_url)
    before = await meet(gateway)
    await before.until_type("snapshot")
    assert before.position is not None
    before.position = {"epoch": claim["epoch"] or before.position["epoch"], "ids": claim["ids"]}
    before.picture = {"alerts": {"old": {}}}
    after = await meet(gateway, after=before)
    assert (await after.until_type("welcome"))["recovered"] is False
    assert (await after.hear())["type"] == "snapshot"
    assert list((after.picture or {})["alerts"]) == ["R1|air_raid|"]


async def test_who_was_away_longer_than_the_ring_gets_a_snapshot(
    start: Start, meet: Meet, store_url: str, publisher: Publisher, alarm: Alarm
) -> None:
    gateway = await start(store_url, ring_cuts=3, frame_interval_s=0.0)
    before = await meet(gateway)
    await publisher.publish([alarm(0)])
    await before.until_alerts(1)
    witness = await meet(gateway)
    for i in range(1, 8):
        await publisher.publish([alarm(i)])
        await witness.until_alerts(i + 1)
    after = await meet(gateway, after=before)
    assert (await after.until_type("welcome"))["recovered"] is False
    await after.hear()
    assert after.picture == witness.picture


async def test_a_gateway_that_was_started_again_serves_who_knew_the_one_before(
    start: Start, meet: Meet, store_url: str, publisher: Publisher, alarm: Alarm
) -> None:
    first = await start(store_url)
    before = await meet(first)
    await publisher.publish([alarm(i) for i in range(300)])
    await before.until_alerts(300)
    stopping = asyncio.create_task(first.stop())
    assert await before.closed() == CloseCode.GOING_AWAY
    await stopping
    await publisher.publish([alarm(300), alarm(7, revision=2, msg_type="cancel")])
    second = await start(store_url)
    after = await meet(second, after=before)
    welcome = await after.until_type("welcome")
    assert welcome["recovered"] is True
    assert welcome["gateway"] != before.heard[0].get("gateway")
    await after.hear()
    fresh = await meet(second)
    await fresh.until_type("snapshot")
    assert len((fresh.picture or {})["alerts"]) == 300
    assert after.picture == fresh.picture


async def test_what_time_did_in_the_gateway_before_is_put_right_by_the_next_one(
    start: Start, meet: Meet, store_url: str, publisher: Publisher, alarm: Alarm
) -> None:
    def health(revision: int, checked_at: dt.datetime) -> FeedHealth:
        return FeedHealth(
            id="h",
            revision=revision,
            status="actual",
            feed="siren",
            subject="siren",
            state="fresh",
            checked_at=checked_at,
            every_s=10,
        )

    now = dt.datetime.now(dt.UTC)
    # So many that the client stands at a cut of the next gateway's ring, and not before its first.
    await publisher.publish([alarm(i) for i in range(CUT_EVERY - 1)])
    await publisher.publish([health(1, now - dt.timedelta(seconds=60))])
    first = await start(store_url)
    before = await meet(first)
    await before.until_type("snapshot")
    assert (before.picture or {})["feeds"]["siren"]["state"] == "dead"
    await first.stop()
    # For a gateway that only reads it, the feed was fresh then and is fresh now: nothing changed but a time.
    await publisher.publish([health(2, now + dt.timedelta(seconds=60))])
    after = await meet(await start(store_url), after=before)
    assert (await after.until_type("welcome"))["recovered"] is True
    await after.hear()
    assert (after.picture or {})["feeds"]["siren"]["state"] == "fresh"


async def test_an_emptied_store_is_another_picture_for_everybody(
    start: Start, meet: Meet, store_url: str, redis_client: Redis, publisher: Publisher, alarm: Alarm
) -> None:
    gateway = await start(store_url, store_wait_ms=50, tick_s=0.1)
    peer = await meet(gateway)
    await publisher.publish([alarm(1), alarm(2)])
    await peer.until_alerts(2)
    epoch = (peer.position or {})["epoch"]
    await redis_client.flushdb()
    await publisher.publish([alarm(3)])
    snapshot = await peer.until_type("snapshot")
    assert snapshot["position"]["epoch"] != epoch
    await peer.until_alerts(1)
    assert list((peer.picture or {})["alerts"]) == ["R3|air_raid|"]


async def test_a_client_may_ask_for_a_snapshot(start: Start, meet: Meet, store_url: str) -> None:
    gateway = await start(store_url)
    peer = await meet(gateway)
    await peer.until_type("snapshot")
    await peer.say({"type": "resync"})
    await peer.until_type("snapshot")


async def test_an_entry_that_is_no_event_stops_nothing(
    start: Start, meet: Meet, store_url: str, redis_client: Redis, publisher: Publisher, alarm: Alarm
) -> None:
    gateway = await start(store_url)
    peer = await meet(gateway)
    await peer.until_type("snapshot")
    await redis_client.xadd(key("eastern-flank", "alerts"), {"event": b"\xff garbage"})
    await redis_client.xadd(key("eastern-flank", "alerts"), {"other": b""})
    await publisher.publish([alarm(1)])
    await peer.until_alerts(1)
    assert (peer.picture or {})["unreadable"] == 2


async def test_who_says_no_hello_in_time_is_sent_away(start: Start, meet: Meet, store_url: str) -> None:
    gateway = await start(store_url, hello_s=0.2)
    while True:
        # Where the machine stood still, it was too late to be let in.
        with contextlib.suppress(InvalidMessage, OSError):
            peer = await meet(gateway, hello=False)
            break
    assert await peer.closed() == CloseCode.HELLO_LATE


@pytest.mark.parametrize(
    "message", ["", "{", '{"type":"resync"}', '{"type":"hello","position":7}', b'{"type":"hello"}']
)
async def test_who_says_something_else_first_is_sent_away(
    start: Start, meet: Meet, store_url: str, message: str | bytes
) -> None:
    gateway = await start(store_url)
    peer = await meet(gateway, hello=False)
    await peer.connection.send(message)
    assert await peer.closed() == CloseCode.PROTOCOL_ERROR


@pytest.mark.parametrize("message", ["garbage", '{"type":"hello"}', b"\x00"])
async def test_who_says_something_else_later_is_sent_away_too(
    start: Start, meet: Meet, store_url: str, message: str | bytes
) -> None:
    gateway = await start(store_url)
    peer = await meet(gateway)
    await peer.until_type("snapshot")
    await peer.connection.send(message)
    assert await peer.closed() == CloseCode.PROTOCOL_ERROR


async def test_who_talks_too_much_is_sent_away(start: Start, meet: Meet, store_url: str) -> None:
    gateway = await start(store_url, messages_burst=10, messages_per_s=0.0)
    peer = await meet(gateway)
    await peer.until_type("snapshot")
    for _ in range(10):
        await peer.say({"type": "resync"})
        await peer.until_type("snapshot")
    await peer.say({"type": "resync"})
    assert await peer.closed() == CloseCode.TOO_MANY_MESSAGES


async def test_a_message_that_is_too_large_is_not_read(start: Start, meet: Meet, store_url: str) -> None:
    gateway = await start(store_url)
    peer = await meet(gateway)
    await peer.until_type("snapshot")
    await peer.connection.send("x" * 5_000)
    assert await peer.closed() == 1009


async def test_one_client_too_many_is_sent_away_and_finds_room_later(
    start: Start, meet: Meet, store_url: str
) -> None:
    gateway = await start(store_url, clients=2)
    first, _ = await meet(gateway), await meet(gateway)
    third = await meet(gateway, hello=False)
    assert await third.closed() == CloseCode.TOO_MANY_CLIENTS
    await first.connection.close()
    fourth = await meet(gateway)
    await fourth.until_type("snapshot")


async def test_bytes_that_are_no_websocket_harm_nobody(start: Start, meet: Meet, store_url: str) -> None:
    gateway = await start(store_url)
    peer = await meet(gateway)
    for garbage in (
        b"\x00\xff" * 500,
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /v1/picture HTTP/1.1\r\nX: " + b"y" * 9_000,
    ):
        _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(garbage)
        writer.close()
    await peer.until_type("snapshot")
    await peer.until_type("heartbeat")


class Stalled:
    """A client that says hello and then reads nothing until it is told to."""

    def __init__(self, port: int, ticket: str) -> None:
        self.socket = socket.socket()
        # Left to itself the kernel keeps megabytes of what nobody reads.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(
            b"GET /v1/picture HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Protocol: watchfloor.v1, ticket." + ticket.encode() + b"\r\n\r\n"
        )
        hello = json.dumps({"type": "hello"}).encode()
        self.socket.sendall(bytes((0x81, 0x80 | len(hello), 0, 0, 0, 0)) + hello)

    def read_until(self, last: bytes) -> bytes:
        """Everything up to these words; then it is gone."""
        found = b""
        with self.socket:
            while last not in found and (chunk := self.socket.recv(1 << 16)):
                found += chunk
        return found


@pytest.fixture
async def stall(redis_client: Redis) -> AsyncIterator[Callable[[Gateway], Awaitable[Stalled]]]:
    """Connects clients that do not read, and drops them at the end."""
    stalled: list[Stalled] = []

    async def connected(gateway: Gateway) -> Stalled:
        before = gateway.hub.clients
        ticket = await Tickets(redis_client).issue(LOCAL)
        stalled.append(await asyncio.to_thread(Stalled, gateway.port, ticket))
        async with asyncio.timeout(PATIENCE_S):
            while gateway.hub.clients == before:
                await asyncio.sleep(0.01)
        return stalled[-1]

    yield connected
    for client in stalled:
        client.socket.close()


def long_alarm(alarm: Alarm, number: int) -> AirRaidAlert:
    """An alert whose delta is some 15 kB."""
    from streams.events import Evidence

    evidence = Evidence(document="d", text="t", link="https://x/" + "y" * 1_900, title="z" * 900)
    return alarm(number, region=f"R{number % 7}", valid_from=None, evidence=evidence)


async def test_a_client_that_does_not_read_is_bounded_and_nobody_waits_for_it(
    start: Start, meet: Meet, stall: Stall, store_url: str, publisher: Publisher, alarm: Alarm
) -> None:
    gateway = await start(store_url, frame_interval_s=0.0, kernel_bytes=4_096)
    peer = await meet(gateway)
    await peer.until_type("snapshot")
    await stall(gateway)

    number = most = told_behind = 0
    while told_behind < 50:
        number += 1
        assert number < 500
        await publisher.publish([long_alarm(alarm, number)])
        await peer.until_change()
        most = max(most, *(client.waiting_bytes for client in gateway.hub.everybody))
        told_behind += any(client.behind_since is not None for client in gateway.hub.everybody)
    assert most < Limits().queue_bytes + 20_000
    assert gateway.hub.clients == 2


async def test_a_client_that_does_not_read_is_cut_and_nobody_else(
    start: Start, meet: Meet, stall: Stall, store_url: str, publisher: Publisher, alarm: Alarm
) -> None:
    gateway = await start(
        store_url, stalled_s=0.3, parting_s=PATIENCE_S, frame_interval_s=0.0, kernel_bytes=4_096
    )
    peer = await meet(gateway)
    await peer.until_type("snapshot")
    slow = await stall(gateway)

    number = 0
    while gateway.hub.clients == 2:
        number += 1
        assert number < 5_000
        await publisher.publish([long_alarm(alarm, number)])
        await peer.until_change()
    goodbye = CloseCode.TOO_SLOW.to_bytes(2) + CloseCode.TOO_SLOW.reason.encode()
    said = await asyncio.to_thread(slow.read_until, goodbye)
    assert goodbye in said
    assert len(said) < 3 * Limits().queue_bytes
    await peer.say({"type": "resync"})
    await peer.until_type("snapshot")


async def test_a_client_that_reads_again_gets_a_fresh_picture(
    start: Start, meet: Meet, store_url: str, publisher: Publisher, alarm: Alarm
) -> None:
    gateway = await start(store_url, frame_interval_s=0.0, kernel_bytes=4_096)
    peer = await meet(gateway)
    await peer.until_type("snapshot")
    slow = await meet(gateway, max_queue=1)
    await slow.until_type("snapshot")
    slow.connection.transport.pause_reading()
    number = 0
    while not any(client.behind_since is not None for client in gateway.hub.everybody):
        number += 1
        assert number < 5_000
        await publisher.publish([long_alarm(alarm, number)])
        await peer.until_change()
    slow.connection.transport.resume_reading()
    await slow.until_type("snapshot")
    await publisher.publish([alarm(99_999, region="LAST")])
    for each in (slow, peer):
        await each.until(lambda _, each=each: "LAST|air_raid|" in each.picture["alerts"])
    assert slow.picture == peer.picture


async def a_session(client: Redis, name: str) -> Person:
    account = await Accounts(client).add(name, "viewer", "unused")
    secret, _ = await Sessions(client).begin(account, "127.0.0.1", "")
    person = await Sessions(client).person(secret)
    assert person is not None
    return person


@pytest.mark.alone
async def test_a_socket_is_closed_within_two_seconds_of_its_sessions_end_and_no_other(
    start: Start, meet: Meet, store_url: str, redis_client: Redis
) -> None:
    gateway = await start(store_url)
    anna, boris = [await a_session(redis_client, name) for name in ("anna", "boris")]
    leaving, staying, local = (
        await meet(gateway, person=anna),
        await meet(gateway, person=boris),
        await meet(gateway),
    )
    for peer in (leaving, staying, local):
        await peer.until_type("snapshot")
    with promised(2):
        await Sessions(redis_client).end("anna", anna.session)
        assert await leaving.closed() == CloseCode.SESSION_ENDED
    for peer in (staying, local):
        await peer.say({"type": "resync"})
        await peer.until_type("snapshot")


async def test_another_password_and_a_removed_account_close_the_socket(
    start: Start, meet: Meet, store_url: str, redis_client: Redis
) -> None:
    gateway = await start(store_url, sessions_s=0.05)
    people = [await a_session(redis_client, name) for name in ("anna", "boris")]
    peers = [await meet(gateway, person=person) for person in people]
    for peer in peers:
        await peer.until_type("snapshot")
    await Accounts(redis_client).set_secret("anna", "another")
    await Accounts(redis_client).remove("boris")
    assert [await peer.closed() for peer in peers] == [CloseCode.SESSION_ENDED] * 2


def test_every_message_that_a_client_may_send_has_its_role_in_the_table() -> None:
    kinds = {str(kind.__struct_config__.tag) for kind in get_args(replay.Message)}
    assert set(MESSAGES) == kinds > {"hello", "resync"}


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_may_send_what_the_table_says(
    start: Start, meet: Meet, store_url: str, redis_client: Redis, role: Any
) -> None:
    gateway = await start(store_url)
    peer = await meet(gateway, person=Person("somebody", role))
    await peer.until_type("snapshot")
    await peer.say({"type": "resync"})
    await peer.until_type("snapshot")


@pytest.mark.parametrize("table", [{"hello": "operator"}, {}])
async def test_what_the_table_does_not_give_a_role_closes_the_socket(
    start: Start, meet: Meet, store_url: str, table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.gateway.sockets.MESSAGES", table)
    peer = await meet(await start(store_url), person=Person("somebody", "viewer"))
    assert await peer.closed() == CloseCode.NOT_ALLOWED
    assert peer.heard == []
