"""The take-away page: one file that replays a stretch in any browser, without server and network."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from config.theatre import Theatre
from dashboard.app.atlas import atlas
from dashboard.app.page import ASSETS
from dashboard.exports.asked import Asked, Here
from dashboard.exports.bundle import bundle, safe_script, style
from dashboard.exports.chapters import chapters, told
from dashboard.exports.film import Filmed, film
from dashboard.exports.markup import markup
from dashboard.exports.stretch import Progress
from dashboard.exports.tape import tape
from dashboard.exports.words import Speech
from dashboard.locale.catalogue import catalogue
from dashboard.views.basemap import figure
from dashboard.views.symbols import SYMBOLS
from dashboard.views.takeaway import takeaway

MOST_BYTES = 15_000_000
MOST_CARRIED = 8_000_000
"""Of the packed data; what is left of the file is Plotly and ours."""
_SOURCES = {"background": "background", "borders": "borders", "country_lines": "country_lines"}
MOST_TRACKS = 40_000_000
"""Bytes of all that is said of aircraft, before it is packed: it is packed to an eighth."""
LEAST_TRACKS_MS = 10_000
MOST_TRACKS_MS = 900_000
"""Aircraft that would be shown anew less often than this are left out."""
_LADDER: tuple[tuple[bool, int, int, tuple[str, ...]], ...] = (
    (True, 0, 1, ()),
    (False, 0, 2, ("takeaway.one_time",)),
    (False, 1_000, 6, ("takeaway.one_time",)),
    (False, 5_000, 0, ("takeaway.one_time", "takeaway.coarse")),
    (False, 30_000, 0, ("takeaway.one_time", "takeaway.coarse")),
)
"""What is left out where the file would be too large, step by step: the other time, how near two changes are,
how many times less often aircraft are shown anew (0: never); and the words by which the page says so."""


class TooLargeError(Exception):
    """Not even the coarsest form of it is small enough."""


async def write_takeaway(
    file: Path, asked: Asked, here: Here, theatre: Theatre, about: dict[str, Any], progress: Progress
) -> int:
    """Write the page; its size in bytes.

    Raises TooLargeError, StoreError, ArchiveError or OSError.
    """
    films = {asked.known: await film(asked, here, theatre, lambda share: progress(0.5 * share))}
    other = msgspec.structs.replace(asked, known="now" if asked.known == "then" else "then")
    films[other.known] = await film(other, here, theatre, lambda share: progress(0.5 + 0.3 * share))
    found = await told(asked, here, theatre)
    speech = Speech(theatre, asked.lang)
    carried = {
        **about,
        "title": asked.title,
        "lang": asked.lang,
        "words": catalogue(asked.lang).words,
        "atlas": atlas(theatre, asked.lang),
        "geography": {name: msgspec.Raw(getattr(theatre, f"{name}_geojson")) for name in _SOURCES},
        "figure": figure(theatre.bounds, _SOURCES),
        "symbols": {name: _symbol(name) for name in SYMBOLS},
        "marks": found.plain_marks(),
        "told": found.counts,
        "chapters": [
            {"atMs": int(1_000 * each.at.timestamp()), "title": each.title, "note": each.note}
            for each in chapters(asked, found, speech)
        ],
    }
    packed = _packed(carried, films, asked.known)
    progress(0.95)
    page = _page(asked, here, theatre, speech, packed)
    if len(page) > MOST_BYTES:
        raise TooLargeError
    await asyncio.to_thread(file.write_bytes, page)
    return len(page)


def _packed(carried: dict[str, Any], films: dict[Any, Filmed], known: str) -> str:
    often_ms = tracks_every_ms(films[known])
    for has_both, every_ms, times, left_out in _LADDER:
        tracks_ms = often_ms * times if often_ms is not None and times else None
        if tracks_ms is not None and tracks_ms > MOST_TRACKS_MS:
            tracks_ms = None
        tapes = {
            name: tape(each, every_ms=every_ms, tracks_ms=tracks_ms)
            for name, each in films.items()
            if has_both or name == known
        }
        said = list(left_out)
        if often_ms is not None and tracks_ms is None:
            said.append("takeaway.no_tracks")
        elif tracks_ms is not None and tracks_ms > LEAST_TRACKS_MS:
            said.append("takeaway.less_tracks")
        whole = msgspec.json.encode({**carried, "tapes": tapes, "left_out": said})
        packed = base64.b64encode(gzip.compress(whole, 9, mtime=0))
        if len(packed) <= MOST_CARRIED:
            return packed.decode()
    raise TooLargeError


def tracks_every_ms(filmed: Filmed) -> int | None:
    """How often aircraft can be shown anew within the size that is for them; None where there are none."""
    span_ms = filmed.end_ms - filmed.start_ms
    looks = (filmed.tree(filmed.instant(number / 8)).get("tracks", {}) for number in range(9))
    most = max(len(msgspec.json.encode(tracks)) if tracks else 0 for tracks in looks)
    return max(LEAST_TRACKS_MS, span_ms * most // MOST_TRACKS) if most else None


def _symbol(name: str) -> str:
    drawn = (ASSETS / "symbols" / f"{name}.svg").read_bytes()
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}"


def _page(asked: Asked, here: Here, theatre: Theatre, speech: Speech, packed: str) -> bytes:
    plotly = safe_script(files("plotly").joinpath("package_data/plotly.min.js").read_text("utf-8"))
    script = safe_script(bundle("takeaway.mjs", ASSETS))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(plotly)} {_hash(script)}",
            # Plotly sets styles as it runs.
            "style-src 'unsafe-inline'",
            "img-src data: blob:",
            "worker-src blob:",
            "connect-src blob:",
            "base-uri 'none'",
            "form-action 'none'",
            "object-src 'none'",
        )
    )
    styles = style("screen.css", ASSETS) + style("takeaway.css", ASSETS)
    what = speech.say("mark.replay")
    if here.status == "exercise":
        what = f"{what} · {speech.say('mark.exercise')}"
    title = " · ".join(part for part in (what, asked.title, speech.say("app.name")) if part)
    parts = (
        f'<!DOCTYPE html>\n<html lang="{asked.lang}">\n<head>\n<meta charset="utf-8">\n',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n',
        '<meta name="viewport" content="width=device-width">\n',
        f"<title>{escape(title)}</title>\n<style>{styles}</style>\n</head>\n<body>\n",
        markup(takeaway(theatre, _SOURCES)),
        f"\n<noscript>{escape(speech.say('app.no_script'))}</noscript>\n",
        f'<script id="carried" type="application/octet-stream">{packed}</script>\n',
        f"<script>{plotly}</script>\n",
        f'<script type="module">{script}</script>\n</body>\n</html>\n',
    )
    return "".join(parts).encode()


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
