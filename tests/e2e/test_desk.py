"""The desk in a browser, on the whole house: one selection, an address of the view, keys, acts of others."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Route

from streams.events import (
    AirRaidAlert,
    Count,
    Event,
    Evidence,
    Point,
    Quantities,
    RaidReport,
    Scramble,
    Statement,
    Threat,
)
from streams.names import REVIEW
from streams.publish import Publisher
from streams.quarantine import Quarantine
from streams.store import connect
from tests.e2e.conftest import Wall
from tests.house import House
from tests.promises import promised

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
THEATRE = "eastern-flank"
REPORT = "That night 479 attack drones were launched and 460 of them were neutralised."
HOSTILE = "<img src=x onerror=\"document.title='taken'\"> \u202eexe.gnp"


def events(now: dt.datetime) -> list[Event]:
    """A night in small: jets, alerts, threats, a report with its text, and a text that means harm."""
    ago = [now - dt.timedelta(minutes=n) for n in range(60)]
    return [
        *(
            AirRaidAlert(
                id=f"alert-{region}",
                status="actual",
                feed="alerts",
                region=region,
                valid_from=ago[40],
                level="red",
            )
            for region in ("UA-46", "UA-59")
        ),
        *(
            Threat(
                id=f"threat-{n}",
                status="actual",
                feed="channel",
                threat_type="drones",
                state="moving",
                regions=("UA-59",),
                position=Point(lon=33 + n, lat=50.5),
                valid_from=ago[10 + n],
                published_at=ago[10 + n],
            )
            for n in range(3)
        ),
        Scramble(
            id="jets",
            status="actual",
            feed="forces",
            claimant="pl-dorsz",
            country="PL",
            state="start",
            valid_from=ago[30],
            bases=("EPLK",),
        ),
        RaidReport(
            id="report",
            status="actual",
            feed="channel",
            claimant="ua-air-force",
            reliability="B",
            credibility=2,
            published_at=ago[5],
            attacker="RU",
            launched=Quantities(uav=Count(value=479)),
            neutralised=Quantities(uav=Count(value=460)),
            evidence=Evidence(
                document="d",
                text=REPORT,
                lang="en",
                spans={"launched.uav": ((11, 14),), "neutralised.uav": ((47, 50),)},
            ),
        ),
        Statement(
            id="hostile",
            status="actual",
            feed="press",
            speaker="<b>Nobody</b>",
            topic="air defence",
            published_at=ago[20],
            evidence=Evidence(document="h", text=HOSTILE, lang="en", link="javascript:alert(1)"),
        ),
    ]


def publish(house: House, *new: Event) -> None:
    """Straight into the streams, as ingest does."""

    async def run() -> None:
        client = connect(f"redis://127.0.0.1:{house.ports['STORE_PORT']}/0")
        try:
            await Publisher(client, THEATRE).publish(new)
        finally:
            await client.aclose()

    # The browser's own loop runs in this thread.
    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    thread.join()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house without an exercise, with a small night in its streams."""
    house = House(tmp_path_factory.mktemp("desk"), speed=0)
    try:
        house.start()
        publish(house, *events(dt.datetime.now(dt.UTC).replace(microsecond=0)))
        yield house
    finally:
        house.close()


class Desk(Wall):
    """A desk in a browser, used as a person uses it."""

    @property
    def selected(self) -> list[str]:
        return list(self.page.evaluate("watchfloor.desk.selection.ids"))

    def ready(self) -> Desk:
        """Wait until the table has its rows and the map is drawn."""
        self.until("!!globalThis.watchfloor?.desk && !watchfloor.desk.intake.state.loading")
        self.until("watchfloor.desk.ledger.size >= 8 && document.documentElement.dataset.map === 'drawn'")
        self.until("!!watchfloor.picture.tree?.scrambles && watchfloor.desk.now.wanting?.length > 0")
        return self

    def row(self, event: str) -> str:
        """The selector of an event's row."""
        return f'#events .ag-center-cols-container [row-id="{event}"]'

    def post(self, act: dict[str, Any]) -> int:
        """Do an act by the API, as this person; the answer's status."""
        return int(
            self.page.evaluate(
                """async (act) => (await fetch("/api/v1/acts", {
                    method: "POST",
                    headers: { "Content-Type": "application/json" },
                    body: JSON.stringify(act),
                })).status""",
                act,
            )
        )


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    yield context
    context.close()


