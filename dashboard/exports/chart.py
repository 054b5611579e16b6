"""Pictures of the map and of the night's time, drawn for paper: by form, and not by colour alone."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import msgspec
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke

from config.theatre import Theatre
from dashboard.exports.facts import Tree, instant, marks, zulu
from dashboard.exports.words import Speech

FONT = "DejaVu Sans"
"""Comes with matplotlib, and has every letter of our languages."""
DPI = 160
SEA, LAND, AROUND, LINE, COUNTRY, INK, QUIET = (
    "#dfe8ee", "#f7f5ef", "#efede6", "#c9c5b8", "#7b7a72", "#15212d", "#5a6670"
)  # fmt: skip
RED, AMBER, OTHER, THREAT, JETS, HIT, CLOSED = (
    "#e2737c", "#f3cf7c", "#eaa678", "#b3141f", "#0b62a8", "#8a5a00", "#a07a00"
)  # fmt: skip
_FILLS = {"red": RED, "plain": RED, "yellow": AMBER, "other": OTHER}
_LABELLED = 16
_HALO = [withStroke(linewidth=2.2, foreground="white")]
_LOCKED_RC: Any = {"font.family": FONT, "hatch.linewidth": 0.7, "text.parse_math": False}


def font_file(bold: bool = False) -> Path:
    """The file of the font, for whoever sets text elsewhere."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / name


def draw_map(
    theatre: Theatre, tree: Tree, speech: Speech, at: dt.datetime, size: tuple[float, float] = (8.2, 5.7)
) -> bytes:
    """The picture on the map, as PNG. at: the instant that it shows. size: in inches."""
    with mpl.rc_context(_LOCKED_RC):
        figure = Figure(figsize=size, dpi=DPI)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_facecolor(SEA)
        axes.set_axis_off()
        figure.patch.set_facecolor(SEA)
        _frame(axes, theatre, size)
        regions = _regions(tree, theatre)
        kinds = _land(axes, theatre, regions)
        kinds |= _things(axes, theatre, tree, at)
        _names(axes, theatre, regions, speech)
        _legend(axes, kinds, speech)
        return _png(figure)


