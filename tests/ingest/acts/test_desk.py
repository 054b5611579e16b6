"""The desk on a real store: each act, what it leaves in the streams, how it is undone, who loses a race."""

import asyncio
import datetime as dt
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from config.theatre import load_theatre
from ingest.acts.desk import Desk, Done
from ingest.acts.refusal import ActRefused
from ingest.documents import Document
from ingest.errors import DecodeError
from ingest.intake import Intake
from ingest.outbox import Outbox
from ingest.taking import Outcome
from streams.changes import Changes
from streams.codec import decode
from streams.events import AirRaidAlert, LogEntry, Threat
from streams.names import QUARANTINE, REVIEW, key
from streams.publish import Publisher
from streams.quarantine import Quarantine
from streams.revisions import Revisions as DocumentRevisions

THEATRE = "eastern-flank"
NOON = dt.datetime(2025, 6, 9, 12, tzinfo=dt.UTC)


def alert(level: str = "red", event_id: str = "a", **fields: Any) -> AirRaidAlert:
    return AirRaidAlert(id=event_id, status="actual", feed="f", region="UA-46", level=level, **fields)


def threat(event_id: str) -> Threat:
    return Threat(id=event_id, status="actual", feed="f", threat_type="drones", regions=("UA-46",))


class House:
    """A desk, and what it leaves."""

    def __init__(self, client: Redis) -> None:
        self.client = client
        self.changes = Changes(client, THEATRE)
        self.kept = Quarantine(client, THEATRE)
        self.refuses = False
        self.desk = Desk(
            client,
            load_theatre(),
            take=self.take,
            status="actual",
            run_of=lambda: "",
            now=lambda: NOON,
        )

    async def take(self, feed: str, payload: bytes, received_at: dt.datetime) -> Outcome:
        if self.refuses:
            return Outcome(refused=[DecodeError(feed, "$.level", "is none of ours")])
        return Outcome(published=await Publisher(self.client, THEATRE).publish([alert(event_id="late")]))

    async def act(self, act: str, by: str = "anna", **fields: Any) -> Done:
        asked = {"act": act, **fields}
        return await self.desk.act(msgspec.json.encode({"by": by, "asked": asked}))

    async def problem(self, act: str, **fields: Any) -> Any:
        with pytest.raises(ActRefused) as refused:
            await self.act(act, **fields)
        return refused.value.problem

    async def stored(self, stream: str = "alerts") -> list[Any]:
        rows = await self.client.xrange(key(THEATRE, stream))
        return [decode(fields[b"event"]) for _, fields in rows]

    async def log(self) -> list[LogEntry]:
        return await self.stored("log")

    async def shown(self) -> list[tuple[int, str, str, str]]:
        return [(one.revision, one.level, one.msg_type, one.by) for one in await self.stored()]


@pytest.fixture
def house(redis_client: Redis) -> House:
    return House(redis_client)


@pytest.mark.parametrize(
    ("asked", "logged"),
    [
        ({"act": "ack", "about": ["a", "b"], "note": "seen"}, {"about": "a", "others": ("b",)}),
        ({"act": "note", "note": "seen"}, {"about": "", "others": ()}),
        ({"act": "note", "note": "seen", "about": ["a"]}, {"about": "a", "others": ()}),
        ({"act": "handover", "note": "seen", "since": "2025-06-09T12:00:00Z"}, {"valid_from": NOON}),
        (
            {"act": "bookmark", "title": "seen", "at": "2025-06-09T12:00:00Z", "view": {"zoom": 5}},
            {"valid_from": NOON},
        ),
    ],
    ids=lambda asked: str(asked.get("act", "")),
)
async def test_what_is_only_written_down_is_in_the_log_and_can_be_undone(
    house: House, asked: dict[str, Any], logged: dict[str, Any]
) -> None:
    done = await house.act(**asked)

    (entry,) = await house.log()
    assert (entry.id, entry.act, entry.by, entry.note) == (done.log, asked["act"], "anna", "seen")
    assert {field: getattr(entry, field) for field in logged} == logged
    assert (entry.status, entry.feed, entry.published_at) == ("actual", "desk", NOON)

    await house.act("undo", id=done.log, by="ben")
    undone = (await house.log())[-1]
    assert (undone.id, undone.revision, undone.msg_type, undone.by) == (done.log, 2, "cancel", "ben")
    again = await house.problem("undo", id=done.log)
    assert (again.status, again.by) == (409, "ben")


