"""Every feed, end to end: a local source, real bytes, the streams and the picture; and every misfortune."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from redis.asyncio import Redis

from config.feeds import FeedConfig
from ingest import source as source_module
from ingest import supervisor
from ingest.formats import FORMATS
from tests.house import SHARED
from tests.ingest.hosting import Streams, hosting
from tests.misfortunes import TAKEN, Source, each_misfortune

FIXTURES = Path(__file__).parents[1] / "ingest" / "feeds" / "fixtures"
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
EVERY_S = 0.2
ANSWER_S = 0.4
REPORT = (
    "Air Force of Ukraine: overnight Russia launched 84 attack drones and four cruise missiles at Ukraine. "
    "As of 08:00 air defence shot down 61 drones and three missiles."
)

View = dict[str, Any]


class Case(Struct, frozen=True):
    """A feed over HTTP: what is served, and what of it must be in the picture or the streams."""

    body: bytes
    kinds: tuple[str, ...]
    shows: Callable[[View], object]
    real: str = ""
    options: dict[str, Any] = {}


def _aircraft() -> bytes:
    at = NOW.timestamp()
    return (
        f'{{"now": {at}, "messages": 7, "aircraft": [{{"hex": "48d960", "flight": "PLF101  ", '
        '"dbFlags": 1, "lat": 51.2, "lon": 22.6, "seen_pos": 1.0, "seen": 0.2, "alt_baro": 21000, '
        '"gs": 410.0, "track": 84.0}]}'
    ).encode()


def _opensky() -> bytes:
    at = int(NOW.timestamp())
    return (
        f'{{"time": {at}, "states": [["48d961", "PLF102  ", "Poland", {at}, {at}, 23.1, 50.9, 6400.0, false, '
        "210.0, 90.0, 0.0, null, 6500.0, null, false, 0]]}"
    ).encode()


def _rss() -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>https://news.example/</link>'
        "<description>News</description><item><title>Night report</title><guid>https://news.example/1</guid>"
        f"<link>https://news.example/1</link><pubDate>{format_datetime(NOW)}</pubDate>"
        f"<description>{REPORT}</description></item></channel></rss>"
    ).encode()


def _page() -> bytes:
    return (
        "<!doctype html><html lang='en'><head><title>Night report</title>"
        f"<meta property='article:published_time' content='{NOW.isoformat()}'></head><body><article>"
        f"<h1>Night report</h1><p>{REPORT}</p><p>The Air Force says that mobile fire groups, aviation and "
        "electronic warfare units took part in repelling the attack.</p></article></body></html>"
    ).encode()


def _cap() -> bytes:
    sent = NOW.isoformat()
    return (
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>night-1</identifier>'
        f"<sender>alerts@civil.example</sender><sent>{sent}</sent><status>Actual</status>"
        "<msgType>Alert</msgType><scope>Public</scope><info><category>Security</category>"
        "<event>Air raid alert</event><urgency>Immediate</urgency><severity>Extreme</severity>"
        f"<certainty>Observed</certainty><onset>{sent}</onset><area><areaDesc>Lviv oblast</areaDesc>"
        "<geocode><valueName>ISO 3166-2</valueName><value>UA-46</value></geocode></area></info></alert>"
    ).encode()


def _cot() -> bytes:
    at, stale = NOW.strftime("%Y-%m-%dT%H:%M:%SZ"), NOW + dt.timedelta(minutes=5)
    return (
        f'<event version="2.0" uid="patrol-7" type="a-f-A-M-F" how="m-g" time="{at}" start="{at}" '
        f'stale="{stale:%Y-%m-%dT%H:%M:%SZ}"><point lat="50.9" lon="23.4" hae="6400" ce="50" le="50"/>'
        '<detail><contact callsign="PATROL 7"/><track course="90" speed="210"/></detail></event>'
    ).encode()


def _notam() -> bytes:
    start, end = NOW - dt.timedelta(hours=1), NOW + dt.timedelta(hours=5)
    return (
        f"A4471/26 NOTAMN\nQ) EPWW/QFALC/IV/NBO/A/000/999/5107N02144E005\nA) EPLB B) {start:%y%m%d%H%M} "
        f"C) {end:%y%m%d%H%M}\nE) AD CLSD DUE TO UNPLANNED MILITARY ACTIVITY"
    ).encode()


def _rso() -> bytes:
    at = NOW.astimezone(dt.timezone(dt.timedelta(hours=1)))
    return (
        '<?xml version="1.0" encoding="utf-8"?><newses><news><id>501</id><title>Alert RCB</title>'
        "<shortcut>UWAGA! Atak z powietrza na Ukrainę.</shortcut>"
        "<content>UWAGA! Rosyjski atak z powietrza na Ukrainę. W polskiej przestrzeni operuje polskie "
        f"lotnictwo.</content><valid_from>{at:%Y-%m-%d %H:%M:%S}</valid_from>"
        f"<valid_to>{at:%Y-%m-%d} 23:59:00</valid_to><created_at>{at:%Y-%m-%d %H:%M:%S}</created_at>"
        f"<updated_at>{at:%Y-%m-%d %H:%M:%S}</updated_at>"
        '<provinces><province id="3" slug="lubelskie" city="">Lubelskie</province></provinces>'
        "</news></newses>"
    ).encode()


def _channel() -> bytes:
    at = NOW.isoformat()
    return (
        '{"name": "channel", "type": "public_channel", "id": 1, "messages": [{"id": 9, "type": "message", '
        f'"date": "{at[:19]}", "date_unixtime": "{int(NOW.timestamp())}", "text": "{REPORT}"}}]}}'
    ).encode()


def _own() -> bytes:
    return (
        '{"kind": "alert", "id": "siren-7", "region": "UA-46", "alert_type": "air_raid", '
        f'"valid_from": "{NOW.isoformat()}"}}'
    ).encode()


CASES = {
    "aircraft": Case(
        _aircraft(), ("tracks",), lambda view: True, "feeds/aircraft/aircraft_sample_adsbcot.json"
    ),
    "alerts-in-ua": Case(
        (FIXTURES / "alerts_in_ua.json").read_bytes(),
        ("alert",),
        lambda view: view["alerts"],
        "feeds/alerts_in_ua/active_2024-05-06_real.json",
    ),
    "alerts-in-ua-history": Case(
        (FIXTURES / "alerts_in_ua_history.json").read_bytes(),
        ("alert",),
        lambda view: True,
        "feeds/alerts_in_ua/history_fixture_fyennyi.json",
    ),
    "alerts-in-ua-iot": Case(b'"ANNNNNNNNNNNANNNNNNNNNNNNNN"', ("alert",), lambda view: view["alerts"]),
    "cap": Case(
        _cap(), ("alert",), lambda view: view["alerts"], "feeds/cap/cap12_security_oasis_example.xml"
    ),
    "cot": Case(_cot(), ("tracks",), lambda view: True, "feeds/cot/taky_atak_position.xml"),
    "news-feed": Case(_rss(), ("raid_report",), lambda view: view["claims"]),
    "news-page": Case(_page(), ("raid_report",), lambda view: view["claims"]),
    "notam": Case(
        _notam(), ("restriction",), lambda view: view["restrictions"], "feeds/notam/pynotam_501390.txt"
    ),
    "opensky": Case(_opensky(), ("tracks",), lambda view: True, "feeds/opensky/states_all_real_vector.json"),
    "own": Case(_own(), ("alert",), lambda view: view["alerts"]),
    "rso": Case(
        _rso(), ("alert",), lambda view: view["alerts"], "feeds/rso_pl/rso_ogolne_2026-09-16_excerpt.xml"
    ),
    "telegram": Case(_channel(), ("raid_report",), lambda view: view["claims"]),
    "text": Case(REPORT.encode(), ("raid_report",), lambda view: view["claims"]),
    "ukrainealarm": Case(
        (FIXTURES / "ukrainealarm.json").read_bytes(),
        ("alert",),
        lambda view: view["alerts"],
        "feeds/ukrainealarm/alerts_2026-09-24.json",
    ),
}
EVERYWHERE = {"everywhere": True}
"""The real positions are over other continents."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_WAIT_S", 0.1)
    monkeypatch.setattr(supervisor, "LONGEST_WAIT_S", 0.5)
    monkeypatch.setattr(source_module, "LEFT_ALONE_S", 0.5)


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[Source]:
    async with Source(tls=True, folder=tmp_path) as source:
        yield source


