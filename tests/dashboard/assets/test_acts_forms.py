"""The forms of acts, by keyboard: what they send, what they say of what is wrong, and what they keep."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.promises import PATIENCE_S

Json = dict[str, Any]

ALERT: Json = {
    "kind": "alert",
    "id": "sirens:1",
    "revision": 1,
    "status": "actual",
    "feed": "sirens",
    "region": "UA-46",
    "level": "red",
    "valid_from": "2025-06-09T03:10:20.500000Z",
}
TEXT = "Overnight 479 drones were launched, 277 shot down. Polish jets took off."
REPORT: Json = {
    "kind": "raid_report",
    "claimant": "ua-air-force",
    "launched": {"uav": {"value": 479}},
    "shot_down": {"uav": {"value": 277}},
    "evidence": {
        "document": "d",
        "text": TEXT,
        "lang": "en",
        "spans": {"launched.uav": [[10, 13]], "shot_down.uav": [[36, 39]]},
    },
}
SCRAMBLE: Json = {
    "kind": "scramble",
    "country": "PL",
    "state": "start",
    "evidence": {"document": "d", "text": TEXT, "lang": "en", "spans": {"country": [[51, 57]]}},
}
READINGS: Json = {
    "lang": "en",
    "readings": [
        {
            "event": REPORT,
            "confidence": 0.75,
            "reasons": ["contradiction: a part exceeds its whole"],
            "doubts": [],
            "sure": True,
        },
        {"event": SCRAMBLE, "confidence": 0.45, "reasons": ["unsure"], "doubts": [], "sure": False},
    ],
    "left": [[58, 71]],
}


def item(event: Json) -> Json:
    return {"id": event["id"], "revisions": [{"received_at": "2025-06-09T03:11:00Z", "event": event}]}


WAITING: Json = {
    "entry": "17-0",
    "feed": "channel",
    "path": "post: scramble",
    "reason": "no nation is named",
    "received_at": "2025-06-09T03:11:00Z",
    "last_at": "2025-06-09T03:11:00Z",
    "times": 1,
    "size": 70,
    "text": TEXT,
    "is_cut": False,
}


class Desk:
    """A page with nothing on it but forms of acts, and a server of our own making behind them."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.keys = page.keyboard
        self.site = site
        self.reload()

    def reload(self) -> None:
        """The page as it begins; what this tab's storage keeps stays."""
        page, site = self.page, self.site
        page.goto(f"{site}/wall", wait_until="commit")
        config = json.loads(page.text_content("#watchfloor") or "")
        page.goto(f"{site}/healthz")
        page.evaluate(
            """async (config) => {
                const { Language } = await import(`${config.assets}/language.mjs`);
                const { openAct } = await import(`${config.assets}/acts/open.mjs`);
                const { words } = await Language.of(config);
                const [changes, messages] = [new Set(), new Set()];
                const at = Date.parse("2025-06-09T04:52:17Z");
                const station = {
                  link: { state: "up" },
                  onChange: (hear) => changes.add(hear),
                  onMessage: (hear) => messages.add(hear),
                  moment: () => ({ instant: { at }, serverNow: at }),
                  tree: { log: { 1: { id: "desk:1", at: "2025-06-09T03:00:00Z", act: "ack", by: "ben" } } },
                  tell: (message) => [...messages, ...changes].forEach((hear) => hear(message)),
                };
                Object.assign(globalThis, { station, asked: [], answers: {}, said: [] });
                globalThis.fetch = async (path, { body } = {}) => {
                  const name = path.split("?")[0].replace("/api/v1/", "");
                  asked.push([name, body ? JSON.parse(body) : null]);
                  const answer = answers[name]?.length > 1 ? answers[name].shift() : answers[name]?.[0];
                  const [status, said] = answer ?? [404, {}];
                  if (!status) throw new TypeError("network");
                  return new Response(JSON.stringify(said), { status });
                };
                globalThis.act = (name, more) => {
                  globalThis.result = "open";
                  const person = { name: "anna", role: "operator" };
                  const context = { words, station, person, ids: [], event: null, log: "" };
                  openAct(name, { ...context, say: (text) => said.push(text), ...more })
                    .then((answer) => { globalThis.result = answer; });
                };
                document.body.replaceChildren();
            }""",
            config,
        )

    def answers(self, **answers: list[Any]) -> None:
        """What each address answers, one after the other; the last for good. `_` is for `/`."""
        self.page.evaluate(
            "(all) => Object.assign(answers, all)", {k.replace("__", "/"): v for k, v in answers.items()}
        )

    def item(self, event: Json) -> None:
        self.page.evaluate(
            "([id, all]) => { answers[`events/${encodeURIComponent(id)}`] = all; }",
            [event["id"], [[200, item(event)]]],
        )

    def open(self, act: str, **context: Any) -> None:
        self.page.evaluate("([name, more]) => act(name, more)", [act, context])
        self.page.wait_for_selector("dialog.act[open]")

    def focus(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).first.focus()

    def type(self, label: str, text: str) -> None:
        """Into a field, by keyboard from the beginning."""
        self.focus(label)
        self.keys.press("Control+a")
        self.keys.type(text)

    def send(self) -> None:
        self.keys.press("Control+Enter")

    def until(self, expression: str) -> None:
        self.page.wait_for_function(f"() => {expression}")

    def done(self) -> Any:
        """Wait until the form is closed; what it resolved with."""
        self.until("result !== 'open' && !document.querySelector('dialog')")
        return self.page.evaluate("result")

    def acts(self) -> list[Json]:
        """What was sent, without the words that make each act one."""
        asked = self.page.evaluate("asked.filter(([name]) => name === 'acts').map(([, body]) => body)")
        assert all(len(one["once"]) == 36 for one in asked)
        return [{name: value for name, value in one.items() if name != "once"} for one in asked]

    def status(self) -> str:
        return self.page.inner_text("dialog .act-status")


