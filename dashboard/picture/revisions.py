"""Revisions: what a claim said when, from the first interim figures to the last correction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal, cast

from dashboard.picture.agreement import agrees, figures
from dashboard.picture.counts import exact
from dashboard.picture.held import Held
from dashboard.picture.night import credible
from dashboard.picture.shape import Revision
from streams.events import Count, RaidReport

MOST_SHOWN = 24


def revisions(said: Iterable[Held]) -> dict[str, Revision]:
    """Every statement that brought something new, by a key that sorts by when it was made.

    said: all that witnesses said, their earlier revisions too. A relay of what was known is no revision, and
    another feed that contradicts a final report corrects nothing.
    """
    ordered = sorted(said, key=lambda held: (stated_at(held), held.event.id, held.revision))
    known: dict[str, Count] = {}
    final_by: dict[str, str] = {}
    found: dict[str, Revision] = {}
    for held in ordered:
        report = cast(RaidReport, held.event)
        stated = dict(figures(report))
        new = {path: count for path, count in stated.items() if _is_news(count, known.get(path))}
        # Another feed that differs from what is final relays something else; it does not correct it.
        new = {
            path: count
            for path, count in new.items()
            if path not in final_by
            or agrees(count, known[path])
            or (not report.ongoing and final_by[path] == report.feed)
        }
        if not new:
            continue
        is_corrected = any(path in final_by and not agrees(new[path], known[path]) for path in new)
        state: Literal["interim", "final", "corrected"] = "interim" if report.ongoing else "final"
        if is_corrected:
            state = "corrected"
        known |= new
        if state != "interim":
            final_by |= dict.fromkeys(new, report.feed)
        at = stated_at(held)
        found[f"{int(at.timestamp()):012d}|{report.id}|{report.revision}"] = Revision(
            at=at,
            state=state,
            event=report.id,
            revision=report.revision,
            feed=report.feed,
            received_at=held.received_at,
            figures=new,
        )
    return dict(list(found.items())[-MOST_SHOWN:])


def stated_at(held: Held) -> dt.datetime:
    """When the figures were so, by their source."""
    return credible(cast(RaidReport, held.event).as_of) or held.said_at


def _is_news(count: Count, known: Count | None) -> bool:
    if known is None:
        return True
    return not agrees(count, known) or (exact(count) is not None and exact(known) is None)