def feed_of(source: Source, name: str, **fields: Any) -> FeedConfig:
    known = {"name": name, "format": name, "every_s": EVERY_S, "answer_s": ANSWER_S, "max_bytes": 1_000_000}
    return source.feed(f"/{name}", **{**known, "reliability": "B", **fields})


def kinds(streams: Streams) -> set[str]:
    return {type(event).__struct_config__.tag for event in streams.events}  # type: ignore[misc]


def test_no_format_is_left_out() -> None:
    assert set(CASES) == set(FORMATS)


@pytest.mark.parametrize("name", CASES)
async def test_what_a_source_serves_reaches_the_picture(
    redis_client: Redis, source: Source, name: str
) -> None:
    case = CASES[name]
    source.serve(f"/{name}", case.body)
    streams = Streams(redis_client)

    async with hosting(redis_client, [feed_of(source, name, options=case.options)]):
        await streams.until(lambda: (health := streams.health(name)) and health.state == "fresh")

    assert kinds(streams) >= set(case.kinds)
    assert case.shows(streams.picture.view())
    assert all(event.feed == name and event.id.startswith(name) for event in streams.events)
    assert not await streams.quarantined()


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.real])
async def test_real_bytes_are_events(redis_client: Redis, source: Source, name: str) -> None:
    path = SHARED / "data" / CASES[name].real
    if not path.is_file():
        pytest.skip(f"the shared samples are not beside this checkout: {CASES[name].real}")
    source.serve(f"/{name}", path.read_bytes())
    streams = Streams(redis_client)

    async with hosting(redis_client, [feed_of(source, name, options=EVERYWHERE)]):
        await streams.until(lambda: streams.events)

    assert not await streams.quarantined()