@pytest.fixture(scope="module")
def desk(house: House, context: BrowserContext) -> Iterator[Desk]:
    """One operator's desk; its console ends clean."""
    page = context.new_page()
    said: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # A browser without a graphics card complains of that itself.
        if message.type in ("error", "warning") and "GL Driver Message" not in message.text:
            said.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(house.desk)
    yield Desk(page).ready()
    assert said == []


@pytest.fixture(scope="module")
def beside(house: House, context: BrowserContext) -> Iterator[Desk]:
    """A colleague's desk."""
    page = context.new_page()
    page.goto(house.desk)
    yield Desk(page).ready()
    page.close()


@pytest.fixture(autouse=True)
def nothing_selected(desk: Desk) -> Iterator[None]:
    """Each test finds the desk as it was opened."""
    yield
    desk.page.evaluate(
        "watchfloor.desk.unfilter(); watchfloor.desk.selection.clear(); watchfloor.desk.now.open('now')"
    )


def test_what_is_selected_in_the_table_is_so_on_the_map_and_its_evidence_proves_its_fields(
    desk: Desk,
) -> None:
    before = desk.page.evaluate("JSON.stringify(watchfloor.stage.map.view())")

    desk.page.click(desk.row("report"))
    desk.until_text("#drawer-body", "479 attack drones")
    marks = desk.page.locator("#drawer-body mark")
    assert marks.all_inner_texts() == ["479", "460"]
    marks.nth(0).hover()
    assert desk.page.locator("#drawer-body dd.lit").all_inner_texts() == ["479"]

    desk.page.click('#now-list .now-main:has-text("Polish jets")')
    desk.until_text("#drawer-head", "Poland")
    assert desk.selected == ["jets"]
    assert desk.page.locator(f"{desk.row('jets')}.ag-row-selected").count() == 1
    assert desk.page.evaluate("watchfloor.stage.overlay.selected") in desk.page.evaluate(
        "Object.keys(watchfloor.picture.tree.scrambles)"
    )
    assert desk.page.evaluate("watchfloor.stage.map.viewerMoved") is False
    zoom = "(view) => Math.abs(JSON.parse(view).zoom - watchfloor.stage.map.map.getZoom()) < 1"
    assert desk.page.evaluate(zoom, before)

    desk.page.keyboard.press("g")
    desk.until(
        "Math.abs(watchfloor.stage.map.view().lat - watchfloor.stage.words.atlas.bases.EPLK.lat) < 0.01"
    )
    desk.page.keyboard.press("G")


def test_hostile_text_stays_text(desk: Desk) -> None:
    desk.page.click(desk.row("hostile"))
    desk.until_text("#drawer-body", "<img src=x")

    assert (
        desk.page.locator("#drawer-body img, #drawer-body b:has-text('Nobody'), #drawer-body a").count() == 0
    )
    assert "\u202e" not in desk.page.inner_text("#drawer-body")
    assert "taken" not in desk.page.title()


def test_a_link_opens_the_same_view_cold_and_back_closes_what_was_opened(desk: Desk, house: House) -> None:
    page = desk.page
    page.keyboard.press("/")
    page.keyboard.type("Sumy")
    desk.until("watchfloor.desk.table.shown === 4")
    page.keyboard.press("Escape")
    page.keyboard.press("0")
    desk.until("watchfloor.desk.table.shown >= 8")
    page.click(desk.row("report"))
    desk.until("watchfloor.desk.selection.first === 'report'")
    page.keyboard.press("]")
    page.keyboard.press("O")
    desk.until("location.search.includes('panel=revisions') && location.search.includes('side=log')")
    shared = page.url
    page.click("#menu-columns")
    page.click('.menu-row[data-item="claimant"]')
    page.keyboard.press("Escape")
    page.go_back()
    desk.until("watchfloor.desk.selection.first === null && document.querySelector('#drawer-place').hidden")

    page.goto(f"{shared}&q=479&off=towns&map=30.5,50.45,7")
    desk.ready()
    assert desk.selected == ["report"]
    desk.until_text("#drawer-body", "Revision 1")
    assert "claimant" in desk.page.evaluate("watchfloor.desk.table.columnsShown()")
    assert desk.page.evaluate("watchfloor.desk.table.shown") == 1
    assert desk.page.get_attribute("#side-log", "aria-selected") == "true"
    desk.until("Math.round(watchfloor.stage.map.view().zoom) === 7")
    # Plotly may lay the map out with whatever view: what is seen stays.
    page.evaluate(
        "Plotly.relayout(document.querySelector('.js-plotly-plot'), { 'map.zoom': 4 }).then(() => {})"
    )
    page.set_viewport_size({"width": 1400, "height": 800})
    desk.until("watchfloor.stage.map.view().height !== 348")
    assert desk.page.evaluate("Math.round(watchfloor.stage.map.view().zoom)") == 7
    page.set_viewport_size({"width": 1366, "height": 768})
    assert desk.page.evaluate("[...watchfloor.desk.mapTools.off]") == ["towns"]
    page.keyboard.press("G")


