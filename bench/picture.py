"""How fast the picture takes events in, how large its deltas are, and whether history costs anything.

Run `python -m bench.picture [--quick]`. One synthetic history of nights is played, and looked at after 1,000,
100,000 and 1,000,000 events. The peer is msgspec, decoding the same events from JSON in this run: the ratio
says how many times dearer it is to know what an event changes than to read it. Exit status 1 when that is
over 350, when an event at the end of history takes 1.5 times as long as at its beginning, or when what is
remembered grows by more than the raid reports that records are made of.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import time
from collections.abc import Iterator
from itertools import count, islice
from random import Random

import msgspec
from msgspec import Struct

from config.theatre import Theatre, load_theatre
from dashboard.picture import patch, snapshot
from dashboard.picture.picture import Picture
from dashboard.picture.timeline import Heard, Timeline
from streams.codec import decode, encode
from streams.events import AirRaidAlert, Count, Event, FeedHealth, Quantities, RaidReport, Scramble, Threat

HISTORY = (1_000, 100_000, 1_000_000)
QUICK = (1_000, 10_000, 50_000)
WINDOW = 5_000
"""Events that are measured after each length of history: several nights of them."""
SIRENS = 43_031
"""As many alerts as the official history of two years has."""
MOST_RATIO = 350
MOST_GROWTH = 1.5
MOST_SIRENS_S = 2.0
_BEGINNING = dt.datetime(2022, 3, 15, 15, tzinfo=dt.UTC)
_DAY = dt.timedelta(days=1)


class Look(Struct):
    """What was found after so many events of history."""

    history: int
    apply_us: float
    decode_us: float
    delta_bytes: float
    view_bytes: int
    snapshot_bytes: int
    claims: int
    rss_mb: float

    @property
    def ratio(self) -> float:
        return self.apply_us / self.decode_us


def history(theatre: Theatre, seed: int = 1) -> Iterator[tuple[dt.datetime, Event]]:
    """Nights without end: alerts that begin and end, threats that move, jets, looks at feeds, reports."""
    random = Random(seed)
    regions = [key for key in theatre.alert_regions if not theatre.regions[key].permanent_alert]
    for night in count():
        start = _BEGINNING + night * _DAY
        told = sorted(_night(night, start, regions, random), key=lambda each: each[0])
        yield from told


def _night(
    night: int, start: dt.datetime, regions: list[str], random: Random
) -> Iterator[tuple[dt.datetime, Event]]:
    def hours(low: float, high: float) -> dt.timedelta:
        return dt.timedelta(seconds=int(random.uniform(low, high) * 3_600))

    for i in range(120):
        begun = start + hours(1, 15)
        over = begun + hours(0.2, 3)
        region = random.choice(regions)
        for revision, end in ((1, None), (2, over)):
            yield (
                end or begun,
                AirRaidAlert(
                    id=f"alerts:{night}:{i}",
                    revision=revision,
                    status="actual",
                    feed="alerts",
                    claimant="ua-air-force",
                    region=region,
                    valid_from=begun,
                    valid_to=end,
                ),
            )
    for i in range(40):
        begun = start + hours(1, 14)
        region = random.choice(regions)
        for revision in (1, 2, 3):
            at = begun + dt.timedelta(minutes=20 * (revision - 1))
            yield (
                at,
                Threat(
                    id=f"threats:{night}:{i}",
                    revision=revision,
                    status="actual",
                    feed="channel",
                    threat_type="drones" if i % 4 else "cruise_missiles",
                    state="announced" if revision == 1 else "moving" if revision == 2 else "ended",
                    regions=(region,),
                    valid_from=begun,
                    valid_to=at if revision == 3 else None,
                    published_at=at,
                ),
            )
    for state, at in (("start", start + hours(8, 9)), ("end", start + hours(12, 13))):
        yield (
            at,
            Scramble(
                id=f"jets:{night}:{state}",
                status="actual",
                feed="dorsz",
                country="PL",
                state="start" if state == "start" else "end",
                valid_from=at if state == "start" else None,
                valid_to=at if state == "end" else None,
            ),
        )
    for i in range(120):
        at = start + i * _DAY / 120
        yield (
            at,
            FeedHealth(
                id="health:alerts",
                revision=1 + night * 120 + i,
                status="actual",
                feed="watchfloor",
                subject="alerts",
                state="fresh",
                checked_at=at,
                every_s=720,
            ),
        )
    launched = random.randint(20, 480)
    for i, feed in enumerate(("channel", "paper", "agency")):
        yield (
            start + dt.timedelta(hours=15, minutes=20 * i),
            RaidReport(
                id=f"report:{night}:{feed}",
                status="actual",
                feed=feed,
                claimant="ua-air-force",
                valid_from=start + dt.timedelta(hours=2),
                valid_to=start + dt.timedelta(hours=15),
                launched=Quantities(uav=Count(value=launched)),
                neutralised=Quantities(uav=Count(value=launched * 9 // 10)),
            ),
        )


def looks(theatre: Theatre, lengths: tuple[int, ...]) -> list[Look]:
    """Play one history, and look at each of these lengths."""
    picture = Picture(theatre, "actual")
    events = history(theatre)
    played = 0
    found = []
    for length in lengths:
        for at, event in islice(events, length - played):
            picture.apply(event, at, f"{played:012d}")
            played += 1
        found.append(_look(picture, length, list(islice(events, WINDOW))))
        played += WINDOW
    return found


def _look(picture: Picture, length: int, window: list[tuple[dt.datetime, Event]]) -> Look:
    payloads = [encode(event) for _, event in window]
    started = time.process_time()
    for payload in payloads:
        decode(payload)
    decoded_at = time.process_time()
    deltas = [picture.apply(event, at, f"{number:012d}") for number, (at, event) in enumerate(window, length)]
    applied_at = time.process_time()
    memory = picture.memory()
    return Look(
        history=length,
        apply_us=1e6 * (applied_at - decoded_at) / len(window),
        decode_us=1e6 * (decoded_at - started) / len(window),
        delta_bytes=sum(len(patch.encode(delta)) for delta in deltas) / len(deltas),
        view_bytes=len(patch.encode(picture.view())),
        snapshot_bytes=len(snapshot.encode(memory)),
        claims=sum(isinstance(kept.event, RaidReport) for kept in memory.kept),
        rss_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        / (1_000_000 if sys.platform == "darwin" else 1_000),
    )


def sirens_s(theatre: Theatre, alerts: int = SIRENS) -> tuple[float, float]:
    """Seconds to decode so much imported history, and to tell the picture about one instant of its end."""
    whole = (
        event for _, event in history(theatre, seed=2) if isinstance(event, AirRaidAlert) and event.valid_to
    )
    payloads = [encode(event) for event in islice(whole, alerts)]
    imported_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    started = time.process_time()
    heard = [Heard(decode(payload), imported_at, f"{i:012d}") for i, payload in enumerate(payloads)]
    decoded_at = time.process_time()
    last = msgspec.json.decode(payloads[-1], type=AirRaidAlert)
    Timeline(theatre, "actual", heard).picture(last.valid_to or imported_at)
    return decoded_at - started, time.process_time() - decoded_at


def main() -> int:
    """Measure, print, and judge."""
    theatre = load_theatre()
    lengths = QUICK if "--quick" in sys.argv[1:] else HISTORY
    print(
        "  history   events/s   µs/event   decode µs   ratio   bytes/delta   of the whole   remembered   peak"
    )
    found = looks(theatre, lengths)
    for look in found:
        print(
            f"{look.history:9,d} {1e6 / look.apply_us:10,.0f} {look.apply_us:10.1f} {look.decode_us:11.2f} "
            f"{look.ratio:7.1f} {look.delta_bytes:13,.0f} {look.view_bytes / look.delta_bytes:12,.0f}:1 "
            f"{look.snapshot_bytes / 1_000:9,.0f} kB {look.rss_mb:7,.0f} MB"
        )
    growth = found[-1].ratio / found[0].ratio
    per_claim = (found[-1].snapshot_bytes - found[0].snapshot_bytes) / max(
        1, found[-1].claims - found[0].claims
    )
    decode_s, answer_s = sirens_s(theatre)
    print(f"\nan event after {lengths[-1]:,} takes {growth:.2f} times what it does after {lengths[0]:,}")
    print(f"what is remembered grew by {per_claim:,.0f} bytes for each raid report in history")
    print(f"{SIRENS:,} alerts, one instant: {answer_s:.2f} s, {answer_s / decode_s:.0f} times their decoding")
    is_bad = (
        max(look.ratio for look in found) > MOST_RATIO or growth > MOST_GROWTH or answer_s > MOST_SIRENS_S
    )
    return 1 if is_bad or per_claim > 2_000 else 0


if __name__ == "__main__":
    sys.exit(main())
