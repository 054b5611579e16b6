"""Sessions: how long they go on, and what ends them."""

from __future__ import annotations

from redis.asyncio import Redis

from dashboard.access.accounts import Accounts
from dashboard.access.names import session_key
from dashboard.access.sessions import IDLE_S, LASTING_S, TOUCH_S, WALL_IDLE_S, Sessions
from tests.promises import PATIENCE_S

NOW = 1_750_000_000.0


class Clock:
    at = NOW

    def __call__(self) -> float:
        return self.at


async def test_a_look_begins_the_idle_time_anew_and_only_when_that_is_worth_a_write(
    redis_client: Redis,
) -> None:
    sessions = Sessions(redis_client, Clock())
    secret, _ = await sessions.begin(await Accounts(redis_client).add("anna", "viewer", "x"), "::1", "")
    person = await sessions.person(secret)
    assert person is not None
    name = session_key(person.session)
    assert IDLE_S - PATIENCE_S < await redis_client.ttl(name) <= IDLE_S
    for left, after in ((IDLE_S - TOUCH_S + PATIENCE_S, IDLE_S - TOUCH_S + PATIENCE_S), (PATIENCE_S, IDLE_S)):
        await redis_client.expire(name, int(left))
        assert await sessions.living([person.session]) == {person.session}
        assert after - PATIENCE_S < await redis_client.ttl(name) <= after


async def test_it_ends_after_its_time_however_much_it_is_used(redis_client: Redis) -> None:
    clock = Clock()
    sessions = Sessions(redis_client, clock)
    secret, _ = await sessions.begin(await Accounts(redis_client).add("anna", "viewer", "x"), "::1", "")
    clock.at = NOW + LASTING_S - 100
    person = await sessions.person(secret)
    assert person is not None
    await redis_client.expire(session_key(person.session), 30)
    await sessions.person(secret)
    assert await redis_client.ttl(session_key(person.session)) <= 100
    clock.at = NOW + LASTING_S
    assert await sessions.person(secret) is None
    assert await sessions.of("anna") == {}


async def test_when_it_was_last_used_is_known_to_the_minute_and_goes_with_it(redis_client: Redis) -> None:
    clock = Clock()
    sessions = Sessions(redis_client, clock)
    secret, _ = await sessions.begin(await Accounts(redis_client).add("anna", "viewer", "x"), "::1", "")
    (session,) = await sessions.of("anna")
    for later_s, seen_s in ((TOUCH_S - 1, 0), (TOUCH_S, TOUCH_S), (LASTING_S - 100, LASTING_S - 100)):
        clock.at = NOW + later_s
        assert await sessions.person(secret) is not None
        assert await sessions.seen_at([session]) == {session: NOW + seen_s}
    assert await sessions.end_all("anna") == 1
    assert await sessions.seen_at([session]) == {}


async def test_a_session_is_ended_by_its_own_account_only(redis_client: Redis) -> None:
    sessions = Sessions(redis_client)
    secret, _ = await sessions.begin(await Accounts(redis_client).add("anna", "viewer", "x"), "::1", "")
    (session,) = await sessions.of("anna")
    assert not await sessions.end("mallory", session)
    assert await sessions.person(secret) is not None


async def test_a_look_revives_nothing(redis_client: Redis) -> None:
    sessions = Sessions(redis_client)
    secret, _ = await sessions.begin(await Accounts(redis_client).add("anna", "viewer", "x"), "::1", "")
    (session,) = await sessions.of("anna")
    assert await sessions.end("anna", session)
    assert await sessions.person(secret) is None
    assert await sessions.living([session]) == set()
    assert not await sessions.end("anna", session)
    assert await redis_client.keys("wf:{access}:session*") == []


async def test_an_account_made_again_under_a_name_has_no_old_sessions(redis_client: Redis) -> None:
    accounts, sessions = Accounts(redis_client), Sessions(redis_client)
    secret, _ = await sessions.begin(await accounts.add("anna", "admin", "x"), "::1", "")
    await accounts.remove("anna")
    await accounts.add("anna", "viewer", "y")
    assert await sessions.person(secret) is None


async def test_a_wall_lasts_longer(redis_client: Redis) -> None:
    sessions = Sessions(redis_client)
    _, session = await sessions.begin(await Accounts(redis_client).add("hall", "wall", "x"), "::1", "")
    assert session.idle_s == WALL_IDLE_S > IDLE_S
