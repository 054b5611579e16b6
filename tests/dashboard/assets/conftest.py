"""What tests of the page's scripts use: the real site, a gateway of our own making, and a real browser."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve
from websockets.typing import Subprotocol

from config.settings import Settings
from dashboard.picture.shape import (
    Alerting,
    AlertView,
    Claim,
    Clock,
    Feed,
    Mark,
    Night,
    PictureView,
    Quote,
    Record,
    RegionView,
    ScrambleView,
    Source,
    StatementView,
    StrikeView,
    Strip,
    Tally,
    ThreatView,
    Tick,
)
from streams.events import Count, Figure, Point, Quantities
from tests.house import free_port, web_in_thread
from tests.promises import PATIENCE_S

NOW = datetime(2025, 6, 9, 8, 0, tzinfo=UTC)
"""The exercise's instant in the pictures below."""

STEADY_CLOCK = """
(() => {
    const clock = performance.now.bind(performance);
    let [last, stood] = [clock(), 0];
    performance.now = () => {
        const now = clock();
        if (now - last > 400) stood += now - last;
        last = now;
        return now - stood;
    };
})()
"""
"""A page's clock that does not go on while the machine stands still: silence then is not the gateway's.

The link reads it ten times a second, and calls it silence after more than a second.
"""
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
"""Two of them: one in which something is asked for, one in which it is drawn."""

