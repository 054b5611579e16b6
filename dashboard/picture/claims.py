"""Claims: what one claimant says of one night; the texts that relay it are its witnesses, not more claims.

Figures are chosen one by one from the witnesses and never added up: the latest statement that is final, and
no hedge in place of an exact number that it can mean.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple, cast

from config.theatre import Theatre
from dashboard.picture.agreement import CLASSES, OUTCOMES, agreement, figures, variants
from dashboard.picture.counts import Stated, choose, exact
from dashboard.picture.held import Held
from dashboard.picture.night import Nights, credible
from dashboard.picture.revisions import revisions
from dashboard.picture.rules import ClaimRule, Rules
from dashboard.picture.shape import Claim, Night, Quote
from dashboard.picture.windows import is_whole, longest_s
from streams.events import Count, Quantities, RaidReport


class ClaimKey(NamedTuple):
    """What makes two reports witnesses of one claim.

    part: the regions of a regional report. morning: the date that names the night; None where nobody said.
    window: of the night, "" for the longest.
    """

    claimant: str
    attacker: str
    part: str
    morning: dt.date | None
    window: str = ""

    def __str__(self) -> str:
        morning = self.morning.isoformat() if self.morning is not None else "undated"
        window = f"|{self.window}" if self.window else ""
        return f"{self.claimant or '?'}|{self.attacker or '?'}|{self.part}|{morning}{window}"


def night_of(report: RaidReport, held: Held, nights: Nights) -> Night | None:
    """The night that a report is about: its window decides, not its arrival. None where it does not say."""
    if report.night_of is not None:
        return nights.of_morning(report.night_of)
    start, end = credible(report.valid_from), credible(report.valid_to)
    if start is not None and end is not None and start <= end:
        return nights.of(start + (end - start) / 2)
    stated = start or end or credible(report.as_of)
    if stated is not None:
        return nights.of(stated)
    if report.retrospective or report.record == "previous":
        return None
    return nights.of(credible(report.published_at) or held.received_at)


def key_of(held: Held, nights: Nights, theatre: Theatre, rules: Rules) -> ClaimKey:
    """The claim that a report is a witness of."""
    report = cast(RaidReport, held.event)
    attacker = report.attacker
    if not attacker and (claimant := theatre.claimants.get(report.claimant)) is not None:
        attacker = rules.tally.attacker_by_country.get(claimant.country or "", "")
    part = "national" if report.scope == "national" else f"regional:{','.join(sorted(report.regions))}"
    night = night_of(report, held, nights)
    return ClaimKey(report.claimant, attacker, part, nights.morning(night) if night is not None else None)


def shown_figures(witnesses: list[Held], rule: ClaimRule) -> dict[str, Count]:
    """The figures that reports make together."""
    return {path: picked.count for path, picked in _chosen(_ranked(witnesses, rule)).items()}


def claim_of(
    key: ClaimKey,
    witnesses: list[Held],
    said: list[Held],
    *,
    rule: ClaimRule,
    tonight: bool,
    is_merged: bool,
) -> Claim:
    """The claim that its witnesses make together. There is one at least.

    said: all that they said, earlier revisions too. rule: which statement is shown. is_merged: whether in
    this night shot down has suppressed in it.
    """
    ranked = _ranked(witnesses, rule)
    reports = [cast(RaidReport, held.event) for _, held in ranked]
    chosen = _chosen(ranked)
    outcomes = {name: _quantities(name, chosen) for name in OUTCOMES}
    derived: tuple[str, ...] = ()
    if outcomes["neutralised"] is None:
        outcomes["neutralised"], derived = _summed(outcomes["shot_down"], outcomes["suppressed"], is_merged)
    shown = {path: picked.count for path, picked in chosen.items()}
    as_of = max((report.as_of for report in reports if report.as_of is not None), default=None)
    longest = longest_s(witnesses)
    agreements = {
        held.event.id: agreement(held, shown, as_of, is_part=not is_whole(held, longest, rule.window_overlap))
        for held in witnesses
    }
    differing = [held for held in witnesses if agreements[held.event.id] == "differs"]
    windowed = next((report for report in reports if report.valid_from and report.valid_to), reports[0])
    national = reports[0].scope == "national"
    return Claim(
        claimant=key.claimant,
        attacker=key.attacker,
        scope="national" if national else "regional",
        regions=() if national else tuple(sorted(reports[0].regions)),
        window_start=windowed.valid_from,
        window_end=windowed.valid_to,
        night_of=key.morning,
        tonight=tonight,
        record="new" if any(report.record == "new" for report in reports) else reports[0].record,
        ongoing=reports[0].ongoing,
        as_of=as_of,
        impact_places=_count("impact_places", chosen),
        debris_places=_count("debris_places", chosen),
        derived=derived,
        agreement=agreements,
        variants=variants(differing, shown),
        revisions=revisions(said),
        newest=max(witnesses, key=lambda held: held.order).event.id,
        witnesses={held.event.id: held.source for held in sorted(witnesses, key=lambda held: held.order)},
        quotes=_quotes(chosen),
        **cast("dict[str, Any]", outcomes),
    )


def said_at(claim: Claim, witnesses: list[Held]) -> tuple[dt.datetime, Held]:
    """When the claim's present figures were first stated, and by which witness."""
    shown = [getattr(claim, name) for name in OUTCOMES]
    agreeing = [
        held
        for held in witnesses
        if any(
            exact(getattr(view, name)) is not None and getattr(stated, name) == getattr(view, name)
            for view, stated in zip(shown, [getattr(held.event, name) for name in OUTCOMES], strict=True)
            if view is not None and stated is not None
            for name in CLASSES
        )
    ]
    first = min(agreeing or witnesses, key=lambda held: (held.said_at, held.order))
    return first.said_at, first