@pytest.fixture(scope="module")
def one_desk(browser: Browser, site: str) -> Iterator[Desk]:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(PATIENCE_S * 1_000)
    yield Desk(page, site)
    page.close()


@pytest.fixture
def desk(one_desk: Desk) -> Iterator[Desk]:
    """A desk on which nothing was done yet; no test leaves an error behind."""
    complaints: list[str] = []

    def heard(error: Any) -> None:
        complaints.append(str(error))

    one_desk.page.on("pageerror", heard)
    one_desk.page.evaluate(
        "sessionStorage.clear(); station.link.state = 'up'; asked.length = 0; answers = {};"
    )
    one_desk.answers(acts=[[200, {"log": "desk:9", "events": []}]], readings=[[200, READINGS]])
    one_desk.item(ALERT)
    yield one_desk
    if one_desk.page.query_selector("dialog.act"):
        one_desk.reload()
    one_desk.page.remove_listener("pageerror", heard)
    assert complaints == []


def test_several_are_acknowledged_with_a_comment_and_one_key(desk: Desk) -> None:
    desk.open("ack", ids=["a", "b"])
    desk.keys.type("CAOC informed")
    desk.keys.press("Enter")
    assert desk.done() == {"log": "desk:9", "events": []}
    assert desk.acts() == [{"act": "ack", "about": ["a", "b"], "note": "CAOC informed"}]


def test_an_error_stands_at_the_field_that_it_is_about(desk: Desk) -> None:
    desk.open("by_hand.alert")
    desk.send()
    region = desk.page.get_by_role("combobox", name="Region")
    assert region.get_attribute("aria-invalid") == "true"
    assert "needed" in desk.page.inner_text(".act-field[data-path=region] .act-error")
    desk.keys.type("lvi")
    desk.keys.press("Enter")
    assert region.input_value() == "Lviv"
    assert region.get_attribute("aria-invalid") is None
    desk.answers(acts=[[400, {"parameter": "event.valid_from", "detail": "lies in the future"}], [200, {}]])
    desk.send()
    desk.until("document.activeElement.closest('[data-path=valid_from]')")
    assert desk.page.inner_text("[data-path=valid_from] .act-error").endswith("lies in the future")
    desk.type("From needed", "0310")
    assert "090310ZJUN25" in desk.page.inner_text("[data-path=valid_from] .act-echo")
    desk.send()
    desk.done()
    event = {
        "kind": "alert",
        "region": "UA-46",
        "alert_type": "air_raid",
        "valid_from": "2025-06-09T03:10:00Z",
    }
    assert desk.acts()[-1] == {"act": "publish", "event": event}