# asyncio's own server forgets a connection whose TLS handshake a misfortune cut short.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@each_misfortune
async def test_a_misfortune_loses_nothing_makes_nothing_up_and_is_told(
    redis_client: Redis, tmp_path: Path, misfortune: str
) -> None:
    """All feeds at once, on one host, all struck and all well again: each is judged alone."""
    streams = Streams(redis_client)
    async with contextlib.AsyncExitStack() as stack:
        sources = {}
        for name, case in CASES.items():
            (tmp_path / name).mkdir()
            struck = await stack.enter_async_context(Source(tls=True, folder=tmp_path / name))
            struck.serve(f"/{name}", case.body)
            sources[name] = struck
        await asyncio.gather(*(struck.befall(misfortune) for struck in sources.values()))
        feeds = [feed_of(struck, name) for name, struck in sources.items()]
        await stack.enter_async_context(hosting(redis_client, feeds))

        def is_told(name: str) -> bool:
            health = streams.health(name)
            if health is None:
                return False
            return health.state == "dead" and bool(health.detail)

        def is_read(name: str) -> bool:
            health = streams.health(name)
            return health is not None and health.state in ("fresh", "quiet")

        # A page of HTML is a text like another, and XML says in which encoding it is: these may be read.
        await streams.until(
            lambda: all(is_told(name) or (misfortune in TAKEN and is_read(name)) for name in CASES)
        )
        assert all(struck.trespasses == 0 for struck in sources.values())
        refused = {row[b"feed"].decode() for row in await streams.quarantined()}
        if misfortune in TAKEN:
            assert refused == {name for name in CASES if is_told(name)}
            assert len(refused) > len(CASES) / 2
        else:
            assert not refused
            assert not streams.events

        await asyncio.gather(*(struck.recover() for struck in sources.values()))

        def is_back(name: str) -> bool:
            health = streams.health(name)
            return health is not None and health.state in ("fresh", "quiet") and health.spoke_at is not None

        await streams.until(lambda: all(is_back(name) for name in CASES))

    for name, case in CASES.items():
        made = [event for event in streams.events if event.feed == name]
        assert {type(event).__struct_config__.tag for event in made} >= set(case.kinds), name
        # Once each: nothing was doubled, and nothing that was misread had to be taken back.
        assert len({event.id for event in made}) == len(made), name
