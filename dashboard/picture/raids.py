"""Raid reports: the claims of each night, which of them leads its tally, and what that adds to history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

from dashboard.picture.agreement import fits
from dashboard.picture.claims import ClaimKey, claim_of, key_of, rate, rates_of, said_at, shown_figures
from dashboard.picture.counts import exact, words
from dashboard.picture.evidence import Span
from dashboard.picture.held import Held
from dashboard.picture.raid_nights import NightOfRaids, RaidNights
from dashboard.picture.said import Said
from dashboard.picture.scene import Scene, builtins
from dashboard.picture.shape import Claim, Mark, Night, Tally, Tick
from dashboard.picture.ticker import line_key
from dashboard.picture.windows import by_window
from streams.events import Count, RaidReport

_HOUR = dt.timedelta(hours=1)
_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


class _Bucket(NamedTuple):
    """Reports that are looked at together: those of a night; of the undated those that can be one claim."""

    morning: dt.date | None
    key: ClaimKey | None = None


class Raids:
    """All reports are remembered; the claims that are shown are tonight's and those that hold a record."""

    def __init__(self, scene: Scene, said: Said) -> None:
        self._scene = scene
        self._said = said
        self._known: dict[str, Held] = {}
        self._placed: dict[str, _Bucket] = {}
        self._reports: dict[_Bucket, dict[str, Held]] = {}
        self._claims: dict[ClaimKey, Claim] = {}
        self._witnesses: dict[ClaimKey, list[Held]] = {}
        self._of_bucket: dict[_Bucket, tuple[ClaimKey, ...]] = {}
        self._told: dict[ClaimKey, tuple[str, Tick, Mark]] = {}
        self._holders: frozenset[ClaimKey] = frozenset()
        self._led_at: dt.datetime | None = None
        self._hour_due_at: dt.datetime | None = None
        self.nights = RaidNights()

    def keeps(self, held: Held) -> bool:
        return True

    def change(self, old: Held | None, new: Held | None) -> None:
        gone = old.event.id if old is not None else ""
        if new is None:
            self._known.pop(gone, None)
        else:
            gone = new.event.id
            self._known[gone] = new
        self._place({gone, *self._scene.merges.tied(gone)})

    def join(self, ids: frozenset[str]) -> None:
        """These may be tied to others than before."""
        self._place(ids)

    def hear_more(self, held: Held) -> None:
        """Of this report, which is known, an earlier revision came."""
        self._remake(self._bucket(held))

    def age(self) -> None:
        """Bring what was added within the last hour up to the scene's instant."""
        instant, before, due_at = self._scene.instant, self._led_at, self._hour_due_at
        if instant != before and (
            instant is None
            or before is None
            or instant < before
            or (due_at is not None and instant >= due_at)
        ):
            self._lead()

    def _place(self, ids: Iterable[str]) -> None:
        """Put reports where they belong now, and make anew what they leave and what they come to."""
        touched: dict[_Bucket, None] = {}
        for each in ids:
            if (before := self._placed.pop(each, None)) is not None:
                touched[before] = None
                del self._reports[before][each]
            if (held := self._known.get(each)) is not None:
                bucket = self._placed[each] = self._bucket(held)
                touched[bucket] = None
                self._reports.setdefault(bucket, {})[each] = held
        for bucket in touched:
            self._remake(bucket)

    def turn(self, before: Night | None) -> None:
        nights = self._scene.nights
        for night in (before, self._scene.night):
            if night is not None:
                self._remake(_Bucket(nights.morning(night)))
        self._lead()

    def hold_records(self, keys: frozenset[ClaimKey]) -> None:
        """These claims hold a record: they are shown whatever night they are of."""
        changed = keys ^ self._holders
        self._holders = keys
        for bucket in {
            _Bucket(key.morning, None if key.morning else key._replace(window="")) for key in changed
        }:
            self._remake(bucket)

    def reached(self, figure: str, number: int) -> Span | None:
        """Since when tonight's lead claim states a figure of a number at least; None where it does not."""
        tonight = self._tonight
        night = self.nights.get(tonight) if tonight is not None else None
        if night is None or night.figures.get(figure, 0) < number:
            return None
        witnesses = sorted(self._witnesses[night.claim], key=lambda each: (each.order, each.event.id))
        at, first = said_at(self._claims[night.claim], witnesses)
        events = (first.event.id, *(each.event.id for each in witnesses))
        return Span(self._scene.when(at, first), None, figure, frozenset(), tuple(dict.fromkeys(events)))

    @property
    def _tonight(self) -> dt.date | None:
        night = self._scene.night
        return self._scene.nights.morning(night) if night is not None else None

    def _key(self, held: Held) -> ClaimKey:
        scene = self._scene
        return key_of(held, scene.nights, scene.theatre, scene.rules)

    def _bucket(self, held: Held) -> _Bucket:
        """Where a report is looked at: where that is which an operator says it is the same as."""
        event_id = held.event.id
        into = self._scene.merges.into(event_id)
        key = self._key(self._known[into] if into != event_id and into in self._known else held)
        return _Bucket(key.morning, key if key.morning is None else None)

    def _remake(self, bucket: _Bucket) -> None:
        reports = self._reports.get(bucket, {})
        if not reports:
            self._reports.pop(bucket, None)
        groups = self._grouped(list(reports.values()))
        is_tonight = bucket.morning is not None and bucket.morning == self._tonight
        claims = {
            key: self._claim(bucket, key, witnesses, tonight=is_tonight) for key, witnesses in groups.items()
        }
        # Of what is not shown the lead figures remain; its claims can be put together again.
        is_shown = is_tonight or not self._holders.isdisjoint(claims)
        gone = [key for key in self._of_bucket.pop(bucket, ()) if not is_shown or key not in groups]
        for key in gone:
            del self._claims[key]
            del self._witnesses[key]
        if is_shown and claims:
            self._of_bucket[bucket] = tuple(claims)
            self._claims |= claims
            self._witnesses |= groups
        for key in (*gone, *(claims if is_shown else ())):
            self._show(key)
            self._tell(key)
        keys = self._leading(claims, groups)
        night = NightOfRaids(keys[0], _added([claims[key] for key in keys])) if keys else None
        self.nights.put(bucket.morning, bucket.key, night)
        if is_tonight:
            self._lead()

    def _claim(self, bucket: _Bucket, key: ClaimKey, witnesses: list[Held], *, tonight: bool) -> Claim:
        said = [
            held
            for witness in witnesses
            for held in self._said.up_to(witness)
            if self._bucket(held) == bucket
        ]
        return self._claim_of(bucket, key, witnesses, said, tonight=tonight)

    def _claim_of(
        self, bucket: _Bucket, key: ClaimKey, witnesses: list[Held], said: list[Held], *, tonight: bool
    ) -> Claim:
        rules = self._scene.rules
        morning = bucket.morning or dt.date.min
        is_merged = rules.merged_since is not None and morning >= rules.merged_since
        return claim_of(key, witnesses, said, rule=rules.claims, tonight=tonight, is_merged=is_merged)

    def _grouped(self, reports: list[Held]) -> dict[ClaimKey, list[Held]]:
        """Which report is a witness of which claim."""
        rule = self._scene.rules.claims
        named: dict[ClaimKey, list[Held]] = {}
        unnamed: dict[ClaimKey, list[Held]] = {}
        for held in reports:
            key = self._key(held)
            (named if key.claimant else unnamed).setdefault(key, []).append(held)
        groups: dict[ClaimKey, list[Held]] = {}
        for key, members in sorted(named.items(), key=lambda item: (self._precedence(item[0]), str(item[0]))):
            for window, witnesses in sorted(by_window(members, rule.window_overlap).items()):
                groups[key._replace(window=window)] = witnesses
        shown = {key: shown_figures(witnesses, rule) for key, witnesses in groups.items()} if unnamed else {}
        tied = self._tied(reports)
        for key, members in unnamed.items():
            for held in members:
                home = key
                if rule.adopt_unnamed and held.event.id not in tied:
                    home = next((claim for claim in shown if _can_be(claim, key, held, shown)), key)
                groups.setdefault(home, []).append(held)
        return self._merged(groups) if tied else groups

    def _tied(self, reports: list[Held]) -> set[str]:
        """The ids of those of these reports that an operator says are the same as another of them."""
        tied = self._scene.merges.tied
        ids = {held.event.id for held in reports if tied(held.event.id)}
        return {each for each in ids if len(tied(each) & ids) > 1}

    def _merged(self, groups: dict[ClaimKey, list[Held]]) -> dict[ClaimKey, list[Held]]:
        """The groups, where those that an operator says are the same are one: what the others are same as."""
        merges = self._scene.merges
        found: list[tuple[set[str], list[ClaimKey]]] = []
        for key, members in groups.items():
            tied = {other for held in members for other in merges.tied(held.event.id)}
            keys = [key]
            for each in [each for each in found if not tied.isdisjoint(each[0])]:
                found.remove(each)
                tied |= each[0]
                keys += each[1]
            found.append((tied, keys))
        merged: dict[ClaimKey, list[Held]] = {}
        for tied, keys in found:
            into = {merges.into(each) for each in tied}
            chosen = [key for key in keys if any(held.event.id in into for held in groups[key])]
            name = min(chosen or keys, key=lambda key: (self._precedence(key), str(key)))
            merged[name] = [held for key in sorted(keys, key=str) for held in groups[key]]
        return merged

    def _show(self, key: ClaimKey) -> None:
        claim = self._claims.get(key)
        is_shown = claim is not None and (claim.tonight or key in self._holders)
        self._scene.tree.put(builtins(claim) if claim is not None and is_shown else None, "claims", str(key))

    def _tell(self, key: ClaimKey) -> None:
        scene = self._scene
        told = self._told.pop(key, None)
        name = f"claim|{key}"
        now = None
        claim = self._claims.get(key)
        if claim is not None and claim.tonight:
            at, first = said_at(claim, self._witnesses[key])
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

    def _leading(
        self, claims: Mapping[ClaimKey, Claim], witnesses: Mapping[ClaimKey, list[Held]]
    ) -> tuple[ClaimKey, ...]:
        """The claim that leads a night by the rule, and then its claimant's of other windows."""
        candidates = [
            key
            for key, claim in claims.items()
            if self._is_counted(key) and (claim.launched or claim.neutralised or claim.shot_down)
        ]
        if not candidates:
            return ()
        trust = {key: -max(held.trust for held in witnesses[key])[0] for key in candidates}
        lead = min(candidates, key=lambda key: (self._precedence(key), trust[key], str(key)))
        whose = (lead.claimant, lead.attacker)
        others = sorted(key for key in candidates if (key.claimant, key.attacker) == whose and key != lead)
        return (lead, *others)

    def _lead(self) -> None:
        tonight = self._tonight
        tonights = self._of_bucket.get(_Bucket(tonight), ()) if tonight is not None else ()
        keys = self._leading({key: self._claims[key] for key in tonights}, self._witnesses)
        self._led_at = self._scene.instant
        self._hour_due_at = None
        if not keys:
            self._scene.tree.put(None, "tally")
            return
        of = rates_of(self._claims[keys[0]])
        view = Tally(
            claim=str(keys[0]),
            rates={name: rate(*numbers) for name, numbers in of.items()},
            rates_of=of,
            other_windows=tuple(str(key) for key in keys[1:]),
            night=_added([self._claims[key] for key in keys]) if len(keys) > 1 else {},
            hour=self._hour(keys[0]),
        )
        self._scene.tree.put(builtins(view), "tally")

    def _hour(self, key: ClaimKey) -> dict[str, int]:
        """What was added to a claim's exact figures within the last hour, by when it was said."""
        instant = self._scene.instant
        if instant is None:
            return {}
        bucket = _Bucket(key.morning)
        since = instant - _HOUR
        before = []
        for witness in self._witnesses[key]:
            said = [(held.said_at, held) for held in self._said.up_to(witness)]
            later = [at for at, _ in said if at > since]
            if later:
                self._hour_due_at = min(*(at + _HOUR for at in later), self._hour_due_at or _NEVER)
            earlier = [held for at, held in said if at <= since and self._bucket(held) == bucket]
            before += earlier[-1:]
        if not before:
            return {}
        then = _added([self._claim_of(bucket, key, before, [], tonight=True)])
        now = _added([self._claims[key]])
        return {path: number - then[path] for path, number in now.items() if path in then}

    def _is_counted(self, key: ClaimKey) -> bool:
        """Whether the tally and the records are about it; an attacker that nobody named is the usual one."""
        return key.part == "national" and key.attacker in ("", self._scene.rules.tally.attacker)

    def _precedence(self, key: ClaimKey) -> tuple[int, str]:
        lead = self._scene.rules.tally.lead
        return (lead.index(key.claimant) if key.claimant in lead else len(lead)), key.window


def _can_be(claim: ClaimKey, key: ClaimKey, held: Held, shown: dict[ClaimKey, dict[str, Count]]) -> bool:
    """Whether a report that names no claimant can relay this claim."""
    if claim.part != key.part or (key.attacker and key.attacker != claim.attacker):
        return False
    return fits(cast(RaidReport, held.event), shown[claim])


def _added(claims: list[Claim]) -> dict[str, int]:
    """The exact figures of claims whose windows do not overlap, together."""
    totals: dict[str, int] = {}
    for claim in claims:
        for outcome in ("launched", "shot_down", "suppressed", "neutralised"):
            quantities = getattr(claim, outcome)
            for name in ("uav", "missile"):
                number = exact(getattr(quantities, name)) if quantities is not None else None
                if number is not None:
                    path = f"{outcome}.{name}"
                    totals[path] = totals.get(path, 0) + number
    return totals