def test_a_track_is_entered_at_a_grid_reference(desk: Desk) -> None:
    desk.open("by_hand.track")
    desk.type("Callsign", "NATO 01")
    desk.page.get_by_label("Position").fill("35U LS 38802 35643")
    desk.page.get_by_label("Affiliation").select_option("friend")
    desk.page.get_by_label("Speed").fill("420")
    desk.send()
    desk.done()
    (act,) = desk.acts()
    (track,) = act["event"]["tracks"]
    assert (track["lon"], track["lat"]) == pytest.approx((24.71, 50.85), abs=1e-4)
    assert {name: track[name] for name in ("key", "callsign", "affiliation", "speed_kt", "seen_at")} == {
        "key": "desk-nato-01",
        "callsign": "NATO 01",
        "affiliation": "friend",
        "speed_kt": 420,
        "seen_at": "2025-06-09T04:52:00Z",
    }


def test_a_raid_report_is_entered_with_hedges_and_types(desk: Desk) -> None:
    desk.open("by_hand.raid_report")
    desk.type("launched, UAV", "479")
    desk.page.get_by_label("How exact: shot down, Missiles").select_option("over")
    desk.type("shot down, Missiles", "20")
    desk.type("A type of weapon", "kh-101")
    desk.keys.press("Tab")
    assert desk.page.evaluate("document.activeElement.textContent") == "Add this type"
    desk.keys.press("Enter")
    desk.keys.type("4")
    desk.send()
    desk.done()
    (act,) = desk.acts()
    assert act["event"] == {
        "kind": "raid_report",
        "scope": "national",
        "launched": {"uav": {"value": 479}, "types": {"kh-101": {"value": 4}}},
        "shot_down": {"missile": {"min": 20, "qualifier": "over"}},
    }


def test_escape_asks_before_it_drops_what_was_typed(desk: Desk) -> None:
    desk.open("note")
    desk.keys.press("Escape")
    assert desk.done() is None
    desk.open("note")
    desk.keys.type("half a")
    desk.keys.press("Escape")
    desk.page.wait_for_selector("text=What you typed is not sent.")
    desk.keys.press("Escape")
    desk.keys.type(" thought")
    desk.keys.press("Escape")
    assert desk.page.evaluate("document.activeElement.textContent") == "Keep for later"
    desk.keys.press("Enter")
    assert desk.done() is None
    desk.open("note")
    assert desk.page.get_by_label("Note needed").input_value() == "half a thought"
    assert "it was not sent" in desk.page.inner_text(".act-restored")
    desk.send()
    desk.done()
    assert desk.acts() == [{"act": "note", "note": "half a thought"}]
    desk.open("note")
    assert desk.page.get_by_label("Note needed").input_value() == ""


def test_a_send_without_an_answer_is_kept_and_goes_out_again_with_the_link(desk: Desk) -> None:
    desk.answers(acts=[[0, {}]])
    desk.open("ack", ids=["a"])
    desk.keys.type("seen")
    desk.page.evaluate("station.link.state = 'down'; station.tell(null)")
    desk.until("document.querySelector('.act-status').textContent.startsWith('Link lost')")
    desk.keys.press("Enter")
    desk.until("document.querySelector('.act-status').dataset.state === 'unsure'")
    assert desk.page.evaluate("document.querySelector('dialog .act-input').matches(':disabled')")
    desk.answers(acts=[[200, {"log": "desk:9"}]])
    desk.page.evaluate("station.link.state = 'up'; station.tell(null)")
    assert desk.done() == {"log": "desk:9"}
    first, *again = desk.page.evaluate("asked.filter(([name]) => name === 'acts').map(([, body]) => body)")
    assert again
    assert all(each == first for each in again)
    assert desk.page.evaluate("sessionStorage.length") == 0


def test_what_was_sent_without_an_answer_goes_out_again_after_a_reload(desk: Desk) -> None:
    desk.answers(acts=[[0, {}]])
    desk.open("ack", ids=["a"])
    desk.keys.press("Enter")
    desk.until("document.querySelector('.act-status').dataset.state === 'unsure'")
    before, *_ = desk.page.evaluate("asked.filter(([name]) => name === 'acts').map(([, body]) => body)")
    desk.reload()
    desk.answers(acts=[[200, {"log": "desk:9"}]])
    desk.page.evaluate("act('ack', { ids: ['a'] })")
    assert desk.done() == {"log": "desk:9"}
    assert desk.page.evaluate("asked") == [["acts", before]]