def rates_of(claim: Claim) -> dict[str, tuple[int, int]]:
    """Neutralised and launched by class, where both are exact and agree: what a rate is worked out from."""
    found: dict[str, tuple[int, int]] = {}
    if claim.launched is None or claim.neutralised is None:
        return found
    for name in ("uav", "missile"):
        launched = exact(getattr(claim.launched, name))
        neutralised = exact(getattr(claim.neutralised, name))
        if launched and neutralised is not None and neutralised <= launched:
            found[name] = (neutralised, launched)
    return found


def rate(neutralised: int, launched: int) -> float:
    """The interception rate in per cent, one decimal."""
    return round(100 * neutralised / launched, 1)


def _ranked(witnesses: list[Held], rule: ClaimRule) -> list[tuple[Any, Held]]:
    """The witnesses with what they rank by, the most to be believed first."""
    longest = longest_s(witnesses)
    ranked = [(_rank(held, rule, longest), held) for held in witnesses]
    return sorted(ranked, key=lambda each: each[0], reverse=True)


def _rank(held: Held, rule: ClaimRule, longest: float) -> tuple[Any, ...]:
    report = cast(RaidReport, held.event)
    as_of = credible(report.as_of)
    by: dict[str, Any] = {
        "final": not report.ongoing,
        "whole": is_whole(held, longest, rule.window_overlap),
        "as_of": as_of is not None,
        "latest": as_of or held.said_at,
        "grade": held.trust,
    }
    return (*(by[name] for name in rule.prefer), held.order)


def _chosen(ranked: list[tuple[Any, Held]]) -> dict[str, Stated]:
    statements: dict[str, list[Stated]] = {}
    for rank, held in ranked:
        for path, count in figures(cast(RaidReport, held.event)):
            statements.setdefault(path, []).append(Stated(count, rank, held))
    return {
        path: picked for path, stated in sorted(statements.items()) if (picked := choose(stated)) is not None
    }


def _count(path: str, chosen: dict[str, Stated]) -> Count | None:
    picked = chosen.get(path)
    return picked.count if picked is not None else None


def _quantities(outcome: str, chosen: dict[str, Stated]) -> Quantities | None:
    prefix = f"{outcome}.types."
    made = Quantities(
        uav=_count(f"{outcome}.uav", chosen),
        missile=_count(f"{outcome}.missile", chosen),
        total=_count(f"{outcome}.total", chosen),
        types={
            path.removeprefix(prefix): picked.count
            for path, picked in chosen.items()
            if path.startswith(prefix)
        },
    )
    return made if made != Quantities() else None


def _summed(
    shot_down: Quantities | None, suppressed: Quantities | None, is_merged: bool
) -> tuple[Quantities | None, tuple[str, ...]]:
    """Neutralised is shot down and suppressed together: their sum, where the claim states both exactly."""
    if shot_down is None or (suppressed is None and not is_merged):
        return None, ()
    sums: dict[str, Any] = {}
    for name in CLASSES:
        first = exact(getattr(shot_down, name))
        second = exact(getattr(suppressed, name)) if suppressed is not None else None
        if first is not None and (second is not None or (is_merged and not _states(suppressed, name))):
            sums[name] = Count(value=first + (second or 0))
    if not sums:
        return None, ()
    return Quantities(**sums), tuple(f"neutralised.{name}" for name in sums)


def _states(quantities: Quantities | None, name: str) -> bool:
    return quantities is not None and getattr(quantities, name) is not None


def _quotes(chosen: dict[str, Stated]) -> dict[str, Quote]:
    found = {}
    for path, picked in chosen.items():
        held: Held = picked.by
        if path in held.quotes:
            found[path] = held.quotes[path]
    return found
