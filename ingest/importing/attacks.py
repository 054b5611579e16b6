"""The table of attacks: the rows of one claimant about one night make one report.

What the table does not say itself, and what is made of it here:

* A row is of one kind of weapon in one window, and no row tells another's again: what a claimant says of one
  operational night, in however many posts, are parts that add up. As reports of their own they would be taken
  for relays of one statement, for their windows overlap. The middle of a row's window says which night it is.
* Regional posts have no night of their own: of each, rows whose windows overlap are one report.
* Classes are the sums of the rows; of a sum that a row is missing from, the report says "at least".
* Regional commands count what national reports count as well: their reports are regional, never national.
* Until July 2025 "shot down" and "lost" (suppressed, not reached its goal) are told apart. Since then the
  air force's reports merge them, and the table puts the sum under `destroyed`: it is `neutralised` here.
* "Shahed" rows count decoys with the drones since the autumn of 2024; `is_shahed`, where filled, says how
  many were real.
* A date without a time is a whole day; with an end in the morning it is the night before it.

Source: "Massive Missile Attacks on Ukraine" on Kaggle, its description and its data.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from config.theatre import Theatre
from ingest.errors import DecodeError
from ingest.importing.attack_rows import FEED, Attack, attack
from ingest.importing.models import Model, Models
from ingest.importing.table import Row
from streams.events import Count, Evidence, Quantities, RaidReport

COUNTRY = "UA"
ATTACKER = "RU"
MERGED_SINCE = dt.date(2025, 7, 24)
"""The first day whose reports have one number for shot down and suppressed. Source: the table itself."""
DECOYS_SINCE = dt.date(2024, 10, 1)
"""From about then on reports say "Shaheds and other drones". Source: the air force's reports."""
NOON = dt.time(12)
NIGHT_BEGINS = dt.timedelta(hours=18)
"""The operational night goes from here to here, local time."""
FIELDS = frozenset({"time_start", "time_end", "model", "launched", "destroyed", "not_reach_goal", "source"})

_MOST = 1_000_000
"""That a count may be."""
_MOST_LINES = 60
_EVIDENCE_CHARACTERS = 100_000
_FACEBOOK = re.compile(r"[\w.]{1,80}/posts/\w{1,200}", re.ASCII)
_TELEGRAM = re.compile(r"https://t\.me/\w{1,80}/\d{1,12}", re.ASCII)
_SIDES = {
    "south": "southern-ukraine",
    "east": "eastern-ukraine",
    "west": "western-ukraine",
    "north": "northern-ukraine",
    "center": "central-ukraine",
}


class _Claimant(NamedTuple):
    key: str
    is_regional: bool = False


_CLAIMANTS = {
    "kpszsu": _Claimant("ua-air-force"),
    "generalstaff.ua": _Claimant("ua-general-staff"),
    "chiefukrdiu": _Claimant("ua-hur"),
    "pvkpivden": _Claimant("ua-air-command-south", True),
    "pvkshid": _Claimant("ua-air-command-east", True),
    "pvkzahid": _Claimant("ua-air-command-west", True),
    "pvkcenter": _Claimant("ua-air-command-centre", True),
    "kharkivoda.gov.ua": _Claimant("ua-regional-administration", True),
}
"""Whose channel a post is in; who is not here is not known."""
_NOBODY = _Claimant("")


@dataclass
class Traps:
    """How often each trap of the table was met while decoding."""

    rows: int = 0
    refused: int = 0
    duplicates: int = 0
    """Rows that were there before, word for word."""
    dates_only: int = 0
    """Starts without a time."""
    odd_times: int = 0
    """Times with an hour of one digit, or with spaces behind."""
    regional_rows: int = 0
    regional: int = 0
    """Reports of regional commands."""
    national: int = 0
    merged: int = 0
    """Reports in which shot down and suppressed are one number."""
    joined: int = 0
    """Reports made of rows with different windows."""
    at_least: int = 0
    """Reports with a sum that a row is missing from."""
    more_than_launched: int = 0
    """Rows that have more shot down and lost than launched; kept as stated."""
    unknown_claimants: int = 0
    unknown_models: dict[str, int] = field(default_factory=dict)
    first: dt.datetime | None = None
    last: dt.datetime | None = None