def test_a_session_that_ended_keeps_what_was_typed_and_says_so(desk: Desk) -> None:
    desk.answers(acts=[[401, {"title": "Nobody is signed in"}]])
    desk.open("note")
    desk.keys.type("not lost")
    desk.send()
    desk.until("document.querySelector('.act-status').dataset.state === 'wrong'")
    assert "Your session has ended. What you typed is kept here, not sent." in desk.status()
    assert desk.page.evaluate("document.activeElement.getAttribute('href')").startswith("/sign-in?next=")
    desk.reload()
    desk.open("note")
    assert desk.page.get_by_label("Note needed").input_value() == "not lost"


def test_only_what_was_changed_is_sent_of_a_correction(desk: Desk) -> None:
    desk.open("correct", ids=["sirens:1"], event=ALERT)
    desk.page.get_by_label("Level").select_option("yellow")
    desk.type("Until", "0400Z")
    assert desk.page.inner_text("[data-path=level] .act-mark") == "changed"
    desk.type("Reason needed", "misheard")
    desk.send()
    desk.done()
    assert desk.acts() == [
        {
            "act": "correct",
            "id": "sirens:1",
            "revision": 1,
            "changes": {"level": "yellow", "valid_to": "2025-06-09T04:00:00Z"},
            "note": "misheard",
        }
    ]


def test_a_correction_of_nothing_is_not_sent(desk: Desk) -> None:
    desk.open("correct", ids=["sirens:1"], event=ALERT)
    desk.type("Reason needed", "none")
    desk.send()
    desk.page.wait_for_selector("text=Nothing was changed.")
    assert desk.acts() == []


def test_somebody_elses_change_is_seen_before_sending_and_mine_goes_on_top(desk: Desk) -> None:
    desk.open("correct", ids=["sirens:1"], event=ALERT)
    desk.page.get_by_label("Level").select_option("yellow")
    desk.type("Reason needed", "misheard")
    theirs = {**ALERT, "revision": 2, "by": "ben", "level": "", "valid_to": "2025-06-09T04:00:00Z"}
    desk.item(theirs)
    desk.page.evaluate("station.tell({ type: 'delta', patch: { alerts: { x: { event: 'sirens:1' } } } })")
    desk.page.wait_for_selector(".act-notice:not([hidden])")
    notice = desk.page.inner_text(".act-notice")
    assert "ben changed this" in notice
    assert "elevated" not in notice
    assert "09 JUN 04:00Z" in notice
    desk.send()
    assert desk.acts() == []
    assert desk.page.evaluate("document.activeElement.textContent") == "Take theirs"
    desk.keys.press("Tab")
    desk.keys.press("Enter")
    assert desk.page.get_by_label("Until").first.input_value() == "2025-06-09 04:00Z"
    assert desk.page.get_by_label("Level").input_value() == "yellow"
    desk.send()
    desk.done()
    assert desk.acts()[0]["revision"] == 2
    assert desk.acts()[0]["changes"] == {"level": "yellow"}


def test_a_refused_correction_keeps_what_was_typed_beside_theirs(desk: Desk) -> None:
    theirs = {**ALERT, "revision": 2, "by": "ben", "level": "yellow"}
    desk.answers(acts=[[409, {"current": theirs, "by": "ben", "detail": "changed"}], [200, {}]])
    desk.open("correct", ids=["sirens:1"], event=ALERT)
    desk.type("Until", "0400")
    desk.type("Reason needed", "over")
    desk.send()
    desk.page.wait_for_selector(".act-notice:not([hidden])")
    assert "Not sent" in desk.status()
    rows = [" ".join(row.split()) for row in desk.page.locator(".act-beside tbody tr").all_inner_texts()]
    assert rows == ["Level yellow not touched", "Until not stated 09 JUN 04:00Z"]
    desk.keys.press("Enter")
    assert desk.page.get_by_label("Until").first.input_value() == ""
    assert desk.page.get_by_label("Level").input_value() == "yellow"
    assert desk.page.get_by_label("Reason needed").input_value() == "over"


