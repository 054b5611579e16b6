"""The desk in a browser, on the whole house: one selection, an address of the view, keys, acts of others."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

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
from streams.publish import Publisher
from streams.store import connect
from tests.e2e.conftest import Wall
from tests.house import House

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
        self.until("!!globalThis.watchfloor?.desk && !watchfloor.desk.intake.state.loading", 30)
        self.until("watchfloor.desk.ledger.size >= 8 && document.documentElement.dataset.map === 'drawn'", 30)
        self.until("!!watchfloor.picture.tree?.scrambles && watchfloor.desk.now.wanting?.length > 0", 10)
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
    page.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(house.desk)
    yield Desk(page).ready()
    assert said == []


@pytest.fixture
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
    desk.until_text("#drawer-body", "479 attack drones", 5)
    marks = desk.page.locator("#drawer-body mark")
    assert marks.all_inner_texts() == ["479", "460"]
    marks.nth(0).hover()
    assert desk.page.locator("#drawer-body dd.lit").all_inner_texts() == ["479"]

    desk.page.click('#now-list .now-main:has-text("Polish jets")')
    desk.until_text("#drawer-head", "Poland", 5)
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
        "Math.abs(watchfloor.stage.map.view().lat - watchfloor.stage.words.atlas.bases.EPLK.lat) < 0.01", 5
    )
    desk.page.keyboard.press("G")


def test_hostile_text_stays_text(desk: Desk) -> None:
    desk.page.click(desk.row("hostile"))
    desk.until_text("#drawer-body", "<img src=x", 5)

    assert (
        desk.page.locator("#drawer-body img, #drawer-body b:has-text('Nobody'), #drawer-body a").count() == 0
    )
    assert "\u202e" not in desk.page.inner_text("#drawer-body")
    assert "taken" not in desk.page.title()


def test_a_link_opens_the_same_view_cold_and_back_closes_what_was_opened(desk: Desk, house: House) -> None:
    page = desk.page
    page.keyboard.press("/")
    page.keyboard.type("Sumy")
    desk.until("watchfloor.desk.table.shown === 4", 5)
    page.keyboard.press("Escape")
    page.keyboard.press("0")
    desk.until("watchfloor.desk.table.shown >= 8", 5)
    page.click(desk.row("report"))
    page.keyboard.press("]")
    page.keyboard.press("O")
    desk.until("location.search.includes('panel=revisions') && location.search.includes('side=log')", 5)
    shared = page.url
    page.go_back()
    desk.until(
        "watchfloor.desk.selection.first === null && document.querySelector('#drawer-place').hidden", 5
    )

    page.goto(f"{shared}&q=479&off=towns&map=30.5,50.45,7")
    desk.ready()
    assert desk.selected == ["report"]
    desk.until_text("#drawer-body", "Revision 1", 5)
    assert desk.page.evaluate("watchfloor.desk.table.shown") == 1
    assert desk.page.get_attribute("#side-log", "aria-selected") == "true"
    desk.until("Math.round(watchfloor.stage.map.view().zoom) === 7", 5)
    page.set_viewport_size({"width": 1400, "height": 800})
    desk.until("watchfloor.stage.map.view().height !== 348", 5)
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
    desk.until_text("#dialog-help", "Show the keys", 5)
    page.keyboard.press("Escape")
    desk.until("document.querySelector('#dialog-help') === null", 2)
    page.keyboard.press("Control+k")
    page.keyboard.type("479 launched")
    desk.until("document.querySelector('#palette-list li')?.innerText.includes('479')", 5)
    page.keyboard.press("Enter")
    assert desk.selected == ["report"]
    page.keyboard.press("Escape")
    assert desk.selected == []


def test_what_a_colleague_acknowledges_is_here_within_a_second(desk: Desk, beside: Desk) -> None:
    assert "Polish jets" in desk.text("#now-list")
    desk.page.focus("#table-search")

    assert beside.post({"act": "ack", "about": ["jets"], "note": "CAOC informed"}) == 200
    took = desk.until("document.querySelector('#now-list .group-acked') !== null", 5)
    desk.until(f"document.querySelector('{desk.row('jets')} [col-id=state]').innerText.startsWith('ack')", 2)
    assert took < 1.5
    assert desk.page.evaluate("document.activeElement.id") == "table-search"
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("O")
    desk.until_text("#now-list", "CAOC informed", 2)


def test_a_new_event_is_in_the_table_within_a_second_and_its_revision_replaces_it(
    desk: Desk, house: House
) -> None:
    at = dt.datetime.now(dt.UTC).replace(microsecond=0)
    alert = AirRaidAlert(id="fresh", status="actual", feed="alerts", region="UA-51", valid_from=at)
    publish(house, alert)
    desk.until("watchfloor.desk.ledger.get('fresh')?.revision === 1", 3)
    size = desk.page.evaluate("watchfloor.desk.ledger.size")

    publish(house, AirRaidAlert(**{**_fields(alert), "revision": 2, "msg_type": "cancel"}))
    desk.until("watchfloor.desk.ledger.get('fresh')?.msg_type === 'cancel'", 3)

    assert desk.page.evaluate("watchfloor.desk.ledger.size") == size
    desk.until(f"document.querySelector('{desk.row('fresh')}.row-cancelled') !== null", 3)


def _fields(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__struct_fields__}