def test_everything_is_done_by_keys(desk: Desk) -> None:
    page = desk.page
    page.keyboard.press("j")
    first = desk.selected
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert desk.selected == first
    page.keyboard.press("?")
    desk.until_text("#dialog-help", "Show the keys")
    page.keyboard.press("Escape")
    desk.until("document.querySelector('#dialog-help') === null")
    page.keyboard.press("Control+k")
    page.keyboard.type("479 launched")
    desk.until("document.querySelector('#palette-list li')?.innerText.includes('479')")
    page.keyboard.press("Enter")
    assert desk.selected == ["report"]
    page.keyboard.press("Escape")
    assert desk.selected == []


def test_what_a_colleague_acknowledges_is_here_within_a_second(desk: Desk, beside: Desk) -> None:
    assert "Polish jets" in desk.text("#now-list")
    desk.page.focus("#table-search")

    assert beside.post({"act": "ack", "about": ["jets"], "note": "CAOC informed"}) == 200
    with promised(1):
        desk.until("document.querySelector('#now-list .group-acked') !== null")
        desk.until(f"document.querySelector('{desk.row('jets')} [col-id=state]').innerText.startsWith('ack')")
    assert desk.page.evaluate("document.activeElement.id") == "table-search"
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("O")
    desk.until_text("#now-list", "CAOC informed")


def test_a_new_event_is_in_the_table_within_a_second_and_its_revision_replaces_it(
    desk: Desk, house: House
) -> None:
    at = dt.datetime.now(dt.UTC).replace(microsecond=0)
    alert = AirRaidAlert(id="fresh", status="actual", feed="alerts", region="UA-51", valid_from=at)
    publish(house, alert)
    with promised(1):
        desk.until("watchfloor.desk.ledger.get('fresh')?.revision === 1")
    size = desk.page.evaluate("watchfloor.desk.ledger.size")

    publish(house, AirRaidAlert(**{**_fields(alert), "revision": 2, "msg_type": "cancel"}))
    with promised(1):
        desk.until("watchfloor.desk.ledger.get('fresh')?.msg_type === 'cancel'")

    assert desk.page.evaluate("watchfloor.desk.ledger.size") == size
    desk.until(f"document.querySelector('{desk.row('fresh')}.row-cancelled') !== null")


def _fields(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__struct_fields__}


# The acts' forms.


class Form:
    """The form of an act, filled in by keys alone."""

    def __init__(self, desk: Desk, key: str) -> None:
        self.desk = desk
        self.page = desk.page
        self.keys = desk.page.keyboard
        desk.until("watchfloor.desk.mayAct && !document.querySelector('dialog')")
        self.keys.press(key)
        desk.until("document.querySelector('dialog.act')?.open")

    def tab_to(self, label: str, text: str = "") -> Form:
        """Go from field to field until one of this name, and type into it."""
        named = (
            "((at) => (at.getAttribute('aria-label') ?? at.labels?.[0]?.innerText ?? at.innerText).trim())"
            "(document.activeElement)"
        )
        for _ in range(80):
            if self.page.evaluate(named) == label:
                self.keys.type(text)
                return self
            self.keys.press("Tab")
        raise AssertionError(f"no field {label!r} can be reached by Tab")

    def pick(self, label: str, text: str) -> Form:
        """Choose the first of what is offered for a part of a name."""
        self.tab_to(label, text)
        self.desk.until("document.activeElement.getAttribute('aria-activedescendant') !== null")
        self.keys.press("Enter")
        return self

    def send(self) -> None:
        """Send it, and wait until the server has done it."""
        self.keys.press("Control+Enter")
        self.closed()

    def closed(self) -> None:
        self.desk.until("!document.querySelector('dialog')")


def told(desk: Desk, path: str) -> Any:
    """What the API answers this person."""
    return desk.page.evaluate("async (path) => (await fetch(`/api/v1/${path}`)).json()", path)


def choose(desk: Desk, *ids: str) -> None:
    desk.page.evaluate("(ids) => watchfloor.desk.selection.set(ids, 'test')", list(ids))