def decode(
    rows: Iterable[Row | DecodeError], theatre: Theatre, traps: Traps | None = None
) -> Iterator[RaidReport | DecodeError]:
    """The reports that the rows make, in the order of their first rows, and what is wrong with rows.

    traps: is counted in, complete at the end. Rows that are wrong already pass through. A number that is
    wrong costs its row; the report of the post's other rows then says "at least". Nothing is published at.
    """
    traps = traps if traps is not None else Traps()
    decoder = _Decoder(theatre, traps)
    for row in rows:
        traps.rows += 1
        if isinstance(row, DecodeError):
            traps.refused += 1
            yield row
            continue
        yield from decoder.take(row)
    yield from decoder.reports()


class _Decoder:
    def __init__(self, theatre: Theatre, traps: Traps) -> None:
        self._theatre = theatre
        self._traps = traps
        self._zone = ZoneInfo(theatre.countries[COUNTRY].time_zone)
        self._models = Models(theatre)
        self._posts: dict[str, list[Attack]] = {}
        self._torn: set[str] = set()
        self._seen: set[bytes] = set()

    def take(self, row: Row) -> Iterator[DecodeError]:
        """Keep the row for its report; what is wrong with it comes back."""
        traps = self._traps
        digest = blake2b(row.raw.strip(), digest_size=16).digest()
        if digest in self._seen:
            traps.duplicates += 1
            return
        self._seen.add(digest)
        try:
            found = attack(row, self._zone)
        except DecodeError as error:
            traps.refused += 1
            self._torn.add(row.values.get("source", "").strip())
            yield error
            return
        yield from found.faults
        self._posts.setdefault(found.source, []).append(found)
        self._count(found)

    def reports(self) -> Iterator[RaidReport]:
        """The report of every claimant and night, and of every regional post and time."""
        groups: dict[tuple[str, dt.date | dt.datetime], list[Attack]] = {}
        for source, attacks in self._posts.items():
            claimant = _claimant_of(source)
            if claimant.is_regional or not claimant.key:
                for together in joined(attacks):
                    groups[source, together[0].lower] = together
                continue
            for each in attacks:
                groups.setdefault((claimant.key, self._morning(each)), []).append(each)
        for (_, when), attacks in groups.items():
            attacks.sort(key=lambda each: (each.lower, each.start.is_date, each.row.line))
            yield self._report(attacks, None if isinstance(when, dt.datetime) else when)

    def _morning(self, each: Attack) -> dt.date:
        """The date of the morning of the night that a row is of."""
        if _is_to_the_morning(each, each):
            return each.upper.date()
        lower, upper = each.lower.astimezone(dt.UTC), each.upper.astimezone(dt.UTC)
        middle = (lower + (upper - lower) / 2).astimezone(self._zone)
        return (middle.replace(tzinfo=None) + dt.timedelta(days=1) - NIGHT_BEGINS).date()

    def _count(self, found: Attack) -> None:
        traps = self._traps
        values = found.row.values
        traps.dates_only += found.start.is_date
        texts = (values["time_start"], values["time_end"])
        traps.odd_times += any(
            text != text.strip() or re.search(r"[ T]\d:", text) is not None for text in texts
        )
        for name in self._models.model(found.model).unknown:
            if name in traps.unknown_models or len(traps.unknown_models) < _MOST_LINES:
                traps.unknown_models[name] = traps.unknown_models.get(name, 0) + 1
        undone = (found.destroyed or 0) + (found.not_reached_goal or 0)
        traps.more_than_launched += found.launched is not None and undone > found.launched
        traps.first = min(traps.first or found.lower, found.lower)
        traps.last = max(traps.last or found.upper, found.upper)

    def _report(self, attacks: list[Attack], morning: dt.date | None) -> RaidReport:
        """morning: of the night that all of them are of."""
        traps = self._traps
        source = attacks[0].source
        claimant = _claimant_of(source)
        known = self._theatre.claimants.get(claimant.key)
        sums = _Sums(is_torn=any(each.source in self._torn for each in attacks))
        for each in attacks:
            sums.add(each, self._models, national=not claimant.is_regional)
        quantities = sums.quantities()
        traps.regional += claimant.is_regional
        traps.regional_rows += len(attacks) if claimant.is_regional else 0
        traps.national += not claimant.is_regional
        traps.merged += sums.is_merged
        traps.joined += len({(each.lower, each.upper) for each in attacks}) > 1
        traps.at_least += sums.is_short
        traps.unknown_claimants += known is None
        document = source if len(source) <= 128 else f"{FEED}:{_digest(source)}"
        text = b"".join(each.row.raw.rstrip(b"\r\n") + b"\n" for each in attacks).decode("utf-8", "replace")
        first, last = attacks[0], max(attacks, key=lambda each: each.upper)
        window = _window(first, last)
        named = (source, first.lower.isoformat(), last.upper.isoformat())
        if morning is not None:
            window["night_of"] = morning
            named = (claimant.key, "night", morning.isoformat())
        return RaidReport(
            id=f"{FEED}:{_digest(*named)}",
            status="actual",
            feed=FEED,
            claimant=known.key if known is not None else "",
            reliability=known.reliability if known is not None else "F",
            credibility=3,
            attacker=ATTACKER,
            scope="regional" if claimant.is_regional else "national",
            regions=self._regions(attacks),
            launch_areas=_unique(place for each in attacks for place in each.launch_places),
            main_targets=_unique(place for each in attacks for place in each.main_targets),
            impact_places=_places([each.hit_places for each in attacks]),
            debris_places=_places([each.debris_places for each in attacks]),
            evidence=Evidence(
                document=document, text=text[:_EVIDENCE_CHARACTERS], lang="en", link=_link(source)
            ),
            **window,
            **quantities,
        )

    def _regions(self, attacks: list[Attack]) -> tuple[str, ...]:
        names = (name for each in attacks for name in (*each.targets, *each.affected))
        return _unique(key for name in names if (key := self._region(name)) is not None)

    def _region(self, name: str) -> str | None:
        """The region of "Odesa oblast", "Dnipropetrovsk oblast, Dnipro Raion", "south", "Kryvyi Rih"."""
        name = name.partition("(")[0].strip()
        if name in _SIDES:
            return _SIDES[name] if _SIDES[name] in self._theatre.groups else None
        oblast, _, raion = name.partition(",")
        above = self._theatre.resolve_region(oblast, country=COUNTRY)
        if raion and above is not None:
            below = self._theatre.resolve_region(raion, country=COUNTRY)
            if below in self._theatre.regions and above in self._theatre.ancestors(below):
                return below
        if above is None and (place := self._theatre.resolve_place(oblast, near=COUNTRY)) is not None:
            above = place.region
        return None if above == COUNTRY else above


