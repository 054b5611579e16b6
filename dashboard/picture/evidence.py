"""Evidence: alerts, threats and scrambles as stretches of time, for the rules that link one to another."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from dashboard.picture.region_tree import RegionTree


class Span(NamedTuple):
    """While something was so. end: None while nobody has said that it is over. what: its type."""

    start: dt.datetime
    end: dt.datetime | None
    what: str
    regions: frozenset[str]
    events: tuple[str, ...]


def is_in(span: Span, wanted: frozenset[str], tree: RegionTree) -> bool:
    """Whether a span is about one of the wanted regions, or about a part of one."""
    return any(key in wanted or not wanted.isdisjoint(tree.above(key)) for key in span.regions)