def test_each_act_on_an_event_is_done_by_keys(desk: Desk) -> None:
    choose(desk, "threat-0", "threat-1")
    Form(desk, "a").tab_to("Comment", "two groups, one course").send()
    choose(desk, "threat-0")
    Form(desk, "n").tab_to("Note needed", "seen by radar too").send()
    correction = Form(desk, "e").tab_to("Course", "270")
    correction.tab_to("Reason needed", "a bearing from the west").send()
    Form(desk, "x").tab_to("Reason needed", "a flock of geese").send()
    Form(desk, "r").tab_to("Reason needed", "no geese at night").send()
    desk.until("Object.values(watchfloor.picture.tree.log).some(({ note }) => note === 'no geese at night')")
    Form(desk, "u").send()

    known = told(desk, "events/threat-0")
    events = [row["event"] for row in known["revisions"]]
    assert [event.get("msg_type", "alert") for event in events] == [
        "alert",
        "update",
        "cancel",
        "update",
        "cancel",
    ]
    assert events[1]["course_deg"] == 270
    assert {event.get("by", "") for event in events[1:]} == {"local"}
    assert [act["note"] for act in known["acks"]] == ["two groups, one course"]
    assert [act["note"] for act in known["notes"]] == ["seen by radar too"]
    assert [act["act"] for act in told(desk, "events/threat-1")["acks"]] == ["ack"]
    desk.until("!watchfloor.picture.tree.threats['threat-0'] && watchfloor.picture.tree.acks['threat-1']")


def test_a_bookmark_and_a_handover_stand_in_the_log(desk: Desk) -> None:
    Form(desk, "b").tab_to("Title needed", "First wave").send()
    handover = Form(desk, "h")
    desk.until("document.querySelector('dialog textarea').value.startsWith('Watch from')")
    handover.keys.press("Control+End")
    handover.tab_to("Handover needed", "\nQuiet towards morning.").send()
    desk.until("Object.values(watchfloor.picture.tree.log).some(({ act }) => act === 'handover')")

    again = Form(desk, "h")
    desk.until("document.querySelector('.act-handover-last').innerText.includes('Quiet towards morning.')")
    again.keys.press("Escape")
    again.closed()
    acts = [entry["act"] for entry in desk.page.evaluate("Object.values(watchfloor.picture.tree.log)")]
    assert {"bookmark", "handover"} <= set(acts)


def test_what_no_feed_tells_is_entered_by_keys(desk: Desk) -> None:
    def by_hand(kind: str) -> Form:
        return Form(desk, "w").tab_to("Kind", kind)

    by_hand("Alert").pick("Region", "vol").send()
    by_hand("Scramble").pick("Country", "rom").pick("Bases", "fete").send()
    by_hand("Threat").pick("Regions", "kharkiv").tab_to("How many", "6").send()
    by_hand("Track").tab_to("Callsign", "WATCH 1").tab_to(
        "Position (lat, lon or MGRS) needed", "35U LS 38802 35643"
    ).send()
    by_hand("Airspace").pick("Airport or sector", "lubl").send()
    by_hand("Strike").tab_to("Target", "a depot").pick("Region", "chuv").send()
    by_hand("Raid").pick("Who states it", "ukrainian air f").tab_to("launched, Missiles", "12").send()

    desk.until("Object.keys(watchfloor.picture.tree.tracks ?? {}).includes('desk-watch-1')")
    entered = {}
    for row in told(desk, "rows?limit=40")["rows"]:
        if row["id"].startswith("desk:event-") and row.get("by") == "local":
            entered.setdefault(row["kind"], row)
    assert entered["alert"]["subject"] == "UA-07"
    assert entered["scramble"]["subject"] == "RO"
    assert entered["threat"]["subject"] == "UA-63"
    assert entered["restriction"]["subject"] == "EPLB"
    assert entered["strike"]["subject"] == "a depot"
    assert entered["raid_report"]["detail"]["launched.missile"] == "12"
    track = desk.page.evaluate("watchfloor.picture.tree.tracks['desk-watch-1']")
    assert track[:2] == pytest.approx([24.71, 50.85], abs=1e-4)