async def test_an_alert_that_is_entered_by_hand_is_undone_by_retracting_it(house: House) -> None:
    done = await house.act("publish", event={"kind": "alert", "region": "UA-46"}, note="the feed is dead")

    (made,) = done.events
    assert await house.shown() == [(1, "", "alert", "anna")]
    (entry,) = await house.log()
    assert (entry.act, entry.about, entry.made, entry.note) == ("publish", made.id, 1, "the feed is dead")

    await house.act("undo", id=done.log, by="ben")
    assert await house.shown() == [(1, "", "alert", "anna"), (2, "", "cancel", "ben")]


async def test_the_same_form_sent_again_is_done_once(house: House) -> None:
    await house.changes.publish("f", [alert()])
    forms: list[dict[str, Any]] = [
        {"act": "publish", "event": {"kind": "alert", "region": "UA-05"}, "once": "the-form-1"},
        {"act": "correct", "id": "a", "revision": 1, "changes": {"level": "yellow"}, "once": "the-form-2"},
        {"act": "ack", "about": ["a"], "once": "the-form-3"},
    ]
    for form in forms:
        assert await house.act(**form) == await house.act(**form)
    assert await house.act(by="ben", **forms[2]) != await house.act(**forms[2])

    assert len(await house.stored()) == 3
    assert [entry.by for entry in await house.log()] == ["anna", "anna", "anna", "ben"]


async def test_a_correction_is_undone_and_restored_to_what_the_source_says(house: House) -> None:
    await house.changes.publish("f", [alert("red")])
    first = await house.act("correct", id="a", revision=1, changes={"level": "yellow"})
    second = await house.act("correct", id="a", revision=2, changes={"level": ""})

    assert (await house.problem("undo", id=first.log)).status == 409
    await house.act("undo", id=second.log)
    await house.act("restore", id="a", revision=4)
    assert (await house.problem("undo", id=first.log)).status == 409

    assert await house.shown() == [
        (1, "red", "alert", ""),
        (2, "yellow", "update", "anna"),
        (3, "", "update", "anna"),
        (4, "yellow", "update", "anna"),
        (5, "red", "update", "anna"),
    ]
    assert [(entry.act, entry.made, entry.revision) for entry in await house.log()] == [
        ("correction", 2, 1),
        ("correction", 3, 1),
        ("correction", 3, 2),
        ("correction", 5, 1),
    ]


async def test_a_document_that_is_published_anew_undoes_no_correction_of_what_it_still_says(
    house: House,
) -> None:
    outbox = Outbox(house.client, THEATRE)
    intake = Intake(load_theatre(), outbox, DocumentRevisions(house.client, THEATRE))
    report = "In the night, Russia launched 479 drones at Ukraine, Ukraine's air force said."

    async def published(text: str) -> list[tuple[int, str]]:
        document = Document(
            name="https://example.org/1", text=text, feed="text", status="actual", published_at=NOON
        )
        return [(one.revision, one.outcome) for one in (await intake.take(document)).events]

    await published(report)
    (first,) = await house.stored("raids")
    await house.act("correct", id=first.id, revision=1, changes={"launched.uav.value": 497})

    assert await published(f"{report} The weather was fine.") == [(3, "duplicate")]
    assert await published(report) == [(1, "duplicate")]
    assert await published(report.replace("479", "480")) == [(4, "published")]
    assert [one.launched.uav.value for one in await house.stored("raids")] == [479, 497, 480]


async def test_what_is_retracted_can_be_restored(house: House) -> None:
    await house.changes.publish("f", [alert("red")])
    await house.act("correct", id="a", revision=1, changes={"level": "yellow"})
    await house.act("retract", id="a", revision=2)
    refused = await house.problem("correct", id="a", revision=3, changes={"level": "red"})
    await house.act("restore", id="a", revision=3)

    assert refused.status == 400
    assert (await house.shown())[2:] == [(3, "yellow", "cancel", "anna"), (4, "yellow", "update", "anna")]
    await house.changes.publish("f", [alert("red")])
    assert (await house.problem("retract", id="a", revision=3)).status == 409
    await house.act("restore", id="a", revision=4)
    assert (await house.problem("restore", id="b", revision=1)).status == 404