Json = dict[str, Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Forgive a socket that is half accepted.

    A page that comes again at the instant when our own gateway closes leaves one behind in the websockets
    library's threaded server, which Python then complains of in whatever test it collects it.
    """
    forgiven = "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings(forgiven))


@pytest.fixture(scope="session")
def gateway_port() -> int:
    """Where the site's pages look for their gateway."""
    return free_port()


@pytest.fixture(scope="session")
def site(gateway_port: int) -> Iterator[str]:
    """The web process, in a thread; its address."""
    settings = Settings(port=free_port(), gateway_port=gateway_port)
    with web_in_thread(settings):
        yield settings.url


@pytest.fixture(scope="module")
def modules(browser: Browser, site: str) -> Iterator[Callable[..., Any]]:
    """Call functions of the page's modules, without a wall around them.

    `modules("count", "(m, x) => m.line(x, words)", x)`: a module, a function of it and an argument; `words`,
    `atlas` and `config` are there too.
    """
    page = browser.new_page()
    page.goto(f"{site}/wall", wait_until="commit")
    config = json.loads(page.text_content("#watchfloor") or "")
    page.goto(f"{site}/healthz")
    page.evaluate(
        """async (config) => {
            const { Language } = await import(`${config.assets}/language.mjs`);
            const { words } = await Language.of(config);
            Object.assign(globalThis, { config, atlas: words.atlas, words });
        }""",
        config,
    )

    def call(module: str, function: str, argument: Any = None) -> Any:
        source = "async (a) => (" + function + ")(await import(`${config.assets}/" + module + ".mjs`), a)"
        return page.evaluate(source, argument)

    yield call
    page.close()


class Glass:
    """A wall in a browser, and all that it asked for and complained of.

    forgiven: complaints with this word are what the test is about.
    """

    def __init__(self, page: Page, forgiven: str = "") -> None:
        self.page = page
        page.set_default_timeout(PATIENCE_S * 1_000)
        self.forgiven = forgiven
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", self._asked)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self._complained(str(error)))

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        # A browser reports every refused connection itself, which is what some tests are about.
        if message.type == "error" and "WebSocket connection" not in message.text:
            self._complained(message.text)

    def _complained(self, text: str) -> None:
        if not self.forgiven or self.forgiven not in text.lower():
            self.complaints.append(text)

    def text(self, selector: str) -> str:
        return (self.page.text_content(selector) or "").strip()

    def wait(self, condition: str) -> None:
        """Until a JavaScript expression is true."""
        self.page.wait_for_function(f"() => {condition}")

    def wait_mark(self, kind: str) -> None:
        """Until the wall says that it is in a state: `live`, `exercise`, `link-lost`, …"""
        self.wait(f"document.documentElement.dataset.kind === '{kind}'")

    def wait_kind(self, kind: str) -> None:
        """Until it says so and has drawn what it has."""
        self.wait_mark(kind)
        self.page.evaluate(FRAMES)

    def wait_text(self, selector: str, text: str | re.Pattern[str]) -> None:
        """Until an element reads so; Dash puts a figure in its place a moment after it was told."""
        expect(self.page.locator(selector)).to_have_text(text, timeout=PATIENCE_S * 1_000)

    def wait_map(self) -> None:
        """Until the map is painted."""
        self.wait("performance.getEntriesByName('watchfloor-map-painted').length > 0")


def drag_map(page: Page, x: float, y: float) -> None:
    """Drag the map from a point to the right and down, until it has followed and rests.

    It takes up a drag with its frames: a busy one has to be asked again.
    """
    while not page.evaluate("watchfloor.stage.map.viewerMoved"):
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(1, 6):
            page.mouse.move(x + 20 * step, y + 10 * step)
            page.evaluate(FRAMES)
        page.mouse.up()
        page.evaluate(FRAMES)
    page.wait_for_function("() => !watchfloor.stage.map.map.isMoving()")
    page.evaluate(FRAMES)


@pytest.fixture
def glass(browser: Browser, site: str) -> Iterator[Callable[..., Glass]]:
    """Open walls: `glass()`, `glass("?scale=2", width=1366, height=768)`. Their consoles end clean.

    steady: of a clock that a standstill of the machine does not move.
    """
    opened: list[Glass] = []

    def open_wall(
        query: str = "",
        *,
        width: int = 1280,
        height: int = 720,
        script: str = "",
        forgiven: str = "",
        steady: bool = True,
    ) -> Glass:
        page = browser.new_page(viewport={"width": width, "height": height})
        if steady:
            page.add_init_script(STEADY_CLOCK)
        if script:
            page.add_init_script(script)
        wall = Glass(page, forgiven)
        opened.append(wall)
        page.goto(f"{site}/wall{query}", wait_until="commit")
        return wall

    yield open_wall
    for wall in opened:
        wall.page.close()
    assert [complaint for wall in opened for complaint in wall.complaints] == []


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


class FakeGateway:
    """Speaks the protocol from a picture that the test changes; remembers what clients said.

    A client that comes back with the position of the picture as it is has all of it, and is sent none.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.picture: Json = {}
        self.store: Json = {"store": "ok"}
        self.skew = timedelta(0)
        self.silent = False
        self.hellos: list[Json] = []
        self.said: list[Json] = []
        self.serial = 1
        self._server: Server | None = None
        self._clients: set[ServerConnection] = set()
        self._turn = threading.RLock()
        """Between a picture and its being one of those who hear of changes nothing changes for a client."""

    @property
    def position(self) -> Json:
        return {"epoch": "e", "ids": {"alerts": f"{self.serial}-0"}}

    def start(self) -> None:
        self._server = serve(
            self._talk, "127.0.0.1", self.port, subprotocols=[Subprotocol("watchfloor.v1")], compression=None
        )
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Go away, clients and all, as a gateway that was killed does."""
        with self._turn:
            server, self._server = self._server, None
        if server is None:
            return
        server.shutdown()
        for client in list(self._clients):
            client.close(4000, "going away")

    def now(self) -> str:
        return iso(datetime.now(UTC) + self.skew)

    def patch(self, patch: Json) -> None:
        """Change the picture as a delta does, and tell everybody."""
        from dashboard.picture.patch import merge

        with self._turn:
            self.picture = merge(self.picture, patch)
            self.serial += 1
            message = {
                "type": "delta",
                "position": self.position,
                "server_time": self.now(),
                "patch": patch,
                "events": 1,
            }
            self.send(json.dumps(message))

    def send(self, frame: str) -> None:
        """To every client that is still there."""
        with self._turn:
            for client in list(self._clients):
                with contextlib.suppress(ConnectionClosed):
                    client.send(frame)

    def beat(self) -> Json:
        return {"type": "heartbeat", "server_time": self.now(), "position": self.position, **self.store}

    def _talk(self, client: ServerConnection) -> None:
        try:
            hello = json.loads(client.recv(PATIENCE_S))
            self.hellos.append(hello)
            with self._turn:
                if self._server is None:
                    return
                recovered = hello.get("position") == self.position
                self._tell(
                    client,
                    type="welcome",
                    gateway="g",
                    recovered=recovered,
                    heartbeat_s=0.5,
                    version=1,
                    status=self.picture["status"],
                )
                if not recovered:
                    self._snapshot(client)
                self._clients.add(client)
            while True:
                try:
                    message = json.loads(client.recv(0.3))
                    self.said.append(message)
                    if message["type"] == "resync":
                        self._snapshot(client)
                except TimeoutError:
                    if not self.silent:
                        client.send(json.dumps(self.beat()))
        except (ConnectionClosed, TimeoutError):
            pass
        finally:
            self._clients.discard(client)

    def _snapshot(self, client: ServerConnection) -> None:
        with self._turn:
            self._tell(client, type="snapshot", position=self.position, picture=self.picture)

    def _tell(self, client: ServerConnection, **message: Any) -> None:
        client.send(json.dumps({**message, "server_time": self.now()}))


@pytest.fixture
def gateway(gateway_port: int) -> Iterator[FakeGateway]:
    """A gateway that was not started yet."""
    gateway = FakeGateway(gateway_port)
    yield gateway
    gateway.stop()


def source(feed: str = "channel", claimant: str = "ua-air-force", **fields: Any) -> Source:
    return Source(
        event="e",
        revision=1,
        feed=feed,
        claimant=claimant,
        grade="B2",
        received_at=datetime.now(UTC) - timedelta(seconds=30),
        **{"published_at": NOW - timedelta(minutes=20), **fields},
    )


SENTENCE = "That night 479 attack drones were launched and 460 of them neutralised."


@pytest.fixture
def night() -> Json:
    """The exercise in the morning: the raid report, the Polish scramble, alerts, threats, a strike."""
    reports = {"a": source(), "b": source("press", "ua-air-force")}
    view = PictureView(
        theatre="eastern-flank",
        status="exercise",
        clock=Clock(
            run="r",
            title="Night of 8–9 June 2025",
            state="running",
            at=NOW,
            received_at=datetime.now(UTC),
            speed=300.0,
            starts_at=NOW - timedelta(hours=15),
            ends_at=NOW + timedelta(hours=4),
            beat_s=3600.0,
        ),
        night=Night(start=NOW - timedelta(hours=17), end=NOW + timedelta(hours=7)),
        alerts={
            **{
                f"{key}|air_raid|{level}": AlertView(
                    region=key,
                    alert_type="air_raid",
                    level=level,
                    since=NOW - timedelta(hours=hours),
                    source=source("alerts"),
                )
                for key, level, hours in (("UA-46", "red", 5), ("UA-59", "red", 9), ("UA-51", "yellow", 2))
            },
            "UA-09|air_raid|": AlertView(
                region="UA-09", alert_type="air_raid", permanent=True, source=source("alerts")
            ),
        },
        regions={
            **{
                key: RegionView(
                    alerting=True, whole=True, levels=(level,), since=NOW - timedelta(hours=hours), of=of
                )
                for key, level, hours, of in (
                    ("UA-46", "red", 5, 7),
                    ("UA-59", "red", 9, 5),
                    ("UA-51", "yellow", 2, 7),
                )
            },
            "UA-09": RegionView(permanent=True, whole=True, of=8),
        },
        alerting=Alerting(
            n=3,
            of=27,
            whole=3,
            red=2,
            yellow=1,
            permanent=1,
            longest="UA-59",
            longest_since=NOW - timedelta(hours=9),
        ),
        threats={
            "t1": ThreatView(
                threat_type="cruise_missiles",
                state="moving",
                weapon="kh-101",
                count=Count(value=4),
                regions=("UA-56",),
                position=Point(lon=26.2, lat=50.9),
                course_deg=280.0,
                since=NOW,
                updated_at=NOW,
                source=source(),
            ),
            "t2": ThreatView(
                threat_type="drones", state="announced", regions=("UA-48",), since=NOW, source=source()
            ),
        },
        scrambles={
            "PL|1": ScrambleView(
                country="PL",
                state="start",
                since=NOW - timedelta(hours=1, minutes=42),
                allied=True,
                cause_regions=("western-ukraine",),
                witnesses={"s": source("pl", "pl-dorsz")},
            )
        },
        strikes={
            "v": StrikeView(
                target="VNIIR",
                region="RU-CU",
                position=Point(lon=47.2, lat=56.1),
                weapon="uav",
                count=Count(value=2),
                at=NOW,
                witnesses={"v": source("press", "")},
            )
        },
        statements={
            "n": StatementView(
                speaker="Mark Rutte",
                organisation="NATO",
                topic="air defence",
                figures=(Figure(value=400, unit="%", about="more"),),
                at=NOW,
                witnesses={"n": source("press", "nato-sg")},
            )
        },
        claims={
            "c": Claim(
                claimant="ua-air-force",
                attacker="RU",
                tonight=True,
                launched=Quantities(uav=Count(value=479), missile=Count(value=20)),
                neutralised=Quantities(uav=Count(value=460), missile=Count(value=19)),
                impact_places=Count(value=10),
                witnesses=reports,
                quotes={"launched.uav": Quote(text=SENTENCE, start=11, end=14, lang="en")},
            )
        },
        tally=Tally(claim="c", rates={"uav": 96.0, "missile": 95.0}),
        records={"launched.uav": Record(value=472, night_of=NOW.date(), claim="old", broken=True)},
        feeds={
            "channel": Feed(state="fresh", checked_at=datetime.now(UTC), every_s=2),
            "pl": Feed(state="quiet", checked_at=datetime.now(UTC), every_s=10),
        },
        ticker={
            "1": Tick(
                at=NOW,
                kind="scramble.start",
                subject="PL",
                detail={"allied": "yes"},
                source=source("pl", "pl-dorsz"),
            )
        },
        strip=Strip(marks={"m": Mark(at=NOW - timedelta(hours=1), kind="scramble.start", subject="PL")}),
    )
    picture: Json = msgspec.to_builtins(view)
    return picture
