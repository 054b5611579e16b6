"""How a report agrees with the claim that it is a witness of, figure by figure.

"nearly 480" supports 479 and so does "over 450", as a lower bound. 479 and 480, both stated as such, differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Literal, cast

from dashboard.picture.counts import allows, exact, words
from dashboard.picture.held import Held
from dashboard.picture.night import credible
from streams.events import Count, Quantities, RaidReport

OUTCOMES = (
    "launched",
    "shot_down",
    "suppressed",
    "neutralised",
    "not_reached",
    "hits",
    "left_airspace",
    "still_airborne",
)
PLACES = ("impact_places", "debris_places")
CLASSES = ("uav", "missile", "total")
LEAST_TELLING = 10
"""Figures below it are often equal by chance."""

Agreement = Literal["states", "supports", "earlier", "part", "differs"]


def figures(report: RaidReport) -> Iterator[tuple[str, Count]]:
    """Every figure of a report by its dotted path."""
    for outcome in OUTCOMES:
        quantities: Quantities | None = getattr(report, outcome)
        if quantities is None:
            continue
        for name in CLASSES:
            if (count := getattr(quantities, name)) is not None:
                yield f"{outcome}.{name}", count
        for weapon, count in quantities.types.items():
            yield f"{outcome}.types.{weapon}", count
    for place in PLACES:
        if (count := getattr(report, place)) is not None:
            yield place, count


def agrees(stated: Count, shown: Count) -> bool:
    """Whether both can be true of one figure."""
    number, other = exact(shown), exact(stated)
    if number is not None:
        return allows(stated, number)
    return other is None or allows(shown, other)


def fits(report: RaidReport, shown: Mapping[str, Count]) -> bool:
    """Whether a report that names no claimant relays a claim: nothing in it differs, and something tells."""
    is_telling = False
    for path, count in figures(report):
        other = shown.get(path)
        if other is None:
            continue
        if not agrees(count, other):
            return False
        number = count.value if exact(other) is not None else None
        is_telling = is_telling or (number is not None and number >= LEAST_TELLING)
    return is_telling


def agreement(
    held: Held, shown: Mapping[str, Count], as_of: dt.datetime | None, *, is_part: bool
) -> Agreement:
    """What a witness does for the figures that the claim shows.

    as_of: of the claim. is_part: the report is about a part of the claim's window.
    """
    report = cast(RaidReport, held.event)
    result: Agreement = "supports"
    for path, count in figures(report):
        other = shown.get(path)
        if other is None:
            continue
        if not agrees(count, other):
            stated = credible(report.as_of)
            is_earlier = report.ongoing or (as_of is not None and stated is not None and stated < as_of)
            return "earlier" if is_earlier else "part" if is_part else "differs"
        if exact(count) is not None:
            result = "states"
    return result


def variants(witnesses: list[Held], shown: Mapping[str, Count]) -> dict[str, dict[str, tuple[str, ...]]]:
    """The figures that somebody states otherwise: path, then the figure in words, then who states it."""
    found: dict[str, dict[str, list[str]]] = {}
    for held in witnesses:
        for path, count in figures(cast(RaidReport, held.event)):
            if path in shown and not agrees(count, shown[path]):
                found.setdefault(path, {}).setdefault(words(count), []).append(held.event.id)
    return {
        path: {figure: tuple(sorted(ids)) for figure, ids in sorted(by_figure.items())}
        for path, by_figure in sorted(found.items())
    }