def draw_time(tree: Tree, speech: Speech, size: tuple[float, float] = (8.2, 1.25)) -> bytes:
    """The night on one axis, as PNG: alerts that began above the line, threats below, and what mattered."""
    with mpl.rc_context(_LOCKED_RC):
        figure = Figure(figsize=size, dpi=DPI)
        FigureCanvasAgg(figure)
        figure.patch.set_facecolor("white")
        axes = figure.add_axes((0.01, 0.17, 0.98, 0.6))
        for side in ("left", "right", "top"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(LINE)
        axes.set_yticks([])
        bins = sorted(
            (at, each)
            for key, each in tree.get("strip", {}).get("bins", {}).items()
            if (at := instant(key)) is not None
        )
        told = list(marks(tree))
        if not bins and not told:
            axes.text(0.5, 0.5, speech.say("strip.empty"), transform=axes.transAxes, ha="center", color=QUIET)
            axes.set_xticks([])
            return _png(figure)
        first = min([at for at, _ in bins] + [at for at, _ in told])
        last = max([at for at, _ in bins] + [at for at, _ in told]) + dt.timedelta(minutes=20)
        width = 10 / 60

        def x(instant_: dt.datetime) -> float:
            return (instant_ - first).total_seconds() / 3_600

        for sign, name, colour in ((1, "alerts", RED), (-1, "threats", HIT)):
            most = max([each.get(name, 0) for _, each in bins] + [4])
            heights = [sign * math.sqrt(each.get(name, 0) / most) for _, each in bins]
            axes.bar([x(at) for at, _ in bins], heights, width * 0.85, align="edge", color=colour)
        axes.axhline(0, color=QUIET, linewidth=0.6)
        axes.set_xlim(-0.1, x(last))
        axes.set_ylim(-1.1, 1.15)
        hour = first.replace(minute=0, second=0, microsecond=0)
        hours = [hour + dt.timedelta(hours=n) for n in range(math.ceil(x(last)) + 1)]
        step = max(1, len(hours) // 14)
        ticks = [each for each in hours if each.hour % step == 0 and 0 <= x(each) <= x(last)]
        axes.set_xticks(
            [x(each) for each in ticks], [f"{each:%H}Z" for each in ticks], fontsize=6.5, color=QUIET
        )
        axes.tick_params(length=2, color=LINE, pad=1)
        free = -1.0
        for at, mark in told:
            label = _mark(mark, speech)
            if not label:
                continue
            axes.axvline(x(at), color=JETS if mark["kind"].startswith("scramble") else INK, linewidth=0.8)
            wide = x(last) * len(label) * 0.0056
            left = min(x(at), x(last) - wide)
            if left >= free:
                axes.text(left, 1.2, label, fontsize=6.2, color=INK, va="bottom", clip_on=False)
                free = left + wide + 0.05
        return _png(figure)


def _mark(mark: Mapping[str, Any], speech: Speech) -> str:
    kind, subject = str(mark["kind"]), str(mark.get("subject", ""))
    at = zulu(mark["at"])
    if kind.startswith("scramble"):
        key = "mark.stand_down" if kind.endswith("end") else "mark.scramble"
        return speech.say(key, subject=subject, at=at)
    if kind == "raid_report":
        launched = mark.get("detail", {}).get("launched.uav", "")
        return speech.say("mark.report", n=launched, at=at) if launched else ""
    return ""


class _Region(msgspec.Struct):
    kind: str
    is_whole: bool
    is_calculated: bool


class _Feature(msgspec.Struct):
    geometry: dict[str, Any]
    id: str = ""


class _Collection(msgspec.Struct):
    features: list[_Feature]


@lru_cache(maxsize=4)
def _outlines(geojson: bytes) -> tuple[tuple[str, Outline], ...]:
    """Each feature's id and outline, in Mercator's degrees."""
    found = []
    for feature in msgspec.json.decode(geojson, type=_Collection).features:
        rings = list(_rings(feature.geometry))
        if rings:
            points = [_mercator(lon, lat) for ring in rings for lon, lat, *_ in ring]
            codes = [code for ring in rings for code in (Outline.MOVETO, *[Outline.LINETO] * (len(ring) - 1))]
            found.append((feature.id, Outline(points, codes)))
    return tuple(found)


def _rings(geometry: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    shape, coordinates = geometry["type"], geometry["coordinates"]
    if shape == "LineString":
        yield coordinates
    elif shape in ("Polygon", "MultiLineString"):
        yield from coordinates
    elif shape == "MultiPolygon":
        for polygon in coordinates:
            yield from polygon


def _mercator(lon: float, lat: float) -> tuple[float, float]:
    return lon, math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))


def _frame(axes: Any, theatre: Theatre, size: tuple[float, float]) -> None:
    west, south = _mercator(theatre.bounds.west, theatre.bounds.south)
    east, north = _mercator(theatre.bounds.east, theatre.bounds.north)
    wide, high = east - west, north - south
    share = size[0] / size[1]
    if wide / high < share:
        more = (high * share - wide) / 2
        west, east = west - more, east + more
    else:
        more = (wide / share - high) / 2
        south, north = south - more, north + more
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)


def _regions(tree: Tree, theatre: Theatre) -> dict[str, _Region]:
    """What each drawn region is painted as; the worst of what is in it."""
    drawn = {key for key, _ in _outlines(theatre.borders_geojson)}
    ranks = ("permanent", "yellow", "other", "plain", "red")
    found: dict[str, _Region] = {}
    for alert in tree.get("alerts", {}).values():
        key, is_whole = str(alert["region"]), True
        if key not in drawn:
            try:
                key, is_whole = next(each for each in theatre.ancestors(key) if each in drawn), False
            except (KeyError, StopIteration):
                continue
        kind = "permanent" if alert.get("permanent") else alert.get("level") or "plain"
        if alert["alert_type"] != "air_raid" and kind != "permanent":
            kind = "other"
        before = found.get(key)
        region = _Region(kind, is_whole, bool(alert.get("calculated")))
        if before is None or (ranks.index(kind), is_whole) > (ranks.index(before.kind), before.is_whole):
            found[key] = region
    return found


