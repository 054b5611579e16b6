"""Hands: what operators change and what sources say next, of one event; neither swallows the other."""

import asyncio
import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from redis.asyncio import Redis

from streams.changes import Changes, Superseded
from streams.codec import decode
from streams.events import AirRaidAlert, Count, Event, Evidence, LogEntry, Quantities, RaidReport
from streams.hands import Hand
from streams.names import key
from streams.publish import Published, Publisher
from streams.revise import Reviser, Revisions

THEATRE = "eastern-flank"
FEED = "f"
NOON = dt.datetime(2025, 6, 9, 12, tzinfo=dt.UTC)


def alert(level: str = "", event_id: str = "a", **fields: Any) -> AirRaidAlert:
    return AirRaidAlert(id=event_id, status="test", feed=FEED, region="UA-46", level=level, **fields)


def report(uav: int, text: str = "t", **fields: Any) -> RaidReport:
    launched = Quantities(uav=Count(value=uav))
    evidence = Evidence(document="d", text=text)
    return RaidReport(id="r", status="test", feed=FEED, launched=launched, evidence=evidence, **fields)


def act(number: int = 1, **fields: Any) -> LogEntry:
    said: dict[str, Any] = {"act": "correction", "about": "a", "by": "anna"} | fields
    return LogEntry(id=f"desk:{number}", status="test", feed="desk", **said)


async def stored(client: Redis, stream: str = "alerts") -> list[Any]:
    return [decode(fields[b"event"]) for _, fields in await client.xrange(key(THEATRE, stream))]


async def levels(client: Redis) -> list[tuple[int, str, str]]:
    return [(event.revision, event.level, event.by) for event in await stored(client)]


async def find(client: Redis, event_id: str, revision: int) -> Revisions:
    found = await Reviser(client, THEATRE).find(event_id, revision)
    assert found is not None
    return found


async def by_hand(client: Redis, event: Event, number: int = 1) -> str:
    """An operator makes this the next revision of what is there."""
    found = (await Reviser(client, THEATRE).find_all([event.id]))[event.id]
    revision = found.last.revision + 1
    made = replace(event, revision=revision, msg_type="update", by="anna")
    return await Reviser(client, THEATRE).revise(found, made, act(number, made=revision))


def outcomes(published: list[Published]) -> list[tuple[int, str]]:
    return [(one.revision, one.outcome) for one in published]


async def test_the_same_words_do_not_undo_a_correction_and_a_change_supersedes_it(
    redis_client: Redis,
) -> None:
    changes = Changes(redis_client, THEATRE)
    await changes.publish(FEED, [alert("red")])

    assert await by_hand(redis_client, alert("yellow")) == "revised"
    again = await changes.publish(FEED, [alert("red", published_at=NOON)])
    changed = await changes.publish(FEED, [alert("")])
    back = await changes.publish(FEED, [alert("red")])

    assert outcomes(again) == [(1, "duplicate")]
    assert outcomes(changed) == [(3, "published")]
    assert outcomes(back) == [(4, "published")]
    assert await levels(redis_client) == [(1, "red", ""), (2, "yellow", "anna"), (3, "", ""), (4, "red", "")]


