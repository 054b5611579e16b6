"""A text with everything found in it: what each kind of reading is put together from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property

from config.theatre import Theatre
from ingest.reading.claims import Claim
from ingest.reading.lexicon import Mark, Shared, Source
from ingest.reading.meanings import country_meant
from ingest.reading.names import Name
from ingest.reading.reading import Span
from ingest.reading.sentences import Sentence
from ingest.reading.times import Times, local_date

_GOVERNORS = {"RU": "ru-regional-governor", "UA": "ua-regional-administration"}
_HELD = frozenset(("UA-43", "UA-40", "crimea-and-sevastopol"))
"""Regions of Ukraine whose governors are Russia's."""
_BESIDE = 10
"""Tokens between a governor and the region's name, at most."""


class Scene:
    """A text's sentences with their times and claims: what every kind of reading is made from."""

    def __init__(
        self,
        sentences: Sequence[Sentence],
        times: Sequence[Times],
        claims: Sequence[Sequence[Claim]],
        published_at: datetime | None,
        theatre: Theatre,
        shared: Shared,
    ) -> None:
        self.sentences = sentences
        self.times = times
        self.claims = claims
        self.published_at = published_at
        self.theatre = theatre
        self.shared = shared

    def published(self, country: str) -> date | None:
        """The day of publication where a country is."""
        return local_date(self.published_at, self.zone(country))

    def zone(self, country: str) -> str:
        """The zone that a country's sources give clock times in."""
        return self.shared.zones.get(country, "UTC")

    @cached_property
    def reporters(self) -> list[tuple[Sentence, str, Span]]:
        """Every source of reports that is named, with where, in the order of the text."""
        found: list[tuple[Sentence, str, Span]] = []
        governor = ""
        for sentence in self.sentences:
            here = [
                (key, sentence.mark_span(mark))
                for mark in sentence.sources
                if self.shared.sources[key := min(mark.means).partition("#")[0]].reports
            ]
            for mark in sentence.having("governor"):
                governor = self._governor(sentence, mark) or governor
                if governor and all(not source.regional for source in self._sources(here)):
                    here.append((governor, sentence.mark_span(mark)))
            found += [(sentence, key, span) for key, span in sorted(here, key=lambda one: one[1])]
        return found

    def _sources(self, here: Sequence[tuple[str, Span]]) -> list[Source]:
        return [self.shared.sources[key] for key, _ in here]

    def _governor(self, sentence: Sentence, mark: Mark) -> str:
        """Which side's governor is meant: by the region, the place or the nation beside the word."""
        beside: list[tuple[int, str]] = [
            (abs(name.first - mark.first), "RU" if name.key in _HELD else self.country_of(name))
            for name in sentence.names
        ]
        beside += [(abs(one.first - mark.first), country_meant(one)) for one in sentence.marks]
        near = sorted((apart, country) for apart, country in beside if country in _GOVERNORS)
        return _GOVERNORS[near[0][1]] if near and near[0][0] <= _BESIDE else ""

    def reporters_in(self, sentence: Sentence) -> Sequence[tuple[str, Span]]:
        """Every source of reports that a sentence names, with where."""
        return self._reporters_of.get(sentence.index, ())

    @cached_property
    def _reporters_of(self) -> dict[int, list[tuple[str, Span]]]:
        found: dict[int, list[tuple[str, Span]]] = {}
        for sentence, key, span in self.reporters:
            found.setdefault(sentence.index, []).append((key, span))
        return found

    def label(self, name: Name) -> str:
        """The English name of what was named, for a person to read."""
        if name.kind == "group":
            return self.theatre.groups[name.key].names["en"]
        if name.kind in ("region", "country"):
            return self.theatre.regions[name.key].names["en"]
        if name.kind == "place":
            return self.theatre.places[name.key].names["en"]
        return self.theatre.bases[name.key].name

    def country_of(self, name: Name) -> str:
        """The country that a name lies in; empty for a group over several."""
        if name.kind == "group":
            homes = {member[:2] for member in self.theatre.groups[name.key].members}
            return homes.pop() if len(homes) == 1 else ""
        if name.kind == "place":
            return self.theatre.places[name.key].region[:2]
        if name.kind == "base":
            return self.theatre.bases[name.key].country
        return name.key[:2]

    def region_of(self, name: Name) -> str:
        """The region that a name is, or lies in; empty where it is wider than one."""
        if name.kind == "region":
            return name.key
        if name.kind == "place":
            return self.theatre.places[name.key].region
        if name.kind == "base":
            return self.theatre.bases[name.key].region or ""
        return ""

    def key_of(self, name: Name) -> str:
        """The group that a name is, or the region that it is or lies in; empty where it is wider."""
        return name.key if name.kind == "group" else self.region_of(name)

    def country_label(self, country: str) -> str:
        """The English name of a country, or its code where the theatre has none."""
        known = self.theatre.regions.get(country)
        return known.names["en"] if known else country