def test_retract_names_its_reason_and_revision(desk: Desk) -> None:
    desk.open("retract", ids=["sirens:1"], event=ALERT)
    desk.keys.press("Enter")
    assert desk.page.get_by_label("Reason needed").get_attribute("aria-invalid") == "true"
    desk.keys.type("a test of the siren")
    desk.keys.press("Enter")
    desk.done()
    assert desk.acts() == [{"act": "retract", "id": "sirens:1", "revision": 1, "note": "a test of the siren"}]


def test_an_act_is_undone_though_somebody_was_faster(desk: Desk) -> None:
    desk.answers(acts=[[409, {"type": "urn:watchfloor:problem:undone", "detail": "it is undone already"}]])
    desk.open("undo")
    assert "acknowledged · ben" in desk.page.inner_text(".act-list")
    # A colleague's act is not undone by a key too many.
    desk.send()
    assert desk.acts() == []
    desk.keys.press("Space")
    desk.send()
    desk.done()
    assert desk.acts() == [{"act": "undo", "id": "desk:1"}]


def test_similar_events_are_merged_into_the_one_that_stays(desk: Desk) -> None:
    row = {
        "kind": "alert",
        "revision": 1,
        "msg_type": "alert",
        "what": "alert.start",
        "subject": "UA-46",
        "detail": {},
    }
    rows = [
        {**row, "id": f"other:{n}", "at": f"2025-06-09T03:1{n}:00Z", "feed": "f", "grade": "B2"}
        for n in (1, 2)
    ]
    desk.answers(rows=[[200, {"rows": rows}]])
    desk.open("merge", ids=["sirens:1"], event=ALERT)
    desk.send()
    desk.page.wait_for_selector("text=Tick at least one.")
    desk.keys.press("Space")
    desk.page.get_by_label("Which stays").select_option("other:1")
    desk.send()
    desk.done()
    assert desk.acts() == [{"act": "merge", "into": "other:1", "ids": ["sirens:1"]}]


def test_a_pasted_text_is_read_mended_and_published_reading_by_reading(desk: Desk) -> None:
    desk.open("paste")
    desk.keys.type(TEXT)
    desk.send()
    desk.page.wait_for_selector(".act-card")
    marks = desk.page.locator(".act-source mark").all_inner_texts()
    assert marks == ["479", "277", "Polish"]
    assert desk.page.locator(".act-card-choose input").evaluate_all(
        "all => all.map((one) => one.checked)"
    ) == [True, False]
    assert "contradiction" in desk.page.inner_text(".act-doubts >> nth=0")
    desk.type("launched, UAV", "497")
    assert desk.page.inner_text("[data-path='launched.uav'] .act-mark") == "mended"
    assert desk.page.locator("mark.mended").all_inner_texts() == ["479"]
    assert desk.page.locator("mark.lit").all_inner_texts() == ["479"]
    desk.page.locator(".act-card-choose input").nth(1).press("Space")
    desk.until("document.querySelector('.act-send').textContent === 'Publish 2'")
    desk.send()
    desk.done()
    first, second = desk.acts()
    assert first["event"]["launched"] == {"uav": {"value": 497}}
    assert first["event"]["evidence"] == REPORT["evidence"]
    assert (second["event"]["kind"], second["event"]["country"]) == ("scramble", "PL")


def test_a_reading_is_dropped_and_another_added(desk: Desk) -> None:
    desk.open("paste")
    desk.keys.type(TEXT)
    desk.send()
    desk.page.wait_for_selector(".act-card")
    desk.page.get_by_role("button", name="Drop").first.press("Enter")
    desk.page.get_by_role("button", name="Add what it did not see").press("Enter")
    desk.keys.type("Str")
    desk.until("document.activeElement.value === 'strike'")
    desk.type("Target", "a plant")
    desk.send()
    desk.done()
    (act,) = desk.acts()
    assert act["event"] == {"kind": "strike", "target": "a plant", "evidence": {"text": TEXT, "lang": "en"}}