def _land(axes: Any, theatre: Theatre, regions: Mapping[str, _Region]) -> set[str]:
    kinds: set[str] = set()
    for _, outline in _outlines(theatre.background_geojson):
        axes.add_artist(PathPatch(outline, facecolor=AROUND, edgecolor="none", zorder=1))
    for key, outline in _outlines(theatre.borders_geojson):
        axes.add_artist(PathPatch(outline, facecolor=LAND, edgecolor=LINE, linewidth=0.4, zorder=2))
        region = regions.get(key)
        if region is None:
            continue
        look = _look(region)
        kinds.add(look)
        axes.add_artist(PathPatch(outline, zorder=3, **_STYLES[look]))
    for _, outline in _outlines(theatre.country_lines_geojson):
        axes.add_artist(PathPatch(outline, facecolor="none", edgecolor=COUNTRY, linewidth=0.9, zorder=4))
    return kinds


def _look(region: _Region) -> str:
    if region.kind == "permanent":
        return "permanent"
    if region.is_calculated:
        return "calculated"
    if region.kind in ("yellow", "other"):
        return region.kind
    return "red" if region.is_whole else "part"


_STYLES: dict[str, dict[str, Any]] = {
    "red": {"facecolor": RED, "edgecolor": THREAT, "linewidth": 0.9},
    "part": {"facecolor": "#f6d3d6", "edgecolor": THREAT, "linewidth": 0.6, "hatch": "\\\\\\\\"},
    "calculated": {"facecolor": "#f6dfe0", "edgecolor": THREAT, "linewidth": 0.9, "linestyle": ":"},
    "yellow": {
        "facecolor": AMBER,
        "edgecolor": "#8a6200",
        "linewidth": 0.9,
        "linestyle": "--",
        "hatch": "..",
    },
    "other": {"facecolor": OTHER, "edgecolor": "#8a4a16", "linewidth": 0.9, "hatch": "--"},
    "permanent": {"facecolor": "none", "edgecolor": "#a4525c", "linewidth": 0.6, "hatch": "////"},
}


