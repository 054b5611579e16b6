"""What a picture tells, in words: figures, claims, records, scrambles, corrections, sources; no sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from dashboard.exports.words import Speech
from dashboard.picture.exercise import instant_of
from dashboard.picture.shape import Clock

Tree = Mapping[str, Any]
OUTCOMES = ("launched", "shot_down", "suppressed", "neutralised")
MOST_SOURCES = 12
_HEDGES = {
    "nearly": "count.nearly",
    "almost": "count.nearly",
    "over": "count.over",
    "more than": "count.over",
    "at least": "count.at_least",
    "up to": "count.up_to",
    "at most": "count.up_to",
    "about": "count.about",
    "around": "count.about",
}


class Figure(Struct, frozen=True):
    """One big number, with what stands under it."""

    label: str
    number: str
    below: str = ""


class ClaimRow(Struct, frozen=True):
    """One claimant's figures of the night. leads: its are the big numbers."""

    claimant: str
    cells: tuple[str, ...]
    grade: str
    witnesses: str
    leads: bool


class ScrambleRow(Struct, frozen=True):
    """A nation's jets. lead: how long after what explains them the launch was announced."""

    who: str
    since: str
    until: str
    why: str
    lead: str
    grade: str


CLAIM_COLUMNS = (
    "tonight.uav_launched",
    "report.uav_neutralised",
    "report.missiles_launched",
    "report.missiles_neutralised",
    "tonight.impacts",
)


def shown_instant(tree: Tree, at: dt.datetime) -> dt.datetime:
    """What the clock of the picture shows at an instant of ours: in an exercise its own."""
    if tree.get("status") != "exercise" or "clock" not in tree:
        return at
    return instant_of(msgspec.convert(tree["clock"], Clock), at)


def zulu(at: dt.datetime | str | None) -> str:
    """`04:52Z`; a dash for nothing."""
    at = instant(at)
    return f"{at:%H:%MZ}" if at is not None else "—"


def group(at: dt.datetime | str | None) -> str:
    """`09 JUN 2025 04:52Z`."""
    at = instant(at)
    return f"{at:%d %b %Y %H:%MZ}".upper() if at is not None else "—"


def instant(at: dt.datetime | str | None) -> dt.datetime | None:
    """An instant of a tree, which has them as text."""
    return dt.datetime.fromisoformat(at).astimezone(dt.UTC) if isinstance(at, str) else at


def stated(count: Any, speech: Speech) -> str:
    """A count as it was stated: absent is not zero, and a hedge stays a hedge."""
    if not isinstance(count, dict):
        return speech.say("count.absent")
    value, least, most = count.get("value"), count.get("min"), count.get("max")
    qualifier = str(count.get("qualifier", ""))
    hedge = "" if qualifier == "unnumbered" else speech.say(_HEDGES.get(qualifier, qualifier))
    if value is not None:
        return f"{hedge} {speech.number(value)}".strip()
    if least is not None and most is not None:
        return f"{hedge} {speech.number(least)}–{speech.number(most)}".strip()
    if least is not None:
        return f"{hedge or '≥'} {speech.number(least)}"
    if most is not None:
        return f"{hedge or '≤'} {speech.number(most)}"
    return speech.say("count.some" if qualifier else "count.absent")


def lead_claim(tree: Tree) -> dict[str, Any] | None:
    """The claim that leads tonight's tally."""
    tally = tree.get("tally")
    claim = tree.get("claims", {}).get(tally["claim"]) if tally else None
    return dict(claim) if claim else None


def figures(tree: Tree, speech: Speech) -> tuple[Figure, ...]:
    """The four big numbers of the screens."""
    claim = lead_claim(tree) or {}
    rates = (tree.get("tally") or {}).get("rates", {})
    records = tree.get("records", {})

    def of(outcome: str, weapon: str) -> Any:
        return claim.get(outcome, {}).get(weapon)

    def rate(weapon: str) -> str:
        return speech.say("tonight.rate", rate=speech.number(rates[weapon], 1)) if weapon in rates else ""

    shot, suppressed, merged = (of(name, "uav") for name in ("shot_down", "suppressed", "neutralised"))
    only_shot = merged is None and suppressed is None and shot is not None
    parts = [
        speech.say(f"tonight.{name}", n=stated(count, speech))
        for name, count in (("shot_down", shot), ("suppressed", suppressed))
        if count is not None and not only_shot
    ]
    down = of("neutralised", "missile")
    missiles_down = down if down is not None else of("shot_down", "missile")
    debris = claim.get("debris_places")
    return (
        Figure(
            speech.say("tonight.uav_launched"),
            stated(of("launched", "uav"), speech),
            _record(records.get("launched.uav"), speech),
        ),
        Figure(
            speech.say("tonight.uav_shot_down" if only_shot else "tonight.uav_neutralised"),
            stated(shot if only_shot else merged, speech),
            " · ".join(part for part in (rate("uav"), *parts) if part),
        ),
        Figure(
            speech.say("tonight.missiles"),
            stated(of("launched", "missile"), speech),
            " · ".join(
                part
                for part in (
                    speech.say(
                        "tonight.of_missiles" if down is not None else "tonight.of_missiles_shot",
                        n=stated(missiles_down, speech),
                    )
                    if missiles_down is not None
                    else "",
                    rate("missile"),
                )
                if part
            ),
        ),
        Figure(
            speech.say("tonight.impacts"),
            stated(claim.get("impact_places"), speech),
            speech.say("tonight.debris", n=stated(debris, speech)) if debris is not None else "",
        ),
    )