async def test_what_one_payload_says_there_and_back_is_news_after_a_correction(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    await changes.publish(FEED, [alert("red")])
    await by_hand(redis_client, alert("yellow"))

    await changes.publish(FEED, [alert("red"), alert(""), alert("red")])

    assert [level for _, level, _ in await levels(redis_client)] == ["red", "yellow", "", "red"]


async def test_a_fact_that_is_forgotten_is_not_said_anew_over_a_correction(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    await changes.publish(FEED, [alert("red")])
    await by_hand(redis_client, alert("yellow"))
    await redis_client.delete(key(THEATRE, f"facts:{FEED}"))

    await changes.publish(FEED, [alert("red")])
    await changes.publish(FEED, [alert("")])

    assert [level for _, level, _ in await levels(redis_client)] == ["red", "yellow", ""]


async def test_a_listing_ends_what_was_corrected_as_it_was_corrected(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    await changes.publish(FEED, [alert("red")], is_listing=True, ended_at=NOON)
    await by_hand(redis_client, alert("yellow", doubts=("mended by hand: level",)))

    await changes.publish(FEED, [], is_listing=True, ended_at=NOON)
    await changes.publish(FEED, [], is_listing=True, ended_at=NOON)

    last = (await stored(redis_client))[-1]
    assert (last.revision, last.level, last.valid_to, last.by) == (3, "yellow", NOON, "")
    assert last.doubts == ("mended by hand: level",)
    assert len(await stored(redis_client)) == 3


async def test_a_listing_does_not_bring_back_what_was_retracted(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    await changes.publish(FEED, [alert("red")], is_listing=True, ended_at=NOON)
    found = await find(redis_client, "a", 1)
    gone = replace(found.last, revision=2, msg_type="cancel", by="anna")
    await Reviser(redis_client, THEATRE).revise(found, gone, act(act="retraction"))

    await changes.publish(FEED, [alert("red")], is_listing=True, ended_at=NOON)
    await changes.publish(FEED, [], is_listing=True, ended_at=NOON)

    assert [event.msg_type for event in await stored(redis_client)] == ["alert", "cancel"]


async def test_what_a_source_numbers_itself_goes_round_the_numbers_that_are_taken(
    redis_client: Redis,
) -> None:
    publisher = Publisher(redis_client, THEATRE)
    await publisher.publish([report(479)])
    await by_hand(redis_client, report(497))

    # The second text of the document, which says of this what the first one said.
    same = await publisher.publish([report(479, "another text", revision=2)])
    second = await publisher.publish([report(481, "a third text", revision=3)])
    await by_hand(redis_client, report(482), 2)
    third = await publisher.publish([report(483, revision=4), report(484, revision=5)])
    again = await publisher.publish([report(481, revision=3), report(483, revision=4)])

    assert outcomes(same) == [(3, "duplicate")]
    assert outcomes(second) == [(4, "published")]
    assert outcomes(third) == [(6, "published"), (7, "published")]
    assert [outcome for _, outcome in outcomes(again)] == ["duplicate", "duplicate"]
    told = [(event.revision, event.launched.uav.value) for event in await stored(redis_client, "raids")]
    assert told == [(1, 479), (2, 497), (4, 481), (5, 482), (6, 483), (7, 484)]


async def test_among_many_events_only_those_are_renumbered_that_were_changed(redis_client: Redis) -> None:
    publisher = Publisher(redis_client, THEATRE)
    many = [alert("red", f"a{number}") for number in range(700)]
    await publisher.publish(many)
    await by_hand(redis_client, alert("yellow", "a3"))
    await by_hand(redis_client, alert("yellow", "a650"), 2)

    published = await publisher.publish([replace(event, revision=2, level="") for event in many])

    assert [one.event_id for one in published] == [event.id for event in many]
    assert {one.event_id for one in published if one.revision == 3} == {"a3", "a650"}
    assert all(one.outcome == "published" for one in published)


async def test_a_message_that_supersedes_ends_what_was_changed(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    await changes.publish(FEED, [alert("red", "m:1", revision=5)])
    await by_hand(redis_client, alert("yellow", "m:1"))

    ended = Superseded(of="m", revision=6, at=NOON, msg_type="cancel", status="test")
    await changes.publish(FEED, [], superseded=[ended])

    told = [(event.revision, event.msg_type) for event in await stored(redis_client)]
    assert told == [(5, "alert"), (6, "update"), (7, "cancel")]


async def test_of_two_operators_exactly_one_wins(redis_client: Redis) -> None:
    await Changes(redis_client, THEATRE).publish(FEED, [alert("red")])
    found = await find(redis_client, "a", 1)
    reviser = Reviser(redis_client, THEATRE)
    made = [replace(found.last, revision=2, by=by) for by in ("anna", "ben")]

    answers = await asyncio.gather(
        *(reviser.revise(found, event, act(number, by=event.by)) for number, event in enumerate(made))
    )

    assert sorted(answers) == ["changed", "revised"]
    assert len(await stored(redis_client)) == 2
    assert len(await stored(redis_client, "log")) == 1


async def test_a_stale_operator_loses_to_a_feed_whatever_its_numbers_are(redis_client: Redis) -> None:
    publisher = Publisher(redis_client, THEATRE)
    await publisher.publish([alert("red", revision=1_749_427_200)])
    found = await find(redis_client, "a", 1_749_427_200)
    await publisher.publish([alert("", revision=1_749_427_999)])

    made = replace(found.last, revision=1_749_427_201, by="anna")
    assert await Reviser(redis_client, THEATRE).revise(found, made, act()) == "changed"
    assert len(await stored(redis_client, "log")) == 0


async def test_an_act_is_done_once(redis_client: Redis) -> None:
    await Changes(redis_client, THEATRE).publish(FEED, [alert("red")])
    found = await find(redis_client, "a", 1)
    reviser = Reviser(redis_client, THEATRE)
    made = replace(found.last, revision=2, by="anna")

    assert await reviser.revise(found, made, act()) == "revised"
    assert await reviser.revise(found, made, act()) == "done"
    assert len(await stored(redis_client)) == 2


async def test_an_id_is_not_taken_for_another_that_is_in_its_text(redis_client: Redis) -> None:
    publisher = Publisher(redis_client, THEATRE)
    odd = ['a"b', 'a"c', "a\\", "é\n"]
    text = 'he said "id":"a" and \\"id\\":\\"a\\"'
    await publisher.publish([report(1, text), alert("red"), *(alert("red", each) for each in odd)])

    found = await Reviser(redis_client, THEATRE).find_all(["a", "r", "nobody", *odd])

    assert {event_id: each.last.id for event_id, each in found.items()} == {
        each: each for each in ("a", "r", *odd)
    }
    assert await Reviser(redis_client, THEATRE).find("a", 2) is None


@given(taken=st.sets(st.integers(2, 40)), revisions=st.sets(st.integers(1, 60), min_size=1))
def test_numbers_around_hands_are_each_ones_own_and_in_order(taken: set[int], revisions: set[int]) -> None:
    hand = Hand(tuple(sorted(taken)))
    numbers = [hand.around(revision) for revision in sorted(revisions)]

    assert numbers == sorted(set(numbers))
    assert not set(numbers) & taken


SAID = st.tuples(st.just("said"), st.sampled_from(("red", "yellow", "")))
HAND = st.tuples(st.just("hand"), st.sampled_from(("red", "yellow", "")))


@pytest.mark.parametrize("numbered", [False, True], ids=["compared", "numbered"])
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(steps=st.lists(SAID | HAND, max_size=12))
async def test_whatever_is_said_and_done_the_last_news_stands(
    redis_client: Redis, steps: list[tuple[str, str]], numbered: bool
) -> None:
    await redis_client.flushdb()
    changes, publisher = Changes(redis_client, THEATRE), Publisher(redis_client, THEATRE)
    shown = said = "red"
    hands = 0
    numbers = 1
    is_by_hand = False

    async def say(level: str) -> None:
        event = alert(level)
        if numbered:
            await publisher.publish([replace(event, revision=numbers)])
        else:
            await changes.publish(FEED, [event])

    await say(said)
    for who, level in steps:
        if who == "hand":
            hands += 1
            assert await by_hand(redis_client, alert(level), hands) == "revised"
            shown, is_by_hand = level, True
        else:
            numbers += 1
            await say(level)
            if level != said or not is_by_hand:
                shown, is_by_hand = level, False
            said = level
        events = await stored(redis_client)
        assert events[-1].level == shown
        revisions = [event.revision for event in events]
        assert revisions == sorted(set(revisions))
