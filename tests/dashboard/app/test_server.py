"""What the web process answers."""

from __future__ import annotations

import gzip
import json
import re
from http.client import HTTPConnection, HTTPResponse

import pytest

from config.theatre import load_theatre
from tests.promises import PATIENCE_S

Address = tuple[str, int]
Answer = tuple[HTTPResponse, bytes]


def get(address: Address, path: str, *, method: str = "GET", **headers: str) -> Answer:
    connection = HTTPConnection(*address, timeout=PATIENCE_S)
    connection.request(
        method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_the_start_leads_to_the_wall(address: Address) -> None:
    answer, _ = get(address, "/")
    assert (answer.status, answer.getheader("location")) == (307, "/wall")


def test_the_first_page_that_is_asked_for_is_whole(address: Address) -> None:
    answer, body = get(address, "/wall?scale=2")
    page = body.decode()
    assert answer.status == 200
    assert re.search(r'<link rel="stylesheet" href="/assets/[0-9a-f]{16}/screen.css">', page)
    assert re.search(r'<script type="module" src="/assets/[0-9a-f]{16}/wall.mjs">', page)
    assert answer.getheader("cache-control") == "no-store"


def test_the_page_names_no_other_host_to_load_from(address: Address) -> None:
    _, body = get(address, "/wall")
    assert re.findall(r'(?:src|href)="(?!/)[^"]*"', body.decode()) == []


def test_dash_opens_no_socket_of_its_own(address: Address) -> None:
    _, body = get(address, "/wall")
    found = re.search(r'<script id="_dash-config"[^>]*>(.*?)</script>', body.decode())
    assert found
    assert "websocket" not in json.loads(found[1])


def test_it_is_healthy_and_says_of_which_theatre(address: Address) -> None:
    _, body = get(address, "/healthz")
    health = json.loads(body)
    assert (health["status"], health["theatre"]) == ("ok", "eastern-flank")
    # By this a wall that stands for months knows that the server has newer scripts.
    assert f'src="{health["assets"]}/wall.mjs"' in get(address, "/wall")[1].decode()


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/docs",
        "/openapi.json",
        "/theatre/eastern-flank/theatre.toml",
        "/theatre/other/borders.geojson",
        "/assets/0000000000000000/wall.css",
    ],
)
def test_what_is_not_there_is_not_found(address: Address, path: str) -> None:
    assert get(address, path)[0].status == 404


def test_every_asset_of_the_page_is_there_and_kept_for_good(address: Address) -> None:
    _, body = get(address, "/wall")
    paths = set(re.findall(r'"(/assets/[^"]+)"', body.decode())) - {""}
    files = {path for path in paths if "." in path.rsplit("/", 1)[1]}
    assert len(files) > 20
    for path in files:
        answer, _ = get(address, path)
        assert answer.status == 200, path
        assert "immutable" in (answer.getheader("cache-control") or "")


def test_the_borders_come_compressed_and_only_once(address: Address) -> None:
    path = "/theatre/eastern-flank/borders.geojson"
    plain, body = get(address, path)
    assert body == load_theatre("eastern-flank").borders_geojson
    assert plain.getheader("cache-control") == "no-cache"
    packed, less = get(address, path, Accept_Encoding="gzip, br")
    assert packed.getheader("content-encoding") == "gzip"
    assert gzip.decompress(less) == body
    assert len(less) < len(body) / 2
    etag = plain.getheader("etag") or ""
    again, nothing = get(address, path, If_None_Match=f'"other", W/{etag}')
    assert (again.status, nothing) == (304, b"")
    version = etag.strip('"')
    assert "immutable" in (get(address, f"{path}?v={version}")[0].getheader("cache-control") or "")
    assert get(address, f"{path}?v=older")[0].getheader("cache-control") == "no-cache"


def test_the_atlas_speaks_every_language_of_the_theatre(address: Address) -> None:
    names = []
    for lang in ("en", "fr", "pl", "uk"):
        _, body = get(address, f"/theatre/eastern-flank/atlas.{lang}.json")
        names.append(json.loads(body)["countries"]["PL"]["name"])
    assert names == ["Poland", "Pologne", "Polska", "Польща"]


def test_every_answer_carries_the_headers_that_keep_a_browser_safe(address: Address) -> None:
    for path in ("/", "/wall", "/healthz", "/nowhere", "/_dash-layout"):
        answer, _ = get(address, path)
        policy = answer.getheader("content-security-policy") or ""
        assert "default-src 'none'" in policy
        assert "worker-src blob:" in policy
        assert "ws://127.0.0.1:4444 wss://127.0.0.1:4444" in policy
        assert "unsafe-eval" not in policy
        assert re.search(r"script-src 'self' 'sha256-[^']+'(;|$)", policy)
        assert answer.getheader("x-content-type-options") == "nosniff"
        assert answer.getheader("referrer-policy") == "same-origin"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "", "a b", "localhost:1:2"])
def test_a_name_that_is_not_this_servers_is_refused(address: Address, host: str) -> None:
    assert get(address, "/wall", Host=host)[0].status in (400, 421)


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:8050", "LOCALHOST", "watch.example"])
def test_its_own_names_are_answered(address: Address, host: str) -> None:
    answer, _ = get(address, "/healthz", Host=host)
    assert answer.status == 200
    name = host.rsplit(":", 1)[0] if host.startswith("[") else host.split(":")[0]
    assert f"ws://{name}:4444" in (answer.getheader("content-security-policy") or "")


def test_the_health_answer_has_no_other_method(address: Address) -> None:
    origin = f"http://127.0.0.1:{address[1]}"
    assert get(address, "/healthz", method="POST", Origin=origin)[0].status == 405