def joined(attacks: Iterable[Attack]) -> Iterator[list[Attack]]:
    """The attacks of one post, put together where their windows overlap; each list in order of its starts."""
    together: list[Attack] = []
    upper: dt.datetime | None = None
    for each in sorted(attacks, key=lambda each: (each.lower, each.start.is_date, each.row.line)):
        if upper is not None and (each.lower < upper or each.lower == together[0].lower):
            together.append(each)
            upper = max(upper, each.upper)
            continue
        if together:
            yield together
        together, upper = [each], each.upper
    if together:
        yield together


class _Sum:
    def __init__(self) -> None:
        self.value = 0
        self.is_short = False
        self.is_about = False

    def count(self) -> Count:
        if self.is_short or self.value > _MOST:
            return Count(min=min(self.value, _MOST), qualifier="at least")
        return Count(value=self.value, qualifier="about" if self.is_about else "")


class _Sums:
    """The sums of a report's rows, by outcome and by class or weapon."""

    def __init__(self, *, is_torn: bool) -> None:
        self._by: dict[tuple[str, str], _Sum] = {}
        self._undone: list[tuple[tuple[str, ...], int | None]] = []
        self._is_torn = is_torn
        self._has_total = False
        self._is_merged: set[str] = set()
        self.is_merged = False
        """Whether a row has one number for shot down and suppressed."""

    @property
    def is_short(self) -> bool:
        """Whether something is missing from a sum."""
        return self._is_torn or any(each.is_short for each in self._by.values())

    def add(self, each: Attack, models: Models, *, national: bool) -> None:
        """Put a row's numbers in."""
        model = models.model(each.model)
        day = each.end.at.date()
        slots = _slots(model, day)
        self._has_total |= model.weapon_class is None
        self._put("launched", slots, each.launched)
        for name, count in each.launched_details.items():
            if (weapon := models.model(name).weapon) is not None and model.weapon is None:
                self._put("launched", (weapon,), count)
        if model.weapon == "shahed-136" and day >= DECOYS_SINCE and each.real_shaheds is not None:
            self._put("launched", (model.weapon,), each.real_shaheds)
            self._by["launched", model.weapon].is_about = True
        if each.turbojets is not None:
            self._put("launched", ("shahed-238",), each.turbojets)
            self._put("shot_down", ("shahed-238",), each.turbojets_destroyed)
        if each.still_attacking is not None:
            self._put("still_airborne", slots, each.still_attacking)
        if each.crossed is not None:
            self._put("left_airspace", slots, each.crossed)
        if national and day >= MERGED_SINCE and not each.not_reached_goal:
            self.is_merged = True
            self._neutralise(slots, each.destroyed)
        else:
            self._put("shot_down", slots, each.destroyed)
            if each.not_reached_goal is None:
                self._undone.append((slots, each.destroyed))
            else:
                self._put("suppressed", slots, each.not_reached_goal)
                both = None if each.destroyed is None else each.destroyed + each.not_reached_goal
                self._neutralise(slots, both)

    def quantities(self) -> dict[str, Any]:
        """The quantities of each outcome that anything was said of."""
        # Where one row of a class has losses that were not shot down, a row without any had none.
        for slots, destroyed in self._undone:
            self._put("neutralised", [slot for slot in slots if slot in self._is_merged], destroyed)
        found: dict[str, dict[str, Any]] = {}
        for (outcome, slot), each in self._by.items():
            each.is_short |= self._is_torn
            counts = found.setdefault(outcome, {"types": {}})
            if slot in ("uav", "missile", "total"):
                if slot != "total" or self._has_total:
                    counts[slot] = each.count()
            elif slot != "bomb":
                counts["types"][slot] = each.count()
        return {
            outcome: quantities
            for outcome, counts in found.items()
            if (quantities := Quantities(**counts)) != Quantities()
        }

    def _neutralise(self, slots: tuple[str, ...], value: int | None) -> None:
        self._is_merged.update(slots)
        self._put("neutralised", slots, value)

    def _put(self, outcome: str, slots: Iterable[str], value: int | None) -> None:
        for slot in slots:
            total = self._by.setdefault((outcome, slot), _Sum())
            total.value += value or 0
            total.is_short |= value is None