def claimed(tree: Tree, speech: Speech) -> str:
    """Who states the big numbers: claimant, grade, witnesses; or that nobody does."""
    claim = lead_claim(tree)
    if claim is None:
        return speech.say("tonight.none")
    row = _claim_row(claim, speech, leads=True)
    return " · ".join(part for part in (row.claimant, row.grade, row.witnesses) if part)


def claims(tree: Tree, speech: Speech) -> tuple[ClaimRow, ...]:
    """Every claim of the night side by side, the one that leads first."""
    lead = (tree.get("tally") or {}).get("claim")
    told = [
        (key, claim) for key, claim in tree.get("claims", {}).items() if claim.get("tonight") or key == lead
    ]
    told.sort(key=lambda item: (item[0] != lead, item[0]))
    return tuple(_claim_row(claim, speech, leads=key == lead) for key, claim in told)


def scrambles(tree: Tree, speech: Speech) -> tuple[ScrambleRow, ...]:
    """Every nation's jets of the night, the first first."""
    found = sorted(tree.get("scrambles", {}).values(), key=lambda each: each.get("since") or "")
    return tuple(_scramble_row(each, speech) for each in found)


def records(tree: Tree, speech: Speech) -> tuple[str, ...]:
    """What the night is above, and what stands."""
    found = []
    for key, label in (
        ("launched.uav", "tonight.uav_launched"),
        ("launched.missile", "tonight.missiles"),
    ):
        if (record := tree.get("records", {}).get(key)) is not None:
            found.append(f"{speech.say(label)}: {_record(record, speech)}")
    longest, most = (tree.get("records", {}).get(f"alert.{name}") for name in ("longest", "most_regions"))
    if longest is not None:
        key = "records.longest_broken" if longest.get("broken") else "records.longest"
        place = speech.region(longest.get("region", ""))
        found.append(
            speech.say(key, age=speech.age(longest["value"]), region=place, night=_night(longest, speech))
        )
    if most is not None:
        key = "records.most_broken" if most.get("broken") else "records.most"
        found.append(speech.say(key, n=speech.number(most["value"]), night=_night(most, speech)))
    return tuple(found)


def corrections(tree: Tree, speech: Speech) -> tuple[str, ...]:
    """What was said first and stated otherwise later, and what our operators mended, in order."""
    found: list[tuple[str, str]] = []
    for claim in tree.get("claims", {}).values():
        if not claim.get("tonight"):
            continue
        last: dict[tuple[str, str], str] = {}
        for _, revision in sorted(claim.get("revisions", {}).items()):
            for path, count in revision.get("figures", {}).items():
                now, place = stated(count, speech), (revision["event"], path)
                before = last.get(place)
                if before is not None and before != now:
                    who = speech.claimant(claim["claimant"]) or speech.say("tonight.claimant_unknown")
                    change = speech.say(
                        "report.changed", what=figure_word(path, speech), before=before, now=now
                    )
                    found.append(
                        (revision["at"], f"{zulu(revision['at'])} {who}: {change} ({revision['feed']})")
                    )
                last[place] = now
    for entry in tree.get("log", {}).values():
        if entry["act"] in ("correction", "retraction", "merge"):
            undone = speech.say("report.undone") if entry.get("undone") else ""
            told = [
                speech.say(f"act.log.{entry['act']}"),
                entry.get("about", ""),
                entry.get("note", ""),
                undone,
                f"({entry['by']})",
            ]
            found.append((entry["at"], f"{zulu(entry['at'])} {' '.join(part for part in told if part)}"))
    return tuple(line for _, line in sorted(found))