def _things(axes: Any, theatre: Theatre, tree: Tree, at: dt.datetime) -> set[str]:
    kinds: set[str] = set()
    for track in tree.get("tracks", {}).values():
        kinds.add("track")
        axes.plot(*_mercator(track[0], track[1]), ".", color="#47566a", markersize=2.2, zorder=6)
    for threat in tree.get("threats", {}).values():
        kinds.add(_threat(axes, theatre, threat))
    for strike in tree.get("strikes", {}).values():
        if (point := strike.get("position")) is not None:
            kinds.add("strike")
            x, y = _mercator(point["lon"], point["lat"])
            axes.plot(x, y, "*", color=HIT, markersize=9, markeredgecolor="white", zorder=8)
    for closed in tree.get("restrictions", {}).values():
        base = theatre.bases.get(closed["subject"])
        point = closed.get("centre") or ({"lon": base.lon, "lat": base.lat} if base is not None else None)
        if point is not None:
            kinds.add("closed")
            x, y = _mercator(point["lon"], point["lat"])
            axes.plot(x, y, "s", color=CLOSED, markersize=5, markeredgecolor="white", zorder=7)
    for scramble in tree.get("scrambles", {}).values():
        country = theatre.countries.get(scramble["country"])
        if country is None:
            continue
        kinds.add("scramble")
        x, y = _mercator(country.lon, country.lat)
        is_up = scramble["state"] == "start"
        face = JETS if is_up else "white"
        axes.plot(x, y, "^", color=face, markeredgecolor=JETS, markersize=12, zorder=9)
        label = scramble["country"]
        since = instant(scramble.get("since"))
        if is_up and since is not None:
            minutes = max(0, int((at - since).total_seconds() // 60))
            label = f"{label} {minutes // 60}:{minutes % 60:02}"
        _text(axes, x, y, label, dy=9, colour=JETS, size=8, weight="bold")
    return kinds - {""}


def _threat(axes: Any, theatre: Theatre, threat: Mapping[str, Any]) -> str:
    if threat["state"] == "ended":
        return ""
    faint = 0.35 if threat.get("stale") or threat["state"] == "lost" else 1.0
    count = (threat.get("count") or {}).get("value")
    point = threat.get("position")
    if point is None:
        place = next((key for key in threat.get("regions", ()) if key in theatre.regions), None)
        if place is None:
            return ""
        x, y = _mercator(theatre.regions[place].lon, theatre.regions[place].lat)
        style = {"markerfacecolor": "none", "markeredgecolor": THREAT, "markersize": 8, "alpha": faint}
        axes.plot(x, y, "o", zorder=8, **style)
        return "approximate"
    x, y = _mercator(point["lon"], point["lat"])
    path = [_mercator(each["lon"], each["lat"]) for each in threat.get("path", ())]
    if len(path) > 1:
        axes.plot(*zip(*path, strict=True), "-", color=THREAT, linewidth=0.7, alpha=0.6 * faint, zorder=7)
    course = threat.get("course_deg")
    if course is not None:
        turn = math.radians(course)
        tip = (x + 1.0 * math.sin(turn), y + 1.0 * math.cos(turn))
        arrow = {"arrowstyle": "-|>", "color": THREAT, "linewidth": 0.9, "alpha": faint, "linestyle": "--"}
        axes.annotate("", tip, (x, y), arrowprops=arrow, zorder=7)
    axes.plot(x, y, "p", color=THREAT, markersize=8, markeredgecolor="white", alpha=faint, zorder=8)
    if count is not None and faint == 1.0:
        _text(axes, x, y, f"×{count}", dx=6, colour=THREAT, size=7, weight="bold")
    return "threat"


def _names(axes: Any, theatre: Theatre, regions: Mapping[str, _Region], speech: Speech) -> None:
    told = [key for key, region in regions.items() if region.kind != "permanent"]
    busy = {key[:2] for key in told}
    for country in theatre.countries.values():
        if country.key in busy:
            continue
        x, y = _mercator(country.lon, country.lat)
        _text(axes, x, y, country.names[speech.lang].upper(), dy=-9, colour=QUIET, size=7.5, weight="bold")
    for key in told[:_LABELLED]:
        region = theatre.regions.get(key)
        if region is not None:
            x, y = _mercator(region.lon, region.lat)
            _text(axes, x, y, speech.region(key), colour=INK, size=6.2)


def _text(
    axes: Any,
    x: float,
    y: float,
    text: str,
    *,
    dx: float = 0,
    dy: float = 0,
    colour: str,
    size: float,
    weight: str = "normal",
) -> None:
    axes.annotate(
        text,
        (x, y),
        (dx, dy),
        textcoords="offset points",
        color=colour,
        fontsize=size,
        fontweight=weight,
        ha="left" if dx else "center",
        va="center",
        path_effects=_HALO,
        zorder=10,
        annotation_clip=True,
    )


def _legend(axes: Any, kinds: set[str], speech: Speech) -> None:
    handles: list[Any] = []
    for kind, style in _STYLES.items():
        if kind in kinds:
            handles.append(Patch(label=speech.say(f"legend.{kind}"), **style))
    signs: dict[str, dict[str, Any]] = {
        "threat": {"marker": "p", "color": THREAT},
        "approximate": {"marker": "o", "markerfacecolor": "none", "markeredgecolor": THREAT},
        "scramble": {"marker": "^", "color": JETS},
        "closed": {"marker": "s", "color": CLOSED},
        "strike": {"marker": "*", "color": HIT},
        "track": {"marker": ".", "color": "#47566a"},
    }
    for kind, style in signs.items():
        if kind in kinds:
            handles.append(Line2D([], [], linestyle="", label=speech.say(f"legend.{kind}"), **style))
    if handles:
        legend = axes.legend(
            handles=handles, loc="lower left", fontsize=6.5, framealpha=0.9, borderaxespad=0.6
        )
        legend.set_zorder(20)
        legend.get_frame().set_edgecolor(LINE)


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()