async def test_who_acts_on_what_is_no_more_is_told_what_is_there_and_who_changed_it(house: House) -> None:
    await house.changes.publish("f", [alert("red")])
    await house.act("correct", id="a", revision=1, changes={"level": "yellow"}, by="ben")
    lost_to_ben = await house.problem("correct", id="a", revision=1, changes={"level": ""})
    await house.changes.publish("f", [alert("")])
    lost_to_feed = await house.problem("retract", id="a", revision=2)

    assert (lost_to_ben.status, lost_to_ben.by, lost_to_ben.parameter) == (409, "ben", "revision")
    assert (lost_to_ben.current["revision"], lost_to_ben.current["level"]) == (2, "yellow")
    assert (lost_to_feed.by, lost_to_feed.current["revision"]) == ("f", 3)
    assert len(await house.log()) == 1


async def test_of_two_at_once_exactly_one_wins_and_the_other_is_told(house: House) -> None:
    await house.changes.publish("f", [alert("red")])

    answers = await asyncio.gather(
        *(
            house.act("correct", id="a", revision=1, changes={"level": level}, by=by)
            for by, level in (("anna", "yellow"), ("ben", ""))
        ),
        return_exceptions=True,
    )

    (lost,) = [answer for answer in answers if isinstance(answer, ActRefused)]
    last = (await house.stored())[-1]
    assert lost.problem.status == 409
    assert lost.problem.by == last.by
    assert len(await house.stored()) == 2


async def test_two_that_undo_one_act_undo_it_once(house: House) -> None:
    await house.changes.publish("f", [alert("red")])
    done = await house.act("retract", id="a", revision=1)

    answers = await asyncio.gather(
        *(house.act("undo", id=done.log, by=by) for by in ("anna", "ben")), return_exceptions=True
    )

    assert [isinstance(answer, ActRefused) for answer in answers].count(True) == 1
    assert len(await house.stored()) == 3


async def test_a_merge_is_of_events_of_one_kind_that_are_there(house: House) -> None:
    await Publisher(house.client, THEATRE).publish([threat("t1"), threat("t2"), alert()])

    done = await house.act("merge", into="t1", ids=["t2", "t2"])

    (entry,) = await house.log()
    assert (entry.act, entry.about, entry.others) == ("merge", "t1", ("t2",))
    for fields, parameter in (
        ({"into": "t1", "ids": ["t1"]}, "ids"),
        ({"into": "t1", "ids": ["a"]}, "ids"),
        ({"into": "t1", "ids": ["t9"]}, "ids"),
        ({"into": "t9", "ids": ["t1"]}, "into"),
    ):
        assert (await house.problem("merge", **fields)).parameter == parameter
    await house.act("undo", id=done.log)


async def test_what_waits_for_review_is_published_or_dismissed_and_put_back(house: House) -> None:
    text = "Perhaps 12 drones were launched."
    for name in ("one", "two"):
        await house.kept.keep("f", f"{name}: raid_report", "unsure", text.encode(), stream=REVIEW)
    (second, first), _ = await house.kept.page(stream=REVIEW)
    event = {"kind": "raid_report", "launched": {"uav": {"value": 12}}}

    published = await house.act(
        "settle", review=first.entry_id, decision="publish", event=event, once="the-form-1"
    )
    again = await house.act(
        "settle", review=first.entry_id, decision="publish", event=event, once="the-form-1"
    )
    dismissed = await house.act("settle", review=second.entry_id, decision="dismiss")

    assert again == published
    (report,) = await house.stored("raids")
    assert (report.by, report.evidence.text) == ("anna", text)
    assert await house.kept.count(stream=REVIEW) == 0
    assert (await house.problem("settle", review=first.entry_id, decision="dismiss")).status == 404
    assert [(entry.act, entry.about, entry.others) for entry in await house.log()] == [
        ("review", report.id, (f"review:{first.entry_id}",)),
        ("review", f"review:{second.entry_id}", ()),
    ]

    for done in (published, dismissed):
        await house.act("undo", id=done.log)
    assert [event.msg_type for event in await house.stored("raids")] == ["alert", "cancel"]
    assert await house.kept.count(stream=REVIEW) == 2


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"decision": "publish"}, "event"),
        ({"decision": "dismiss", "event": {"kind": "alert", "region": "UA-46"}}, "event"),
        ({"decision": "publish", "event": {"kind": "alert", "region": "UA-99"}}, "event.region"),
    ],
)
async def test_what_cannot_be_settled_stays(house: House, fields: dict[str, Any], parameter: str) -> None:
    await house.kept.keep("f", "d: raid_report", "unsure", b"12", stream=REVIEW)
    ((entry,), _) = await house.kept.page(stream=REVIEW)

    assert (await house.problem("settle", review=entry.entry_id, **fields)).parameter == parameter
    assert await house.kept.count(stream=REVIEW) == 1