def test_a_pasted_report_is_read_mended_and_published_by_keys(desk: Desk) -> None:
    form = Form(desk, "i")
    form.keys.insert_text(
        "The Air Force said that overnight 61 attack drones were launched, 50 of them were shot down.\n\n"
        "The Operational Command said that Polish and allied jets were scrambled."
    )
    form.keys.press("Control+Enter")
    desk.until("document.querySelectorAll('.act-card').length === 2")
    assert {"61", "50", "Polish"} <= set(desk.page.locator(".act-source mark").all_inner_texts())
    form.tab_to("launched, UAV")
    form.keys.press("Control+a")
    form.keys.type("62")
    assert desk.page.locator("mark.mended").all_inner_texts() == ["61"]
    form.send()

    rows = told(desk, "rows?limit=6")["rows"]
    report = next(row for row in rows if row["kind"] == "raid_report")
    (event,) = [row["event"] for row in told(desk, f"events/{report['id']}")["revisions"]]
    assert event["launched"]["uav"] == {"value": 62}
    assert event["doubts"] == ["mended by hand: launched.uav"]
    assert "shot_down.uav" in event["evidence"]["spans"]
    assert next(row["subject"] for row in rows if row["kind"] == "scramble") == "PL"


def test_two_tellings_of_one_threat_are_merged_by_keys(desk: Desk) -> None:
    choose(desk, "threat-1")
    form = Form(desk, "M")
    form.keys.press("Space")
    desk.until("document.querySelectorAll('dialog .act-list input:checked').length === 1")
    form.send()
    desk.until("Object.values(watchfloor.picture.tree.log).some(({ act }) => act === 'merge')")


def test_what_waits_is_published_or_let_go_by_keys(desk: Desk, house: House) -> None:
    async def wait_for_a_person() -> None:
        client = connect(f"redis://127.0.0.1:{house.ports['STORE_PORT']}/0")
        try:
            kept = Quarantine(client, THEATRE)
            text = "The Operational Command said that Polish jets were scrambled."
            await kept.keep("channel", "post: scramble", "unsure", text.encode(), stream=REVIEW)
            await kept.keep("channel", "$.region", "is no region", b'{"region": "nowhere"}')
        finally:
            await client.aclose()

    thread = threading.Thread(target=asyncio.run, args=(wait_for_a_person(),))
    thread.start()
    thread.join()
    review = Form(desk, "c")
    desk.until("document.querySelectorAll('dialog .act-card').length === 1")
    review.keys.press("Control+Enter")
    desk.until_text("dialog .act-queue-count", "Nothing waits for review.")
    review.keys.press("Escape")
    review.closed()

    quarantine = Form(desk, "q")
    desk.until_text("dialog .act-payload", "nowhere")
    quarantine.tab_to("Let it go").keys.press("Enter")
    desk.until_text("dialog .act-queue-count", "Nothing is in quarantine.")
    quarantine.keys.press("Escape")
    quarantine.closed()
    for act in ("review", "quarantine"):
        desk.until(f"Object.values(watchfloor.picture.tree.log).some(({{ act }}) => act === '{act}')")


def test_two_operators_on_one_event_see_each_others_change_and_lose_neither(desk: Desk, beside: Desk) -> None:
    for one in (desk, beside):
        choose(one, "threat-2")
    mine = Form(desk, "e").tab_to("Towards", "Poltava")
    Form(beside, "e").tab_to("Course", "180").tab_to("Reason needed", "turned south").send()

    desk.until("document.querySelector('.act-notice')?.innerText.includes('local changed this')")
    assert "Course" in desk.text(".act-beside")
    mine.tab_to("Reason needed", "said so").keys.press("Control+Enter")
    assert desk.page.evaluate("document.activeElement.innerText") == "Take theirs"
    mine.tab_to("Mine on top of theirs").keys.press("Enter")
    mine.send()

    (first, second, third) = (row["event"] for row in told(desk, "events/threat-2")["revisions"])
    assert (second["course_deg"], second.get("toward", "")) == (180, "")
    assert (third["course_deg"], third["toward"]) == (180, "Poltava")
    assert "course_deg" not in first


def test_an_act_whose_answer_was_lost_is_done_once(beside: Desk) -> None:
    lost: list[int] = []
    is_lossy = True

    def lose_the_answer(route: Route) -> None:
        if is_lossy:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    beside.page.route("**/api/v1/acts", lose_the_answer)
    form = Form(beside, "n").tab_to("Note needed", "said once")
    form.keys.press("Control+Enter")
    beside.until("document.querySelector('.act-status')?.dataset.state === 'unsure'")
    is_lossy = False
    form.closed()
    notes = "Object.values(watchfloor.picture.tree.log).filter(({ note }) => note === 'said once').length"
    beside.until(f"{notes} > 0")
    beside.page.unroute("**/api/v1/acts")
    assert (set(lost), beside.page.evaluate(notes)) == ({200}, 1)
