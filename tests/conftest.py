"""What tests of every room use: real stores, and a real browser."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Playwright, sync_playwright
from redis import Redis as SyncRedis
from redis.asyncio import Redis
from redis.exceptions import RedisError

from streams.events import Event
from streams.publish import Publisher
from streams.store import connect, embedded_command
from tests.house import free_port
from tests.promises import PATIENCE_S

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
LONGEST = "test_fresh_clone.py"
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
]

# Hypothesis asks the same of everybody who runs the suite, for as long as it takes;
# `--hypothesis-profile=search` asks something new each time.
settings.register_profile(
    "search",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("steady", settings.get_profile("search"), derandomize=True)
settings.load_profile("steady")


def wait_until_serving(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until the store answers and has read its file, or fail with what it said."""
    deadline = time.monotonic() + PATIENCE_S
    with SyncRedis(port=port, socket_timeout=1) as client:
        while True:
            try:
                client.ping()
                return
            except RedisError:
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"the store did not start: exit {process.poll()}")
                time.sleep(0.01)


@pytest.fixture(scope="session", params=["valkey", "redis-server"])
def store_port(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a store for the whole run: once the embedded Valkey, once the system's redis-server."""
    port = free_port()
    command = embedded_command(tmp_path_factory.mktemp("store"), port)
    if request.param == "redis-server":
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("there is no redis-server here to run the suite against")
        command[0] = program
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        wait_until_serving(port, process)
        yield port
        process.terminate()


@pytest.fixture(scope="session")
def store_url(store_port: int) -> str:
    return f"redis://127.0.0.1:{store_port}/0"


@pytest.fixture
async def redis_client(store_url: str) -> AsyncIterator[Redis]:
    """A client of the store, emptied."""
    client = connect(store_url)
    await client.flushdb()
    yield client
    await client.aclose()


class Store:
    """A store of one test's own, to be treated badly: what it acknowledged is on the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = embedded_command(self.folder, self.port, flush="always")
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until_serving(self.port, self.process)

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    async def publish(self, *events: Event) -> None:
        client = connect(self.url)
        await Publisher(client, "eastern-flank").publish(events)
        await client.aclose()


@pytest.fixture
def own_store(tmp_path: Path) -> Iterator[Store]:
    """A store that is not started yet."""
    made = Store(tmp_path)
    yield made
    made.kill()


@pytest.fixture(scope="session")
def browser_program() -> str:
    """Where the system's Chromium or Chrome is."""
    program = next(filter(None, map(shutil.which, BROWSERS)), str(ON_MAC) if ON_MAC.exists() else None)
    if program is None:
        pytest.fail("the browser tests need Chromium or Chrome: install the package chromium")
    return program


class _HeldBrowser:
    """One browser for all modules that use one in a row; it is closed before anything else runs.

    Playwright's loop would be in the way of tests with a loop of their own; a browser takes seconds to start.
    """

    def __init__(self) -> None:
        self.in_use = False
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def open(self, program: str) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            self.close()
            self._playwright = sync_playwright().start()
            self._browser = self._playwright.chromium.launch(executable_path=program, args=BROWSER_ARGUMENTS)
        return self._browser

    def close(self) -> None:
        if self._browser is not None:
            self._browser.close()
        if self._playwright is not None:
            self._playwright.stop()
        self._browser = self._playwright = None


_held = _HeldBrowser()


@pytest.fixture(scope="module")
def browser(browser_program: str) -> Iterator[Browser]:
    """The browser, headless, on software graphics."""
    held = _held.open(browser_program)
    _held.in_use = True
    try:
        yield held
    finally:
        _held.in_use = False


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Close the browser where the next test has none."""
    if not _held.in_use and "browser" not in getattr(item, "fixturenames", ()):
        _held.close()


def pytest_sessionfinish() -> None:
    """Close the browser at the end."""
    _held.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let what speaks to the store meet Redis as well; what stands on that needs one store only."""
    spoken = Path(__file__).parent / "streams"
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        store = getattr(item, "callspec", None) and item.callspec.params.get("store_port")  # type: ignore[attr-defined]
        (left if store == "redis-server" and spoken not in item.path.parents else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
    # Two files run at once: what waits longest goes first, or one worker is left with it at the end.
    items[:] = sorted(
        kept, key=lambda item: (item.path.name != LONGEST, item.get_closest_marker("e2e") is None)
    )