async def test_what_is_quarantined_is_taken_again_or_let_go_and_put_back(house: House) -> None:
    for name in ("one", "two"):
        await house.kept.keep("f", "$.level", "is none of ours", name.encode())
    (second, first), _ = await house.kept.page()

    house.refuses = True
    refused = await house.problem("retry", quarantine=first.entry_id)
    house.refuses = False
    taken = await house.act("retry", quarantine=first.entry_id)
    let_go = await house.act("let-go", quarantine=second.entry_id)

    assert (refused.status, "is none of ours" in refused.detail) == (422, True)
    assert [made.id for made in taken.events] == ["late"]
    assert taken.said == "1 published, 0 known"
    assert await house.kept.count() == 0
    assert (await house.problem("retry", quarantine=first.entry_id)).status == 404
    assert (await house.problem("let-go", quarantine=second.entry_id)).status == 404

    undone = await house.act("undo", id=taken.log)
    await house.act("undo", id=let_go.log)
    assert [made.id for made in undone.events] == ["late"]
    assert [event.msg_type for event in await house.stored()] == ["alert", "cancel"]
    payloads = [fields[b"payload"] for _, fields in await house.client.xrange(key(THEATRE, QUARANTINE))]
    assert payloads == [b"one", b"two"]


async def test_what_was_let_go_too_long_ago_cannot_be_put_back(house: House) -> None:
    await house.kept.keep("f", "$", "garbage", b"?")
    ((entry,), _) = await house.kept.page()
    done = await house.act("let-go", quarantine=entry.entry_id)
    await house.client.delete(key(THEATRE, f"aside:{done.log}"))

    assert (await house.problem("undo", id=done.log)).status == 410
    assert [entry.revision for entry in await house.log()] == [1]


async def test_nobody_undoes_what_is_no_act_of_the_desk(house: House) -> None:
    audit = LogEntry(id="audit:1", status="actual", feed="access", act="audit", by="anna")
    await Publisher(house.client, THEATRE).publish([audit, alert()])

    assert {(await house.problem("undo", id=each)).status for each in ("audit:1", "a", "desk:9")} == {404}
    assert (await house.problem("correct", id="audit:1", revision=1, changes={"note": "x"})).status == 400


ACTS = ("ack", "note", "merge", "correct", "retract", "restore", "settle", "retry", "undo")
IDS = st.sampled_from(("a", "t1", "desk:1", "1-0", "é", ""))
ANY = st.none() | st.integers(-1, 3) | IDS | st.lists(IDS, max_size=2)
ACT = st.fixed_dictionaries(
    {
        "act": st.sampled_from(
            ("ack", "note", "merge", "correct", "retract", "restore", "settle", "retry", "undo")
        )
    },
    optional={
        **dict.fromkeys(("about", "note", "into", "ids", "id", "revision", "review", "quarantine"), ANY),
        "changes": st.dictionaries(st.sampled_from(("level", "region", "id", "valid_to")), ANY, max_size=2),
        "decision": st.sampled_from(("publish", "dismiss")),
        "event": st.dictionaries(st.sampled_from(("kind", "region")), ANY, max_size=2),
    },
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(asked=ACT)
async def test_whatever_is_asked_is_done_and_logged_or_refused_and_nothing_is_done(
    house: House, asked: dict[str, Any]
) -> None:
    await Publisher(house.client, THEATRE).publish([threat("t1"), alert()])
    before = len(await house.log())
    problem = done = None
    try:
        done = await house.act(**asked)
    except ActRefused as refused:
        problem = refused.problem
    if done is None:
        assert problem is not None
        assert 400 <= problem.status < 500
    assert len(await house.log()) == before + (done is not None)
