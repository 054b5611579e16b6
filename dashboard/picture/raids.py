"""Raid reports: the claims of tonight, which of them leads the tally, and the records it is measured by."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left

from dashboard.picture.claims import ClaimKey, claim_of, key_of, rates, said_at
from dashboard.picture.counts import exact, words
from dashboard.picture.held import Held
from dashboard.picture.scene import Scene, builtins
from dashboard.picture.shape import Claim, Mark, Night, Record, Tally, Tick
from dashboard.picture.ticker import line_key

RECORDS = (("launched.uav", "uav"), ("launched.missile", "missile"))
_BEFORE_ALL = dt.date.min


class Raids:
    """All claims are remembered, for the records; the tree has tonight's and those that hold a record."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._groups: dict[ClaimKey, dict[str, Held]] = {}
        self._claims: dict[ClaimKey, Claim] = {}
        self._of_morning: dict[dt.date | None, set[ClaimKey]] = {}
        self._best: dict[str, list[tuple[int, dt.date, ClaimKey]]] = {name: [] for name, _ in RECORDS}
        self._told: dict[ClaimKey, tuple[str, Tick, Mark]] = {}
        self._holders: set[ClaimKey] = set()

    def keeps(self, held: Held) -> bool:
        return True

    def change(self, old: Held | None, new: Held | None) -> None:
        scene = self._scene
        touched = []
        if old is not None:
            key = key_of(old, scene.nights, scene.theatre, scene.rules)
            touched.append(key)
            self._groups[key].pop(old.event.id, None)
        if new is not None:
            key = key_of(new, scene.nights, scene.theatre, scene.rules)
            if key not in touched:
                touched.append(key)
            self._groups.setdefault(key, {})[new.event.id] = new
        for key in touched:
            self._remake(key)
        self._lead()

    def turn(self, before: Night | None) -> None:
        nights = self._scene.nights
        for night in (before, self._scene.night):
            if night is not None:
                for key in list(self._of_morning.get(nights.morning(night), ())):
                    self._remake(key)
        self._lead()

    @property
    def _tonight(self) -> dt.date | None:
        night = self._scene.night
        return self._scene.nights.morning(night) if night is not None else None

    def _remake(self, key: ClaimKey) -> None:
        before = self._claims.pop(key, None)
        if before is not None:
            self._rank(key, before, remove=True)
        witnesses = list(self._groups.get(key, {}).values())
        claim = None
        if witnesses:
            tonight = key.morning is not None and key.morning == self._tonight
            claim = self._claims[key] = claim_of(key, witnesses, tonight=tonight)
            self._of_morning.setdefault(key.morning, set()).add(key)
            self._rank(key, claim, remove=False)
        else:
            self._groups.pop(key, None)
            members = self._of_morning.get(key.morning, set())
            members.discard(key)
            if not members:
                self._of_morning.pop(key.morning, None)
        self._show(key)
        self._tell(key, claim, witnesses)

    def _rank(self, key: ClaimKey, claim: Claim, *, remove: bool) -> None:
        if not self._is_counted(key):
            return
        for name, weapon_class in RECORDS:
            number = exact(getattr(claim.launched, weapon_class)) if claim.launched is not None else None
            if number is None:
                continue
            entry = (number, key.morning or _BEFORE_ALL, key)
            ranking = self._best[name]
            # Claims of one number and night are told apart by their text, for None does not compare.
            place = (number, key.morning or _BEFORE_ALL, str(key))
            at = bisect_left(ranking, place, key=lambda row: (row[0], row[1], str(row[2])))
            if remove:
                del ranking[at]
            else:
                ranking.insert(at, entry)

    def _show(self, key: ClaimKey) -> None:
        claim = self._claims.get(key)
        is_shown = claim is not None and (claim.tonight or key in self._holders)
        self._scene.tree.put(builtins(claim) if claim is not None and is_shown else None, "claims", str(key))

    def _tell(self, key: ClaimKey, claim: Claim | None, witnesses: list[Held]) -> None:
        scene = self._scene
        told = self._told.pop(key, None)
        name = f"claim|{key}"
        now = None
        if claim is not None and claim.tonight:
            at, first = said_at(claim, witnesses)
            at = scene.when(at, first)
            detail = {
                f"{outcome}.{weapon_class}": words(count)
                for outcome in ("launched", "neutralised", "shot_down")
                for weapon_class in ("uav", "missile")
                if (quantities := getattr(claim, outcome)) is not None
                and (count := getattr(quantities, weapon_class)) is not None
            }
            line = Tick(at=at, kind="raid_report", subject=claim.claimant, detail=detail, source=first.source)
            mark = Mark(at=at, kind="raid_report", subject=claim.claimant, detail=detail)
            now = self._told[key] = (line_key(at, "raid_report", str(key)), line, mark)
        if told is not None and (now is None or now[0] != told[0]):
            scene.ticker.drop(told[0])
        if now is None:
            if told is not None:
                scene.strip.unmark(name)
        elif now != told:
            scene.ticker.put(now[0], now[1])
            scene.strip.mark(name, now[2])

    def _lead(self) -> None:
        tonight = self._tonight
        candidates = [
            (key, claim)
            for key in self._of_morning.get(tonight, ())
            if tonight is not None
            and self._is_counted(key)
            and ((claim := self._claims[key]).launched or claim.neutralised or claim.shot_down)
        ]
        lead: Claim | None = None
        if candidates:
            key, lead = min(candidates, key=lambda each: (*self._precedence(each[0]), str(each[0])))
            self._scene.tree.put(builtins(Tally(claim=str(key), rates=rates(lead))), "tally")
        else:
            self._scene.tree.put(None, "tally")
        self._measure(lead)

    def _is_counted(self, key: ClaimKey) -> bool:
        """Whether the tally and the records are about it; an attacker that nobody named is the usual one."""
        return key.part == "national" and key.attacker in ("", self._scene.rules.tally.attacker)

    def _precedence(self, key: ClaimKey) -> tuple[int, int]:
        lead = self._scene.rules.tally.lead
        place = lead.index(key.claimant) if key.claimant in lead else len(lead)
        trust = max(held.trust for held in self._groups[key].values())
        return place, -trust[0]

    def _measure(self, lead: Claim | None) -> None:
        tonight = self._tonight
        holders = set()
        for name, weapon_class in RECORDS:
            best = None
            for row in reversed(self._best[name]):
                if tonight is None or row[1] < tonight:
                    best = row
                    break
            view = None
            if best is not None and best[0] > 0:
                number, _, key = best
                holders.add(key)
                launched = lead.launched if lead is not None else None
                stated = exact(getattr(launched, weapon_class)) if launched is not None else None
                view = Record(
                    value=number,
                    night_of=key.morning,
                    claim=str(key),
                    broken=stated is not None and stated > number,
                )
            self._scene.tree.put(builtins(view) if view is not None else None, "records", name)
        changed = holders ^ self._holders
        self._holders = holders
        for key in changed:
            self._show(key)