def test_a_reading_that_is_refused_stays_with_its_error_and_the_ones_before_it_are_done(desk: Desk) -> None:
    desk.answers(acts=[[200, {}], [400, {"parameter": "event.country", "detail": "is none"}]])
    desk.open("paste")
    desk.keys.type(TEXT)
    desk.send()
    desk.page.wait_for_selector(".act-card")
    desk.page.locator(".act-card-choose input").nth(1).press("Space")
    desk.send()
    desk.until("document.querySelector('[data-path=country] .act-error')?.textContent === 'is none'")
    assert "published" in desk.page.inner_text(".act-card.published")
    assert desk.page.inner_text(".act-send") == "Publish 1"


def test_the_review_queue_publishes_and_dismisses(desk: Desk) -> None:
    both = [WAITING, {**WAITING, "entry": "16-0"}]
    none = {"entries": [], "next": None, "count": 0}
    one = {**READINGS, "readings": [READINGS["readings"][1]]}
    desk.answers(
        review=[[200, {"entries": both, "next": None, "count": 2}], [200, none]], readings=[[200, one]]
    )
    desk.open("review")
    desk.page.wait_for_selector(".act-card")
    desk.send()
    desk.until("document.querySelector('.act-queue-count').textContent === '1 waiting'")
    desk.page.wait_for_selector(".act-card:not(.published)")
    desk.page.get_by_role("button", name="Dismiss").press("Enter")
    desk.page.wait_for_selector("text=Nothing waits for review.")
    published, dismissed = desk.acts()
    assert (published["act"], published["review"], published["decision"]) == ("settle", "17-0", "publish")
    assert published["event"]["country"] == "PL"
    assert dismissed == {"act": "settle", "review": "16-0", "decision": "dismiss"}
    desk.keys.press("Escape")
    assert desk.done() is None


def test_the_quarantine_tries_again_and_lets_go(desk: Desk) -> None:
    page_of = {"entries": [WAITING], "next": None, "count": 1}
    desk.answers(quarantine=[[200, page_of], [200, {"entries": [], "next": None, "count": 0}]])
    desk.answers(acts=[[422, {"detail": "still wrong"}], [200, {}]])
    desk.open("quarantine")
    desk.until("document.querySelector('.act-payload').textContent.length > 0")
    desk.send()
    desk.until("document.querySelector('.act-status').textContent.endsWith('still wrong')")
    desk.page.get_by_role("button", name="Let it go").press("Enter")
    desk.page.wait_for_selector("text=Nothing is in quarantine.")
    assert desk.acts() == [{"act": "retry", "quarantine": "17-0"}, {"act": "let-go", "quarantine": "17-0"}]


def test_a_handover_is_drafted_from_what_happened_mended_and_published(desk: Desk) -> None:
    told = {
        "since": "2025-06-08T18:00:00Z",
        "until": "2025-06-09T04:52:00Z",
        "handed_over_by": "ben",
        "alerts": {"begun": 3, "ended": 2, "regions": {"UA-46": [3, 2]}},
        "scrambles": [{"country": "PL", "state": "start", "at": "2025-06-09T01:20:00Z"}],
        "review": 2,
        "quarantine": 1,
    }
    desk.answers(handover=[[200, told]])
    desk.open("handover")
    desk.until("document.querySelector('dialog textarea').value.length > 0")
    draft = desk.page.locator("dialog textarea").input_value().splitlines()
    assert draft == [
        "Watch from 08 JUN 18:00Z to 09 JUN 04:52Z",
        "Taken over from ben",
        "Alerts: 3 began, 2 ended (Lviv 3)",
        "Scramble: Poland, 09 JUN 01:20Z",
        "Waiting: 2 for review, 1 in quarantine",
    ]
    desk.keys.press("Control+End")
    desk.keys.type("\nQuiet.")
    desk.send()
    desk.done()
    (act,) = desk.acts()
    assert act == {"act": "handover", "note": "\n".join([*draft, "Quiet."]), "since": "2025-06-08T18:00:00Z"}


def test_bookmark_holds_the_moment_and_the_view(desk: Desk) -> None:
    desk.open("bookmark")
    desk.keys.type("First wave")
    desk.send()
    desk.done()
    assert desk.acts() == [{"act": "bookmark", "title": "First wave", "at": "2025-06-09T04:52:17Z"}]