def sources(tree: Tree, speech: Speech) -> tuple[str, ...]:
    """Who relayed what is shown of figures and jets: claimant, feed, grade, title, link; each once."""
    found: dict[str, None] = {}
    lead = lead_claim(tree)
    items = [lead] if lead is not None else []
    items += [claim for claim in tree.get("claims", {}).values() if claim.get("tonight")]
    items += list(tree.get("scrambles", {}).values()) + list(tree.get("strikes", {}).values())
    for item in items:
        for source in item.get("witnesses", {}).values():
            told = (
                speech.claimant(source.get("claimant", "")),
                source["feed"],
                source.get("grade", "F6"),
                source.get("title", ""),
                source.get("link", ""),
            )
            found[" · ".join(part for part in told if part)] = None
    lines = list(found)
    if len(lines) > MOST_SOURCES:
        lines = [*lines[:MOST_SOURCES], speech.say("report.more", n=len(lines) - MOST_SOURCES)]
    return tuple(lines)


def alerting(tree: Tree, speech: Speech) -> str:
    """How much is under alert."""
    state = tree.get("alerting", {})
    return speech.say("report.alerting", n=state.get("n", 0), of=state.get("of", 0))


def figure_word(path: str, speech: Speech) -> str:
    """What a figure is called: `launched.uav`."""
    key = f"report.figure.{path}"
    return speech.say(key) if speech.has(key) else path.replace("_", " ").replace(".", ", ")


def _claim_row(claim: Mapping[str, Any], speech: Speech, *, leads: bool) -> ClaimRow:
    def of(*paths: tuple[str, str]) -> str:
        found = (claim.get(outcome, {}).get(weapon) for outcome, weapon in paths)
        return stated(next((count for count in found if count is not None), None), speech)

    witnesses = list(claim.get("witnesses", {}).values())
    grades = sorted(source.get("grade", "F6") for source in witnesses)
    return ClaimRow(
        claimant=speech.claimant(claim.get("claimant", "")) or speech.say("tonight.claimant_unknown"),
        cells=(
            of(("launched", "uav")),
            of(("neutralised", "uav"), ("shot_down", "uav")),
            of(("launched", "missile")),
            of(("neutralised", "missile"), ("shot_down", "missile")),
            stated(claim.get("impact_places"), speech),
        ),
        grade=grades[0] if grades else "",
        witnesses=speech.say("tonight.witnesses", n=len(witnesses)),
        leads=leads,
    )


def _scramble_row(scramble: Mapping[str, Any], speech: Speech) -> ScrambleRow:
    allied = {True: "scrambles.jets_allied", False: "scrambles.jets_own"}.get(
        scramble.get("allied"),  # type: ignore[arg-type]
        "scrambles.jets",
    )
    causes = [
        speech.say(f"cause.{rule}") if speech.has(f"cause.{rule}") else rule
        for rule in scramble.get("causes", {})
    ]
    regions = [speech.region(key) for key in scramble.get("cause_regions", ())]
    lead_s = scramble.get("lead_s")
    lead = "—"
    if lead_s is not None:
        age = speech.age(abs(lead_s))
        lead = speech.say("report.before" if lead_s < 0 else "report.after", age=age)
    elif scramble.get("no_cause_found"):
        lead = speech.say("scrambles.no_cause")
    since = scramble.get("since")
    grades = sorted(source.get("grade", "F6") for source in scramble.get("witnesses", {}).values())
    until = "—"
    if scramble["state"] == "end":
        until = zulu(scramble.get("until"))
    elif scramble.get("not_stood_down"):
        until = speech.say("scrambles.overdue")
    return ScrambleRow(
        who=speech.say(allied, nation=speech.national(scramble["country"])),
        since=zulu(since)
        if since
        else speech.say("scrambles.announced", time=zulu(scramble.get("announced_at"))),
        until=until,
        why=", ".join(causes or regions[:4] or [scramble.get("cause", "")]) or "—",
        lead=lead,
        grade=grades[0] if grades else "",
    )


def _record(record: Mapping[str, Any] | None, speech: Speech) -> str:
    if record is None:
        return ""
    values = {"value": speech.number(record["value"]), "night": _night(record, speech)}
    if record.get("broken"):
        return f"{speech.say('tonight.record')} · {speech.say('report.before_it', **values)}"
    return speech.say("tonight.record_stands", **values)


def _night(record: Mapping[str, Any], speech: Speech) -> str:
    day = record.get("night_of")
    return speech.say("tonight.night_of", date=speech.date(dt.date.fromisoformat(day))) if day else ""


def marks(tree: Tree) -> Iterator[tuple[dt.datetime, Mapping[str, Any]]]:
    """The marks of the night's strip, in order."""
    found = sorted(tree.get("strip", {}).get("marks", {}).values(), key=lambda mark: str(mark["at"]))
    for mark in found:
        at = instant(mark["at"])
        if at is not None:
            yield at, mark