def _slots(model: Model, day: dt.date) -> tuple[str, ...]:
    """What a row of that model counts for: its class, its weapon, and everything."""
    is_mixed = model.weapon == "shahed-136" and day >= DECOYS_SINCE
    weapon = () if model.weapon is None or is_mixed else (model.weapon,)
    return (*((model.weapon_class,) if model.weapon_class is not None else ()), *weapon, "total")


def _window(first: Attack, last: Attack) -> dict[str, Any]:
    start, end = first.lower.astimezone(dt.UTC), last.upper.astimezone(dt.UTC)
    if _is_to_the_morning(first, last):
        return {"night_of": last.upper.date(), "valid_to": end}
    return {"valid_from": start, "valid_to": end}


def _is_to_the_morning(first: Attack, last: Attack) -> bool:
    """Whether a date without a time begins what ends in a morning: it was the night before."""
    return first.start.is_date and not last.end.is_date and last.upper.time() <= NOON


def _places(stated: list[int | None]) -> Count | None:
    numbers = [number for number in stated if number is not None]
    return Count(value=min(sum(numbers), _MOST)) if numbers else None


def _claimant_of(source: str) -> _Claimant:
    channel = source.casefold().removeprefix("https://").removeprefix("t.me/").partition("/")[0]
    return _CLAIMANTS.get(channel, _NOBODY)


def _link(source: str) -> str:
    if _FACEBOOK.fullmatch(source):
        return f"https://www.facebook.com/{source}"
    return source if _TELEGRAM.fullmatch(source) else ""


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))[:_MOST_LINES]


def _digest(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=12).hexdigest()
