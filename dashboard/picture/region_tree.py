"""The region tree as alerts need it: what lies above a region, and the region that it counts as."""

from __future__ import annotations

from collections.abc import Iterable

from config.theatre import Theatre

MOST_REMEMBERED = 20_000
"""Regions: more than there are, for keys come from feeds."""


class RegionTree:
    """Answers are remembered: alerts ask the same again and again."""

    def __init__(self, theatre: Theatre) -> None:
        self._theatre = theatre
        self._above: dict[str, tuple[str, ...]] = {}
        self._parts: dict[str, tuple[str, ...]] | None = None

    def above(self, key: str) -> tuple[str, ...]:
        """The keys above a region, nearest first, its country last; none for a key that no theatre knows."""
        above = self._above.get(key)
        if above is None:
            try:
                above = tuple(self._theatre.ancestors(key))
            except KeyError:
                above = ()
            if len(self._above) >= MOST_REMEMBERED:
                self._above.clear()
            self._above[key] = above
        return above

    def top(self, key: str) -> str:
        """The region right below the country that a region is or lies in; a country is its own."""
        above = self.above(key)
        return above[-2] if len(above) > 1 else key

    def part(self, key: str) -> str | None:
        """The region right below its `top` that a region is or lies in; None for the top itself."""
        above = self.above(key)
        if len(above) < 2:
            return None
        return above[-3] if len(above) > 2 else key

    def members(self, keys: Iterable[str]) -> frozenset[str]:
        """The regions that keys of regions and groups stand for."""
        groups = self._theatre.groups
        return frozenset(
            member for key in keys for member in (groups[key].members if key in groups else (key,))
        )

    def parts(self, top: str) -> tuple[str, ...]:
        """The keys of the regions right below one, as far as the theatre holds them."""
        if self._parts is None:
            found: dict[str, list[str]] = {}
            for region in self._theatre.regions.values():
                if region.parent is not None:
                    found.setdefault(region.parent, []).append(region.key)
            self._parts = {key: tuple(children) for key, children in found.items()}
        return self._parts.get(top, ())
