"""The doctor: a line each for data, ports, store, clock and feeds, and what to do about what is wrong."""

import contextlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from front import doctor
from front.doctor import _examine
from tests.house import House, free_port
from tests.promises import PATIENCE_S


def chosen(folder: Path, **fields: object) -> Settings:
    """Settings of which nothing runs, but for what `fields` say."""
    ports = {
        name: free_port() for name in ("port", "gateway_port", "intake_port", "store_port", "replay_port")
    }
    given = {**ports, "var": folder, "feeds": folder / "feeds.toml", "exercise": "off", **fields}
    return Settings(**given)  # type: ignore[arg-type]


@contextlib.contextmanager
def squatting() -> Iterator[int]:
    """A port that another program answers on."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"hi")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


async def test_each_thing_that_is_wrong_has_a_line_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("A_KEY", raising=False)
    (tmp_path / "feeds.toml").write_text(
        '[feeds.a]\non = true\nformat = "own"\ntransport = "push"\nsecret = "A_KEY"\n'
        '[feeds.b]\non = true\nformat = "no-such"\ntransport = "push"\n'
    )

    with squatting() as web, squatting() as gateway, squatting() as intake:
        status = await _examine(chosen(tmp_path, port=web, gateway_port=gateway, intake_port=intake))

    said = capsys.readouterr().out.splitlines()
    wrong = [line.removeprefix("WRONG ") for line in said if line.startswith("WRONG")]
    assert status == 1
    assert [line.partition(" ")[2].partition("=")[0] for line in wrong if line.startswith("ports")] == [
        "WATCHFLOOR_PORT",
        "WATCHFLOOR_GATEWAY_PORT",
        "WATCHFLOOR_INTAKE_PORT",
    ]
    assert any(line.startswith("store at") and "make run" in line for line in wrong)
    assert "feed a: its key is missing: set A_KEY in the environment of ingest" in wrong
    assert any(line.startswith("feed b: ") and "no-such" in line for line in wrong)


async def test_a_house_that_is_well_has_nothing_wrong(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A machine that stands still while it is asked has nothing wrong either.
    monkeypatch.setattr(doctor, "ANSWERS_WITHIN_S", PATIENCE_S)
    monkeypatch.setattr(doctor, "CLOCKS_DIFFER_S", PATIENCE_S)
    house.start()
    house.start("replay")
    ports = {name.lower(): port for name, port in house.ports.items()}

    status = await _examine(chosen(tmp_path, **ports))

    said = capsys.readouterr().out
    assert status == 0, said
    assert all(f"WATCHFLOOR_{name}={port}" in said for name, port in house.ports.items())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()
