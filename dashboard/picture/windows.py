"""Windows: which reports of one claimant and night are about the same stretch of it.

The morning's report, its interim ones and a relay that names the night only are one claim. What came by day,
after the morning's report was closed, is another: the two can be added, and nothing else ever is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from dashboard.picture.held import Held
from dashboard.picture.night import credible

Window = tuple[dt.datetime, dt.datetime]


def window_of(held: Held) -> Window | None:
    """The window that a report states; None where it states none."""
    start, end = credible(held.event.valid_from), credible(held.event.valid_to)
    return (start, end) if start is not None and end is not None and start < end else None


def longest_s(reports: Sequence[Held]) -> float:
    """The length of the longest window that reports state, in seconds; 0 where none states any."""
    windows = (window_of(held) for held in reports)
    return max(((window[1] - window[0]).total_seconds() for window in windows if window), default=0.0)


def is_whole(held: Held, longest: float, share: float) -> bool:
    """Whether a report is about all of a claim whose longest window is so long, and not about a part of it.

    share: of the longest window, what is as good as all of it. What states no window is about all.
    """
    window = window_of(held)
    return window is None or (window[1] - window[0]).total_seconds() >= share * longest


def by_window(reports: Sequence[Held], overlap: float) -> dict[str, list[Held]]:
    """The reports by the window they are about: "" the longest, others by their start, `0800Z`.

    overlap: which part of the shorter window must lie in the longer, 0 to 1, for the two to be one. What
    states no window is about the longest.
    """
    stated: dict[Window, list[Held]] = {}
    unstated = []
    for held in reports:
        window = window_of(held)
        if window is None:
            unstated.append(held)
        else:
            stated.setdefault(window, []).append(held)
    if len(stated) < 2:
        return {"": list(reports)}
    groups: list[set[Window]] = []
    for window in sorted(stated):
        same = [group for group in groups if any(_is_same(window, other, overlap) for other in group)]
        groups = [group for group in groups if group not in same]
        groups.append({window}.union(*same))
    groups.sort(key=lambda group: (min(group)[0] - max(end for _, end in group), min(group)))
    found: dict[str, list[Held]] = {}
    for i, group in enumerate(groups):
        name = "" if i == 0 else f"{min(group)[0]:%H%MZ}"
        members = [held for window in sorted(group) for held in stated[window]]
        found.setdefault(name, []).extend(members)
    found[""] += unstated
    return found


def _is_same(one: Window, other: Window, overlap: float) -> bool:
    common = min(one[1], other[1]) - max(one[0], other[0])
    shorter = min(one[1] - one[0], other[1] - other[0])
    return common > dt.timedelta(0) and common >= overlap * shorter
