"""Strikes: what was hit on the ground tonight; several texts about one target are witnesses of one strike."""

from __future__ import annotations

from typing import Any, cast

from dashboard.picture.counts import Stated, choose
from dashboard.picture.held import Held, slug
from dashboard.picture.night import credible
from dashboard.picture.scene import Grouped, Made, Scene, foremost, newest, put_made
from dashboard.picture.shape import Mark, StrikeView, Tick
from dashboard.picture.ticker import line_key
from streams.events import Strike


class Strikes(Grouped):
    """By target, region and night."""

    collection = "strikes"

    def group_of(self, held: Held) -> str:
        event, nights = _event(held), self.scene.nights
        at = credible(event.valid_from) or held.said_at
        # A place is one place in every language; its name is not.
        target = slug(event.target)
        if event.position is not None:
            target = f"{event.position.lat:.2f},{event.position.lon:.2f}"
        return f"{event.region}|{target}|{nights.morning(nights.of(at)).isoformat()}"

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._group_of: dict[str, str] = {}
        self._together: dict[str, frozenset[str]] = {}

    def change(self, old: Held | None, new: Held | None) -> None:
        if old is not None:
            self._group_of.pop(old.event.id, None)
        if new is not None:
            self._group_of[new.event.id] = self.group_of(new)
        super().change(old, new)

    def join(self, ids: frozenset[str]) -> None:
        """These may be tied to others than before."""
        for group in {self._group_of[each] for each in ids if each in self._group_of}:
            self.remake(group)

    def remake(self, group: str) -> None:
        """Make a group anew with those that an operator says are the same, and put what differs."""
        gone: set[str] = set()
        todo = {group}
        now: set[frozenset[str]] = set()
        while todo:
            gone |= todo
            reached = {self._reached(each) for each in todo if self._groups.get(each)}
            now |= reached
            touched = {each for groups in reached for each in groups}
            before = {each for name in gone | touched for each in self._together.get(name, ())}
            todo = (touched | before) - gone
        was, made = Made(), Made()
        for each in gone:
            self._together.pop(each, None)
            if not self._groups.get(each):
                self._groups.pop(each, None)
            was = _both(was, self._made.pop(each, Made()))
        for groups in now:
            members = [held for each in sorted(groups) for held in self._groups[each].values()]
            name = self._name(groups, members)
            self._made[name] = self.make(name, members)
            made = _both(made, self._made[name])
            if len(groups) > 1:
                self._together |= dict.fromkeys(groups, groups)
        put_made(self.scene, self.collection, was, made)

    def _reached(self, group: str) -> frozenset[str]:
        """The groups that a chain of merges leads to."""
        reached = {group}
        todo = [group]
        while todo:
            for event_id in self._groups[todo.pop()]:
                for other in self.scene.merges.tied(event_id):
                    found = self._group_of.get(other)
                    if found is not None and found not in reached:
                        reached.add(found)
                        todo.append(found)
        return frozenset(reached)

    def _name(self, groups: frozenset[str], members: list[Held]) -> str:
        """Of groups that are one: that which the others are the same as."""
        if len(groups) > 1:
            into = {self.scene.merges.into(held.event.id) for held in members}
            if named := {self._group_of[each] for each in into if each in self._group_of}:
                return min(named)
        return min(groups)

    def make(self, group: str, members: list[Held]) -> Made:
        view = _view(members, {held.event.id for held in members if self._group_of[held.event.id] == group})
        made = Made(items={}, lines={}, marks={})
        first = foremost(members)
        at = self.scene.when(view.at, first)
        subject = view.target or view.region
        detail = {"region": view.region} if view.region else {}
        if view.weapon:
            detail["weapon"] = view.weapon
        line = Tick(at=at, kind="strike", subject=subject, detail=detail, source=first.source)
        made.lines[line_key(at, "strike", group)] = line
        made.marks[f"strike|{group}"] = Mark(at=at, kind="strike", subject=subject, detail=detail)
        if self.scene.is_tonight(at):
            made.items[group] = view
        return made


def _event(held: Held) -> Strike:
    return cast(Strike, held.event)


def _both(one: Made, other: Made) -> Made:
    return Made(one.items | other.items, one.lines | other.lines, one.marks | other.marks)


def _view(members: list[Held], leading: set[str]) -> StrikeView:
    """leading: ids of those whose words go before the others'."""
    trusted = sorted(
        members,
        key=lambda held: (held.event.id in leading, held.trust, -held.said_at.timestamp(), held.order),
        reverse=True,
    )
    events = [_event(held) for held in trusted]
    fields: dict[str, Any] = {
        name: next((value for event in events if (value := getattr(event, name))), "")
        for name in ("target", "attacker", "region", "weapon")
    }
    counts = [
        Stated(event.count, (held.said_at, held.trust, held.order), held)
        for held, event in zip(trusted, events, strict=True)
        if event.count is not None
    ]
    picked = choose(counts)
    stated_at = [at for event in events if (at := credible(event.valid_from)) is not None]
    quotes = {path: quote for held in reversed(trusted) for path, quote in held.quotes_of(StrikeView).items()}
    if picked is not None and "count" in picked.by.quotes:
        quotes["count"] = picked.by.quotes["count"]
    return StrikeView(
        position=next((event.position for event in events if event.position is not None), None),
        count=picked.count if picked is not None else None,
        at=min(stated_at) if stated_at else min(held.said_at for held in members),
        claimed_by=tuple(sorted({name for event in events for name in event.claimed_by})),
        newest=newest(members).event.id,
        witnesses={held.event.id: held.source for held in sorted(members, key=lambda held: held.order)},
        quotes=quotes,
        **fields,
    )
