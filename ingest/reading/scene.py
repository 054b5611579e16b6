"""A text with everything found in it: what each kind of reading is put together from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property

from config.theatre import Theatre
from ingest.reading.claims import Claim
from ingest.reading.lexicon import Shared
from ingest.reading.names import Name
from ingest.reading.reading import Span
from ingest.reading.sentences import Sentence
from ingest.reading.times import Times, local_date


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
        """Every source of reports that is named, with where."""
        return [
            (sentence, key, sentence.mark_span(mark))
            for sentence in self.sentences
            for mark in sentence.sources
            if self.shared.sources[key := min(mark.means).partition("#")[0]].reports
        ]

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
