"""What every part of the picture works with: the tree, the rules, the night, the instant of the last tick."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from config.theatre import Theatre
from dashboard.picture.held import Held
from dashboard.picture.merges import Merges
from dashboard.picture.night import Nights
from dashboard.picture.region_tree import RegionTree
from dashboard.picture.rules import Rules
from dashboard.picture.shape import Mark, Night, Tick
from dashboard.picture.strip import Strip
from dashboard.picture.ticker import Ticker
from dashboard.picture.tree import Tree


class Scene:
    """Shared by the parts of one picture.

    instant: what time it is in the picture's world, as of the last tick; None before the first. now: the same
    by our clock. merges: what our operators say is about one thing.
    """

    def __init__(self, theatre: Theatre, rules: Rules, tree: Tree, *, is_exercise: bool) -> None:
        self.theatre = theatre
        self.rules = rules
        self.tree = tree
        self.is_exercise = is_exercise
        self.nights = Nights(rules.night)
        self.regions = RegionTree(theatre)
        self.night: Night | None = None
        self.instant: dt.datetime | None = None
        self.now: dt.datetime | None = None
        self.merges = Merges()
        self.ticker = Ticker(tree)
        self.strip = Strip(tree)
        self.touched: list[Held] = []

    def touch(self, *helds: Held | None) -> None:
        """Note that alerts or threats changed: what is linked to them must be looked at again."""
        self.touched.extend(held for held in helds if held is not None)

    def is_tonight(self, at: dt.datetime) -> bool:
        """Whether an instant lies in the present night."""
        return self.night is not None and self.night.start <= at < self.night.end

    def when(self, at: dt.datetime | None, held: Held) -> dt.datetime:
        """`at`, or when it was said; never later than when we had it, except in an exercise's own time."""
        at = at or held.said_at
        return at if self.is_exercise else min(at, held.received_at)


class Part(Protocol):
    """One part of the picture: takes what changed of an id, and puts what follows from it into the tree."""

    def change(self, old: Held | None, new: Held | None) -> None:
        """`new` is known in place of `old`; None: nothing is."""
        ...

    def keeps(self, held: Held) -> bool:
        """Whether it is still needed when it is older than what the picture remembers."""
        ...

    def turn(self, before: Night | None) -> None:
        """The scene's night is another than `before`."""
        ...


class Made(Struct, frozen=True):
    """All that follows from one group of events: items, ticker lines and marks, by key."""

    items: dict[str, Struct] = {}
    lines: dict[str, Tick] = {}
    marks: dict[str, Mark] = {}


_NOTHING = Made()


class Grouped(ABC):
    """A part whose items follow from groups of events: several texts about one thing are one group.

    A change costs as much as its own group is large.
    """

    collection: str

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._groups: dict[str, dict[str, Held]] = {}
        self._made: dict[str, Made] = {}

    @abstractmethod
    def group_of(self, held: Held) -> str:
        """The key of the group that an event belongs to."""

    @abstractmethod
    def make(self, group: str, members: list[Held]) -> Made:
        """What follows from the events of a group, whatever order they came in; there is one at least."""

    def keeps(self, held: Held) -> bool:
        return False

    def change(self, old: Held | None, new: Held | None) -> None:
        touched = []
        if old is not None:
            group = self.group_of(old)
            touched.append(group)
            self._groups[group].pop(old.event.id, None)
        if new is not None:
            group = self.group_of(new)
            if group not in touched:
                touched.append(group)
            self._groups.setdefault(group, {})[new.event.id] = new
        for group in touched:
            self.remake(group)

    def turn(self, before: Night | None) -> None:
        for group in list(self._groups):
            self.remake(group)

    def remake(self, group: str) -> None:
        """Make a group anew, and put what differs into the tree."""
        members = self._groups.get(group)
        if not members:
            self._groups.pop(group, None)
        made = self.make(group, list(members.values())) if members else _NOTHING
        before = self._made.pop(group, _NOTHING)
        if members:
            self._made[group] = made
        put_made(self.scene, self.collection, before, made)


def put_made(scene: Scene, collection: str, before: Made, made: Made) -> None:
    """Put what follows into the tree in place of what followed before."""
    for key in before.items.keys() - made.items.keys():
        scene.tree.put(None, collection, key)
    for key, item in made.items.items():
        if before.items.get(key) != item:
            scene.tree.put(builtins(item), collection, key)
    for key in before.lines.keys() - made.lines.keys():
        scene.ticker.drop(key)
    for key, line in made.lines.items():
        if before.lines.get(key) != line:
            scene.ticker.put(key, line)
    for key in before.marks.keys() - made.marks.keys():
        scene.strip.unmark(key)
    for key, mark in made.marks.items():
        if before.marks.get(key) != mark:
            scene.strip.mark(key, mark)


def builtins(item: Struct) -> Any:
    """A view as JSON values."""
    return msgspec.to_builtins(item)


def with_mark(item: dict[str, Any], mark: str, is_set: bool) -> dict[str, Any]:
    """A view's JSON with a mark that is there where it is so, and absent elsewhere."""
    without = {field: value for field, value in item.items() if field != mark}
    return {**without, mark: True} if is_set else without


def newest(members: list[Held]) -> Held:
    """The one that came last."""
    return max(members, key=lambda held: held.order)


def foremost(members: list[Held]) -> Held:
    """The one most to be believed; of equals, who said it first."""
    return max(members, key=lambda held: (held.trust, -held.said_at.timestamp(), held.order))
